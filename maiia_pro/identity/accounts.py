"""Accounts made by the house: by the seed, by a command, and, later, by a practice for its secretaries."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity import passwords
from maiia_pro.identity.identifiers import is_phone
from maiia_pro.identity.password_change import set_password
from maiia_pro.identity.session_ends import end_sessions_of
from maiia_pro.identity.tables import Account, AccountStatus, Activation, Membership
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, transaction
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.kernel.text import email as read_email
from maiia_pro.kernel.text import one_line
from maiia_pro.settings import get_settings

ACTIVATION_LASTS: Final = timedelta(days=3)


class EmailTaken(Invalid):
    """Another account has this address."""

    code = "email-taken"
    status = HTTPStatus.CONFLICT
    message = "Un compte existe déjà avec cette adresse. Connectez-vous, ou choisissez une autre adresse."

    def __init__(self) -> None:
        super().__init__(fields={"email": type(self).message})


class PhoneTaken(Conflict):
    """Another account has this number."""

    code = "phone-taken"
    message = "Un compte existe déjà avec ce numéro. Revenez en arrière et demandez un code pour vous connecter."


class LinkExpired(Conflict):
    """The activation link was used, is too old, or never existed: one answer for all."""

    code = "link-expired"
    message = "Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau à la personne qui vous l’a envoyé."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account starts with; without a password it waits for its activation link."""

    email: str
    name: str
    role: ActorKind
    password: str | None = None
    practice_ids: tuple[UUID, ...] = ()


def create_account(actor: Actor, new: NewAccount) -> UUID:
    """Create an account and its memberships; gives the account's id. Raises `EmailTaken`."""
    require(actor, Permission.SYSTEM)
    address, name = read_email(new.email), one_line(new.name)
    hashed = passwords.hash_password(passwords.check_password(new.password, email=address, name=name)) if new.password else None
    with transaction() as session:
        account = insert_account(session, actor, email=address, name=name, role=new.role, password_hash=hashed)
        if new.role in STAFF:
            session.add_all(Membership(account_id=account.id, practice_id=ident, role=new.role) for ident in new.practice_ids)
        return account.id


def insert_account(session: Session, actor: Actor, *, email: str, name: str, role: ActorKind, password_hash: str | None) -> Account:
    """Insert an account in the caller's transaction, pending where it has no password. Raises `EmailTaken`."""
    status = AccountStatus.ACTIVE if password_hash else AccountStatus.PENDING
    account = Account(email=email, email_key=email.casefold(), name=name, role=role, password_hash=password_hash, status=status)
    return _inserted(session, actor, account)


def insert_proven_account(session: Session, actor: Actor, sought: str, name: str, password_hash: str | None) -> Account:
    """Insert a patient's account for an address or a number that a code has proven. Raises `EmailTaken` or `PhoneTaken`."""
    account = Account(name=name, role=ActorKind.PATIENT, password_hash=password_hash, status=AccountStatus.ACTIVE)
    if is_phone(sought):
        account.phone_key = sought
    else:
        account.email = account.email_key = sought
    return _inserted(session, actor, account)


_TAKEN: Final = {"uq_account_email_key": EmailTaken, "uq_account_phone_key": PhoneTaken}


def flush_contact(session: Session) -> None:
    """Send an account's address and number to the database; raises `EmailTaken` or `PhoneTaken`."""
    try:
        session.flush()
    except IntegrityError as error:
        if taken := _TAKEN.get(constraint_of(error)):
            raise taken from None
        raise


def _inserted(session: Session, actor: Actor, account: Account) -> Account:
    role, account.created_at = account.role, clock.now()
    session.add(account)
    flush_contact(session)
    details = {"role": str(role)}
    audit.record(session, actor, AuditAction.ACCOUNT_CREATED, subject_type="account", subject_id=account.id, details=details)
    return account


def create_operator(actor: Actor, email: str, name: str = "Exploitant") -> str:
    """Create an operator's account, or a new link for one that was never activated; gives the activation link. Raises `EmailTaken`."""
    require(actor, Permission.OPERATION)
    address = read_email(email)
    with transaction() as session:
        account = session.exec(select(Account).where(Account.email_key == address.casefold())).first()
        if account is None:
            account = insert_account(session, actor, email=address, name=one_line(name), role=ActorKind.OPERATOR, password_hash=None)
        elif account.role != ActorKind.OPERATOR or account.status != AccountStatus.PENDING:
            raise EmailTaken
        return activation_link(session, account.id)


def activation_link(session: Session, account_id: UUID) -> str:
    """Make a single-use activation link in the caller's transaction; earlier links of the account stop working."""
    now, token = clock.now(), new_token()
    for earlier in session.exec(select(Activation).where(Activation.account_id == account_id, col(Activation.used_at).is_(None))).all():
        earlier.used_at = now
    session.add(Activation(token_hash=token_hash(token), account_id=account_id, created_at=now, expires_at=now + ACTIVATION_LASTS))
    return f"{get_settings().base_url}/activation#{token}"


def activate(actor: Actor, token: object, password: object) -> str:
    """Give the link's account its password; gives its e-mail address. Raises `LinkExpired`, or `Invalid` on field `password`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    if not isinstance(token, str):
        raise LinkExpired
    with transaction() as session:
        _, account = _usable(session, token)
        address, name = account.identifier, account.name
    if not isinstance(password, str):
        raise Invalid(fields={"password": "Choisissez un mot de passe."})
    hashed = passwords.hash_password(passwords.check_password(password, email=address, name=name))
    with transaction() as session:
        link, account = _usable(session, token)
        link.used_at = clock.now()
        set_password(session, account, hashed)
        account.status = AccountStatus.ACTIVE
        end_sessions_of(session, actor, account.id)
        owner = Actor(ActorKind(account.role), account.name, account_id=account.id)
        audit.record(session, owner, AuditAction.ACCOUNT_ACTIVATED, subject_type="account", subject_id=account.id)
    return address


def _usable(session: Session, token: str) -> tuple[Activation, Account]:
    """Lock the link that the token opens, with its account."""
    link = session.exec(select(Activation).where(Activation.token_hash == token_hash(token)).with_for_update()).first()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise LinkExpired
    account = session.exec(select(Account).where(Account.id == link.account_id).with_for_update()).one()
    if account.status == AccountStatus.SUSPENDED:
        raise LinkExpired
    return link, account
