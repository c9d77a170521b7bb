"""Appointment: found, read, booked from a slot, cancelled."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fhir.resources.R4B.appointment import Appointment as AppointmentModel

from maiia_pro.agenda.booked import BookedEntry, BookedQuery, booked_entry, find_appointments, read_booked
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.errors import VersionConflict
from maiia_pro.agenda.openings import to_instant, to_minutes
from maiia_pro.agenda.slot_state import offering_parts
from maiia_pro.agenda.slots import SlotKey, base36
from maiia_pro.api.fhir.format import Resource, concept, instant, reference
from maiia_pro.api.fhir.outcomes import BadParameter, BadRequest
from maiia_pro.api.fhir.parameters import Page, Parameters, unreferenced
from maiia_pro.api.fhir.reading import read_model
from maiia_pro.kernel.access import Permission
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.ids import parse_id

PARAMETERS: Final = {
    "_id": "Identifiant.",
    "patient": "Patient/<id>.",
    "practitioner": "Practitioner/<id>.",
    "location": "Location/<id>.",
    "actor": "Patient/<id>, Practitioner/<id> ou Location/<id>.",
    "date": "Début : date du lieu ou instant, avec préfixe (ge, gt, le, lt, eq).",
    "status": "Statut FHIR : booked, arrived, checked-in, fulfilled, noshow, cancelled.",
}
STATUSES: Final[dict[Status, str]] = {
    Status.PLANNED: "booked",
    Status.CONFIRMED: "booked",
    Status.ARRIVED: "arrived",
    Status.IN_PROGRESS: "checked-in",
    Status.FULFILLED: "fulfilled",
    Status.MISSED: "noshow",
    Status.CANCELLED: "cancelled",
}
ASKED_STATUSES: Final = frozenset({"booked", "proposed", "pending"})
ONLY_CANCEL: Final = (
    "Un rendez-vous ne peut être qu’annulé ici (status : cancelled). Pour le déplacer, annulez-le, puis réservez-en un autre."
)


def appointment(entry: BookedEntry) -> Resource:
    """Say an appointment; the practice's own notes stay with the practice."""
    slot = [reference("Slot", str(SlotKey(entry.offering_id, entry.starts_at)))] if entry.offering_id else []
    people = [
        reference("Patient", entry.patient_id.hex, entry.patient),
        reference("Practitioner", entry.practitioner_id.hex, entry.practitioner),
        reference("Location", entry.site_id.hex, entry.site),
    ]
    return {
        "resourceType": "Appointment",
        "id": entry.id.hex,
        "meta": {"versionId": str(entry.version)},
        "status": STATUSES[entry.status],
        "serviceType": [concept("reason", entry.reason_id.hex, entry.reason)],
        "description": entry.reason,
        "start": instant(entry.starts_at, entry.zone),
        "end": instant(entry.ends_at, entry.zone),
        "minutesDuration": int((entry.ends_at - entry.starts_at).total_seconds()) // 60,
        **({"slot": slot} if slot else {}),
        "created": instant(entry.created_at, entry.zone),
        "participant": [{"actor": one, "required": "required", "status": "accepted"} for one in people],
    }


def search(actor: Actor, parameters: Parameters) -> Page:
    """Find appointments; `Page.after` names the last one by its start and id."""
    people = parameters.ids("actor", ("Patient", "Practitioner", "Location"))
    if people is not None and len(parameters.all("actor")) > 1:
        raise BadParameter(fields={"actor": "Donnez ce paramètre une seule fois, ou patient et practitioner."})
    kind = _kind_of_actor(parameters)
    query = BookedQuery(
        ids=parameters.ids(),
        patient_ids=_both(parameters.ids("patient", ("Patient",)), people if kind == "Patient" else None),
        practitioner_ids=_both(parameters.ids("practitioner", ("Practitioner",)), people if kind == "Practitioner" else None),
        site_ids=_both(parameters.ids("location", ("Location",)), people if kind == "Location" else None),
        statuses=_statuses(parameters),
        within=parameters.dates("date").within,
        after=_after(parameters.cursor),
        limit=parameters.count + 1,
    )
    found = find_appointments(actor, query)
    shown = found[: parameters.count]
    after = f"{base36(to_minutes(shown[-1].starts_at))}.{shown[-1].id.hex}" if shown and len(found) > len(shown) else ""
    return Page([appointment(entry) for entry in shown], after)


def _both(first: set[UUID] | None, second: set[UUID] | None) -> set[UUID] | None:
    return second if first is None else first if second is None else first & second


def _kind_of_actor(parameters: Parameters) -> str:
    kinds = {value.rpartition("/")[0].rpartition("/")[2] for alternatives in parameters.one_of("actor") for value in alternatives}
    if len(kinds) > 1 or "" in kinds:
        raise BadParameter(fields={"actor": "Écrivez des références d’un seul type, par exemple Patient/<id>."})
    return next(iter(kinds), "")


def _statuses(parameters: Parameters) -> set[Status] | None:
    found: set[Status] | None = None
    for alternatives in parameters.one_of("status"):
        wanted = {value.rpartition("|")[2] for value in alternatives}
        some = {status for status, code in STATUSES.items() if code in wanted}
        found = some if found is None else found & some
    return found


def _after(cursor: str) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    minutes, _, ident = cursor.partition(".")
    try:
        if len(minutes) > 7:
            raise ValueError
        return to_instant(int(minutes, 36)), parse_id(ident)
    except (ValueError, OverflowError, OSError, NotFound):
        raise BadParameter(fields={"_cursor": "Suivez le lien « next » tel qu’il a été donné."}) from None


def read(actor: Actor, ident: str) -> Resource:
    """Read an appointment; audited. Raises `NotFound`."""
    return appointment(read_booked(actor, parse_id(ident)))


def booking_of(body: object) -> tuple[BookingRequest, dict[str, UUID]]:
    """Read what is to be booked, and which practitioner, site or reason the caller takes it for.

    Raises `BadRequest` on what is no Appointment, `Invalid` naming each element that will not do, `NoSuchSlot`.
    """
    asked = read_model(AppointmentModel, body)
    if asked.status not in ASKED_STATUSES:
        raise Invalid(fields={"Appointment.status": "Un nouveau rendez-vous porte le statut booked."})
    slots = [one.reference for one in asked.slot or () if one.reference]
    if len(slots) != 1:
        raise Invalid(fields={"Appointment.slot": 'Nommez un créneau, et un seul : slot: [{reference: "Slot/<id>"}].'})
    key = SlotKey.parse(unreferenced(slots[0], ("Slot",)))
    if asked.start is not None and asked.start != key.starts_at:
        raise Invalid(fields={"Appointment.start": "Le début n’est pas celui du créneau. Omettez-le, ou reprenez celui du créneau."})
    people = _participants(asked)
    patient_id = people.pop("Patient", None)
    if patient_id is None:
        raise Invalid(fields={"Appointment.participant": 'Nommez le patient : participant: [{actor: {reference: "Patient/<id>"}}].'})
    return BookingRequest(key, patient_id=patient_id), people


def _participants(asked: Any) -> dict[str, UUID]:
    people: dict[str, UUID] = {}
    for index, one in enumerate(asked.participant):
        said = one.actor.reference if one.actor else None
        kind = (said or "").rpartition("/")[0].rpartition("/")[2]
        if said is None or kind not in PARTS | {"Patient": ""}:
            raise Invalid(
                fields={f"Appointment.participant[{index}].actor": "Nommez un Patient, un Practitioner, une Location ou un motif."}
            )
        if kind in people:
            raise Invalid(fields={f"Appointment.participant[{index}].actor": "Nommez un seul participant de chaque type."})
        try:
            people[kind] = parse_id(unreferenced(said, (kind,)))
        except NotFound:
            raise Invalid(fields={f"Appointment.participant[{index}].actor": "Cette référence ne nomme rien de connu."}) from None
    return people


PARTS: Final = {"Practitioner": "practitioner_id", "Location": "site_id", "HealthcareService": "reason_id"}


def create(actor: Actor, request: BookingRequest, taken_for: dict[str, UUID]) -> BookedEntry:
    """Book the slot; raises what `book_slot` raises, and `Invalid` where the slot is not what the caller takes it for."""
    if taken_for:
        parts = offering_parts(actor, request.slot.offering_id)
        wrong = [kind for kind, ident in taken_for.items() if getattr(parts, PARTS[kind]) != ident]
        if wrong:
            raise Invalid(fields={"Appointment.participant": f"Le créneau n’est pas celui de ce participant ({', '.join(wrong)})."})
    booked = book_slot(actor, request)
    with after_commit():
        return booked_entry(actor, booked.id, Permission.APPOINTMENT_BOOK)


def cancel(actor: Actor, ident: str, reason: str, if_match: str = "") -> BookedEntry:
    """Cancel an appointment, once; raises `NotFound`, `VersionConflict` and what `cancel_appointment` raises.

    A repeat changes nothing, so its answer is a reading: audited, and for those who may read.
    """
    entry = booked_entry(actor, parse_id(ident), Permission.APPOINTMENT_MANAGE)
    version = _version_asked(entry, if_match)
    if entry.status is Status.CANCELLED:
        return read_booked(actor, entry.id)
    cancel_appointment(actor, entry.id, reason, version)
    with after_commit():
        return booked_entry(actor, entry.id, Permission.APPOINTMENT_MANAGE)


def _version_asked(entry: BookedEntry, if_match: str) -> int | None:
    """Tell which version the caller insists on, if any; raises `VersionConflict` where it is not this one already."""
    wanted = if_match.strip().removeprefix("W/").strip('"')
    if wanted in {"", "*"}:
        return None
    if wanted != str(entry.version):
        raise VersionConflict
    return entry.version


def replace(actor: Actor, ident: str, body: object, if_match: str) -> BookedEntry:
    """Take the appointment as it should be: cancelled, else as it is; raises `Invalid` for any other change.

    As it is, the answer is a reading, like that of a repeated cancellation.
    """
    asked = read_model(AppointmentModel, body)
    entry = booked_entry(actor, parse_id(ident), Permission.APPOINTMENT_MANAGE)
    if asked.id is not None and asked.id.replace("-", "").lower() != entry.id.hex:
        raise BadRequest(fields={"Appointment.id": "L’identifiant n’est pas celui de l’adresse."})
    _version_asked(entry, if_match)
    now = appointment(entry)
    slots = [one.reference for one in asked.slot or () if one.reference]
    same_time = (asked.start or entry.starts_at, asked.end or entry.ends_at) == (entry.starts_at, entry.ends_at)
    same_slot = not slots or slots == [one["reference"] for one in now.get("slot", ())]
    same_people = {one.actor.reference for one in asked.participant if one.actor} <= {
        one["actor"]["reference"] for one in now["participant"]
    }
    if not (same_time and same_slot and same_people) or asked.status not in {"cancelled", now["status"]}:
        raise Invalid(ONLY_CANCEL)
    if asked.status == now["status"]:
        return read_booked(actor, entry.id)
    return cancel(actor, ident, _reason(asked), if_match)


def _reason(asked: Any) -> str:
    said = asked.cancelationReason
    return str((said.text or "") if said else "")


def patched(body: object) -> None:
    """Read a JSON Patch (RFC 6902) that sets the status to cancelled, and nothing else; raises `BadRequest` or `Invalid`."""
    if not isinstance(body, list) or not body or not all(isinstance(step, dict) for step in body):
        raise BadRequest("Envoyez une liste d’opérations JSON Patch (RFC 6902).")
    if any(not isinstance(step.get("op"), str) or not isinstance(step.get("path"), str) for step in body):
        raise BadRequest("Chaque opération JSON Patch a un « op » et un « path ».")
    wanted = {"op": "replace", "path": "/status", "value": "cancelled"}
    if [step for step in body if step["op"] != "test"] != [wanted]:
        raise Invalid(ONLY_CANCEL)
    if any(step["op"] == "test" for step in body):
        raise Invalid("Les opérations « test » ne sont pas proposées : nommez la version dans l’en-tête If-Match.")
