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
    """What an account wants, and whether it has an address to write to."""

    wanted: Mapping[tuple[Kind, Channel], bool]
    has_email: bool


def my_preferences(actor: Actor) -> Preferences:
    """Read the preferences of one's account; the defaults where nothing was chosen."""
    require(actor, Permission.APPOINTMENT_OWN)
    with reading() as session:
        account = session.get(Account, actor.account_id)
        if account is None:
            raise NotFound
        row = _chosen(session, account)
        return Preferences({choice: _of(row, *choice) for choice in CHOICES}, account.email is not None)


def save_preferences(actor: Actor, wanted: Mapping[tuple[Kind, Channel], bool]) -> None:
    """Write what one's account wants; what is not named stays."""
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        row = _chosen(session, session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one())
        for kind, channel in CHOICES:
            if (kind, channel) in wanted:
                setattr(row, f"{kind}_{channel}", wanted[kind, channel])
        row.changed_at = clock.now()
        session.add(row)
        audit.record(session, actor, AuditAction.PREFERENCES_CHANGED, subject_type="account", subject_id=actor.account_id)


def refuses_reminders(session: Session, person_id: UUID | None) -> bool:
    """Tell whether a person's account wants no reminder by any channel."""
    row = _of_person(session, person_id)
    return not any(_of(row, Kind.REMINDERS, channel) for channel in Channel)


def _of_person(session: Session, person_id: UUID | None) -> MessagePreference | None:
    mine = select(Account).join(Person, col(Person.account_id) == Account.id).where(Person.id == person_id)
    account = session.exec(mine).first() if person_id else None
    return _chosen(session, account) if account else None


def _chosen(session: Session, account: Account) -> MessagePreference:
    """Give what an account chose, else the defaults; to who has no address, everything goes to the telephone."""
    alone = account.email is None
    return session.get(MessagePreference, account.id) or MessagePreference(account_id=account.id, changes_sms=alone, offers_sms=alone)


def _of(row: MessagePreference | None, kind: Kind, channel: Channel) -> bool:
    name = f"{kind}_{channel}"
    return bool(getattr(row, name) if row else MessagePreference.model_fields[name].default)
