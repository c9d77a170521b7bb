"""Practitioner, PractitionerRole, Location, HealthcareService and Schedule: what a practice is made of, as FHIR says it."""

from typing import Final

from maiia_pro.agenda.catalogue import Catalogue, PractitionerEntry, ReasonEntry, SiteEntry, practice_catalogue
from maiia_pro.agenda.codes import MODE_LABELS, Mode
from maiia_pro.api.fhir.format import NATIONAL_ID, RPPS, TIMEZONE, Resource, concept, place_id, reference
from maiia_pro.api.fhir.parameters import Page, Parameters, page_of
from maiia_pro.identity.national_number import is_adeli, national_id
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import duration, name_key
from maiia_pro.practice.tables import SPECIALTY_LABELS


def practitioner(entry: PractitionerEntry) -> Resource:
    """Say a practitioner."""
    name = {"use": "official", "text": entry.display_name, "family": entry.family_name, "given": [entry.given_name]}
    return {
        "resourceType": "Practitioner",
        "id": entry.id.hex,
        "identifier": [*_rpps(entry.rpps), {"system": NATIONAL_ID, "value": national_id(entry.rpps)}],
        "active": entry.published,
        "name": [name | ({"prefix": [entry.title]} if entry.title else {})],
    }


def _rpps(number: str) -> list[Resource]:
    return [] if is_adeli(number) else [{"use": "official", "system": RPPS, "value": number}]


def location(entry: SiteEntry) -> Resource:
    """Say a site, with its time zone."""
    lines = {"line": [entry.street]} if entry.street else {}
    phone = {"telecom": [{"system": "phone", "value": entry.phone, "use": "work"}]} if entry.phone else {}
    return {
        "resourceType": "Location",
        "id": entry.id.hex,
        "extension": [{"url": TIMEZONE, "valueCode": entry.zone.key}],
        "status": "active" if entry.open else "inactive",
        "name": entry.name,
        "mode": "instance",
        **phone,
        "address": {"use": "work", **lines, "city": entry.city, "postalCode": entry.postal_code, "country": "FR"},
        "managingOrganization": {"display": entry.practice},
    }


def reason_concept(entry: ReasonEntry) -> Resource:
    """Say a reason as a code."""
    return concept("reason", entry.id.hex, entry.name)


def healthcare_service(entry: ReasonEntry, catalogue: Catalogue) -> Resource:
    """Say a reason, where it is offered and how long it lasts."""
    sites = [catalogue.sites[one.site_id] for one in catalogue.offerings.values() if one.reason_id == entry.id and one.active]
    where = {"location": [reference("Location", site.id.hex, site.name) for site in sites]} if sites else {}
    return {
        "resourceType": "HealthcareService",
        "id": entry.id.hex,
        "active": entry.active,
        "providedBy": {"display": catalogue.practitioners[entry.practitioner_id].display_name},
        "type": [reason_concept(entry)],
        **where,
        "name": entry.name,
        "comment": f"{duration(entry.duration_minutes)}, {'réservable en ligne' if entry.online else 'sur appel au cabinet'}",
        "characteristic": [concept("mode", entry.mode, MODE_LABELS[Mode(entry.mode)])],
        "appointmentRequired": True,
    }


def practitioner_role(pair: tuple[PractitionerEntry, SiteEntry], catalogue: Catalogue) -> Resource:
    """Say that a practitioner receives at a site."""
    doctor, site = pair
    services = _services(pair, catalogue)
    offered = {"healthcareService": [reference("HealthcareService", one.id.hex, one.name) for one in services]} if services else {}
    return {
        "resourceType": "PractitionerRole",
        "id": place_id(doctor.id, site.id),
        "active": doctor.published and bool(services),
        "practitioner": reference("Practitioner", doctor.id.hex, doctor.display_name),
        "organization": {"display": site.practice},
        "specialty": [concept("specialty", doctor.specialty, SPECIALTY_LABELS[doctor.specialty])],
        "location": [reference("Location", site.id.hex, site.name)],
        **offered,
    }


def schedule(pair: tuple[PractitionerEntry, SiteEntry], catalogue: Catalogue) -> Resource:
    """Say the agenda of a practitioner at a site."""
    doctor, site = pair
    services = _services(pair, catalogue)
    return {
        "resourceType": "Schedule",
        "id": place_id(doctor.id, site.id),
        "active": doctor.published and bool(services),
        **({"serviceType": [reason_concept(one) for one in services]} if services else {}),
        "specialty": [concept("specialty", doctor.specialty, SPECIALTY_LABELS[doctor.specialty])],
        "actor": [
            reference("Practitioner", doctor.id.hex, doctor.display_name),
            reference("Location", site.id.hex, site.name),
        ],
    }


def _services(pair: tuple[PractitionerEntry, SiteEntry], catalogue: Catalogue) -> list[ReasonEntry]:
    offered = catalogue.places.get((pair[0].id, pair[1].id), ())
    return [catalogue.reasons[one.reason_id] for one in offered if one.active and catalogue.reasons[one.reason_id].active]


def every(resource_type: str, catalogue: Catalogue) -> list[Resource]:
    """Say everything of a type that the practice has."""
    pairs = [(catalogue.practitioners[doctor], catalogue.sites[site]) for doctor, site in catalogue.places]
    match resource_type:
        case "Practitioner":
            return [practitioner(entry) for entry in catalogue.practitioners.values()]
        case "Location":
            return [location(entry) for entry in catalogue.sites.values()]
        case "HealthcareService":
            return [healthcare_service(entry, catalogue) for entry in catalogue.reasons.values()]
        case "PractitionerRole":
            return [practitioner_role(pair, catalogue) for pair in pairs]
        case _:
            return [schedule(pair, catalogue) for pair in pairs]


PARAMETERS: Final[dict[str, dict[str, str]]] = {
    "Practitioner": {
        "_id": "Identifiant.",
        "name": "Début d’un mot du nom, sans égard aux accents.",
        "family": "Début du nom de famille.",
        "given": "Début du prénom.",
        "identifier": "Numéro RPPS, seul ou « système|valeur ».",
        "active": "Profil publié : true ou false.",
    },
    "PractitionerRole": {
        "_id": "Identifiant.",
        "practitioner": "Practitioner/<id>.",
        "location": "Location/<id>.",
        "service": "HealthcareService/<id>.",
        "specialty": "Code de la spécialité.",
        "active": "true ou false.",
    },
    "Location": {"_id": "Identifiant.", "name": "Début d’un mot du nom.", "address-city": "Début de la ville."},
    "HealthcareService": {
        "_id": "Identifiant.",
        "name": "Début d’un mot du nom.",
        "location": "Location/<id>.",
        "service-type": "Code du motif.",
        "active": "true ou false.",
    },
    "Schedule": {
        "_id": "Identifiant.",
        "actor": "Practitioner/<id> ou Location/<id>.",
        "service-type": "Code du motif.",
        "specialty": "Code de la spécialité.",
        "active": "true ou false.",
    },
}
"""The search parameters of each type, with what they look at."""


def search(actor: Actor, parameters: Parameters) -> Page:
    """Find what matches every parameter, in the order of ids."""
    found = every(parameters.resource_type, practice_catalogue(actor))
    for name in dict.fromkeys(name for name, _ in parameters.pairs if name in PARAMETERS[parameters.resource_type]):
        for alternatives in parameters.one_of(name):
            found = [resource for resource in found if any(_holds(resource, name, value) for value in alternatives)]
    return page_of(parameters, found)


def read(actor: Actor, resource_type: str, ident: str) -> Resource:
    """Read one; raises `NotFound`."""
    same = {ident, ident.replace("-", "").lower()} if resource_type not in {"Schedule", "PractitionerRole"} else {ident}
    for resource in every(resource_type, practice_catalogue(actor)):
        if resource["id"] in same:
            return resource
    raise NotFound


def _holds(resource: Resource, name: str, value: str) -> bool:
    match name:
        case "_id":
            return value in {resource["id"], resource["id"].rpartition("/")[2]} or value.replace("-", "") == resource["id"]
        case "name" | "family" | "given" | "address-city":
            return _starts(_names(resource, name), value)
        case "identifier":
            return any(_token(value, one["system"], one["value"]) for one in resource["identifier"])
        case "active":
            return _token(value, "http://terminology.hl7.org/CodeSystem/special-values", str(resource["active"]).lower())
        case "specialty" | "service-type":
            return any(_token(value, code["system"], code["code"]) for one in _concepts(resource, name) for code in one["coding"])
        case _:
            return any(_points(value, one["reference"]) for one in _references(resource, name))


def _names(resource: Resource, name: str) -> list[str]:
    if name == "address-city":
        return [resource["address"]["city"]]
    if isinstance(resource["name"], str):
        return [resource["name"]]
    human = resource["name"][0]
    found: list[str] = {"family": [human["family"]], "given": human["given"]}.get(name, [human["text"], human["family"]])
    return found


def _starts(names: list[str], value: str) -> bool:
    wanted = name_key(value)
    return bool(wanted) and any(f" {wanted}" in f" {name_key(one)}" for one in names)


def _token(value: str, system: str, code: str) -> bool:
    named, bar, wanted = value.rpartition("|")
    return wanted == code and (not bar or named == system)


def _concepts(resource: Resource, name: str) -> list[Resource]:
    field = {"specialty": "specialty", "service-type": "type" if resource["resourceType"] == "HealthcareService" else "serviceType"}
    return list(resource.get(field[name], ()))


def _references(resource: Resource, name: str) -> list[Resource]:
    found = resource.get({"service": "healthcareService"}.get(name, name), ())
    return [found] if isinstance(found, dict) else list(found)


def _points(value: str, target: str) -> bool:
    return value == target or value == target.rpartition("/")[2] or value.endswith(f"/fhir/{target}")
