"""A practice that the operator has just opened, and its screens."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlmodel import select

from maiia_pro.identity.accounts import activate
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.identity.tables import Account
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.practices import NewPractice, open_practice
from tests.desk.conftest import base_url, browser_context_args, browsers, pages
from tests.factories import PASSWORD, new_operator

__all__ = ["base_url", "browser_context_args", "browsers", "pages"]

PRACTICE = {
    "practice_name": "Cabinet des Lilas",
    "offer": "premium",
    "title": "Dr",
    "given_name": "Aline",
    "family_name": "Perrot",
    "specialty": "general_medicine",
    "rpps": "10000005479",
    "email": "aline.perrot@exemple.fr",
}
SITE = {
    "site_name": "Cabinet des Lilas",
    "street": "4 place des Lilas",
    "postal_code": "49100",
    "city": "Angers",
    "phone": "02 41 00 00 00",
    "closed_on_holidays": "oui",
}


def link_of(address: str) -> str:
    """Read the last link that was sent to somebody."""
    with reading() as session:
        statement = select(OutgoingEmail.body).where(OutgoingEmail.recipient == address).order_by(OutgoingEmail.created_at.desc())  # type: ignore[attr-defined]
        body = session.exec(statement).first() or ""
    return next(line for line in body.splitlines() if "/activation#" in line)


def activated(address: str) -> Actor:
    """Follow the link of a message and sign in, as its reader does."""
    visitor = Actor.anonymous()
    activate(visitor, link_of(address).partition("#")[2], PASSWORD)
    return sign_in(visitor, address, PASSWORD, "192.0.2.1").actor


@dataclass(frozen=True)
class Opened:
    """A practice that was opened, and its first practitioner signed in."""

    practice_id: UUID
    actor: Actor


@pytest.fixture
def opened(clean_database) -> Opened:
    practice_id = open_practice(new_operator(), NewPractice.read(PRACTICE))
    return Opened(practice_id, activated(PRACTICE["email"]))


def account_of(address: str) -> Account | None:
    """Find an account by its address."""
    with reading() as session:
        return session.exec(select(Account).where(Account.email_key == address)).first()
