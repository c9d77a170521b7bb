"""What the FHIR routes take and answer, for the OpenAPI document."""

from typing import Final

from maiia_pro.api.describe import JSON, REFUSED, Body, Operation, Parameter, Schema, closed, json_body, named, text, thing, with_too_slow
from maiia_pro.api.fhir.format import FHIR_JSON, JSON_PATCH
from maiia_pro.api.fhir.limits import LONGEST_VALUE

FORM: Final = "application/x-www-form-urlencoded"
KEY: Final = Parameter(
    "Idempotency-Key",
    "Même clé, même réponse pendant 24 heures ; même clé avec une autre demande : 422.",
    text(least=1, most=255, pattern="^[!-~]+$"),
    "header",
)
IDENT: Final = Parameter(
    "id", "Identifiant de la ressource.", text(least=1, most=64, pattern=r"^[A-Za-z0-9.\-]{1,64}$"), "path", required=True
)
COUNT: Final = Parameter("_count", "Taille d’une page ; au-delà de 1000, 1000.", {"type": "integer", "minimum": 0, "default": 100})
CURSOR: Final = Parameter("_cursor", "Donné par le lien « next ».", text(most=400))
IF_MATCH: Final = Parameter("If-Match", 'Version attendue, W/"1".', text(most=40, pattern=r'^(W/)?"?[0-9]+"?$'), "header")


def _resource(kind: str) -> Schema:
    return named(kind)


def _refused(*statuses: int) -> dict[int, Body]:
    everywhere = (401, 403, 406, 429, 500, 503)
    return {status: json_body(REFUSED[status], named("OperationOutcome"), FHIR_JSON) for status in with_too_slow({*everywhere, *statuses})}


def _parameters(known: dict[str, str]) -> tuple[Parameter, ...]:
    return (*(Parameter(name, about, text(most=LONGEST_VALUE)) for name, about in known.items()), COUNT, CURSOR)


def searched(kind: str, known: dict[str, str]) -> Operation:
    """Describe a search by GET."""
    found = json_body(f"Une page de {kind}.", named("Bundle"), FHIR_JSON)
    return Operation({200: found} | _refused(400), _parameters(known), tag=kind)


def searched_by_form(kind: str, known: dict[str, str]) -> Operation:
    """Describe a search by POST."""
    fields = {one.name: one.schema for one in _parameters(known)}
    form = json_body("Les paramètres.", closed(thing(**fields)), FORM)
    found = json_body(f"Une page de {kind}.", named("Bundle"), FHIR_JSON)
    answers = {200: found} | _refused(400, 409, 413, 415, 422)
    return Operation(answers, (KEY,), form, request_required=False, tag=kind)


def read(kind: str) -> Operation:
    """Describe a reading."""
    return Operation({200: json_body(f"La ressource {kind}.", _resource(kind), FHIR_JSON)} | _refused(404), (IDENT,), tag=kind)


def created(kind: str) -> Operation:
    """Describe a creation."""
    made = Body(f"La ressource {kind} créée.", {FHIR_JSON: _resource(kind)}, ("Location",))
    answers = {201: made} | _refused(400, 404, 409, 413, 415, 422)
    return Operation(answers, (KEY,), json_body(f"La ressource {kind}.", named(f"New{kind}"), FHIR_JSON), tag=kind)


_CHANGED: Final = {200: json_body("Le rendez-vous tel qu’il est maintenant.", named("Appointment"), FHIR_JSON)} | _refused(
    400, 404, 409, 412, 413, 415, 422
)
UPDATED: Final = Operation(
    _CHANGED, (IDENT, IF_MATCH), json_body("Le rendez-vous, annulé.", named("NewAppointment"), FHIR_JSON), tag="Appointment"
)
PATCHED: Final = Operation(_CHANGED, (IDENT, IF_MATCH), json_body("Le statut.", named("CancelPatch"), JSON_PATCH), tag="Appointment")
METADATA: Final = Operation(
    {200: json_body("Ce que le serveur sait faire.", named("CapabilityStatement"), FHIR_JSON)}
    | {status: json_body(REFUSED[status], named("OperationOutcome"), FHIR_JSON) for status in (406, 500)},
    tag="FHIR",
)
SMART: Final = Operation({200: json_body("D’où viennent les jetons.", thing(("token_endpoint",), token_endpoint=text()), JSON)}, tag="FHIR")
BASE: Final = Operation(_refused(404), tag="FHIR")
ELSEWHERE: Final = Operation(
    _refused(404, 405),
    (Parameter("rest", "Le reste de l’adresse.", text(least=1, most=200, pattern="^[a-z0-9]+$"), "path", required=True),),
    tag="FHIR",
)


def _closed(**properties: Schema) -> Schema:
    return thing(tuple(properties), **properties)


_REFERENCE: Final = thing((), reference=text(), display=text())
_CODING: Final = thing((), system=text(), code=text(), display=text())
_CONCEPT: Final = thing((), coding={"type": "array", "items": _CODING}, text=text())


def _kind(kind: str, /, *required: str, **properties: Schema) -> Schema:
    return thing(("resourceType", "id", *required), resourceType={"const": kind}, id=text(most=64), **properties)


SCHEMAS: Final[dict[str, Schema]] = {
    "OperationOutcome": closed(
        thing(
            ("resourceType", "issue"),
            resourceType={"const": "OperationOutcome"},
            issue={
                "type": "array",
                "minItems": 1,
                "items": closed(
                    thing(
                        ("severity", "code", "details"),
                        severity={"enum": ["fatal", "error", "warning", "information"]},
                        code=text(),
                        details=_CONCEPT,
                        diagnostics=text(),
                        expression={"type": "array", "items": text()},
                    )
                ),
            },
        )
    ),
    "Bundle": closed(
        thing(
            ("resourceType", "type", "link"),
            resourceType={"const": "Bundle"},
            type={"const": "searchset"},
            total={"type": "integer", "minimum": 0},
            link={"type": "array", "items": _closed(relation=text(), url=text())},
            entry={
                "type": "array",
                "minItems": 1,
                "maxItems": 2000,
                "items": _closed(fullUrl=text(), resource={"type": "object"}, search=_closed(mode={"enum": ["match", "include"]})),
            },
        )
    ),
    "CapabilityStatement": thing(
        ("resourceType", "fhirVersion"), resourceType={"const": "CapabilityStatement"}, fhirVersion={"const": "4.0.1"}
    ),
    "Practitioner": _kind("Practitioner", "name", "identifier"),
    "PractitionerRole": _kind("PractitionerRole", "practitioner", practitioner=_REFERENCE),
    "Location": _kind("Location", "name", name=text()),
    "HealthcareService": _kind("HealthcareService", "name", name=text()),
    "Schedule": _kind("Schedule", "actor", actor={"type": "array", "items": _REFERENCE}),
    "Slot": _kind(
        "Slot",
        "schedule",
        "status",
        "start",
        "end",
        schedule=_REFERENCE,
        status={"enum": ["free", "busy", "busy-unavailable"]},
        start=text(format="date-time"),
        end=text(format="date-time"),
    ),
    "Patient": _kind("Patient", "name", "birthDate", birthDate=text(format="date")),
    "Appointment": _kind("Appointment", "status", "participant", start=text(format="date-time"), end=text(format="date-time")),
    "NewPatient": thing(
        ("resourceType", "name", "birthDate"),
        resourceType={"const": "Patient"},
        name={
            "type": "array",
            "minItems": 1,
            "items": thing(
                ("family", "given"), family=text(least=1, most=80), given={"type": "array", "minItems": 1, "items": text(least=1, most=80)}
            ),
        },
        birthDate=text(format="date"),
        telecom={"type": "array", "items": thing(("system", "value"), system={"enum": ["phone", "email"]}, value=text(least=1, most=254))},
    ),
    "NewAppointment": thing(
        ("resourceType", "status", "participant"),
        resourceType={"const": "Appointment"},
        status={"enum": ["booked", "proposed", "pending", "cancelled"]},
        slot={
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": thing(("reference",), reference=text(pattern=r"^Slot/[0-9a-f]{32}\.[0-9a-z]{1,7}$")),
        },
        participant={
            "type": "array",
            "minItems": 1,
            "items": thing(
                ("actor", "status"),
                actor=thing(("reference",), reference=text(pattern=r"^Patient/[0-9a-f]{32}$")),
                status={"enum": ["accepted", "needs-action"]},
            ),
        },
    ),
    "CancelPatch": {
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": closed(thing(("op", "path", "value"), op={"const": "replace"}, path={"const": "/status"}, value={"const": "cancelled"})),
    },
}
"""The shapes of resources, as far as a program may rely on them; the whole is http://hl7.org/fhir/R4."""
