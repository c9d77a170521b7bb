"""The waiting list as the practice and the patients see it, and the free places that suit a wish."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.context import OfferingContext, load_offerings, zone_of
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import FreeSlot, slots_of
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.french import name_key
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty
from maiia_pro.waiting.matching import Wanted, answer_by, suits
from maiia_pro.waiting.tables import Standing, today_there
from maiia_pro.waiting.wishing import load_wish

MOST: Final = 300
LOOK: Final = timedelta(days=28)
PLACES: Final = 12


class Which(StrEnum):
    """Which wishes."""

    ACTIVE = "active"
    OFFERED = "offered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class WishOfferView:
    """A place that is kept for somebody, until when."""

    id: UUID
    starts_at: datetime
    practitioner: str
    expires_at: datetime
    zone: ZoneInfo
    place: str
    """The address; empty for a video visit."""


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish as lists show it; `until` is the last day, included."""

    id: UUID
    version: int
    practice: str
    patient_id: UUID
    patient: str
    birth_date: date
    phone: str
    online: bool
    """Whether the patient has an account and can answer an offer."""
    practitioner_id: UUID | None
    whom: str
    """A practitioner, or a specialty."""
    reason: str
    wanted: Wanted
    standing: Standing
    over: bool
    """Active, and past its last day."""
    created_at: datetime
    zone: ZoneInfo
    offer: WishOfferView | None


_TODAY = today_there(":now")
_LINE = f"""
    select w.id, w.version, c.name as practice, w.patient_id, p.given_name || ' ' || p.family_name as patient, p.birth_date, p.phone,
           p.person_id is not null as online, w.practitioner_id, w.specialty,
           trim(d.title || ' ' || d.given_name || ' ' || d.family_name) as practitioner, w.reason, w.weekdays, w.begins, w.ends, w.until,
           w.standing, w.until < {_TODAY} as over, w.created_at,
           coalesce((select s.zone from site s where s.practice_id = w.practice_id order by s.name limit 1), 'Europe/Paris') as zone,
           o.id as offer_id, o.starts_at, o.expires_at, t.zone as offer_zone,
           case when h.mode = 'video' then '' else t.name || ', ' || t.street || ', ' || t.postal_code || ' ' || t.city end as place,
           (select trim(k.title || ' ' || k.given_name || ' ' || k.family_name) from practitioner k where k.id = o.practitioner_id) as by
    from wish w
    join practice c on c.id = w.practice_id
    join patient p on p.id = w.patient_id
    left join practitioner d on d.id = w.practitioner_id
    left join (wish_offer o join appointment h on h.id = o.hold_id join site t on t.id = h.site_id)
      on o.wish_id = w.id and o.answer = 'awaited' and o.expires_at > :now
"""  # noqa: S608 - composed once, of constants
"""A place whose hold the practice broke is kept for nobody."""
_UUID = PG_UUID(as_uuid=True)
_IN_PRACTICE = f"""
    where w.practice_id = :practice_id and (cast(:whose as uuid[]) is null or w.practitioner_id is null or w.practitioner_id = any(:whose))
      and (w.standing = 'active' and w.until >= {_TODAY}) = (:which <> 'closed') and (:which <> 'offered' or o.id is not null)
      and (cast(:practitioner_id as uuid) is null or w.practitioner_id = :practitioner_id
           or w.specialty = (select specialty from practitioner where id = :practitioner_id))
    order by w.closed_at desc nulls last, w.created_at, w.id limit :limit
"""  # noqa: S608 - composed once, of constants
_WHOSE = bindparam("whose", type_=ARRAY(_UUID))
_LIST = text(_LINE + _IN_PRACTICE).bindparams(_WHOSE, *(bindparam(name, type_=_UUID) for name in ("practice_id", "practitioner_id")))
_MINE = text(
    _LINE
    + f"""
    join person n on n.id = p.person_id
    where n.account_id = :account_id and w.standing = 'active' and w.until >= {_TODAY} order by w.created_at, w.id limit :limit
"""
).bindparams(bindparam("account_id", type_=_UUID))
_COUNTED = f"""
    select count(*) as active, count(*) filter (where exists (
        select 1 from wish_offer o join appointment h on h.id = o.hold_id
        where o.wish_id = w.id and o.answer = 'awaited' and o.expires_at > :now)) as offered
    from wish w where w.practice_id = :practice_id
      and (cast(:whose as uuid[]) is null or w.practitioner_id is null or w.practitioner_id = any(:whose))
      and w.standing = 'active' and w.until >= {_TODAY}
"""  # noqa: S608 - composed once, of constants
_COUNT = text(_COUNTED).bindparams(_WHOSE, bindparam("practice_id", type_=_UUID))


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Wishes of a practice, the oldest first, with how many are active and how many have a place kept."""

    lines: tuple[WishLine, ...]
    active: int
    offered: int


def waiting_list(actor: Actor, practice_id: UUID, which: Which = Which.ACTIVE, practitioner_id: UUID | None = None) -> WaitingList:
    """List the wishes of a practice of the actor's; the reading is audited."""
    require(actor, Permission.WISH_MANAGE, practice_id)
    now = clock.now()
    values = {
        "practice_id": practice_id, "which": which, "practitioner_id": practitioner_id, "now": now, "limit": MOST,
        "whose": for_whom(actor, Permission.WISH_MANAGE),
    }  # fmt: skip
    with transaction() as session:
        lines = tuple(_line(row) for row in session.connection().execute(_LIST, values))
        counts = session.connection().execute(_COUNT, values).one()
        audit.record(
            session, actor, AuditAction.WISHES_READ, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"found": [str(line.patient_id) for line in lines]},
        )  # fmt: skip
        return WaitingList(lines, counts.active, counts.offered)


def my_wishes(actor: Actor) -> list[WishLine]:
    """List the active wishes of the account, with the places kept for it."""
    require(actor, Permission.APPOINTMENT_OWN)
    now = clock.now()
    with reading() as session:
        values = {"account_id": actor.account_id, "now": now, "limit": MOST}
        return [_line(row) for row in session.connection().execute(_MINE, values)]


def _line(row: Row[Any]) -> WishLine:
    offer = None
    if row.offer_id:
        offer = WishOfferView(row.offer_id, row.starts_at, row.by, row.expires_at, zone_of(row.offer_zone), row.place)
    return WishLine(
        id=row.id, version=row.version, practice=row.practice, patient_id=row.patient_id, patient=row.patient, birth_date=row.birth_date,
        phone=row.phone, online=row.online, practitioner_id=row.practitioner_id,
        whom=row.practitioner if row.practitioner_id else SPECIALTY_LABELS[Specialty(row.specialty)], reason=row.reason,
        wanted=Wanted(tuple(row.weekdays), row.begins, row.ends, row.until), standing=Standing(row.standing),
        over=row.over and row.standing == Standing.ACTIVE, created_at=row.created_at, zone=zone_of(row.zone), offer=offer,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A free place that suits a wish."""

    slot: FreeSlot
    practitioner: str
    zone: ZoneInfo
    online: bool
    """Whether it can be offered: its reason is booked online, and it leaves time to answer."""


_SUITED = text("""
    select o.id, r.name, trim(d.title || ' ' || d.given_name || ' ' || d.family_name) as practitioner
    from offering o join visit_reason r on r.id = o.reason_id join practitioner d on d.id = o.practitioner_id
    where o.practice_id = :practice_id and o.active and r.active
      and (o.practitioner_id = cast(:practitioner_id as uuid) or d.specialty = :specialty)
      and (cast(:whose as uuid[]) is null or d.id = any(:whose))
""").bindparams(_WHOSE, *(bindparam(name, type_=_UUID) for name in ("practice_id", "practitioner_id")))


def places_for(actor: Actor, wish_id: UUID) -> list[Place]:
    """List the next free places that suit a wish, within four weeks, of whom the actor may give them; raises `NotFound`."""
    require(actor, Permission.WISH_MANAGE)
    now, whose = clock.now(), for_whom(actor, Permission.WISH_MANAGE)
    with reading() as session:
        wish = load_wish(session, actor, wish_id)
        values = {"practice_id": wish.practice_id, "practitioner_id": wish.practitioner_id, "specialty": wish.specialty, "whose": whose}
        named = {row.id: row for row in session.connection().execute(_SUITED, values) if name_key(row.name) == wish.reason_key}
        wanted = Wanted(wish.weekdays, wish.begins, wish.ends, wish.until)
        return _places(session, named, wanted, now)


def _places(session: Session, named: dict[UUID, Row[Any]], wanted: Wanted, now: datetime) -> list[Place]:
    offerings = load_offerings(session, list(named))
    free = slots_of(session, list(offerings.values()), Window(now, now + LOOK, now), online_only=False)
    fitting = (slot for slot in free if suits(wanted, slot.starts_at, offerings[slot.offering_id].zone))
    return [
        Place(slot, named[slot.offering_id].practitioner, one.zone, _can_offer(one, slot, now))
        for slot, _ in zip(fitting, range(PLACES), strict=False)
        for one in (offerings[slot.offering_id],)
    ]


def _can_offer(offering: OfferingContext, slot: FreeSlot, now: datetime) -> bool:
    notice = timedelta(minutes=offering.rules.notice_minutes)
    return offering.online and answer_by(now, slot.starts_at, offering.zone, notice) is not None


def check_watchable(actor: Actor, practice_ids: list[UUID]) -> None:
    """Let somebody hear of the waiting lists of these practices. Raises `NotSignedIn`, `NotAllowed`, or `NotFound`."""
    for practice_id in practice_ids:
        require(actor, Permission.WISH_MANAGE, practice_id)


def read_wanted(actor: Actor, wish_id: UUID) -> Wanted:
    """Tell when a wish may be met; raises `NotFound`."""
    require(actor, Permission.WISH_MANAGE)
    with reading() as session:
        wish = load_wish(session, actor, wish_id)
        return Wanted(tuple(wish.weekdays), wish.begins, wish.ends, wish.until)
