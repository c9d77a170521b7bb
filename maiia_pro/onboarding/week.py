"""The first week: hours at a place, and how early and how late patients may book, saved together."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.setup import changed, save_weekly_hours
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction, reading
from maiia_pro.kernel.errors import Invalid
from maiia_pro.onboarding.progress import note_step
from maiia_pro.onboarding.tables import Step
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.tables import Practitioner

NOTICES: Final = (0, 60, 120, 240, 720, 1440, 2880)
"""Minutes that one may choose between an online booking and the visit."""
HORIZONS: Final = (31, 61, 92, 183, 366)
"""Days ahead that one may open online."""


def save_first_week(actor: Actor, site_id: UUID, hours: Sequence[DayRange], notice: int | None, horizon: int | None) -> None:
    """Replace the weekly hours at a place, and give every reason booked online this notice (minutes) and horizon (days); None leaves them.

    Times of the day itself keep their own notice: they are for urgent visits. Raises `Invalid`.
    """
    require(actor, Permission.PRACTICE_SETUP)
    if notice not in {None, *NOTICES} or horizon not in {None, *HORIZONS}:
        raise Invalid("Choisissez un délai de la liste.")
    with enclosing_transaction() as session:
        own = own_row(session, actor)
        save_weekly_hours(actor, own.id, site_id, hours)
        _book_within(session, actor, own, notice, horizon)
        note_step(session, own.id, Step.HOURS)


def _book_within(session: Session, actor: Actor, own: Practitioner, notice: int | None, horizon: int | None) -> None:
    lock_practitioners(session, [own.id])
    for reason in session.exec(_online(own.id)).all():
        wanted = (reason.notice_minutes if notice is None or reason.same_day else notice, horizon or reason.horizon_days)
        if wanted != (reason.notice_minutes, reason.horizon_days):
            reason.notice_minutes, reason.horizon_days = wanted
            session.add(reason)
            changed(session, actor, own, AuditAction.REASON_CHANGED, reason.id)


def _online(practitioner_id: UUID) -> SelectOfScalar[VisitReason]:
    mine = select(VisitReason).where(VisitReason.practitioner_id == practitioner_id, col(VisitReason.active), col(VisitReason.online))
    return mine.order_by(col(VisitReason.position))


def booking_window(actor: Actor) -> tuple[int | None, int | None]:
    """Tell the notice (minutes) and the horizon (days) of the actor's reasons booked online; None where they differ or there is none."""
    require(actor, Permission.PRACTICE_SETUP)
    with reading() as session:
        found = [one for one in session.exec(_online(own_row(session, actor).id)).all() if not one.same_day]
    notices, horizons = {one.notice_minutes for one in found}, {one.horizon_days for one in found}
    return (next(iter(notices)) if len(notices) == 1 else None, next(iter(horizons)) if len(horizons) == 1 else None)
