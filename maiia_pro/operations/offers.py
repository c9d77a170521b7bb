"""The offer of a practice: initial or premium, changed by the operator; features come and go, nothing that was entered does."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.practice.tables import Offer, Practice, Practitioner

_RAISE_VERSIONS = text("update practitioner set agenda_version = agenda_version + 1 where practice_id = :practice_id")


def change_offer(actor: Actor, practice_id: UUID, offer: Offer) -> None:
    """Put a practice on an offer (terms of use, article 8.1): on the initial one its patients no longer book online.

    Appointments, settings, people and files stay as they are. Takes the practitioners' rows first, so that no booking under way rests
    on the offer that is left. Raises `NotFound`.
    """
    require(actor, Permission.OPERATION)
    with transaction() as session:
        agendas = session.exec(select(Practitioner.id).where(Practitioner.practice_id == practice_id)).all()
        lock_practitioners(session, agendas)
        practice = session.exec(select(Practice).where(col(Practice.id) == practice_id).with_for_update()).first()
        if practice is None:
            raise NotFound("Ce cabinet n’existe plus. Rechargez la page.")
        if practice.offer == offer:
            return
        before, practice.offer = practice.offer, offer
        session.add(practice)
        session.flush()
        session.connection().execute(_RAISE_VERSIONS, {"practice_id": practice_id})
        audit.record(
            session, actor, AuditAction.OFFER_CHANGED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"before": before, "after": offer},
        )  # fmt: skip
        for agenda in agendas:
            live.announce(session, live.Change(live.agenda_topic(agenda), agenda, 0))
