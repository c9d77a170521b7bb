"""How resources travel: JSON, addresses, instants, the code systems of our own."""

import json
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.responses import Response

from maiia_pro.agenda.slots import base36
from maiia_pro.kernel.errors import NotFound
from maiia_pro.settings import get_settings

FHIR_JSON: Final = "application/fhir+json"
JSON_TYPES: Final = frozenset({FHIR_JSON, "application/json+fhir", "application/json", "text/json"})
JSON_PATCH: Final = "application/json-patch+json"

_OURS: Final = "https://maiia.invalid/fhir/CodeSystem"
SYSTEMS: Final = {
    "reason": f"{_OURS}/visit-reason",
    "specialty": f"{_OURS}/specialty",
    "mode": f"{_OURS}/visit-mode",
    "error": f"{_OURS}/error",
}
RPPS: Final = "https://rpps.esante.gouv.fr"
NATIONAL_ID: Final = "urn:oid:1.2.250.1.71.4.2.1"
"""The national identifier of professionals: « 8 » followed by the RPPS number."""
UUIDS: Final = "urn:ietf:rfc:3986"
TIMEZONE: Final = "http://hl7.org/fhir/StructureDefinition/timezone"

Resource = dict[str, Any]


def base_url() -> str:
    """Give the address that all resources live under."""
    return f"{get_settings().base_url}/fhir"


def address(resource_type: str, ident: str) -> str:
    """Give the absolute address of a resource."""
    return f"{base_url()}/{resource_type}/{quote(ident)}"


def written(resource: Resource) -> str:
    """Write a resource as JSON."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def rendered(resource: Resource, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with a resource; what is personal is never cached."""
    return Response(written(resource), status, {"Cache-Control": "no-store"} | (headers or {}), FHIR_JSON)


def instant(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant by the clock of a place, with its offset: 2026-10-01T08:00:00+02:00."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def reference(resource_type: str, ident: str, display: str = "") -> Resource:
    """Point to a resource, with the name that people know it by."""
    return {"reference": f"{resource_type}/{ident}"} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str) -> Resource:
    """Name a code of our own systems, with its French label."""
    return {"coding": [{"system": SYSTEMS[system], "code": code, "display": display}], "text": display}


def place_id(practitioner_id: UUID, site_id: UUID) -> str:
    """Name a practitioner at a site, in the 64 characters that FHIR leaves."""
    return f"{base36(practitioner_id.int)}-{base36(site_id.int)}"


def read_place_id(ident: str) -> tuple[UUID, UUID]:
    """Read what `place_id` wrote; raises `NotFound` on anything else."""
    first, dash, second = ident.partition("-")
    if not dash or not (first + second).isalnum() or not (first + second).isascii() or len(ident) > 64:
        raise NotFound
    try:
        found = UUID(int=int(first, 36)), UUID(int=int(second, 36))
    except ValueError:
        raise NotFound from None
    if place_id(*found) != ident:
        raise NotFound
    return found
