"""Signing in by an address or a number, and a password."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from sqlmodel import or_, select

from maiia_pro.identity import passwords, throttle
from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.identifiers import sought_by
from maiia_pro.identity.known_browsers import known_for
from maiia_pro.identity.restrictions import hold_account, refusal_of
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import SignedIn, begin
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, TooMany


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
        if account is None or (account.password_hash, account.status == AccountStatus.PENDING) != (found.password_hash, False):
            raise WrongCredentials  # replaced or blocked while argon2 was at work
        account.password_hash = fresh or account.password_hash
        counters.came_in(session)
        token, device = begin(session, account, browser, device)
    return SignedIn(token, actor_of_token(token), device, key)


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


def _matches(password_hash: str | None, secret: str, counters: throttle.Counters) -> bool:
    """Verify a password; who is asked to come back because others are in front has not tried."""
    try:
        return passwords.matches(password_hash, secret)
    except TooMany:
        with transaction() as session:
            counters.take_back(session)
        raise


def _let_in_again(account_id: UUID | None) -> None:
    """Open an account whose suspension is over; raises `AccountSuspended` where it is not."""
    with transaction() as session:
        refusal = refusal_of(session, account_id) if account_id else None
    if refusal:
        raise refusal
