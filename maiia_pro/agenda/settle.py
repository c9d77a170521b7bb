"""Settling stranded visits: saving the new hours, moving, cancelling, all in one transaction, all or nothing for each choice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.absence import Choice, Stranded, Upset, staff_practitioner, strand
from maiia_pro.agenda.changing import MoveRequest, call_off, check_standing, put
from maiia_pro.agenda.context import OfferingContext, load_offerings, lock_practitioners, zone_of
from maiia_pro.agenda.errors import VersionConflict
from maiia_pro.agenda.tables import Appointment, Offering
from maiia_pro.agenda.visit import check_asked
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction, retry_conflicts
from maiia_pro.kernel.errors import Conflict, DomainError, Invalid, NotFound
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.text import paragraph
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practitioner, Site

ORDER: Final = (Choice.CANCEL, Choice.LATER, Choice.COLLEAGUE)
"""What frees time goes first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is chosen for one visit, as it was when it was listed."""

    appointment_id: UUID
    version: int
    choice: Choice
    practitioner_id: UUID | None = None
    """To whom, and when, where it moves."""
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A visit that kept its whole choice from being done, and why."""

    appointment_id: UUID
    patient: str
    starts_at: datetime
    zone: ZoneInfo
    why: str


@dataclass(slots=True)
class Settlement:
    """What came of each choice: how many were settled, or what stood in the way; and what nobody had chosen for."""

    settled: dict[Choice, int] = field(default_factory=dict)
    in_the_way: dict[Choice, list[InTheWay]] = field(default_factory=dict)
    unasked: list[Stranded] = field(default_factory=list)
    """Stranded visits that were not listed yet: booked or moved there meanwhile."""


@retry_conflicts
def settle(actor: Actor, upset: Upset, wishes: Sequence[Wish], word: str = "") -> Settlement:
    """Save the hours and do what was chosen; a choice that fails for one visit is done for none, the others stand.

    `word` goes with the message of each moved or cancelled visit. Raises what saving the hours raises: then nothing is done.
    """
    require(actor, Permission.APPOINTMENT_MANAGE)
    said, done = paragraph(word, longest=500), Settlement()
    with enclosing_transaction() as session:
        practitioner = staff_practitioner(session, actor, upset.practitioner_id)
        visits = _lock(session, actor, practitioner, wishes)
        versions = {visit.id: visit.version for visit in visits.values()}
        lost, _ = strand(session, practitioner, upset)
        own = load_offerings(session, _offering_ids(session, visits.values()).values())
        places = {(one.reason_id, one.site_id): one for one in own.values()}
        for choice in ORDER:
            group = [wish for wish in wishes if wish.choice is choice]
            if group:
                _settle_group(session, actor, _Group(choice, group, visits, versions, places, upset.practitioner_id, said), done)
        done.settled[Choice.KEEP] = sum(wish.choice is Choice.KEEP for wish in wishes)
        asked = {wish.appointment_id for wish in wishes}
        done.unasked = [line for _, line in lost if line.id not in asked]
        _note_named(session, actor, practitioner, done)
    return done


_LOCK_ROOMS: Final = """
    select id from resource where not retired and practice_id = %(practice_id)s
      and site_id in (select site_id from appointment where id = any(%(ids)s))
    order by id for no key update
"""
"""All of the sites, not only those that the visits have: a moved visit may take another, of a lower id."""


def _lock(session: Session, actor: Actor, practitioner: Practitioner, wishes: Sequence[Wish]) -> dict[UUID, Appointment]:
    """Lock every agenda concerned, then every room, in id order; then read the visits as they are.

    Nothing of another practice is touched; raises `NotFound` for a colleague who is of one.
    """
    agendas = {practitioner.id} | {wish.practitioner_id for wish in wishes if wish.practitioner_id}
    own = select(Practitioner.id).where(col(Practitioner.id).in_(agendas), Practitioner.practice_id == practitioner.practice_id)
    if len(session.exec(own).all()) != len(agendas):
        raise NotFound
    for colleague in agendas - {practitioner.id}:
        require(actor, Permission.APPOINTMENT_BOOK, practitioner.practice_id, colleague)
    lock_practitioners(session, agendas)
    ids = [wish.appointment_id for wish in wishes]
    exchange(session, _LOCK_ROOMS, {"ids": ids, "practice_id": practitioner.practice_id})
    mine = select(Appointment).where(col(Appointment.id).in_(ids), Appointment.practice_id == practitioner.practice_id)
    return {row.id: row for row in session.exec(mine.order_by(col(Appointment.id)).with_for_update())}


def _note_named(session: Session, actor: Actor, practitioner: Practitioner, done: Settlement) -> None:
    """Write down whose visits the answer names, though they were not listed or not settled."""
    named = [line.id for line in done.unasked] + [one.appointment_id for some in done.in_the_way.values() for one in some]
    if named:
        audit.record(
            session, actor, AuditAction.APPOINTMENT_SEARCHED, subject_type="practitioner", subject_id=practitioner.id,
            practice_id=practitioner.practice_id, on_behalf_of=actor.stands_for(practitioner.id),
            details={"found": [str(one) for one in named]},
        )  # fmt: skip


def _offering_ids(session: Session, visits: Iterable[Appointment]) -> dict[tuple[UUID, UUID], UUID]:
    reasons = {visit.reason_id for visit in visits}
    rows = session.exec(select(Offering.reason_id, Offering.site_id, Offering.id).where(col(Offering.reason_id).in_(reasons)))
    return {(reason_id, site_id): ident for reason_id, site_id, ident in rows}


@dataclass(frozen=True, slots=True)
class _Group:
    """The visits of one choice, with what was read of them."""

    choice: Choice
    wishes: Sequence[Wish]
    visits: dict[UUID, Appointment]
    versions: dict[UUID, int]
    """As they were under the locks: what is settled before may make an overbooked visit an ordinary one."""
    places: dict[tuple[UUID, UUID], OfferingContext]
    practitioner_id: UUID
    said: str


def _settle_group(session: Session, actor: Actor, group: _Group, done: Settlement) -> None:
    """Do the choice for all its visits or for none."""
    refused: list[tuple[Wish, str]] = []
    savepoint = session.begin_nested()
    for wish in group.wishes:
        try:
            with session.begin_nested():
                _settle_one(session, actor, group, wish)
        except DomainError as error:
            refused.append((wish, error.message))
    if not refused:
        savepoint.commit()
        done.settled[group.choice] = len(group.wishes)
        return
    savepoint.rollback()
    done.in_the_way[group.choice] = [_in_the_way(session, actor, wish, why) for wish, why in refused]


def _settle_one(session: Session, actor: Actor, group: _Group, wish: Wish) -> None:
    visit = group.visits.get(wish.appointment_id)
    if visit is None or visit.practice_id not in actor.practice_ids:
        raise NotFound
    if visit.practitioner_id != group.practitioner_id:
        raise Conflict("Ce rendez-vous a changé d’agenda entre-temps.")
    if wish.version != group.versions[visit.id]:
        raise VersionConflict
    session.refresh(visit)
    check_standing(visit)
    if wish.choice is Choice.CANCEL:
        call_off(session, actor, visit, group.said)
        return
    if wish.starts_at is None or (wish.choice is Choice.COLLEAGUE) is (wish.practitioner_id in {None, group.practitioner_id}):
        raise Invalid("Choisissez où va ce rendez-vous.")
    check_asked(actor, wish.starts_at, None)
    request = MoveRequest(wish.starts_at, wish.practitioner_id, word=group.said)
    put(session, actor, visit, group.places[visit.reason_id, visit.site_id], request)


def _in_the_way(session: Session, actor: Actor, wish: Wish, why: str) -> InTheWay:
    visit = session.get(Appointment, wish.appointment_id)
    if visit is None or not allowed(actor, Permission.APPOINTMENT_MANAGE, visit.practice_id, visit.practitioner_id):
        raise NotFound  # a colleague's: nothing is said of whose visit it is
    patient, site = session.get_one(Patient, visit.patient_id), session.get_one(Site, visit.site_id)
    return InTheWay(visit.id, patient.display_name, visit.starts_at, zone_of(site.zone), why)
