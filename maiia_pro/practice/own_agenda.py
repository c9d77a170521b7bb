"""Which agenda is the actor's own, whose others let them in, and where the practice receives."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from maiia_pro.identity.tables import Membership
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.practice.tables import Practitioner, Site

NONE: Final = "Votre compte n’a pas d’agenda à lui. Demandez à l’exploitant de le relier à votre fiche."


def own_row(session: Session, actor: Actor, *, lock: bool = False, works_there: bool = True) -> Practitioner:
    """Fetch the practitioner who acts, for a use case that has authorised; raises `NotFound` where there is none.

    Without `works_there`, also whoever works in the practice no more: what they agreed to stays theirs to take back.
    """
    statement = select(Practitioner).where(Practitioner.account_id == actor.account_id)
    found = session.exec(statement.with_for_update() if lock else statement).first() if actor.account_id else None
    if found is None or (works_there and found.practice_id not in actor.practice_ids):
        raise NotFound(NONE)
    return found


def let_to(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Give the condition that a practitioner is one whom the actor may use the permission for, for a use case that has authorised."""
    whose = for_whom(actor, permission)
    return col(Practitioner.practice_id).in_(actor.practice_ids) if whose is None else col(Practitioner.id).in_(whose)


def working_there(practice_id: UUID) -> SelectOfScalar[Practitioner]:
    """Select the practitioners of a practice by name; who left keeps their row, for the visits of before, and is none of them."""
    member = select(Membership.id).where(Membership.account_id == Practitioner.account_id, Membership.practice_id == practice_id)
    there = select(Practitioner).where(
        Practitioner.practice_id == practice_id, or_(col(Practitioner.account_id).is_(None), member.exists())
    )
    return there.order_by(col(Practitioner.sort_key), col(Practitioner.id))


def own_agenda(actor: Actor) -> UUID:
    """Tell which agenda is the actor's own; raises `NotFound` where there is none."""
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        return own_row(session, actor).id


def open_sites(practice_id: UUID) -> SelectOfScalar[Site]:
    """Select the places where a practice receives, by name."""
    return select(Site).where(Site.practice_id == practice_id, col(Site.closed_at).is_(None)).order_by(col(Site.name), col(Site.id))
