"""What the server can do, as a CapabilityStatement: exactly the routes there are."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.fhir import appointments, directory, patients, slots
from maiia_pro.api.fhir.exchange import check_format
from maiia_pro.api.fhir.format import FHIR_JSON, JSON_PATCH, Resource, base_url, rendered
from maiia_pro.identity.api_clients import KNOWN_SCOPES
from maiia_pro.kernel.actor import Actor
from maiia_pro.settings import get_settings

PARAMETERS: Final[dict[str, dict[str, str]]] = directory.PARAMETERS | {
    "Slot": slots.PARAMETERS,
    "Patient": patients.PARAMETERS,
    "Appointment": appointments.PARAMETERS,
}
INTERACTIONS: Final[dict[str, tuple[str, ...]]] = {"Patient": ("create",), "Appointment": ("create", "update", "patch")}
"""What a type can do besides being read and searched."""
READ_OF_APPOINTMENT: Final = (
    "D’un rendez-vous envoyé sont lus status, slot, start, end, minutesDuration et participant\u00a0; "
    "les autres éléments (comment, reasonCode…) ne sont pas enregistrés."
)
TYPES: Final[dict[str, str]] = {
    "_id": "token",
    "identifier": "token",
    "active": "token",
    "status": "token",
    "specialty": "token",
    "service-type": "token",
    "phone": "token",
    "email": "token",
    "start": "date",
    "date": "date",
    "birthdate": "date",
    "practitioner": "reference",
    "patient": "reference",
    "location": "reference",
    "actor": "reference",
    "service": "reference",
    "schedule": "reference",
    "schedule.actor": "reference",
}
DATE: Final = "2026-01-01"
OAUTH_URIS: Final = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
SECURITY_SERVICES: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def capability_statement() -> Resource:
    """Describe the server."""
    token = {"url": OAUTH_URIS, "extension": [{"url": "token", "valueUri": f"{get_settings().base_url}/oauth/token"}]}
    service = {"coding": [{"system": SECURITY_SERVICES, "code": "OAuth", "display": "OAuth"}], "text": "OAuth 2.0, client credentials"}
    about = "Jeton Bearer obtenu à /oauth/token ; le cookie d’une session n’ouvre rien ici. En-tête Idempotency-Key admis sur tout POST."
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base_url()}/metadata",
        "name": "MaiiaPro",
        "title": "Maiia Pro",
        "status": "active",
        "date": DATE,
        "publisher": get_settings().operator_name,
        "kind": "instance",
        "software": {"name": "Maiia Pro"},
        "implementation": {"description": "Agenda et patients d’un cabinet", "url": base_url()},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "patchFormat": [JSON_PATCH],
        "rest": [
            {
                "mode": "server",
                "documentation": about,
                "security": {"extension": [token], "cors": False, "service": [service], "description": about},
                "resource": [_resource(kind) for kind in PARAMETERS],
            }
        ],
    }


def _resource(kind: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": kind,
        "interaction": [{"code": code} for code in ("read", "search-type", *INTERACTIONS.get(kind, ()))],
        "versioning": "versioned" if kind == "Appointment" else "no-version",
        "searchParam": [
            {"name": name, "type": TYPES.get(name, "string"), "documentation": about}
            for name, about in PARAMETERS[kind].items()
            if name != "_include"
        ],
    }
    if kind == "Appointment":
        described["documentation"] = READ_OF_APPOINTMENT
    if kind == "Slot":
        described["searchInclude"] = ["Slot:schedule"]
    return described


async def metadata(request: Request, _actor: Actor) -> Response:
    """Say what the server can do; nobody needs a token for it."""
    check_format(request)
    return rendered(capability_statement(), headers={"Cache-Control": "max-age=300"})


async def smart_configuration(_request: Request, _actor: Actor) -> Response:
    """Say where tokens come from, as SMART App Launch 2 does."""
    base = get_settings().base_url
    return JSONResponse(
        {
            "token_endpoint": f"{base}/oauth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": sorted(KNOWN_SCOPES),
            "capabilities": ["client-confidential-symmetric"],
        }
    )
