"""Who is giving an appointment at which time, told between the open screens of a practice and written nowhere."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import select

from maiia_pro.agenda.frames import check_watchable
from maiia_pro.identity.tables import Account
from maiia_pro.kernel import live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound

KIND = "looking"
MINUTES = 1440


class Look(NamedTuple):
    """A time of somebody's agenda, as the site's clock shows it: `start` is minutes after midnight."""

    practitioner_id: UUID
    day: date
    start: int

    @property
    def number(self) -> int:
        """The time in one number, never zero."""
        return self.day.toordinal() * MINUTES + self.start

    @classmethod
    def of(cls, practitioner_id: UUID, number: int) -> "Look":
        """Read back a number."""
        days, start = divmod(number, MINUTES)
        return cls(practitioner_id, date.min + timedelta(days=days - 1), start)


def tell_look(actor: Actor, screen_id: UUID, practitioner_id: UUID, look: Look | None) -> None:
    """Tell colleagues that a screen of the actor's is on a time of an agenda, or has left it. Raises `NotFound`, `NotAllowed`."""
    require(actor, Permission.AGENDA_VIEW)
    check_watchable(actor, [practitioner_id])
    if actor.account_id is None:
        raise NotFound
    topic = f"{KIND}:{practitioner_id.hex}:{actor.account_id.hex}"
    with transaction() as session:
        live.announce(session, live.Change(topic, screen_id, look.number if look else 0))


def name_of(actor: Actor, account_id: UUID) -> str:
    """Name whose screen it is; raises `NotFound`."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        name = session.exec(select(Account.name).where(Account.id == account_id)).first()
    if name is None:
        raise NotFound
    return name
