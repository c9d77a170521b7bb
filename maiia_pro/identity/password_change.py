"""Changing one's own password, with the one of before."""

from sqlmodel import Session, col, select

from maiia_pro.identity import browsers, passwords, throttle
from maiia_pro.identity.health_tables import AccountHealth, Recovery
from maiia_pro.identity.jobs import AccountEvent, AccountTold
from maiia_pro.identity.session_ends import end_other_sessions
from maiia_pro.identity.tables import Account, Activation
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, TooMany
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.text import FieldErrors


class NoPassword(Conflict):
    """The account opens without a password."""

    code = "no-password"
    message = "Votre compte n’a pas encore de mot de passe. Demandez un lien avec « Mot de passe oublié » pour en choisir un."


def change_password(actor: Actor, old: object, new: object) -> None:
    """Change one's password; every other session of the account ends, no browser is trusted any more, its holder is told by mail.

    Raises `Invalid` on fields `old` and `password`, `TooManyAttempts` or `NoPassword`.
    """
    require(actor, Permission.ACCOUNT_OWN)
    before, after = _read(old, new)
    account = check_own_password(actor, before, "old", "Ce n’est pas votre mot de passe actuel.")
    if after == before:
        raise Invalid(fields={"password": "C’est votre mot de passe actuel. Choisissez-en un autre."})
    hashed = passwords.hash_password(passwords.check_password(after, email=account.email or "", name=account.name))
    known = account.password_hash
    with transaction() as session:
        account = _own(session, actor)
        if account.password_hash != known:
            raise Conflict
        set_password(session, account, hashed)
        end_other_sessions(session, actor)
        browsers.distrust(session, account.id)
        audit.record(session, actor, AuditAction.PASSWORD_CHANGED, subject_type="account", subject_id=account.id)
        enqueue(session, AccountTold(account.id, AccountEvent.PASSWORD_CHANGED, uuid7()))


def check_own_password(actor: Actor, typed: object, field: str = "password", wrong: str = "Ce n’est pas votre mot de passe.") -> Account:
    """Give the actor's account if the password is theirs: whoever stands at an open session may be somebody else.

    Raises `Invalid` on the field, `TooManyAttempts` or `NoPassword`. The tries of all that asks for it count together.
    """
    require(actor, Permission.ACCOUNT_OWN)
    counter = throttle.account_key(f"password {actor.account_id}")
    with transaction() as session:
        account = _own(session, actor)
        if account.password_hash is not None and not typed:
            raise Invalid(fields={field: "Écrivez votre mot de passe."})  # no try: nothing is counted
        wait = throttle.count(session, counter, throttle.PER_ACCOUNT)
    if wait:
        raise throttle.TooManyAttempts(wait)
    if account.password_hash is None:
        raise NoPassword
    if not isinstance(typed, str) or not _matches(account.password_hash, typed, counter):
        raise Invalid(fields={field: wrong})
    with transaction() as session:
        throttle.forget(session, counter)
    return account


def _matches(password_hash: str, typed: str, counter: str) -> bool:
    """Verify a password; who is asked to come back because others are in front has not tried."""
    try:
        return passwords.matches(password_hash, typed)
    except TooMany:
        with transaction() as session:
            throttle.release(session, counter)
        raise


def _read(old: object, new: object) -> tuple[str, str]:
    errors = FieldErrors()
    before = old if isinstance(old, str) else ""
    after = new if isinstance(new, str) else ""
    if not before:
        errors.add("old", "Écrivez votre mot de passe actuel.")
    if not after:
        errors.add("password", "Choisissez un nouveau mot de passe.")
    errors.check()
    return before, after


def set_password(session: Session, account: Account, password_hash: str | None) -> None:
    """Give an account its password, or take it away, in the caller's transaction; every link by which it could be chosen dies."""
    account.password_hash = password_hash
    now = clock.now()
    links = select(Activation).where(Activation.account_id == account.id, col(Activation.used_at).is_(None))
    ways = select(Recovery).where(Recovery.account_id == account.id, col(Recovery.used_at).is_(None))
    for one in (*session.exec(links).all(), *session.exec(ways).all()):
        one.used_at = now
    health = session.get(AccountHealth, account.id)
    if health is not None and password_hash is not None:
        health.blocked_at = None


def _own(session: Session, actor: Actor) -> Account:
    return session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
