"""Opening a session for who has just proven who they are, and coming to a device."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, select

from maiia_pro.identity import browsers
from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.restrictions import refusal_of
from maiia_pro.identity.second_factors import held_by, step_of, tell
from maiia_pro.identity.session_ends import STEP_LASTS, end_session, lock_device, longest_of
from maiia_pro.identity.tables import Account, AccountSession, Device
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookie's value, and whose it is; the value of the device's cookie where it has one."""

    token: str
    actor: Actor
    device: str = ""
    sought: str = ""
    """The address or number that its holder came in by."""


def begin(session: Session, account: Account, browser: Browser, device: str = "", *, role: ActorKind | None = None) -> tuple[str, str]:
    """Open a session of who gave the right password or code, half open where a second step is still to be done.

    Without a `role` it goes on in that of the session before; a code alone makes nobody anything but a patient. Gives the session's token
    and the device's cookie.
    """
    role = role or last_worn(session, account)
    if step_of(session, account, role, browser) is not None:
        return open_session(session, account, browser=browser, role=role, half_open=True), ""
    device, device_id = come_to(session, account, role, device)
    token = open_session(session, account, device_id, browser, role=role, proven=not held_by(session, account.id).any)
    note_browser(session, account, browser)
    return token, device


def note_browser(session: Session, account: Account, browser: Browser) -> None:
    """Note where an account came in; its holder is told where that is new."""
    if browsers.see(session, account.id, browser):
        tell(session, account, SecurityEvent.NEW_BROWSER, browser)


_LAST_WORN = text("""
    select s.role from account_session s where s.account_id = :id and (s.role = :first or exists (
        select from membership m where m.account_id = s.account_id and m.role = s.role and m.asked_at is null))
    order by s.created_at desc limit 1
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def last_worn(session: Session, account: Account) -> ActorKind:
    """Tell which of its roles an account goes on in: that of the session before, as long as it is theirs."""
    found = session.connection().execute(_LAST_WORN, {"id": account.id, "first": account.role}).scalar_one_or_none()
    return ActorKind(found or account.role)


def come_to(session: Session, account: Account, role: ActorKind, token: str) -> tuple[str, UUID | None]:
    """Have an account come to a device: whoever else is at its screen is locked. Gives the device's cookie, new where it had none."""
    owner = Actor(role, account.name, account_id=account.id)
    device = hold_device(session, token)
    if device is not None:
        lock_device(session, owner, device.id)
        for ident in _open_there(session, device.id, account.id):
            end_session(session, owner, ident)
    if role not in STAFF:
        return "", None
    if device is None:
        token = new_token()
        device = Device(token_hash=token_hash(token), created_at=clock.now())
        session.add(device)
        session.flush()
    return token, device.id


def hold_device(session: Session, token: str) -> Device | None:
    """Find a device by its cookie and hold its row: who is at its screen changes one change at a time."""
    if not token:
        return None
    return session.exec(select(Device).where(Device.token_hash == token_hash(token)).with_for_update()).first()


def _open_there(session: Session, device_id: UUID, account_id: UUID) -> list[UUID]:
    mine = select(AccountSession.id).where(AccountSession.device_id == device_id, AccountSession.account_id == account_id)
    return list(session.exec(mine.where(col(AccountSession.ended_at).is_(None))).all())


def open_session(
    session: Session,
    account: Account,
    device_id: UUID | None = None,
    browser: Browser = NOWHERE,
    *,
    role: ActorKind | None = None,
    expires_at: datetime | None = None,
    proven: bool = True,
    half_open: bool = False,
) -> str:
    """Open a session in the caller's transaction, in the account's first role unless another is named; gives the cookie's value.

    The account's row is held until the transaction ends: whoever shuts the account meanwhile finds this session and ends it.
    Raises `AccountSuspended`.
    """
    if refusal := refusal_of(session, account.id):
        raise refusal
    token, now, worn = new_token(), clock.now(), role or ActorKind(account.role)
    ends = now + STEP_LASTS if half_open else expires_at or now + longest_of(worn)
    opened = AccountSession(token_hash=token_hash(token), account_id=account.id, role=worn, device_id=device_id, created_at=now,
                            last_seen_at=now, expires_at=ends, half_open=half_open,
                            proven_at=now if proven and not half_open else None, agent=browser.words, network=browser.place)  # fmt: skip
    session.add(opened)
    owner = Actor(worn, account.name, account_id=account.id, session_id=opened.id)
    action = AuditAction.SESSION_HALF_OPENED if half_open else AuditAction.SESSION_OPENED
    audit.record(session, owner, action, subject_type="account", subject_id=account.id)
    return token
