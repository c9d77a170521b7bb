"""A patient's account, made by the patient: the account, the person behind it, and the first session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

from sqlmodel import select

from maiia_pro.identity import passwords, throttle
from maiia_pro.identity.accounts import EmailTaken, insert_account
from maiia_pro.identity.sessions import SignedIn, actor_of_token, open_session
from maiia_pro.identity.tables import Account
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.text import email as read_email
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Person

T = TypeVar("T")

PER_NETWORK = 20
"""Accounts that one network may ask for in the throttle's window."""


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody typed to get an account, checked."""

    email: str
    password: str
    identity: Identity

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        identity = _collect(
            errors,
            lambda: Identity.parse(
                given_name=typed.get("given_name"),
                family_name=typed.get("family_name"),
                birth_date=typed.get("birth_date"),
                phone=typed.get("phone"),
            ),
        )
        address = _collect(errors, lambda: read_email(typed.get("email")), "email") or ""
        name = " ".join(str(typed.get(field) or "")[:80] for field in ("given_name", "family_name"))
        password = _collect(errors, lambda: passwords.check_password(typed.get("password"), email=address, name=name), "password")
        errors.check()
        if identity is None or password is None:
            raise Invalid
        return cls(address, password, identity)


def _collect(errors: FieldErrors, read: Callable[[], T], field: str = "") -> T | None:
    try:
        return read()
    except Invalid as refusal:
        for name, message in (refusal.fields or {field: refusal.message}).items():
            errors.add(name, message)
        return None


def sign_up_patient(actor: Actor, asked: SignUp, network: str) -> SignedIn:
    """Create the account and its person, and sign in. Raises `EmailTaken` (on field `email`) or `TooManyAttempts`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    key = asked.email.casefold()
    with transaction() as session:
        wait = throttle.count(session, throttle.network_key(f"sign-up {network}"), PER_NETWORK)
        taken = session.exec(select(Account.id).where(Account.email_key == key)).first() is not None
    if wait:
        raise throttle.TooManyAttempts(wait)
    if taken:
        raise EmailTaken
    hashed = passwords.hash_password(asked.password)
    identity = asked.identity
    with transaction() as session:
        name = f"{identity.given_name} {identity.family_name}"
        account = insert_account(session, actor, email=asked.email, name=name, role=ActorKind.PATIENT, password_hash=hashed)
        session.add(
            Person(
                account_id=account.id,
                given_name=identity.given_name,
                family_name=identity.family_name,
                birth_date=identity.birth_date,
                phone=identity.phone,
            )
        )
        token = open_session(session, account)
    return SignedIn(token, actor_of_token(token))
