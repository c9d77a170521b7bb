"""How an appointment travels to open screens: as a block of the agenda, the same from a page's first load and from the live channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.blocks import Block
from maiia_pro.agenda.day import AppointmentView, view_of
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.practice.tables import Practitioner


def block(view: AppointmentView) -> Block:
    """Give an appointment the form in which screens draw it; a window's are made by its statement, the same."""
    local = view.starts_at.astimezone(view.zone)
    return Block(
        id=view.id.hex,
        version=view.version,
        practitioner=view.practitioner_id.hex,
        site=view.site_id.hex,
        patient=view.patient_id.hex,
        name=view.patient_name,
        reason=view.reason,
        hue=view.hue,
        mode=view.mode.value,
        status=view.status.value,
        origin=view.origin.value,
        note=view.has_note,
        over=view.deliberate_overbooking,
        day=local.date().isoformat(),
        start=local.hour * 60 + local.minute,
        length=(view.ends_at - view.starts_at) // timedelta(minutes=1),
    )


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """What open screens must know of a change: the appointment as it is now, who changed it last and how."""

    appointment: Block | None
    version: int
    """Of the appointment read; 0 where there is none."""
    by: str
    action: str
    """`appointment:booked`, `appointment:moved` …"""


def agenda_change(actor: Actor, appointment_id: UUID) -> AgendaChange:
    """Read what the live channel tells of an appointment; once a change, whoever watches."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        view = view_of(session, appointment_id)
        by, action = _last_act(session, appointment_id)
        return AgendaChange(block(view) if view else None, view.version if view else 0, by, action)


def _last_act(session: Session, appointment_id: UUID) -> tuple[str, str]:
    statement = (
        select(AuditEntry.actor_name, AuditEntry.action)
        .where(AuditEntry.subject_id == appointment_id, AuditEntry.subject_type == "appointment")
        .where(AuditEntry.action != AuditAction.APPOINTMENT_READ)
        .order_by(col(AuditEntry.sequence).desc())
        .limit(1)
    )
    found = session.exec(statement).first()
    return (found[0], found[1]) if found else ("", "")


def check_watchable(actor: Actor, practitioner_ids: Sequence[UUID]) -> None:
    """Let somebody watch these agendas. Raises `NotSignedIn`, `NotAllowed`, or `NotFound` where one is of another practice."""
    if not practitioner_ids:
        return
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        found = session.exec(select(Practitioner.practice_id, Practitioner.id).where(col(Practitioner.id).in_(practitioner_ids))).all()
    if len(found) != len(set(practitioner_ids)):
        raise NotFound
    for practice_id, practitioner_id in found:
        require(actor, Permission.AGENDA_VIEW, practice_id, practitioner_id)
