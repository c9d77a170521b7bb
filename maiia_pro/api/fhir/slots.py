"""Slot: the free starts of the practice's agendas, page by page in the order of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from maiia_pro.agenda.catalogue import Catalogue, OfferingEntry, practice_catalogue
from maiia_pro.agenda.hours import BOOKING_HORIZON
from maiia_pro.agenda.offered import LONGEST_WINDOW, FreeSlot, FreeSlotQuery, free_slots
from maiia_pro.agenda.slot_state import read_slot
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.api.fhir.directory import reason_concept, schedule
from maiia_pro.api.fhir.format import Resource, instant, place_id, read_place_id, reference
from maiia_pro.api.fhir.outcomes import BadParameter
from maiia_pro.api.fhir.parameters import Page, Parameters, unreferenced
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.ids import parse_id

PARAMETERS: Final = {
    "start": "Début du créneau : date du lieu ou instant, avec préfixe (ge, gt, le, lt, eq). Sans borne : de maintenant à un an.",
    "status": "Seulement free : seuls les créneaux libres se cherchent.",
    "schedule": "Schedule/<id>.",
    "schedule.actor": "Practitioner/<id> ou Location/<id>.",
    "service-type": "Code du motif (HealthcareService).",
    "_include": "Slot:schedule joint les agendas.",
}
FIRST_LOOK: Final = timedelta(days=2)


def slot(found: FreeSlot, catalogue: Catalogue, status: str = "free") -> Resource:
    """Say a slot; its times carry the offset of the site."""
    zone = catalogue.sites[found.site_id].zone
    return {
        "resourceType": "Slot",
        "id": found.key,
        "serviceType": [reason_concept(catalogue.reasons[found.reason_id])],
        "schedule": reference("Schedule", place_id(found.practitioner_id, found.site_id)),
        "status": status,
        "start": instant(found.starts_at, zone),
        "end": instant(found.ends_at, zone),
    }


def search(actor: Actor, parameters: Parameters) -> Page:
    """Find free slots; `Page.after` is the key of the last one."""
    catalogue = practice_catalogue(actor)
    if any("free" not in {value.rpartition("|")[2] for value in alternatives} for alternatives in parameters.one_of("status")):
        raise BadParameter(fields={"status": "Seuls les créneaux libres se cherchent : status=free."})
    if any(value != "Slot:schedule" for value in parameters.all("_include")):
        raise BadParameter(fields={"_include": "Seul Slot:schedule est proposé."})
    found: list[FreeSlot] = []
    for batch in _batches(actor, parameters, catalogue):
        found += batch
        if len(found) > parameters.count:
            break
    shown = found[: parameters.count]
    after = shown[-1].key if shown and len(found) > len(shown) else ""
    pairs = {(one.practitioner_id, one.site_id) for one in shown} if parameters.all("_include") else set()
    agendas = [schedule((catalogue.practitioners[doctor], catalogue.sites[site]), catalogue) for doctor, site in sorted(pairs)]
    return Page([slot(one, catalogue) for one in shown], after, agendas)


def _batches(actor: Actor, parameters: Parameters, catalogue: Catalogue) -> Iterator[list[FreeSlot]]:
    """Look ahead in growing steps, so that a page costs what it shows and not what the window holds."""
    offerings = tuple(one.id for one in _offerings(parameters, catalogue))
    window = parameters.dates("start")
    within = {site.id: window.within(site.zone) for site in catalogue.sites.values()}
    if not offerings or not parameters.count:
        return
    after = _after(parameters)
    now = clock.now()
    begins = max(now, min(lower for lower, _ in within.values()), after[0] if after else now)
    ends = min(now + BOOKING_HORIZON, max(upper for _, upper in within.values()))
    step = FIRST_LOOK
    while begins < ends:
        until = min(ends, begins + step)
        batch = free_slots(actor, FreeSlotQuery(begins, until, offering_ids=offerings))
        yield [
            one
            for one in batch
            if within[one.site_id][0] <= one.starts_at < within[one.site_id][1] and (not after or (one.starts_at, one.key) > after)
        ]
        begins, step = until, min(step * 2, LONGEST_WINDOW)


def _after(parameters: Parameters) -> tuple[datetime, str] | None:
    if not parameters.cursor:
        return None
    try:
        return SlotKey.parse(parameters.cursor).starts_at, parameters.cursor
    except NotFound:
        raise BadParameter(fields={"_cursor": "Suivez le lien « next » tel qu’il a été donné."}) from None


def _offerings(parameters: Parameters, catalogue: Catalogue) -> list[OfferingEntry]:
    """Choose the offerings that match: of these agendas, of these practitioners or sites, for these reasons."""
    found = [one for one in catalogue.offerings.values() if one.active]
    for alternatives in parameters.one_of("schedule"):
        pairs = set(_pairs(alternatives))
        found = [one for one in found if (one.practitioner_id, one.site_id) in pairs]
    actors = parameters.ids("schedule.actor", ("Practitioner", "Location"))
    if actors is not None:
        found = [one for one in found if {one.practitioner_id, one.site_id} & actors]
    reasons = parameters.meant("service-type", _reason)
    return found if reasons is None else [one for one in found if one.reason_id in reasons]


def _pairs(alternatives: list[str]) -> Iterator[tuple[UUID, UUID]]:
    for value in alternatives:
        try:
            yield read_place_id(unreferenced(value, ("Schedule",)))
        except NotFound:
            continue


def _reason(value: str) -> UUID:
    return parse_id(unreferenced(value.rpartition("|")[2], ("HealthcareService",)))


def read(actor: Actor, ident: str) -> Resource:
    """Read a slot of the practice, free or not; raises `NotFound`."""
    state = read_slot(actor, SlotKey.parse(ident))
    return slot(state.slot, practice_catalogue(actor), state.status)
