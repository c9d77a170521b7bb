"""Writing the visits of a file into the agendas, under the same constraint as any booking; nobody is mailed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import BookedAppointment, history_entry
from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans, Origin, Status
from maiia_pro.agenda.errors import ResourceTaken
from maiia_pro.agenda.rooms import leave_rooms, take_rooms
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.agenda.visit import widened
from maiia_pro.intake.arriving import Arriving, newcomers
from maiia_pro.intake.patients import add_records, who_of
from maiia_pro.intake.plan import remember
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.exchange import exchange_many
from maiia_pro.kernel.ids import uuid7


def write_visits(session: Session, actor: Actor, practice_id: UUID, accepted: Sequence[Arriving], now: datetime) -> int:
    """Write the visits with their history, and remember the lines; tells how many records of patients were made for them."""
    made = newcomers(accepted)
    ids = add_records(session, actor, practice_id, made)
    records = {who_of(identity): ident for identity, ident in zip(made, ids, strict=True)}
    booked: list[BookedAppointment] = []
    for one in accepted:
        patient_id = one.patient_id or (records.get(who_of(one.identity)) if one.identity else None)
        if patient_id is None:
            raise NotFound
        place = one.offering
        booked.append(BookedAppointment(uuid7(), practice_id, place.practitioner_id, patient_id, one.starts_at, one.ends_at, 1))
    session.add_all(_row(one, visit, now) for one, visit in zip(accepted, booked, strict=True))
    session.flush()
    _take_rooms(session, accepted, booked, now)
    lines = [(one.key, visit.patient_id, visit.id) for one, visit in zip(accepted, booked, strict=True)]
    remember(session, practice_id, Kind.VISITS, lines)
    _tell(session, actor, booked)
    return len(made)


def _take_rooms(session: Session, accepted: Sequence[Arriving], booked: Sequence[BookedAppointment], now: datetime) -> None:
    """Take what visits to come need where it is free; what another software gave away twice is nobody's to refuse here."""
    for one, visit in zip(accepted, booked, strict=True):
        if one.status is Status.CANCELLED or one.starts_at <= now:
            continue
        try:
            take_rooms(session, one.offering, visit.id, widened(one.offering, one.starts_at, one.ends_at))
        except ResourceTaken:
            leave_rooms(session, visit.id)


def _tell(session: Session, actor: Actor, booked: Sequence[BookedAppointment]) -> None:
    """Leave each visit its first line of history, and tell the screens that show it."""
    exchange_many(session, audit.ADD, [history_entry(actor, visit, AuditAction.APPOINTMENT_BOOKED) for visit in booked])
    changes = [live.Change(live.agenda_topic(visit.practitioner_id), visit.id, visit.version) for visit in booked]
    exchange_many(session, f"select {live.NOTIFY}", [live.notice_values(change) for change in changes])


def _row(one: Arriving, visit: BookedAppointment, now: datetime) -> Appointment:
    return Appointment(
        id=visit.id,
        practice_id=visit.practice_id,
        practitioner_id=visit.practitioner_id,
        site_id=one.offering.site_id,
        reason_id=one.offering.reason_id,
        patient_id=visit.patient_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        blocked=blocked_range(*widened(one.offering, one.starts_at, one.ends_at)),
        status=one.status,
        mode=one.offering.mode,
        origin=Origin.INTAKE,
        note=one.note,
        created_at=now,
        **_outcome(one, now),
    )


def _outcome(one: Arriving, now: datetime) -> dict[str, Any]:
    """Give what goes with a status: a visit that the other software closed has an identity check that nobody wrote down here."""
    if one.status is Status.CANCELLED:
        return {"cancelled_at": now}
    if one.status is not Status.FULFILLED:
        return {}
    return {
        "fulfilled_at": one.ends_at,
        "identity_means": IdentityMeans.UNRECORDED,
        "companion_means": CompanionMeans.NONE,
        "entitlement_means": EntitlementMeans.NONE,
        "identity_checked_at": one.ends_at,
    }
