"""Visit reasons taken over from a colleague of the practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.reasons import offer_at, set_needs
from maiia_pro.agenda.setup import ReasonView, changed, let_practitioner, reason_views, views_of_reasons
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.practice.tables import Practitioner


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the practice with reasons to take over."""

    id: UUID
    name: str
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Names of the reasons taken over, and of those left because there was one of that name."""

    taken: tuple[str, ...]
    left: tuple[str, ...]


def colleagues_reasons(actor: Actor, practitioner_id: UUID) -> tuple[Colleague, ...]:
    """List the colleagues of one's practice who have reasons."""
    require(actor, Permission.AGENDA_SETUP)
    with reading() as session:
        mine = let_practitioner(session, actor, practitioner_id)
        others = select(Practitioner).where(Practitioner.practice_id == mine.practice_id, Practitioner.id != mine.id)
        colleagues = session.exec(others.order_by(col(Practitioner.sort_key))).all()
        reasons = views_of_reasons(session, [one.id for one in colleagues])
        return tuple(Colleague(one.id, one.display_name, reasons[one.id]) for one in colleagues if reasons[one.id])


def copy_reasons(actor: Actor, practitioner_id: UUID, colleague_id: UUID, reason_ids: Sequence[UUID]) -> Copied:
    """Take over reasons with all their rules, places and needs; those of a name that exists already are left.

    Raises `NotFound` for what is no reason of a colleague of the practice, and `Invalid` where none is named.
    """
    require(actor, Permission.AGENDA_SETUP)
    if not reason_ids:
        raise Invalid(fields={"reasons": "Choisissez au moins un motif."})
    with transaction() as session:
        mine = let_practitioner(session, actor, practitioner_id)
        lock_practitioners(session, [mine.id])
        colleague = session.get(Practitioner, colleague_id)
        if colleague is None or colleague.practice_id != mine.practice_id:
            raise NotFound
        theirs = {one.id: one for one in reason_views(session, colleague.id)}
        if not set(reason_ids) <= theirs.keys():
            raise NotFound
        names = {reason_key(one.name) for one in reason_views(session, mine.id)}
        chosen = [theirs[one] for one in dict.fromkeys(reason_ids)]
        taken = [one for one in chosen if reason_key(one.name) not in names]
        for one in taken:
            changed(session, actor, mine, AuditAction.REASON_CHANGED, _copy(session, mine, one))
        return Copied(tuple(one.name for one in taken), tuple(one.name for one in chosen if one not in taken))


def _copy(session: Session, mine: Practitioner, view: ReasonView) -> UUID:
    row = session.get_one(VisitReason, view.id)
    copy = VisitReason(**row.model_dump() | {"id": uuid7(), "practitioner_id": mine.id})
    session.add(copy)
    session.flush()
    offer_at(session, mine, copy.id, set(view.site_ids))
    set_needs(session, mine, copy.id, view.needs)
    return copy.id
