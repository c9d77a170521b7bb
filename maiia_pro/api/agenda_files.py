"""Appointments as files: the address that a practitioner's own calendar reads, exports for staff, a patient's own visit."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from maiia_pro.agenda.calendar import calendar_file
from maiia_pro.agenda.export import ExportRequest, FileKind, export_appointments
from maiia_pro.agenda.feed import feed_of_token
from maiia_pro.agenda.own import my_calendar
from maiia_pro.api.describe import Body, Operation, Parameter, refusals, text
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, route
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking

PER_NETWORK: Final = 240
PER_ADDRESS: Final = 30
MEDIA_TYPES: Final = {FileKind.CSV: "text/csv; charset=utf-8", FileKind.ICS: "text/calendar; charset=utf-8"}


async def read_feed(request: Request, _actor: Actor) -> Response:
    """Read a practitioner's agenda as a calendar; the secret in the address is all it takes, and all it gives."""
    token = request.path_params["token"]
    count_request(("feed", network_of(request)), PER_NETWORK)
    count_request(("feed", token_hash(token)), PER_ADDRESS)
    feed = await run_blocking(feed_of_token, token, _held(request))
    headers = {"ETag": f'"{feed.tag}"', "Cache-Control": "private, no-cache"}
    if feed.entries is None:
        return Response(status_code=304, headers=headers)
    content = await run_blocking(calendar_file, feed.name, feed.entries)
    return Response(content, media_type=MEDIA_TYPES[FileKind.ICS], headers=headers)


def _held(request: Request) -> frozenset[str]:
    """Tell which versions the asker holds (RFC 9110, section 13.1.2; compared weakly)."""
    listed = ",".join(request.headers.getlist("if-none-match")).split(",")
    return frozenset(one.strip().removeprefix("W/").strip('"') for one in listed)


async def export(request: Request, actor: Actor) -> Response:
    """Export the appointments of a period, as a table or as a calendar."""
    asked = request.query_params
    wanted = ExportRequest.parse(asked.get("praticien"), asked.get("du"), asked.get("au"), asked.get("format", FileKind.CSV))
    file = await run_blocking(export_appointments, actor, wanted)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.content, media_type=MEDIA_TYPES[wanted.kind], headers=headers)


async def read_own_visit(request: Request, actor: Actor) -> Response:
    """Read one of one's own visits as a calendar, to add it to one's own."""
    content = await run_blocking(my_calendar, actor, parse_id(request.path_params["visit"]))
    headers = {"Content-Disposition": 'attachment; filename="rendez-vous.ics"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPES[FileKind.ICS], headers=headers)


_CALENDAR: Final = {"text/calendar": text()}
FEED: Final = Operation(
    {
        200: Body("Les rendez-vous actifs, de 30 jours avant à un an après, sans nom ni motif (RFC 5545).", _CALENDAR, ("ETag",)),
        304: Body("Rien n’a changé depuis la version nommée par If-None-Match."),
    }
    | refusals(404, 429),
    parameters=(Parameter("token", "Le secret de l’adresse.", text(least=1, most=200), place="path", required=True),),
    tag="agenda",
)
EXPORT: Final = Operation(
    {200: Body("Le fichier.", {"text/csv": text()} | _CALENDAR, ("Content-Disposition",))} | refusals(401, 403, 404, 422),
    parameters=(
        Parameter("praticien", "Identifiant d’un praticien du cabinet ; tous sans lui."),
        Parameter("du", "Premier jour.", text(format="date"), required=True),
        Parameter("au", "Dernier jour, compris.", text(format="date"), required=True),
        Parameter("format", "Tableau ou calendrier.", {"enum": [kind.value for kind in FileKind], "default": FileKind.CSV.value}),
    ),
    tag="agenda",
)

OWN_VISIT: Final = Operation(
    {200: Body("Le rendez-vous (RFC 5545).", _CALENDAR, ("Content-Disposition",))} | refusals(401, 403, 404, 422),
    parameters=(Parameter("visit", "Identifiant du rendez-vous.", text(least=1, most=40), place="path", required=True),),
    tag="agenda",
)

routes: list[GuardedRoute] = [
    route("/ical/{token}.ics", read_feed, access=ANYONE, identify=False, describes=FEED),
    route("/api/rendez-vous/{visit}.ics", read_own_visit, access=frozenset({ActorKind.PATIENT}), describes=OWN_VISIT),
    route("/api/agenda/export", export, access=STAFF, describes=EXPORT),
]
