"""A patient's account, made by the patient: the account, the person behind it, and the first session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlmodel import Session

from maiia_pro.identity import passwords, throttle
from maiia_pro.identity.accounts import insert_proven_account
from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.codes import proven_by, take_proven
from maiia_pro.identity.identifiers import is_phone
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import SignedIn, begin
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Person

PER_NETWORK = 20
"""Accounts that one network may ask for in the throttle's window."""


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody typed to get an account, checked but for the password, which must not repeat what they sign in by."""

    identity: Identity
    password: str

    @classmethod
    def read(cls, typed: Mapping[str, object], sought: str) -> Self:
        """Read the form of somebody who has proven an address or a number; raises `Invalid` naming every field that is wrong."""
        errors, asked = FieldErrors(), {name: typed.get(name) for name in ("given_name", "family_name", "birth_date", "phone")}
        identity, password = None, ""
        try:
            identity = Identity.parse(**asked)
        except Invalid as refusal:
            errors.found |= refusal.fields
        if typed.get("password"):
            name = " ".join(str(asked[field] or "")[:80] for field in ("given_name", "family_name"))
            try:
                password = passwords.check_password(typed["password"], email="" if is_phone(sought) else sought, name=name)
            except Invalid as refusal:
                errors.found |= refusal.fields
        errors.check()
        if identity is None:
            raise Invalid
        return cls(identity, password)


def sign_up_patient(actor: Actor, typed: Mapping[str, object], browser: str, network: str, where: Browser = NOWHERE) -> SignedIn:
    """Create the account of the address or number that the browser has proven, with its person, and sign in.

    Raises `Invalid`, `CodeOver`, `TooManyAttempts`, `EmailTaken` or `PhoneTaken`.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    with transaction() as session:
        wait = throttle.count(session, throttle.network_key(f"sign-up {network}"), PER_NETWORK)
        sought = "" if wait else proven_by(session, browser)
    if wait:
        raise throttle.TooManyAttempts(wait)
    asked = SignUp.read(typed, sought)
    hashed = passwords.hash_password(asked.password) if asked.password else None
    with transaction() as session:
        token = _insert(session, actor, take_proven(session, browser), asked.identity, hashed, where=where)
    return SignedIn(token, actor_of_token(token), sought=sought)


def _insert(session: Session, actor: Actor, sought: str, identity: Identity, password_hash: str | None, *, where: Browser) -> str:
    """Insert account and person; gives the token of their first session."""
    account = insert_proven_account(session, actor, sought, f"{identity.given_name} {identity.family_name}", password_hash)
    session.add(
        Person(
            account_id=account.id,
            given_name=identity.given_name,
            family_name=identity.family_name,
            birth_date=identity.birth_date,
            phone=sought if is_phone(sought) else identity.phone,
        )
    )
    return begin(session, account, where, role=ActorKind.PATIENT)[0]
