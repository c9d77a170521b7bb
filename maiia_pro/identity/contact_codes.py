"""Codes that prove the new address or number of an account before it is changed; asked for and entered by who is signed in."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity.accounts import flush_contact
from maiia_pro.identity.code_limits import count_code
from maiia_pro.identity.codes import LASTS, TRIES, CodeOver, CodeSpent, WrongCode, code_of, six_digits
from maiia_pro.identity.health import Detail, note_details, note_read
from maiia_pro.identity.health_tables import AccountHealth
from maiia_pro.identity.identifiers import is_phone, read_identifier
from maiia_pro.identity.jobs import CodeAsked, ContactChanged
from maiia_pro.identity.password_change import check_own_password
from maiia_pro.identity.second_factors import ProofWanted, is_fresh
from maiia_pro.identity.tables import Account, AccountSession, Membership, SignInCode
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue

TO_BE_TOLD: Final = timedelta(days=30)
"""How long a change stays written for the old address to be told of it, should the worker be down that long."""


class WorksToo(ProofWanted):
    """A patient's address or number is what an account of somebody who works opens by, and the last proof is more than ten minutes old."""

    message = (
        "Ce compte sert aussi à votre travail. Changez son adresse dans «\u00a0Mes informations\u00a0» de cet autre rôle, "
        "ou confirmez d’abord que c’est vous dans «\u00a0Sécurité\u00a0»."
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """What an account's address or number was, and is now."""

    before: str
    now: str


_PUT: Final = text("""
    insert into sign_in_code (id, browser_hash, sought, account_id, replaces, tries, created_at, expires_at)
    values (:id, :nobody, :sought, :account_id, '', 0, :now, :until)
    on conflict (account_id) where proven_at is null do update set id = excluded.id, sought = excluded.sought, tries = 0,
        created_at = excluded.created_at, expires_at = excluded.expires_at
""")
_TRY: Final = text("""
    update sign_in_code set tries = tries + 1
    where account_id = :account_id and expires_at > :now and proven_at is null returning id, tries
""")
_USE: Final = text("""
    update sign_in_code set proven_at = :now, expires_at = :until where id = :id and expires_at > :now and proven_at is null
    returning sought
""")


def ask_new_contact(actor: Actor, typed: object, network: str, password: object = None) -> None:
    """Have a code sent to the address or number that the account shall have; raises `Invalid` on `identifier`, `WorksToo` or `TooMany`.

    An address of the account's own that mail did not reach is proven anew so. For another one people at work give their password, on
    field `password`: who has their mail has their account. In the role of a patient they prove first who they are.

    Asking does not look whose it is already: the answer tells nothing. A code that was asked for before is over.
    """
    require(actor, Permission.ACCOUNT_OWN)
    sought = read_identifier(typed).casefold()
    if actor.kind is ActorKind.PATIENT:
        _keep_from_desk(actor, sought)
    else:
        _keep_to_holder(actor, sought, password)
    code_id, now = uuid7(), clock.now()
    with transaction() as session:
        account = _own(session, actor)
        health = session.get(AccountHealth, account.id)
        unreached = health is not None and health.bounce is not None and sought == account.email_key
        if sought in {account.email_key, account.phone_key} and not unreached:
            raise Invalid(fields={"identifier": "C’est déjà celui de votre compte." if is_phone(sought) else "C’est déjà la vôtre."})
        refusal = count_code(session, sought, network)
        if refusal is None:
            values = {"id": code_id, "sought": sought, "account_id": account.id, "now": now, "until": now + LASTS}
            session.connection().execute(_PUT, values | {"nobody": token_hash(new_token())})  # no browser's cookie opens it
            enqueue(session, CodeAsked(code_id))
    if refusal:
        raise refusal


def _keep_to_holder(actor: Actor, sought: str, password: object) -> None:
    if is_phone(sought):
        raise Invalid(fields={"identifier": "Un compte professionnel s’ouvre par une adresse e-mail. Écrivez-en une."})
    with reading() as session:
        own = session.exec(select(Account.email_key).where(Account.id == actor.account_id)).first()
    if sought not in {own, awaited_contact(actor)}:
        check_own_password(actor, password)


def _keep_from_desk(actor: Actor, sought: str) -> None:
    """Keep who stands at a screen left open from going on as a patient, without a password, to the address that opens the account."""
    with reading() as session:
        account = session.get_one(Account, actor.account_id)
        works = select(Membership.id).where(Membership.account_id == account.id, col(Membership.asked_at).is_(None))
        if sought == account.email_key or (account.role == ActorKind.PATIENT and session.exec(works).first() is None):
            return
        mine = session.get(AccountSession, actor.session_id)
    if mine is None or not is_fresh(mine):
        raise WorksToo


def awaited_contact(actor: Actor) -> str:
    """Tell which address or number waits for its code, if one does."""
    require(actor, Permission.ACCOUNT_OWN)
    waiting = select(SignInCode.sought).where(SignInCode.account_id == actor.account_id, col(SignInCode.proven_at).is_(None))
    with reading() as session:
        return session.exec(waiting.where(SignInCode.expires_at > clock.now())).first() or ""


def drop_contact_code(actor: Actor) -> None:
    """Give a change up: its code serves no more."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        over = text("delete from sign_in_code where account_id = :id and proven_at is null")
        session.connection().execute(over, {"id": actor.account_id})


def check_contact_code(actor: Actor, typed: object) -> UUID:
    """Give the id of the code if it is right; raises `NotSixDigits`, `WrongCode`, `CodeSpent` or `CodeOver`."""
    require(actor, Permission.ACCOUNT_OWN)
    digits = six_digits(typed)
    code_id, left = _count_try(actor)
    if not hmac.compare_digest(code_of(code_id).encode(), digits.encode()):
        raise WrongCode(left) if left else CodeSpent
    return code_id


def _count_try(actor: Actor) -> tuple[UUID, int]:
    try:
        with transaction() as session:
            row = session.connection().execute(_TRY, {"account_id": actor.account_id, "now": clock.now()}).one_or_none()
            if row is None:
                raise CodeOver
            return row.id, TRIES - row.tries
    except IntegrityError as error:
        if constraint_of(error) == "ck_sign_in_code_tries":
            raise CodeSpent from None
        raise


def change_contact(session: Session, actor: Actor, code_id: UUID) -> Changed:
    """Use a code that was right, once: the account has the new address or number, and the old one is told. In the caller's transaction.

    Raises `CodeOver`, `EmailTaken` or `PhoneTaken`.
    """
    account, now = _own(session, actor), clock.now()
    used = session.connection().execute(_USE, {"id": code_id, "now": now, "until": now + TO_BE_TOLD}).one_or_none()
    if used is None:
        raise CodeOver
    sought = str(used.sought)
    before = (account.phone_key if is_phone(sought) else account.email) or ""
    other = account.email or account.phone_key or ""
    if is_phone(sought):
        account.phone_key = sought
    else:
        account.email = account.email_key = sought
    account.proven_at = now
    flush_contact(session)
    if not is_phone(sought):
        note_read(session, account.id)
    if before == sought:
        return Changed(before, sought)
    session.get_one(SignInCode, code_id).replaces = before or other
    enqueue(session, ContactChanged(code_id))
    note_details(session, actor, account.id, {Detail.PHONE if is_phone(sought) else Detail.EMAIL: (before, sought)})
    audit.record(session, actor, AuditAction.CONTACT_CHANGED, subject_type="account", subject_id=account.id)
    return Changed(before, sought)


def _own(session: Session, actor: Actor) -> Account:
    return session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
