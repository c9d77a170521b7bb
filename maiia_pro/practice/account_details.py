"""What the account of somebody who works with the software says of them: read, corrected, checked, with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from maiia_pro.identity.contact_codes import awaited_contact, change_contact, check_contact_code
from maiia_pro.identity.health import Detail, check_due, health_of, note_details
from maiia_pro.identity.health_tables import AccountChange, AccountHealth
from maiia_pro.identity.tables import PROFESSION_LABELS, Account, Profession, Professional
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.french import name_key, read_phone
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.practice.tables import SPECIALTY_LABELS, Practitioner, Specialty

MASKED: Final = frozenset({Detail.EMAIL, Detail.PHONE})
SHOWN: Final = 50
"""Changes of the history, the latest first."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change, its address or number masked: who reads over a shoulder learns nothing."""

    at: datetime
    by: str
    what: Detail
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Details:
    """What an account says of its holder; `profession` and `rpps` are empty for who practises nothing."""

    name: str
    profession: str
    rpps: str
    email: str
    phone: str
    awaited: str
    """The new address that waits for its code."""
    checked_at: datetime | None
    due: bool
    unreached: bool
    history: tuple[Change, ...]
    has_sheet: bool = False
    """Whether it is a practitioner's, whose sheet bears the name."""
    checked: bool = True
    """Whether the operator has checked what a substitute or an aidant practises."""


def my_details(actor: Actor) -> Details:
    """Read what one's account says; raises `NotAllowed` for patients, whose account is another page."""
    require(actor, Permission.ACCOUNT_OWN)
    _keep_to_work(actor)
    awaited = awaited_contact(actor)
    with reading() as session:
        account = _own(session, actor)
        health = session.get(AccountHealth, account.id)
        row = session.exec(select(Practitioner).where(Practitioner.account_id == account.id)).first()
        professional = session.get(Professional, account.id) if actor.kind in {ActorKind.SUBSTITUTE, ActorKind.AIDANT} else None
        changes = select(AccountChange).where(AccountChange.account_id == account.id).order_by(col(AccountChange.at).desc()).limit(SHOWN)
        return Details(
            name=row.display_name if row else account.name,
            profession=_profession(row, professional),
            rpps=(professional.rpps or "") if professional else row.rpps if row else "",
            email=account.email or "",
            phone=health.phone if health else "",
            awaited=awaited,
            checked_at=health.checked_at if health else None,
            due=check_due(account, health),
            unreached=health is not None and health.bounce is not None,
            history=tuple(_change(one) for one in session.exec(changes)),
            has_sheet=row is not None,
            checked=professional is None or professional.checked_at is not None,
        )


def _profession(row: Practitioner | None, professional: Professional | None) -> str:
    """Say what somebody practises in the role that they are in."""
    if professional is not None:
        return PROFESSION_LABELS[Profession(professional.profession)]
    return SPECIALTY_LABELS[Specialty(row.specialty)] if row else ""


def _keep_to_work(actor: Actor) -> None:
    if actor.kind is ActorKind.PATIENT:
        raise NotAllowed


def _own(session: Session, actor: Actor, *, lock: bool = False) -> Account:
    statement = select(Account).where(Account.id == actor.account_id)
    found = session.exec(statement.with_for_update() if lock else statement).first()
    if found is None:
        raise NotFound
    return found


def _change(one: AccountChange) -> Change:
    what = Detail(one.what)
    before, after = (masked(one.before), masked(one.after)) if what in MASKED else (one.before, one.after)
    return Change(one.at, one.by_name, what, before, after)


def masked(value: str) -> str:
    """Show what tells an address or a number apart, and no more."""
    name, at, domain = value.rpartition("@")
    return f"{name[:1]}•••@{domain}" if at else f"•• {value[-2:]}" if value else ""


def save_details(actor: Actor, typed: Mapping[str, object]) -> None:
    """Correct one's telephone, and the name where no practitioner's sheet bears it. Raises `Invalid` naming every field that is wrong."""
    require(actor, Permission.ACCOUNT_OWN)
    _keep_to_work(actor)
    errors = FieldErrors()
    number, name = _phone(errors, typed.get("phone")), _name(errors, typed.get("name"))
    with transaction() as session:
        account = _own(session, actor, lock=True)
        health = health_of(session, account.id)
        has_sheet = session.exec(select(Practitioner.id).where(Practitioner.account_id == account.id)).first() is not None
        if not has_sheet and not name:
            errors.add("name", "Écrivez votre nom.")
        errors.check()
        new = account.name if has_sheet else name
        note_details(session, actor, account.id, {Detail.NAME: (account.name, new), Detail.PHONE: (health.phone, number)})
        account.name, health.phone = new, number


def _phone(errors: FieldErrors, typed: object) -> str:
    try:
        line = one_line(typed, longest=30)
        return read_phone(line) if line else ""
    except Invalid as refusal:
        errors.add("phone", refusal.message)
        return ""


def _name(errors: FieldErrors, typed: object) -> str:
    try:
        line = one_line(typed, longest=120)
    except Invalid as refusal:
        errors.add("name", refusal.message)
        return ""
    return line if name_key(line) else ""


def confirm_email(actor: Actor, code: object) -> None:
    """Change one's address with the code that was sent to the new one. Raises `WrongCode`, `CodeSpent`, `CodeOver` or `EmailTaken`."""
    require(actor, Permission.ACCOUNT_OWN)
    _keep_to_work(actor)
    code_id = check_contact_code(actor, code)
    with transaction() as session:
        change_contact(session, actor, code_id)
