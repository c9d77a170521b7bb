"""Delays told to those who wait: announced by staff for today, suggested from what the day shows, gone by themselves at its end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners, zone_of, zone_of_practice
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.kernel import audit, clock, live, queue
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reached
from maiia_pro.practice.own_agenda import let_to
from maiia_pro.practice.tables import Practitioner
from maiia_pro.reception.jobs import DelayTold
from maiia_pro.reception.tables import AnnouncedDelay

LONGEST: Final = 240
WORTH_A_MAIL: Final = 10
"""A change of more minutes than this is told by mail."""
SOON: Final = timedelta(hours=4)
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class DelayLine:
    """A practitioner's delay: the one announced, and the one that today's arrivals show, in minutes."""

    practitioner_id: UUID
    name: str
    minutes: int
    suggested: int


@dataclass(frozen=True, slots=True)
class ToCall:
    """A patient who is expected soon and whom no message reaches."""

    name: str
    phone: str
    starts_at: datetime
    zone: ZoneInfo


_SEEN: Final = """
    select practitioner_id, greatest(
        coalesce((array_agg(seen_at - starts_at order by seen_at desc) filter (where seen_at is not null))[1], interval '0'),
        coalesce(%(now)s - min(starts_at) filter (where status = 'arrived'), interval '0'))
    from appointment
    where practice_id = any(%(practices)s) and active and starts_at >= %(begins)s and starts_at <= %(now)s
    group by practitioner_id
"""


def delay_board(actor: Actor) -> list[DelayLine]:
    """List the practitioners of the actor's practice with the delay announced today and the one that shows."""
    require(actor, Permission.AGENDA_VIEW)
    now = clock.now()
    with reading() as session:
        people = session.exec(select(Practitioner).where(let_to(actor, Permission.AGENDA_VIEW)).order_by(col(Practitioner.sort_key))).all()
        told = delays_of(session, [one.id for one in people])
        begins = today(session, people[0].practice_id, now)[0] if people else now
        values = {"practices": list(actor.practice_ids), "begins": begins, "now": now}
        shown: dict[UUID, timedelta] = dict(exchange(session, _SEEN, values).fetchall())
    return [DelayLine(one.id, one.display_name, told.get(one.id, 0), _rounded(shown.get(one.id))) for one in people]


def _rounded(late: timedelta | None) -> int:
    minutes = int(late.total_seconds()) // 60 if late else 0
    return min(max(minutes, 0) // STEP * STEP, LONGEST)


def today(session: Session, practice_id: UUID, now: datetime) -> tuple[datetime, datetime]:
    """Tell when the practice's day began and when it ends, by the clock of its first site."""
    zone = zone_of_practice(session, practice_id)
    begins, ends = local_day(now.astimezone(zone).date(), zone)
    return to_instant(begins), to_instant(ends)


def delays_of(session: Session, practitioner_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Tell the delays that hold now, for a use case that has authorised; who is on time is absent."""
    rows = session.exec(
        select(AnnouncedDelay.practitioner_id, AnnouncedDelay.minutes).where(
            col(AnnouncedDelay.practitioner_id).in_(list(practitioner_ids)),
            AnnouncedDelay.ends_at > clock.now(),
            AnnouncedDelay.minutes > 0,
        )
    )
    return dict(rows.all())


def announce_delay(actor: Actor, practitioner_id: UUID, minutes: int) -> list[ToCall]:
    """Say how late a practitioner is today, 0 for on time; patients see it at once, and a message tells them if it changed much.

    Gives whom no such message reaches.

    Raises `Invalid`, `NotFound` and `NotAllowed`.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    if not actor.is_staff:
        raise NotAllowed
    if not 0 <= minutes <= LONGEST:
        raise Invalid("Annoncez un retard de 4 heures au plus.")
    with transaction() as session:
        practitioner = session.get(Practitioner, practitioner_id)
        if practitioner is None:
            raise NotFound
        require(actor, Permission.APPOINTMENT_MANAGE, practitioner.practice_id, practitioner.id)
        lock_practitioners(session, [practitioner_id])
        now = clock.now()
        row, worth_it = _write(session, practitioner, minutes, now, today(session, practitioner.practice_id, now)[1])
        audit.record(
            session, actor, AuditAction.DELAY_ANNOUNCED, subject_type="practitioner", subject_id=practitioner_id,
            practice_id=practitioner.practice_id, on_behalf_of=actor.stands_for(practitioner_id), details={"minutes": minutes},
        )  # fmt: skip
        live.announce(session, live.Change(live.agenda_topic(practitioner_id), practitioner_id, 0))
        return _to_call(session, actor, row, now) if worth_it else []


def _write(session: Session, practitioner: Practitioner, minutes: int, now: datetime, ends_at: datetime) -> tuple[AnnouncedDelay, bool]:
    """Write the delay; tells whether messages leave."""
    row = session.get(AnnouncedDelay, practitioner.id)
    if row is None:
        row = AnnouncedDelay(
            practitioner_id=practitioner.id, practice_id=practitioner.practice_id, minutes=0, announced_at=now, ends_at=ends_at
        )
        session.add(row)
    if row.ends_at <= now:
        row.mailed_minutes = 0
    row.minutes, row.announced_at, row.ends_at = minutes, now, ends_at
    worth_it = abs(minutes - row.mailed_minutes) > WORTH_A_MAIL
    if worth_it:
        row.mailed_minutes = minutes
        queue.enqueue(session, DelayTold(practitioner.id, now.isoformat()), lock=f"delay:{practitioner.id}")
    session.flush()
    return row, worth_it


_TO_TELL: Final = """
    select a.id, f.id, trim(f.given_name || ' ' || f.family_name), f.phone, a.starts_at, s.zone
    from appointment a join patient f on f.id = a.patient_id join site s on s.id = a.site_id
    where a.practitioner_id = %(id)s and a.active and a.status in ('planned', 'confirmed') and a.mode = 'in_person'
      and a.starts_at > %(since)s and a.starts_at < %(until)s
    order by a.starts_at
"""


def who_to_tell(actor: Actor, practitioner_id: UUID) -> tuple[int, list[UUID]]:
    """Give the delay that holds now and the visits it is told for: soon to come, not arrived."""
    require(actor, Permission.SYSTEM)
    now = clock.now()
    with reading() as session:
        row = session.get(AnnouncedDelay, practitioner_id)
        if row is None or row.ends_at <= now:
            return 0, []
        rows, told = _expected(session, row, now)
        return row.minutes, [ident for ident, patient_id, *_ in rows if patient_id in told]


def _expected(session: Session, row: AnnouncedDelay, now: datetime) -> tuple[list[Any], Collection[UUID]]:
    """List the visits that a delay is told for, and the patients whom the message reaches."""
    values = {"id": row.practitioner_id, "since": now, "until": min(now + SOON, row.ends_at)}
    rows = exchange(session, _TO_TELL, values).fetchall()
    return rows, reached(session, [patient_id for _, patient_id, *_ in rows], Kind.DELAYS)


def _to_call(session: Session, actor: Actor, row: AnnouncedDelay, now: datetime) -> list[ToCall]:
    """Name whom the desk has to call itself; who looked is kept."""
    rows, told = _expected(session, row, now)
    left = [one for one in rows if one[1] not in told]
    if left:
        audit.record(
            session, actor, AuditAction.APPOINTMENT_SEARCHED, subject_type="practitioner", subject_id=row.practitioner_id,
            practice_id=row.practice_id, on_behalf_of=actor.stands_for(row.practitioner_id),
            details={"found": [str(one[0]) for one in left]},
        )  # fmt: skip
    return [ToCall(name, phone, starts_at, zone_of(zone)) for _, _, name, phone, starts_at, zone in left]


@dataclass(frozen=True, slots=True)
class OwnDelay:
    """What a patient is told of one visit of today; 0 minutes where the practitioner is on time."""

    appointment_id: UUID
    practitioner_id: UUID
    minutes: int
    starts_at: datetime
    zone: ZoneInfo


_OWN: Final = """
    select a.id, a.practitioner_id, coalesce(d.minutes, 0), a.starts_at, s.zone
    from appointment a
    join site s on s.id = a.site_id
    join patient f on f.id = a.patient_id
    join person h on h.id = f.person_id
    left join announced_delay d on d.practitioner_id = a.practitioner_id and d.ends_at > %(now)s
    where h.account_id = %(account_id)s and a.active and a.status in ('planned', 'confirmed', 'arrived')
      and a.ends_at + make_interval(mins => coalesce(d.minutes, 0)) > %(now)s and a.starts_at < %(now)s + interval '24 hours'
    order by a.starts_at
"""


def my_delays(actor: Actor) -> list[OwnDelay]:
    """List the account's visits of today that are not over, the delay counted, with the delay told for each."""
    require(actor, Permission.APPOINTMENT_OWN)
    now = clock.now()
    with reading() as session:
        rows = exchange(session, _OWN, {"account_id": actor.account_id, "now": now}).fetchall()
    found = [OwnDelay(ident, whose, minutes, starts_at, zone_of(zone)) for ident, whose, minutes, starts_at, zone in rows]
    return [one for one in found if one.starts_at.astimezone(one.zone).date() == now.astimezone(one.zone).date()]
