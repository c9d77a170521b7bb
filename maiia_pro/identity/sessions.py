"""Signing in and out, and the only way from a cookie to an actor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, or_, select

from maiia_pro.identity import browsers, passwords, throttle
from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.identifiers import sought_by
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.known_browsers import known_for
from maiia_pro.identity.restrictions import hold_account, refusal_of
from maiia_pro.identity.second_factors import held_by, step_of, tell
from maiia_pro.identity.session_ends import OPEN, STEP_LASTS, longest_of
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus, Device, is_checked
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import EVERY_RIGHT, STAFF, Actor, ActorKind, Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotSignedIn, TooMany
from maiia_pro.kernel.live import Change, account_topic, announce

KEPT: Final = timedelta(days=30)
"""How long a session that is over stays written."""
TOUCH: Final = timedelta(minutes=5)
"""A session's last use is written at most this often."""


class WrongCredentials(Invalid):
    """No such account, no such password, or not activated: one answer for all."""

    code = "wrong-credentials"
    status = HTTPStatus.UNAUTHORIZED
    message = "Identifiant ou mot de passe incorrect. Vérifiez-les, puis réessayez."

    def __init__(self) -> None:
        super().__init__(type(self).message)


class ProofNeeded(Conflict):
    """The password is right, but nobody ever proved to read the account's address: a code goes there first."""

    code = "proof-needed"
    message = "Pour vous protéger, nous vérifions d’abord votre adresse. Demandez un code."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookie's value, and whose it is; the value of the device's cookie where it has one."""

    token: str
    actor: Actor
    device: str = ""
    sought: str = ""
    """The address or number that its holder came in by."""


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID | None
    password_hash: str | None
    status: str
    proven: bool


def sign_in(
    actor: Actor, email: object, password: object, network: str, device: str = "", *, known: str = "", browser: Browser = NOWHERE
) -> SignedIn:
    """Open a session by an address, or a patient's own number, and a password; enrol people of practices on the device.

    `known` is the cookie of `known_browsers`: where its holder came in before, the wrong tries of strangers shut nobody out.
    Where a second step is still to be done the session is half open, and whose it is stays unsaid (`second_step`).

    Raises `WrongCredentials`, `AccountSuspended`, `ProofNeeded` or `TooManyAttempts`. The password is verified between two
    transactions, so that no connection waits for argon2.
    """
    require(actor, Permission.SIGN_IN)
    key = sought_by(email)
    secret = password if isinstance(password, str) else ""
    counters = throttle.counters_of(key, network, known_for(known, key))
    found = _count_and_find(key, counters)
    right = _matches(found.password_hash, secret, counters)
    if not right or found.password_hash is None or found.status == AccountStatus.PENDING:
        _refuse(actor, found)
        raise WrongCredentials
    if found.status == AccountStatus.SUSPENDED:
        _let_in_again(found.id)
    if not found.proven:
        raise ProofNeeded
    fresh = passwords.hash_password(secret) if passwords.needs_rehash(found.password_hash) else None
    with transaction() as session:
        account = hold_account(session, found.id) if found.id else None
        if account is None:
            raise WrongCredentials
        account.password_hash = fresh or account.password_hash
        counters.came_in(session)
        token, device = begin(session, account, browser, device)
    return SignedIn(token, actor_of_token(token), device, key)


_LAST_WORN = text("""
    select s.role from account_session s where s.account_id = :id and (s.role = :first or exists (
        select from membership m where m.account_id = s.account_id and m.role = s.role and m.asked_at is null))
    order by s.created_at desc limit 1
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def last_worn(session: Session, account: Account) -> ActorKind:
    """Tell which of its roles an account goes on in: that of the session before, as long as it is theirs."""
    found = session.connection().execute(_LAST_WORN, {"id": account.id, "first": account.role}).scalar_one_or_none()
    return ActorKind(found or account.role)


def _matches(password_hash: str | None, secret: str, counters: throttle.Counters) -> bool:
    """Verify a password; who is asked to come back because others are in front has not tried."""
    try:
        return passwords.matches(password_hash, secret)
    except TooMany:
        with transaction() as session:
            counters.take_back(session)
        raise


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


def _let_in_again(account_id: UUID | None) -> None:
    """Open an account whose suspension is over; raises `AccountSuspended` where it is not."""
    with transaction() as session:
        refusal = refusal_of(session, account_id) if account_id else None
    if refusal:
        raise refusal


def come_to(session: Session, account: Account, role: ActorKind, token: str) -> tuple[str, UUID | None]:
    """Have an account come to a device: whoever else is at its screen is locked. Gives the device's cookie, new where it had none."""
    owner = Actor(role, account.name, account_id=account.id)
    device = hold_device(session, token)
    if device is not None:
        lock_device(session, owner, device.id)
        for ident in _open_there(session, device.id, account.id):
            _end(session, owner, _END_ONE, ident)
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


def _count_and_find(key: str, counters: throttle.Counters) -> _Known:
    with transaction() as session:
        wait = counters.count(session)
        account = session.exec(select(Account).where(or_(Account.email_key == key, Account.phone_key == key))).first()
    if wait:
        raise throttle.TooManyAttempts(wait)
    if account is None:
        return _Known(None, None, AccountStatus.PENDING, proven=False)
    return _Known(account.id, account.password_hash, account.status, account.proven_at is not None)


def _refuse(actor: Actor, known: _Known) -> None:
    with transaction() as session:
        audit.record(session, actor, AuditAction.SESSION_REFUSED, subject_type="account", subject_id=known.id)


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


_OWNER = text(f"""
    with mine as (
        select s.id as session_id, s.last_seen_at, s.locked_at, s.half_open, s.role, a.id as account_id, a.name,
            {is_checked("a.id", "s.role")} as checked
        from account_session s join account a on a.id = s.account_id where s.token_hash = :hash and {OPEN}
    ), works as (
        select m.practice_id, m.administers from membership m join mine on mine.account_id = m.account_id and mine.role = m.role
        where m.asked_at is null and mine.checked
    ), let as (
        select d.practice_id, d.practitioner_id, d.rights, p.barred
        from delegation d join mine on mine.account_id = d.account_id join practitioner p on p.id = d.practitioner_id
        where d.practice_id in (select practice_id from works) and d.ended_at is null
          and d.starts_at <= :now and (d.ends_at is null or d.ends_at > :now)
    )
    select mine.*,
        array(
            select practice_id from works where mine.role <> 'substitute' or practice_id in (select practice_id from let)
        ) as practice_ids,
        array(select practice_id from works where administers) as administers,
        (select p.id from practitioner p where mine.role = 'practitioner' and p.account_id = mine.account_id
            and p.practice_id in (select practice_id from works)) as practitioner_id,
        (select jsonb_agg(jsonb_build_array(practitioner_id, rights, barred)) from let) as rights
    from mine
""")  # noqa: S608 - the condition above, nothing that anybody typed
_TOUCH = text("update account_session set last_seen_at = greatest(last_seen_at, :now) where id = :id")


def actor_of_token(token: str | None) -> Actor:
    """Tell who holds the token: a locked screen, who still owes the second step, or a visitor where it is absent, wrong or over."""
    return actor_of_hash(token_hash(token)) if token else Actor.anonymous()


def actor_of_hash(hashed: str) -> Actor:
    """Tell who holds the token of this hash."""
    now = clock.now()
    with reading() as session:
        row = session.connection().execute(_OWNER, {"hash": hashed, "now": now}).one_or_none()
    if row is None:
        return Actor.anonymous()
    if row.locked_at is not None:
        return Actor.locked(row.session_id)
    if row.half_open:
        return Actor.half_open(row.session_id)
    if row.last_seen_at < now - TOUCH:
        _touch(row.session_id, now)
    return Actor(
        ActorKind(row.role),
        row.name,
        account_id=row.account_id,
        session_id=row.session_id,
        practice_ids=frozenset(row.practice_ids),
        administers=frozenset(row.administers),
        practitioner_id=row.practitioner_id,
        rights=rights_of(row.rights, row.practitioner_id),
        checked=row.checked,
    )


WHILE_BARRED: Final = frozenset({Right.AGENDA, Right.CHANGE})
"""All that is left of what somebody let others do while their own account is shut: to see who comes, call them, move and cancel."""


def rights_of(delegated: list[tuple[str, list[str], bool]] | None, own: UUID | None) -> dict[UUID, frozenset[Right]]:
    """Give what somebody may do for whom: all for themselves, for others what these let them do."""
    rights = {own: EVERY_RIGHT} if own else {}
    for ident, held, barred in delegated or ():
        given = frozenset(Right(one) for one in held)
        rights[UUID(ident)] = rights.get(UUID(ident), frozenset()) | (given & WHILE_BARRED if barred else given)
    return rights


def _touch(session_id: UUID, now: datetime) -> None:
    with transaction() as session:
        session.connection().execute(_TOUCH, {"id": session_id, "now": now})


def session_end(actor: Actor) -> datetime | None:
    """Tell when the actor's session ends whatever they do; None where it has ended."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        return session.exec(select(AccountSession.expires_at).where(AccountSession.id == actor.session_id)).first()


_END_ONE = text("""
    update account_session set ended_at = :now where ended_at is null and id = :id returning id, account_id
""")
_END_UNSHARED = text("""
    update account_session set ended_at = :now where ended_at is null and id = :id and device_id is null returning id, account_id
""")
_END_ALL = text("""
    update account_session set ended_at = :now where ended_at is null and account_id = :id returning id, account_id
""")
_END_OTHERS = text("""
    update account_session set ended_at = :now
    where ended_at is null and id <> :id and account_id = (select account_id from account_session where id = :id)
    returning id, account_id
""")
_LOCK_ONE = text("""
    update account_session set locked_at = :now where ended_at is null and locked_at is null and id = :id returning id, account_id
""")
_LOCK_DEVICE = text("""
    update account_session set locked_at = :now where ended_at is null and locked_at is null and device_id = :id returning id, account_id
""")


def sign_out(actor: Actor) -> None:
    """End the actor's session, and with it the enrolment on the device; the screens that it opened end too."""
    if actor.session_id is None:
        return
    with transaction() as session:
        _end(session, actor, _END_ONE, actor.session_id)


def make_way(actor: Actor) -> None:
    """End the session of who was at the browser before somebody else signed in; on a device it stays, locked."""
    if actor.session_id is None:
        return
    with transaction() as session:
        _end(session, actor, _END_UNSHARED, actor.session_id)


def sign_out_everywhere(actor: Actor) -> int:
    """End every session of the actor's account and tell how many; open screens end at once. Raises `NotSignedIn`."""
    require(actor, Permission.ACCOUNT_OWN)
    if actor.account_id is None:
        raise NotSignedIn
    with transaction() as session:
        return end_sessions_of(session, actor, actor.account_id)


def end_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """End one session in the caller's transaction: too many wrong PINs."""
    _end(session, actor, _END_ONE, session_id)


def end_sessions_of(session: Session, actor: Actor, account_id: UUID) -> int:
    """End every session of an account in the caller's transaction: a new password, a suspension. No browser is trusted any more."""
    browsers.distrust(session, account_id)
    return _end(session, actor, _END_ALL, account_id)


def end_other_sessions(session: Session, actor: Actor) -> int:
    """End every session of the actor's account but the one they act in, in the caller's transaction; tells how many."""
    return _end(session, actor, _END_OTHERS, actor.session_id) if actor.session_id else 0


def lock_session(session: Session, actor: Actor, session_id: UUID) -> None:
    """Lock a session in the caller's transaction; the screens that it opened are emptied at once."""
    _end(session, actor, _LOCK_ONE, session_id, AuditAction.SESSION_LOCKED)


def lock_device(session: Session, actor: Actor, device_id: UUID) -> None:
    """Lock whoever is at the screen of a device, in the caller's transaction."""
    _end(session, actor, _LOCK_DEVICE, device_id, AuditAction.SESSION_LOCKED)


def _end(session: Session, actor: Actor, query: TextClause, ident: UUID, action: AuditAction = AuditAction.SESSION_ENDED) -> int:
    """End or lock open sessions and tell every server process."""
    now = clock.now()
    rows = session.connection().execute(query, {"now": now, "id": ident}).all()
    for row in rows:
        details = {"session": str(row.id)}
        audit.record(session, actor, action, subject_type="account", subject_id=row.account_id, details=details)
    for account_id in {row.account_id for row in rows}:
        announce(session, Change(account_topic(account_id), account_id, int(now.timestamp() * 1000)))
    return len(rows)


_OVER = text("delete from account_session where coalesce(ended_at, expires_at) < :before")
_DEVICES = text("delete from device d where created_at < :before and not exists (select 1 from account_session where device_id = d.id)")


def delete_old_sessions(actor: Actor) -> int:
    """Delete sessions that have been over for a month, and devices that have none left; tells how many sessions."""
    require(actor, Permission.SYSTEM)
    before = {"before": clock.now() - KEPT}
    with transaction() as session:
        gone = session.connection().execute(_OVER, before).rowcount
        session.connection().execute(_DEVICES, before)
        return gone
