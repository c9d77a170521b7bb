"""Accounts as the operator finds and reads them: who, where, in what state. Nothing of any patient's file, nor of any visit."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.identity.factor_tables import IdentityCheck
from maiia_pro.identity.leftovers import Leftover, opened_lately
from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from maiia_pro.identity.second_factors import Held, held_by
from maiia_pro.identity.session_ends import OPEN
from maiia_pro.identity.tables import AccountStatus
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import one_line

A_PAGE: Final = 25
MOST_PAGES: Final = 200
LATELY: Final = timedelta(days=7)


class Shown(StrEnum):
    """Which accounts a list shows by their state."""

    ANY = "any"
    ACTIVE = "active"
    PENDING = "pending"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as a list shows it; `decision` says what shuts it."""

    id: UUID
    name: str
    identifier: str
    kind: ActorKind
    status: AccountStatus
    decision: RestrictionKind | None
    places: tuple[str, ...]
    """Names of the practices it works in."""
    blocked: bool = False
    """Whether its holder has reported its identifiers lost or stolen: it waits for a new password."""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A page of a list, and how many accounts there are in all."""

    lines: tuple[AccountLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """What is sought, as typed; without words and without a kind, patients stay out of the list."""

    words: str = ""
    kind: ActorKind | None = None
    shown: Shown = Shown.ANY
    page: int = 1


_FROM = """
    from account a
    left join account_restriction r on r.account_id = a.id and r.lifted_at is null
    left join account_health h on h.account_id = a.id
    where (a.role = cast(:kind as text) or :any_kind) and (a.role <> 'patient' or :patients)
      and case :shown when 'any' then true when 'active' then a.status = 'active'
          when 'pending' then a.status = 'pending' and h.blocked_at is null
          else r.kind = :shown end
      and (cast(:words as text) = '' or a.id in (
          select id from account where lower(unaccent(name)) like :like or email_key like :like or phone_key like :like
          union select account_id from practitioner where rpps = :number or ' ' || sort_key like :sorted
          union select account_id from professional where rpps = :number
          union select m.account_id from membership m join practice c on c.id = m.practice_id where lower(unaccent(c.name)) like :like))
"""
_COUNT = text("select count(*)" + _FROM)
_PLACES = """array(
    select c.name from membership m join practice c on c.id = m.practice_id
    where m.account_id = a.id and m.asked_at is null order by c.name)
"""
_PAGE = text(
    f"select a.id, a.name, coalesce(a.email, a.phone_key) as identifier, a.role, a.status, r.kind, {_PLACES} as places, h.blocked_at"
    + _FROM
    + "order by lower(unaccent(a.name)), a.id limit :limit offset :offset"
)


def find_accounts(actor: Actor, query: AccountQuery) -> AccountPage:
    """Find accounts by name, address, number, RPPS or practice, a page at a time."""
    require(actor, Permission.OPERATION)
    values = _values(query)
    with reading() as session:
        total = int(session.connection().execute(_COUNT, values).scalar_one())
        pages = max(1, min(MOST_PAGES, -(-total // A_PAGE)))
        page = max(1, min(query.page, pages))
        rows = session.connection().execute(_PAGE, values | {"limit": A_PAGE, "offset": (page - 1) * A_PAGE}).all()
    return AccountPage(tuple(_line(row) for row in rows), total, page, pages)


def _values(query: AccountQuery) -> dict[str, Any]:
    words = one_line(query.words, longest=120)
    plain = _plain(words)
    return {
        "words": words,
        "like": f"%{plain}%",
        "sorted": f"% {plain}%",
        "number": re.sub(r"\W", "", words).upper() or "-",
        "kind": query.kind,
        "any_kind": query.kind is None,
        "patients": query.kind is ActorKind.PATIENT or bool(words),
        "shown": query.shown,
    }


def _plain(words: str) -> str:
    """Reduce words to what is compared, with the signs of LIKE taken as they are."""
    kept = words.casefold() if "@" in words else name_key(words)
    return kept.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _line(row: Any) -> AccountLine:
    decision = RestrictionKind(row.kind) if row.kind else None
    status, blocked = AccountStatus(row.status), row.blocked_at is not None
    return AccountLine(row.id, row.name, row.identifier, ActorKind(row.role), status, decision, tuple(row.places), blocked)


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision of the past or of now, with who took it and who ended it; empty names are the software's own."""

    id: UUID
    kind: RestrictionKind
    ground: Ground
    note: str
    note_shown: bool
    at: datetime
    by: str
    ends_at: datetime | None
    lifted_at: datetime | None
    lifted_by: str
    lifted_note: str


@dataclass(frozen=True, slots=True)
class ResetLine:
    """A time that the operator took the second factors away, with how they made sure who asked."""

    checked_by: IdentityCheck
    reference: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """An account and what was decided of it, the latest first; `to_come` counts the patients who would be told."""

    line: AccountLine
    created_at: datetime
    rpps: str
    specialty: str
    profession: str
    """Of a substitute or an aidant, a `Profession`, checked since `checked_at`."""
    checked_at: datetime | None
    last_sign_in: datetime | None
    sessions: int
    to_come: int
    decisions: tuple[DecisionLine, ...]
    held: Held
    resets: tuple[ResetLine, ...]
    """The latest first."""
    reopened_at: datetime | None
    """When, lately, the password was chosen by a link or where messages go was changed: whoever did may ask for a reset next."""
    opened: tuple[Leftover, ...]
    """What it opened lately for its practices and that is open still: a thief may have."""
    own: bool
    """Whether it is the operator's own."""

    @property
    def standing(self) -> DecisionLine | None:
        """What shuts the account now."""
        return next((one for one in self.decisions if one.lifted_at is None), None)


_ONE = text(f"""
    select a.id, a.name, coalesce(a.email, a.phone_key) as identifier, a.role, a.status, r.kind, {_PLACES} as places, a.created_at,
           h.blocked_at,
           coalesce(p.rpps, f.rpps, '') as rpps, coalesce(p.specialty, '') as specialty,
           coalesce(f.profession, '') as profession, f.checked_at,
           (select max(e.at) from audit_entry e where e.subject_id = a.id and e.action = 'session:opened') as last_sign_in,
           (select max(e.at) from audit_entry e where e.subject_id = a.id and e.at > :lately
            and (e.action in ('password:reset', 'contact:changed')
                 or e.action = 'details:changed' and e.details ->> 'what' = 'phone')) as reopened,
           (select count(*) from account_session s where s.account_id = a.id and not s.half_open and {OPEN}) as sessions,
           (select count(distinct v.patient_id) from appointment v where v.practitioner_id = p.id and v.active
            and v.held_until is null and v.starts_at > :now) as to_come
    from account a
    left join account_restriction r on r.account_id = a.id and r.lifted_at is null
    left join practitioner p on p.account_id = a.id
    left join professional f on f.account_id = a.id
    left join account_health h on h.account_id = a.id
    where a.id = :id
""")  # noqa: S608 - of constants
_DECISIONS = text("""
    select r.*, coalesce(b.name, '') as by_name, coalesce(l.name, '') as lifted_name
    from account_restriction r left join account b on b.id = r.created_by left join account l on l.id = r.lifted_by
    where r.account_id = :id order by r.created_at desc, r.id desc limit 100
""")


def account_sheet(actor: Actor, account_id: UUID) -> AccountSheet:
    """Read an account's sheet. Raises `NotFound`."""
    require(actor, Permission.OPERATION)
    now = clock.now()
    with reading() as session:
        row = session.connection().execute(_ONE, {"id": account_id, "now": now, "lately": now - LATELY}).one_or_none()
        if row is None:
            raise NotFound("Ce compte n’existe pas. Revenez à la liste.")
        decisions, held, resets = _decisions(session, account_id), held_by(session, account_id), _resets(session, account_id)
        opened = tuple(opened_lately(session, account_id))
    return AccountSheet(
        line=_line(row),
        created_at=row.created_at,
        rpps=row.rpps,
        specialty=row.specialty,
        profession=row.profession,
        checked_at=row.checked_at,
        last_sign_in=row.last_sign_in,
        sessions=row.sessions,
        to_come=row.to_come,
        decisions=decisions,
        held=held,
        resets=resets,
        reopened_at=row.reopened,
        opened=opened,
        own=account_id == actor.account_id,
    )


def _decisions(session: Session, account_id: UUID) -> tuple[DecisionLine, ...]:
    rows = session.connection().execute(_DECISIONS, {"id": account_id})
    return tuple(
        DecisionLine(
            row.id, RestrictionKind(row.kind), Ground(row.ground), row.note, row.note_shown, row.created_at, row.by_name, row.ends_at,
            row.lifted_at, row.lifted_name, row.lifted_note,
        )
        for row in rows
    )  # fmt: skip


_RESETS = text("""
    select r.checked_by, r.reference, r.created_at, b.name from factor_reset r join account b on b.id = r.created_by
    where r.account_id = :id order by r.created_at desc, r.id desc limit 100
""")


def _resets(session: Session, account_id: UUID) -> tuple[ResetLine, ...]:
    rows = session.connection().execute(_RESETS, {"id": account_id})
    return tuple(ResetLine(IdentityCheck(row.checked_by), row.reference, row.created_at, row.name) for row in rows)
