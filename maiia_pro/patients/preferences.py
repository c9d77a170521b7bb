"""By which channels a patient's account wants which messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.patients.tables import MessagePreference, Person


class Kind(StrEnum):
    """What messages tell."""

    CHANGES = "changes"
    """Confirmations, moves and cancellations."""
    REMINDERS = "reminders"
    OFFERS = "offers"
    """Places of the waiting list."""
    DELAYS = "delays"


class Channel(StrEnum):
    """How messages leave."""

    EMAIL = "email"
    SMS = "sms"


ALWAYS: Final = (Kind.CHANGES, Channel.EMAIL)
"""What nobody may refuse: that a visit was taken, moved or cancelled."""
CHOICES: Final = tuple((kind, channel) for kind in Kind for channel in Channel if (kind, channel) != ALWAYS)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What an account wants, and whether it has an address to write to and a number that was proven."""

    wanted: Mapping[tuple[Kind, Channel], bool]
    has_email: bool
    has_phone: bool


def my_preferences(actor: Actor) -> Preferences:
    """Read the preferences of one's account; the defaults where nothing was chosen."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        account = session.get(Account, actor.account_id)
        if account is None:
            raise NotFound
        row = _chosen(session, account)
        wanted = {choice: _of(row, *choice) for choice in CHOICES}
        return Preferences(wanted, account.email is not None, account.phone_key is not None)


def save_preferences(actor: Actor, wanted: Mapping[tuple[Kind, Channel], bool]) -> None:
    """Write what one's account wants; what is not named stays. What e-mail alone was refused, a number added later does not bring."""
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        account = session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
        row = _chosen(session, account)
        for kind, channel in CHOICES:
            if (kind, channel) in wanted:
                setattr(row, f"{kind}_{channel}", wanted[kind, channel])
        if account.phone_key is None:
            for kind in (kind for kind, channel in CHOICES if channel is Channel.EMAIL and wanted.get((kind, channel)) is False):
                setattr(row, f"{kind}_{Channel.SMS}", False)
        row.changed_at = clock.now()
        session.add(row)
        audit.record(session, actor, AuditAction.PREFERENCES_CHANGED, subject_type="account", subject_id=actor.account_id)


def refuses_reminders(session: Session, person_id: UUID | None) -> bool:
    """Tell whether a person's account wants no reminder by any channel that it has."""
    mine = select(Account).join(Person, col(Person.account_id) == Account.id).where(Person.id == person_id)
    account = session.exec(mine).first() if person_id else None
    if account is None:
        return False
    row, has = _chosen(session, account), {Channel.EMAIL: account.email, Channel.SMS: account.phone_key}
    return not any(has[channel] and _of(row, Kind.REMINDERS, channel) for channel in Channel)


def _chosen(session: Session, account: Account) -> MessagePreference:
    """Give what an account chose, else the defaults; to who has no address, everything goes to the telephone."""
    alone = account.email is None
    return session.get(MessagePreference, account.id) or MessagePreference(account_id=account.id, changes_sms=alone, offers_sms=alone)


def _of(row: MessagePreference, kind: Kind, channel: Channel) -> bool:
    return bool(getattr(row, f"{kind}_{channel}"))


def wanted_at_first(kind: Kind, channel: Channel) -> bool:
    """Tell what an account with both channels wants that chose nothing."""
    return bool(MessagePreference.model_fields[f"{kind}_{channel}"].default)
