"""Visit reasons: what a practitioner sees patients for, and where."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from sqlmodel import Session, col, delete, select

from maiia_pro.agenda.codes import Audience, Mode
from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.resource_tables import ReasonNeed, ResourceKind
from maiia_pro.agenda.setup import changed, check_site, let_practitioner
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.text import FieldErrors, one_line, paragraph
from maiia_pro.practice.tables import Practitioner

HUES = ("azure", "indigo", "plum", "rose", "amber", "olive", "green", "teal")
"""Hues of the design system that a reason may wear."""


BOUNDS: Final = {
    "duration_minutes": (5, 480, "Choisissez une durée entre 5 et 480 minutes."),
    "new_patient_minutes": (5, 480, "Choisissez une durée entre 5 et 480 minutes."),
    "step_minutes": (5, 480, "Choisissez un intervalle entre 5 et 480 minutes."),
    "buffer_before_minutes": (0, 240, "Choisissez une marge entre 0 et 240 minutes."),
    "buffer_after_minutes": (0, 240, "Choisissez une marge entre 0 et 240 minutes."),
    "notice_minutes": (0, 43_200, "Choisissez un délai de 30 jours au plus."),
    "horizon_days": (1, 366, "Choisissez de 1 à 366 jours."),
    "cancel_hours": (0, 720, "Choisissez de 0 à 720 heures."),
    "new_patients_a_day": (0, 100, "Choisissez de 0 à 100 patients."),
    "open_bookings": (1, 100, "Choisissez de 1 à 100 rendez-vous."),
    "fee_cents": (0, 1_000_000, "Écrivez un tarif entre 0 et 10 000 €."),
}
"""What each number of a reason may be, and what to say otherwise; the database checks the same."""
LONGEST_INSTRUCTIONS: Final = 500
MOST_TO_BRING: Final = 8
LONGEST_TO_BRING: Final = 60


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
    new_patient_minutes: int | None = None
    audience: Audience = Audience.EVERYBODY
    notice_minutes: int = 0
    horizon_days: int = 366
    same_day: bool = False
    cancel_hours: int = 0
    new_patients_a_day: int | None = None
    open_bookings: int | None = None
    instructions: str = ""
    bring: tuple[str, ...] = ()
    needs: tuple[UUID, ...] = ()
    """Kinds of rooms and equipment of which a visit takes one each."""

    def check(self) -> Self:
        """Raise `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        if not one_line(self.name, longest=80):
            errors.add("name", "Écrivez le nom du motif.")
        for field, (least, most, words) in BOUNDS.items():
            value = getattr(self, field)
            if value is not None and not least <= value <= most:
                errors.add(field, words)
        if len(self.instructions) > LONGEST_INSTRUCTIONS:
            errors.add("instructions", f"Écrivez au plus {LONGEST_INSTRUCTIONS} caractères.")
        if len(self.bring) > MOST_TO_BRING or any(not 0 < len(one) <= LONGEST_TO_BRING for one in self.bring):
            errors.add("bring", f"Écrivez au plus {MOST_TO_BRING} choses, de {LONGEST_TO_BRING} caractères chacune.")
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
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        for site_id in form.site_ids:
            check_site(session, practitioner, site_id)
        reason = _fill(_reason_of(session, practitioner, reason_id), form)
        session.add(reason)
        session.flush()
        offer_at(session, practitioner, reason.id, set(form.site_ids))
        set_needs(session, practitioner, reason.id, form.needs)
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
    reason.new_patient_minutes, reason.audience = form.new_patient_minutes, form.audience
    reason.notice_minutes, reason.horizon_days, reason.same_day = form.notice_minutes, form.horizon_days, form.same_day
    reason.cancel_hours, reason.new_patients_a_day = form.cancel_hours, form.new_patients_a_day
    reason.open_bookings, reason.instructions = form.open_bookings, paragraph(form.instructions)
    reason.bring = [one_line(one) for one in form.bring]
    return reason


def set_needs(session: Session, practitioner: Practitioner, reason_id: UUID, kinds: Collection[UUID]) -> None:
    """Say which kinds of rooms and equipment a reason needs; raises `NotFound` for one of another practice."""
    here = session.exec(select(ResourceKind.id).where(ResourceKind.practice_id == practitioner.practice_id)).all()
    if not set(kinds) <= set(here):
        raise NotFound
    session.exec(delete(ReasonNeed).where(col(ReasonNeed.reason_id) == reason_id))
    session.add_all(ReasonNeed(reason_id=reason_id, kind_id=kind, practice_id=practitioner.practice_id) for kind in set(kinds))


def offer_at(session: Session, practitioner: Practitioner, reason_id: UUID, site_ids: set[UUID]) -> None:
    """Offer a reason at these sites and at no other."""
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
        practitioner = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [practitioner_id])
        reason = _reason_of(session, practitioner, reason_id)
        reason.active = False
        session.add(reason)
        changed(session, actor, practitioner, AuditAction.REASON_CHANGED, reason_id)
