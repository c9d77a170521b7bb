"""Visit reasons: what a practitioner sees patients for, and where."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.setup import changed, check_site, own_practitioner
from maiia_pro.agenda.tables import Mode, Offering, VisitReason
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.practice.tables import Practitioner

HUES = ("azure", "indigo", "plum", "rose", "amber", "olive", "green", "teal")
"""Hues of the design system that a reason may wear."""


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """A reason as somebody filled it in, cleaned."""

    name: str
    duration_minutes: int
    mode: Mode
    hue: str
    online: bool
    site_ids: tuple[UUID, ...]
    step_minutes: int | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    fee_cents: int | None = None

    def check(self) -> Self:
        """Raise `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        if not one_line(self.name, longest=80):
            errors.add("name", "Écrivez le nom du motif.")
        if not 5 <= self.duration_minutes <= 480:
            errors.add("duration_minutes", "Choisissez une durée entre 5 et 480 minutes.")
        if self.step_minutes is not None and not 5 <= self.step_minutes <= 480:
            errors.add("step_minutes", "Choisissez un intervalle entre 5 et 480 minutes.")
        for field, value in (("buffer_before_minutes", self.buffer_before_minutes), ("buffer_after_minutes", self.buffer_after_minutes)):
            if not 0 <= value <= 240:
                errors.add(field, "Choisissez une marge entre 0 et 240 minutes.")
        if self.fee_cents is not None and not 0 <= self.fee_cents <= 1_000_000:
            errors.add("fee_cents", "Écrivez un tarif entre 0 et 10 000 €.")
        if self.hue not in HUES:
            errors.add("hue", "Choisissez une couleur de la liste.")
        if not self.site_ids:
            errors.add("site_ids", "Choisissez au moins un lieu.")
        errors.check()
        return self


def save_reason(actor: Actor, practitioner_id: UUID, form: ReasonForm, reason_id: UUID | None = None) -> UUID:
    """Create a reason, or change one; appointments already booked keep their time. Gives the reason's id."""
    require(actor, Permission.AGENDA_SETUP)
    form.check()
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        for site_id in form.site_ids:
            check_site(session, practitioner, site_id)
        reason = _fill(_reason_of(session, practitioner, reason_id), form)
        session.add(reason)
        session.flush()
        _offer_at(session, practitioner, reason.id, set(form.site_ids))
        changed(session, actor, practitioner, AuditAction.REASON_CHANGED, reason.id)
        return reason.id


def _reason_of(session: Session, practitioner: Practitioner, reason_id: UUID | None) -> VisitReason:
    if reason_id is None:
        last = session.exec(
            select(VisitReason.position).where(VisitReason.practitioner_id == practitioner.id).order_by(col(VisitReason.position).desc())
        ).first()
        return VisitReason(
            practice_id=practitioner.practice_id,
            practitioner_id=practitioner.id,
            name="",
            duration_minutes=15,
            step_minutes=15,
            position=(last or 0) + 1,
        )
    reason = session.get(VisitReason, reason_id)
    if reason is None or reason.practitioner_id != practitioner.id:
        raise NotFound
    return reason


def _fill(reason: VisitReason, form: ReasonForm) -> VisitReason:
    reason.name = one_line(form.name, longest=80)
    reason.duration_minutes = form.duration_minutes
    reason.step_minutes = form.step_minutes or form.duration_minutes
    reason.buffer_before_minutes = form.buffer_before_minutes
    reason.buffer_after_minutes = form.buffer_after_minutes
    reason.mode, reason.hue, reason.online = form.mode, form.hue, form.online
    reason.fee_cents = form.fee_cents
    return reason


def _offer_at(session: Session, practitioner: Practitioner, reason_id: UUID, site_ids: set[UUID]) -> None:
    known = {row.site_id: row for row in session.exec(select(Offering).where(Offering.reason_id == reason_id)).all()}
    for site_id in site_ids | known.keys():
        row = known.get(site_id) or Offering(
            practice_id=practitioner.practice_id, practitioner_id=practitioner.id, site_id=site_id, reason_id=reason_id
        )
        row.active = site_id in site_ids
        session.add(row)


def retire_reason(actor: Actor, practitioner_id: UUID, reason_id: UUID) -> None:
    """Stop offering a reason; appointments booked for it stay."""
    require(actor, Permission.AGENDA_SETUP)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        reason = _reason_of(session, practitioner, reason_id)
        reason.active = False
        session.add(reason)
        changed(session, actor, practitioner, AuditAction.REASON_CHANGED, reason_id)
