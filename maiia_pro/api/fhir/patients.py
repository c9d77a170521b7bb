"""Patient: the records of the practice, found, read and created."""

from typing import Any, Final
from uuid import UUID

from fhir.resources.R4B.patient import Patient as PatientModel

from maiia_pro.api.fhir.dates import EARLIEST, LATEST, DateWindow
from maiia_pro.api.fhir.format import UUIDS, Resource
from maiia_pro.api.fhir.outcomes import BadParameter
from maiia_pro.api.fhir.parameters import Page, Parameters
from maiia_pro.api.fhir.reading import read_model
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.french import read_phone
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import email
from maiia_pro.patients.finding import RecordQuery, find_records
from maiia_pro.patients.records import Identity, PatientView, create_patient, read_patient

PARAMETERS: Final = {
    "_id": "Identifiant.",
    "family": "Début du nom de famille, sans égard aux accents.",
    "given": "Début d’un prénom.",
    "name": "Début d’un mot du nom ou du prénom.",
    "birthdate": "Date de naissance, avec préfixe (ge, gt, le, lt, eq).",
    "phone": "Numéro de téléphone.",
    "email": "Adresse e-mail.",
    "identifier": "urn:uuid:<id>, seul ou « urn:ietf:rfc:3986|urn:uuid:<id> ».",
}


def patient(view: PatientView) -> Resource:
    """Say a record."""
    telecom = [{"system": "phone", "value": view.phone}] if view.phone else []
    telecom += [{"system": "email", "value": view.email}] if view.email else []
    return {
        "resourceType": "Patient",
        "id": view.id.hex,
        "identifier": [{"use": "usual", "system": UUIDS, "value": f"urn:uuid:{view.id}"}],
        "active": True,
        "name": [{"use": "usual", "text": view.display_name, "family": view.family_name, "given": view.given_name.split() or [""]}],
        **({"telecom": telecom} if telecom else {}),
        "birthDate": view.birth_date.isoformat(),
    }


def search(actor: Actor, parameters: Parameters) -> Page:
    """Find records; `Page.after` is the id of the last one."""
    window = _born(parameters)
    phones = {read_phone_of(value) for alternatives in parameters.one_of("phone") for value in alternatives}
    emails = {_address(value) for alternatives in parameters.one_of("email") for value in alternatives}
    query = RecordQuery(
        ids=_ids(parameters),
        family=tuple(map(tuple, parameters.one_of("family"))),
        given=tuple(map(tuple, parameters.one_of("given"))),
        names=tuple(map(tuple, parameters.one_of("name"))),
        born_from=window[0],
        born_before=window[1],
        phones=phones or None,
        emails=emails or None,
        after=_after(parameters.cursor),
        limit=parameters.count + 1,
    )
    found = find_records(actor, query)
    shown = found[: parameters.count]
    return Page([patient(view) for view in shown], shown[-1].id.hex if shown and len(found) > len(shown) else "")


def _born(parameters: Parameters) -> tuple[Any, Any]:
    """Give the window of birth dates, as dates: a birthday knows no time zone."""
    window = parameters.dates("birthdate")
    if any(len(term.parts) > 3 for term in window.terms):
        raise BadParameter(fields={"birthdate": "Écrivez une date, sans heure."})
    begins, ends = window.within(DateWindow.utc())
    return (begins.date() if begins > EARLIEST else None, ends.date() if ends < LATEST else None)


def _ids(parameters: Parameters) -> set[UUID] | None:
    by_id, by_identifier = parameters.ids(types=("Patient",)), parameters.meant("identifier", _identified)
    return by_id if by_identifier is None else by_identifier if by_id is None else by_id & by_identifier


def _identified(value: str) -> UUID:
    system, bar, ident = value.rpartition("|")
    if bar and system not in {"", UUIDS}:
        raise NotFound
    return parse_id(ident)


def read_phone_of(value: str) -> str:
    """Read a number as it is searched by, its « + » perhaps lost as a space; raises `BadParameter`."""
    try:
        return read_phone(value if value.startswith(("0", "+")) else f"+{value}")
    except Invalid as refusal:
        raise BadParameter(fields={"phone": refusal.message}) from None


def _address(value: str) -> str:
    try:
        return email(value)
    except Invalid as refusal:
        raise BadParameter(fields={"email": refusal.message}) from None


def _after(cursor: str) -> UUID | None:
    try:
        return parse_id(cursor) if cursor else None
    except NotFound:
        raise BadParameter(fields={"_cursor": "Suivez le lien « next » tel qu’il a été donné."}) from None


def read(actor: Actor, ident: str) -> Resource:
    """Read a record; audited. Raises `NotFound`."""
    return patient(read_patient(actor, parse_id(ident)))


FIELDS: Final = {
    "given_name": "Patient.name.given",
    "family_name": "Patient.name.family",
    "birth_date": "Patient.birthDate",
    "phone": "Patient.telecom",
    "email": "Patient.telecom",
}


def identity_of(body: object) -> Identity:
    """Read who a new record is about; raises `BadRequest` on what is no Patient, `Invalid` naming each element that will not do."""
    asked = read_model(PatientModel, body)
    names = [one for one in asked.name or () if one.use != "old"]
    name = next((one for one in names if one.use in {"official", "usual"}), names[0] if names else None)
    contact = {one.system: one.value for one in reversed(asked.telecom or ()) if one.use != "old" and one.value}
    try:
        return Identity.parse(
            given_name=" ".join(part for part in (name.given if name and name.given else ()) if part),
            family_name=name.family if name else "",
            birth_date=str(asked.birthDate or ""),
            phone=contact.get("phone", ""),
            email_address=contact.get("email", ""),
        )
    except Invalid as refusal:
        raise Invalid(refusal.message, {FIELDS.get(field, "Patient"): message for field, message in refusal.fields.items()}) from None


def create(actor: Actor, identity: Identity) -> Resource:
    """Create a record in the client's practice."""
    if len(actor.practice_ids) != 1:
        raise NotAllowed
    (practice_id,) = actor.practice_ids
    return patient(create_patient(actor, practice_id, identity))
