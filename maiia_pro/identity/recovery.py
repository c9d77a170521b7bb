"""Coming back in, and shutting out whoever should not: a forgotten password, lost or stolen identifiers.

Who asks is answered the same, in the same time, whether an account exists: the worker looks, and writes to its holder alone.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from maiia_pro.identity import passwords
from maiia_pro.identity.code_limits import count_code
from maiia_pro.identity.health import health_of
from maiia_pro.identity.health_tables import Purpose, Recovery
from maiia_pro.identity.identifiers import is_phone, read_identifier
from maiia_pro.identity.jobs import AccountEvent, AccountTold, RecoveryAsked
from maiia_pro.identity.known_browsers import known_for
from maiia_pro.identity.leftovers import end_everything
from maiia_pro.identity.password_change import set_password
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotSignedIn
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue

LASTS: Final = {Purpose.RESET: timedelta(hours=1), Purpose.BLOCK: timedelta(days=1)}
KEPT: Final = timedelta(days=2)
"""How long a link that is over stays written, so that it is answered as such."""


class RecoveryOver(Conflict):
    """The link was used, is too old, was replaced by another, or never existed: one answer for all."""

    code = "recovery-over"
    message = "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."


def ask_recovery(actor: Actor, purpose: Purpose, typed: object, network: str, known: str = "") -> None:
    """Have a link sent to an address or a number; nothing tells whether an account exists. `known` is the cookie of `known_browsers`.

    Raises `Invalid` on field `identifier`, `TooManyAttempts` or `TooManyTexts`.
    """
    require(actor, Permission.SIGN_IN)
    sought = read_identifier(typed).casefold()
    with transaction() as session:
        refusal = count_code(session, sought, network, known_for(known, sought))
        if refusal is None:
            _begin(session, purpose, sought)
    if refusal:
        raise refusal


def _begin(session: Session, purpose: Purpose, sought: str) -> None:
    now = clock.now()
    asked = Recovery(purpose=purpose, sought=sought, created_at=now, expires_at=now + LASTS[purpose])
    session.add(asked)
    session.flush()
    enqueue(session, RecoveryAsked(asked.id))


def issue_link(session: Session, asked: Recovery, account: Account) -> str:
    """Make the link of an account in the caller's transaction; earlier ones for the same purpose stop working. Gives its token."""
    void_links(session, account.id, asked.purpose)
    token = new_token()
    asked.account_id, asked.token_hash = account.id, token_hash(token)
    return token


def void_links(session: Session, account_id: UUID, purpose: str) -> None:
    """Have the links of a `Purpose` that went to an account open nothing more, in the caller's transaction."""
    sent = select(Recovery).where(Recovery.account_id == account_id, Recovery.purpose == purpose, col(Recovery.used_at).is_(None))
    for one in session.exec(sent).all():
        one.used_at = clock.now()


def reset_password(actor: Actor, token: object, password: object) -> str:
    """Give the link's account another password; every session ends, its holder is told. Gives where the link went.

    Raises `RecoveryOver`, or `Invalid` on field `password`.
    """
    require(actor, Permission.SIGN_IN)
    with transaction() as session:
        _, account = _usable(session, token, Purpose.RESET)
        email, name = account.email or "", account.name
    if not isinstance(password, str) or not password:
        raise Invalid(fields={"password": "Choisissez un mot de passe."})
    hashed = passwords.hash_password(passwords.check_password(password, email=email, name=name))
    with transaction() as session:
        link, account = _usable(session, token, Purpose.RESET)
        link.used_at = clock.now()
        set_password(session, account, hashed)
        account.status = AccountStatus.ACTIVE
        account.proven_at = account.proven_at or clock.now()
        _end_all(session, account, AuditAction.PASSWORD_RESET)
        enqueue(session, AccountTold(account.id, AccountEvent.PASSWORD_RESET, uuid7()))
        return link.sought


def block_by_link(actor: Actor, token: object) -> None:
    """Block the link's account. Raises `RecoveryOver`."""
    require(actor, Permission.SIGN_IN)
    with transaction() as session:
        link, account = _usable(session, token, Purpose.BLOCK)
        link.used_at = clock.now()
        _block(session, account)


def block_own(actor: Actor) -> None:
    """Block one's own account: its identifiers are lost or stolen. Raises `NotSignedIn` where the operator has shut it meanwhile."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        account = session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
        if account.status == AccountStatus.SUSPENDED:  # without a password it could not be opened again as it was
            raise NotSignedIn
        _block(session, account)


def _block(session: Session, account: Account) -> None:
    """Shut an account: no session, no password, no PIN; only the link that goes to its holder opens it again.

    It waits for its link like one that was never activated, so that no other way in (passkey, Pro Santé Connect) takes it.
    """
    if account.status == AccountStatus.ACTIVE:
        account.status = AccountStatus.PENDING
    account.pin_imprint = None
    set_password(session, account, None)
    health_of(session, account.id).blocked_at = clock.now()
    session.flush()
    _end_all(session, account, AuditAction.ACCOUNT_BLOCKED)
    _begin(session, Purpose.RESET, account.email_key or account.phone_key or "")


def _end_all(session: Session, account: Account, action: AuditAction) -> None:
    owner = Actor(ActorKind(account.role), account.name, account_id=account.id)
    end_everything(session, owner, account.id)
    audit.record(session, owner, action, subject_type="account", subject_id=account.id)


def _usable(session: Session, token: object, purpose: Purpose) -> tuple[Recovery, Account]:
    """Lock the link that the token opens, with its account, which must still be reached where the link went."""
    hashed = token_hash(token) if isinstance(token, str) else ""
    link = session.exec(select(Recovery).where(Recovery.token_hash == hashed, Recovery.purpose == purpose).with_for_update()).first()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise RecoveryOver
    account = session.exec(select(Account).where(Account.id == link.account_id).with_for_update()).one()
    reached = account.phone_key if is_phone(link.sought) else account.email_key
    if reached != link.sought or account.status == AccountStatus.SUSPENDED:
        raise RecoveryOver
    return link, account


def delete_old_recoveries(actor: Actor) -> int:
    """Delete links that have been over for two days; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(delete(Recovery).where(col(Recovery.expires_at) < clock.now() - KEPT)).rowcount


def recovery_of(session: Session, recovery_id: UUID) -> Recovery | None:
    """Hold what was asked, unless it is over."""
    asked = session.exec(select(Recovery).where(Recovery.id == recovery_id).with_for_update()).first()
    return asked if asked and asked.used_at is None and asked.expires_at > clock.now() else None
