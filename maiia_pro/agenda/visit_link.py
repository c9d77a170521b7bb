"""Links of messages: each opens one visit without signing in, until an act by it, a cancellation, or the visit's end."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.booking import load_appointment
from maiia_pro.agenda.errors import LinkOver
from maiia_pro.agenda.link_tables import VisitLink
from maiia_pro.agenda.own import OwnAppointment, own_of
from maiia_pro.identity.tokens import short_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.tables import Patient

LINK_AT: Final = "/rendez-vous/lien#"
"""The secret stands behind the `#`: browsers send that part to nobody, so no log and no other site learns it."""
BY_LINK: Final = "Patient, par lien"
"""How the history names who followed a link."""

_OF: Final = """
    select l.appointment_id from visit_link l join appointment a on a.id = l.appointment_id
    where l.token_hash = %(hash)s and a.active and a.ends_at > %(now)s
"""
_END: Final = "delete from visit_link where appointment_id = %(id)s returning token_hash"
_SWEEP: Final = "delete from visit_link l using appointment a where a.id = l.appointment_id and a.ends_at <= %(now)s"


def issue_link(session: Session, appointment_id: UUID) -> str:
    """Make a link's secret for a visit, in the transaction of the message that carries it."""
    token = short_token()
    session.add(VisitLink(token_hash=token_hash(token), appointment_id=appointment_id))
    return token


def actor_of_link(hashed: str) -> Actor:
    """Tell who follows the link of this hash: somebody who may act on its visit alone. Raises `LinkOver`, whyever it is."""
    with reading() as session:
        row = exchange(session, _OF, {"hash": hashed, "now": clock.now()}).fetchone()
    if row is None:
        raise LinkOver
    return Actor(ActorKind.LINK, BY_LINK, visit_id=row[0], link=hashed)


def read_linked_visit(actor: Actor) -> OwnAppointment:
    """Read the visit of one's link: of the patient the first name only, and no words of the practice; the look is audited."""
    require(actor, Permission.APPOINTMENT_LINKED)
    if actor.visit_id is None:
        raise LinkOver
    with transaction() as session:
        visit = load_appointment(session, actor, actor.visit_id, Permission.APPOINTMENT_LINKED)
        audit.record(
            session, actor, AuditAction.APPOINTMENT_READ, subject_type="appointment", subject_id=visit.id, practice_id=visit.practice_id
        )
        return replace(own_of(session, visit.id), person=session.get_one(Patient, visit.patient_id).given_name, instructions="")


def use_up(session: Session, actor: Actor) -> None:
    """Have the link serve, under the lock of its visit: all links of the visit end. Raises `LinkOver` where another was faster."""
    if actor.visit_id is None or actor.link not in end_links(session, actor.visit_id):
        raise LinkOver


def end_links(session: Session, appointment_id: UUID) -> set[str]:
    """End the links of a visit; gives their hashes."""
    return {row[0] for row in exchange(session, _END, {"id": appointment_id}).fetchall()}


def delete_old_links(actor: Actor) -> int:
    """Delete the links of visits that are over; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return exchange(session, _SWEEP, {"now": clock.now()}).rowcount
