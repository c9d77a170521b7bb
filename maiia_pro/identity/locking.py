"""The screen of a device that several people share: locking it, who may unlock it, and unlocking it by a PIN."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.identity import pins, throttle
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import OPEN, end_session, lock_device, lock_session
from maiia_pro.identity.session_opening import SignedIn, hold_device
from maiia_pro.identity.tables import Account, AccountSession
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotSignedIn
from maiia_pro.kernel.ids import parse_id

MOST_WRONG: Final = 5
"""Wrong PINs in a row that end an enrolment."""
MOST_A_DAY: Final = 15
"""Wrong PINs of a day that end it too: the owner's right one begins the row anew, for whoever guesses in between as well."""


class WrongPin(Invalid):
    """The PIN is wrong, and may be tried again."""

    code = "wrong-pin"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, left: int) -> None:
        tries = "1 essai" if left == 1 else f"{left}\u00a0essais"
        super().__init__(fields={"pin": f"Code incorrect. Il vous reste {tries}."})


class NotEnrolled(NotSignedIn):
    """This device knows the person no longer: too long ago, too many wrong PINs, signed out, suspended."""

    code = "not-enrolled"
    message = "Ce poste ne reconnaît plus votre code. Connectez-vous avec votre mot de passe."


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody who may unlock the screen."""

    account_id: UUID
    name: str
    has_pin: bool
    here: bool
    """Whether the session that is locked is theirs."""


_ENROLLED = text(f"""
    select s.id, a.id as account_id, a.name, a.pin_imprint is not null as has_pin
    from device d join account_session s on s.device_id = d.id join account a on a.id = s.account_id
    where d.token_hash = :device and {OPEN}
    order by a.name, a.id
""")  # noqa: S608 - the condition of the sessions, nothing that anybody typed
_ONE: Final = text(f"""
    select s.id from account_session s join account a on a.id = s.account_id
    where s.device_id = :device_id and a.id = :account_id and {OPEN}
""")  # noqa: S608 - the same


def enrolled(actor: Actor, device: str) -> list[Enrolled]:
    """List who may unlock the screen of a device."""
    require(actor, Permission.SIGN_IN)
    with reading() as session:
        rows = session.connection().execute(_ENROLLED, _open_now() | {"device": token_hash(device)}).all()
    return [Enrolled(row.account_id, row.name, row.has_pin, row.id == actor.session_id) for row in rows]


def lock(actor: Actor) -> None:
    """Lock the actor's screen: what it shows is emptied, and nothing is answered until somebody unlocks it."""
    require(actor, Permission.SIGN_IN)
    if not actor.is_staff or actor.session_id is None:
        return
    with transaction() as session:
        lock_session(session, actor, actor.session_id)


def unlock(actor: Actor, device: str, person: object, pin: object) -> SignedIn:
    """Unlock the screen for somebody enrolled there, and lock whoever was at it. Raises `WrongPin` or `NotEnrolled`.

    The session gets another token: the cookie of before, and the screens made with it, are good for nothing.
    """
    require(actor, Permission.SIGN_IN)
    account_id, typed = parse_id(person), pin if isinstance(pin, str) and pins.SHAPE.fullmatch(pin) else ""
    with transaction() as session:
        found = _enrolment(session, device, account_id)
        account = session.get(Account, account_id)
        if found is None or account is None or account.pin_imprint is None:
            refusal: NotEnrolled | WrongPin | None = NotEnrolled()
        elif pins.matches(account.id, account.pin_imprint, typed):
            refusal, token = None, _open(session, found, account)
        else:
            refusal = _count_wrong(session, actor, found)
    if refusal is not None:
        raise refusal  # only now: the count is kept
    return SignedIn(token, actor_of_token(token), device)


def _open_now() -> dict[str, Any]:
    return {"now": clock.now()}


def _enrolment(session: Session, device: str, account_id: UUID) -> AccountSession | None:
    """Find an enrolment that is good, behind the row of its device: attempts come one after the other."""
    held = hold_device(session, device)
    if held is None:
        return None
    ident = session.connection().execute(_ONE, _open_now() | {"device_id": held.id, "account_id": account_id}).scalar_one_or_none()
    return session.exec(select(AccountSession).where(AccountSession.id == ident)).one() if ident else None


def _open(session: Session, found: AccountSession, account: Account) -> str:
    owner = Actor(ActorKind(found.role), account.name, account_id=account.id, session_id=found.id)
    if found.device_id is not None:
        lock_device(session, owner, found.device_id)
    token = new_token()
    session.refresh(found)
    found.token_hash, found.locked_at, found.wrong_pins, found.last_seen_at = token_hash(token), None, 0, clock.now()
    session.flush()
    audit.record(session, owner, AuditAction.SESSION_UNLOCKED, subject_type="account", subject_id=account.id)
    return token


def _count_wrong(session: Session, actor: Actor, found: AccountSession) -> WrongPin | NotEnrolled:
    found.wrong_pins = min(found.wrong_pins + 1, MOST_WRONG)
    session.flush()
    audit.record(session, actor, AuditAction.PIN_REFUSED, subject_type="account", subject_id=found.account_id)
    many = throttle.count(session, throttle.account_key(f"pin {found.id}"), MOST_A_DAY - 1, throttle.DAY)
    if found.wrong_pins < MOST_WRONG and not many:
        return WrongPin(MOST_WRONG - found.wrong_pins)
    end_session(session, actor, found.id)
    return NotEnrolled()
