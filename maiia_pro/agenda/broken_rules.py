"""Rules of a reason that a visit given by staff would break: said before it is given, and never refused (record 15)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from maiia_pro.agenda.context import Holder, load_slot
from maiia_pro.agenda.errors import ForKnownPatients, ForNewPatients, NoNewPatients, TooManyOpen
from maiia_pro.agenda.quotas import check_audience, check_quotas
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Conflict, NotFound

SENTENCES: Final[dict[type[Conflict], str]] = {
    ForKnownPatients: "Ce motif est réservé aux patients que ce praticien connaît déjà.",
    ForNewPatients: "Ce motif est réservé aux nouveaux patients.",
    NoNewPatients: "Ce jour compte déjà autant de nouveaux patients que le praticien en accepte.",
    TooManyOpen: "Ce patient a déjà autant de rendez-vous à venir que ce motif en permet.",
}


def broken_rules(actor: Actor, slot: SlotKey, patient_id: UUID | None, moved: UUID | None = None) -> list[str]:
    """Say in French which rules a visit there would break, for a record of the practice or somebody new to it; raises `NotFound`.

    `moved` names the visit that would move there: it is not counted where it is.
    Only what the practitioner decided about patients: notice and horizon are for those who book online.
    """
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        holder = Holder(patient_id=patient_id)
        offering, _, record_id = load_slot(session, slot.offering_id, slot.starts_at, None, holder=holder)
        require(actor, Permission.AGENDA_VIEW, offering.practice_id, offering.practitioner_id)
        if patient_id is not None and record_id is None:
            raise NotFound
        if patient_id is None:
            offering = replace(offering, known=False)
        found = []
        checks: list[Callable[[], None]] = [
            partial(check_audience, offering),
            partial(check_quotas, session, offering, patient_id, slot.starts_at, moved),
        ]
        for check in checks:
            try:
                check()
            except Conflict as broken:
                found.append(SENTENCES[type(broken)])
        return found
