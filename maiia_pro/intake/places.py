"""Where somebody may bring data in: their practices, the agendas of each, the reasons of each agenda."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Practice, Practitioner, Site


@dataclass(frozen=True, slots=True)
class IntakeAgenda:
    """An agenda with what it offers: an offering's id, and the reason and site as people read them."""

    id: UUID
    name: str
    is_self: bool
    reasons: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class IntakePlace:
    """A practice that somebody may bring data into."""

    id: UUID
    name: str
    agendas: tuple[IntakeAgenda, ...]


def intake_places(actor: Actor) -> list[IntakePlace]:
    """List the practices that the actor administers, by name."""
    require(actor, Permission.PRACTICE_INTAKE)
    with reading() as session:
        practices = session.exec(select(Practice).where(col(Practice.id).in_(actor.administers)).order_by(col(Practice.name))).all()
        return [IntakePlace(one.id, one.name, _agendas(session, actor, one.id)) for one in practices]


def _agendas(session: Session, actor: Actor, practice_id: UUID) -> tuple[IntakeAgenda, ...]:
    people = session.exec(select(Practitioner).where(Practitioner.practice_id == practice_id).order_by(col(Practitioner.sort_key))).all()
    rows = session.exec(
        select(Offering.practitioner_id, Offering.id, VisitReason.name, Site.name)
        .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
        .join(Site, col(Site.id) == Offering.site_id)
        .where(Offering.practice_id == practice_id, col(Offering.active), col(VisitReason.active))
        .order_by(col(VisitReason.position), col(VisitReason.name), col(Site.name))
    ).all()
    several = len({site for _, _, _, site in rows}) > 1
    offered: dict[UUID, list[tuple[UUID, str]]] = {}
    for whose, ident, reason, site in rows:
        offered.setdefault(whose, []).append((ident, f"{reason}, {site}" if several else reason))
    return tuple(
        IntakeAgenda(one.id, one.display_name, one.account_id == actor.account_id, tuple(offered.get(one.id, ()))) for one in people
    )
