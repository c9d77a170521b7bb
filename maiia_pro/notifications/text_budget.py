"""How many SMS leave in a day: in all, and to one number. They cost money, so neither a fault nor a stranger may send without end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from maiia_pro.identity import throttle
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import DomainError, Unavailable
from maiia_pro.settings import get_settings

log = structlog.get_logger(__name__)

PER_NUMBER: Final = 60
"""More than a day of visits taken, moved and told of, with their codes, beside two days of those that strangers may ask for."""


class TextsSpent(Unavailable):
    """As many SMS have left today as may; the message stays in the outbox and is tried again."""

    code = "texts-spent"
    message = "Le nombre de SMS permis par jour est atteint. Le message reste dans la boîte d’envoi et repartira tout seul."

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


@contextmanager
def one_text(actor: Actor, number: str) -> Iterator[None]:
    """Count an SMS before it leaves; raises `TextsSpent`. What fails inside did not leave and does not count."""
    require(actor, Permission.SYSTEM)
    limits = {throttle.network_key(f"texts to {number}"): PER_NUMBER, throttle.network_key("texts"): get_settings().sms_per_day}
    with transaction() as session:
        wait, most = max((throttle.count(session, key, most, throttle.DAY), most) for key, most in limits.items())
    try:
        if wait:
            log.warning("too many SMS today", most=most)
            raise TextsSpent(wait)
        yield
    except DomainError:
        with transaction() as session:
            for key in limits:
                throttle.release(session, key)
        raise
