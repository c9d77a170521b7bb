"""The address and the number of a patient's account: read, and changed once a code has proven the new one."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.identity.contact_codes import Changed, awaited_contact, change_contact, check_contact_code
from maiia_pro.identity.health_tables import AccountHealth
from maiia_pro.identity.identifiers import is_phone
from maiia_pro.identity.tables import Account
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.patients.tables import Person


@dataclass(frozen=True, slots=True)
class OwnContact:
    """How an account is reached; `awaited` is what waits for its code, or nothing; a number that is not `proven` gets no SMS."""

    name: str
    email: str
    phone: str
    proven: bool
    awaited: str
    unreached: bool
    """Mail does not arrive at the address."""


def my_contact(actor: Actor) -> OwnContact:
    """Read how one's account is reached."""
    require(actor, Permission.APPOINTMENT_OWN)
    awaited = awaited_contact(actor)
    with reading() as session:
        account, holder = _own(session, actor)
        health = session.get(AccountHealth, account.id)
        unreached = health is not None and health.bounce is not None
        return OwnContact(account.name, account.email or "", account.phone_key or holder.phone, bool(account.phone_key), awaited, unreached)


_FOLLOW: Final = {
    column: text(f"""
        update patient set {column} = :now
        where {column} = :before and person_id in (select id from person where account_id = :account_id)
    """)  # noqa: S608 - names of columns, nothing that anybody typed
    for column in ("email", "phone")
}
"""What a practice wrote down itself is another than the account's before, and stays."""


def confirm_contact(actor: Actor, code: object) -> Changed:
    """Change the address or the number with the code sent there; where a practice has the account's, its record follows.

    Raises `WrongCode`, `CodeSpent`, `CodeOver`, `EmailTaken` or `PhoneTaken`.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    code_id = check_contact_code(actor, code)
    with transaction() as session:
        changed = change_contact(session, actor, code_id)
        column, before = "email", changed.before
        if is_phone(changed.now):
            _, holder = _own(session, actor)
            column, before, holder.phone = "phone", changed.before or holder.phone, changed.now
        session.connection().execute(_FOLLOW[column], {"now": changed.now, "before": before, "account_id": actor.account_id})
        return changed


def _own(session: Session, actor: Actor) -> tuple[Account, Person]:
    mine = select(Account, Person).join(Person, col(Person.account_id) == Account.id)
    found = session.exec(mine.where(Account.id == actor.account_id, col(Person.is_self))).first()
    if found is None:
        raise NotFound
    return found
