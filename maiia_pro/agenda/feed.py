"""A practitioner's agenda in their own calendar: a secret address, issued, renewed and revoked by them alone.

It names nobody, so reading it is no reading of a file; where the practitioner chose to show initials, each answer that carries them is
audited (an unchanged one carries nothing).
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from maiia_pro.agenda.calendar import CalendarEntry
from maiia_pro.agenda.listing import calendar_entry, lines_between
from maiia_pro.agenda.setup import own_practitioner
from maiia_pro.agenda.tables import CalendarFeed
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import EVERY_RIGHT, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.practice.tables import Practitioner

BEHIND: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=366)
TOUCH: Final = timedelta(minutes=1)
"""The last use is written at most this often."""


@dataclass(frozen=True, slots=True)
class FeedView:
    """What its owner sees of the address once it has been shown."""

    created_at: datetime
    last_used_at: datetime | None
    shows_initials: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """What an address answers; no entries where the asker already holds what `tag` names."""

    name: str
    tag: str
    entries: tuple[CalendarEntry, ...] | None


def own_feed(actor: Actor, practitioner_id: UUID) -> FeedView | None:
    """Tell what there is of an address of one's own agenda."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        own_practitioner(session, actor, practitioner_id)
        feed = session.get(CalendarFeed, practitioner_id)
        return FeedView(feed.created_at, feed.last_used_at, feed.shows_initials) if feed else None


_ISSUE = text("""
    insert into calendar_feed (practitioner_id, token_hash, shows_initials, created_at) values (:id, :hash, :initials, :now)
    on conflict (practitioner_id) do update set
        token_hash = excluded.token_hash, shows_initials = excluded.shows_initials, created_at = excluded.created_at, last_used_at = null
""")


def issue_feed(actor: Actor, practitioner_id: UUID, *, initials: bool = False) -> str:
    """Give the token of a new address, known from now on to nobody but its owner; the one before it answers no more."""
    require(actor, Permission.PROFILE_OWN)
    token = new_token()
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        values = {"id": practitioner_id, "hash": token_hash(token), "initials": initials, "now": clock.now()}
        session.connection().execute(_ISSUE, values)
        _note(session, actor, practitioner, AuditAction.FEED_ISSUED, {"initials": initials})
    return token


def show_initials(actor: Actor, practitioner_id: UUID, *, initials: bool) -> None:
    """Choose whether the calendar shows the patients' initials; raises `NotFound` where there is no address."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        feed = session.get(CalendarFeed, practitioner_id)
        if feed is None:
            raise NotFound
        feed.shows_initials = initials
        _note(session, actor, practitioner, AuditAction.FEED_CHANGED, {"initials": initials})


def revoke_feed(actor: Actor, practitioner_id: UUID) -> None:
    """Take the address away; where there is none, nothing happens."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        gone = session.exec(delete(CalendarFeed).where(col(CalendarFeed.practitioner_id) == practitioner_id))
        if gone.rowcount:
            _note(session, actor, practitioner, AuditAction.FEED_REVOKED, {})


def _note(session: Session, actor: Actor, practitioner: Practitioner, action: AuditAction, details: dict[str, Any]) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="practitioner",
        subject_id=practitioner.id,
        practice_id=practitioner.practice_id,
        details=details,
    )


def feed_of_token(token: str, known: Collection[str] = ()) -> Feed:
    """Give what an address answers to somebody who holds what `known` names. Raises `NotFound` where it is unknown or revoked,
    or where its owner no longer works there."""
    with transaction() as session:
        feed, practitioner, owner = _owner(session, token)
        now = clock.now()
        if feed.last_used_at is None or feed.last_used_at < now - TOUCH:
            feed.last_used_at = now
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        lines = lines_between(session, [practitioner.id], today - BEHIND, today + AHEAD)
        entries = tuple(calendar_entry(line, initials=feed.shows_initials) for line in lines)
        name = f"Rendez-vous · {practitioner.display_name}"
        tag = hashlib.sha256(repr((name, entries)).encode()).hexdigest()
        if tag in known:
            return Feed(name, tag, None)
        if feed.shows_initials:
            _note(session, owner, practitioner, AuditAction.FEED_READ, {"count": len(entries)})
        return Feed(name, tag, entries)


def _owner(session: Session, token: str) -> tuple[CalendarFeed, Practitioner, Actor]:
    found = session.exec(
        select(CalendarFeed, Practitioner, Account)
        .join(Practitioner, col(Practitioner.id) == CalendarFeed.practitioner_id)
        .join(Account, col(Account.id) == Practitioner.account_id)
        .join(Membership, (col(Membership.account_id) == Account.id) & (col(Membership.practice_id) == Practitioner.practice_id))
        .where(CalendarFeed.token_hash == token_hash(token), Account.status == AccountStatus.ACTIVE)
    ).first()
    if found is None:
        raise NotFound
    feed, practitioner, account = found
    actor = Actor(
        ActorKind.PRACTITIONER, account.name, account_id=account.id, practice_ids=frozenset({practitioner.practice_id}),
        practitioner_id=practitioner.id, rights={practitioner.id: EVERY_RIGHT},
    )  # fmt: skip
    return feed, practitioner, actor
