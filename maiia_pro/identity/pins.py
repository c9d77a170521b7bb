"""PINs: a few digits that unlock a screen where their owner signed in with the password before; they open nothing anywhere else."""

import hmac
import re
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.identity.password_change import check_own_password
from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.kernel.text import FieldErrors

SHAPE: Final = re.compile(r"[0-9]{4,6}")
COMMON: Final = frozenset({"2580", "0852", "1004", "1379", "7931", "147258", "159753", "159357", "258369"})
"""Figures that fingers draw on the keys."""
RUNS: Final = "012345678901234 432109876543210"


def check_pin(pin: object) -> str:
    """Give the PIN if it is acceptable; raises `Invalid` on field `pin` with what to change."""
    if not isinstance(pin, str) or not SHAPE.fullmatch(pin):
        raise Invalid(fields={"pin": "Choisissez 4 à 6 chiffres."})
    if is_weak(pin):
        raise Invalid(fields={"pin": "Ce code se devine trop facilement. Évitez les suites, les répétitions et les dates."})
    return pin


def is_weak(pin: str) -> bool:
    """Tell whether a PIN is among the first that anybody tries: repeated, in a row, a figure of the keys, a year or a birthday."""
    period = next(size for size in (1, 2, 3, 6, 5, 4) if pin == (pin[:size] * 6)[: len(pin)])
    repeated = period < 3 or (period == 3 and len(pin) == 6)
    return repeated or pin in RUNS or pin in COMMON or _is_date(pin)


def _is_date(pin: str) -> bool:
    year = len(pin) == 4 and 1900 <= int(pin) <= clock.now().year + 1
    day, month = int(pin[:2]), int(pin[2:4])
    return year or (len(pin) in {4, 6} and 1 <= day <= 31 and 1 <= month <= 12)


def choose_pin(actor: Actor, password: object, pin: object) -> None:
    """Choose one's PIN, or another one, with one's password. Raises `Invalid` on fields `password` and `pin`, `TooManyAttempts`."""
    require(actor, Permission.ACCOUNT_OWN)
    if not actor.is_staff or actor.account_id is None:
        raise NotAllowed
    secret, digits = _read(password, pin)
    account = check_own_password(actor, secret)
    with transaction() as session:
        _own(session, account.id).pin_imprint = imprint(account.id, digits)
        audit.record(session, actor, AuditAction.PIN_CHOSEN, subject_type="account", subject_id=account.id)


def _read(password: object, pin: object) -> tuple[str, str]:
    errors = FieldErrors()
    secret = password if isinstance(password, str) else ""
    if not secret:
        errors.add("password", "Écrivez votre mot de passe.")
    try:
        digits = check_pin(pin)
    except Invalid as refusal:
        errors.add("pin", refusal.message)
    errors.check()
    return secret, digits


def _own(session: Session, account_id: UUID) -> Account:
    return session.exec(select(Account).where(Account.id == account_id)).one()


def imprint(account_id: UUID, pin: str) -> str:
    """Give what is kept of a PIN."""
    return vault.imprint(pin, f"pin {account_id}")


def matches(account_id: UUID, kept: str | None, pin: str) -> bool:
    """Tell whether the PIN is the right one."""
    return kept is not None and hmac.compare_digest(kept, imprint(account_id, pin))
