"""Calendar files that a practitioner brings in. The browser holds the file and sends it at each step; nothing of it is kept here."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import Body, Operation, Parameter, json_body, refusals, text, thing
from maiia_pro.api.routing import Access, GuardedRoute, route
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.outside.importing import Period, Preview, PreviewLine, import_busy_time, preview_import
from maiia_pro.outside.reading import LARGEST
from maiia_pro.practice.own_agenda import own_agenda

PRACTITIONERS: Final[Access] = frozenset({ActorKind.PRACTITIONER})
PER_PERSON: Final = 20
"""Files a minute: each is read by a process of its own."""
SHOWN: Final = 300
CALENDAR: Final = "text/calendar"


async def _asked(request: Request, actor: Actor) -> tuple[bytes, Period]:
    count_request(("calendar-file", str(actor.account_id)), PER_PERSON)
    if content_type(request) != CALENDAR:
        raise Invalid("Envoyez un calendrier (Content-Type\u00a0: text/calendar).")
    period = Period.parse(request.query_params.get("du"), request.query_params.get("au"))
    return await read_body(request, longest=LARGEST), period


async def preview_calendar(request: Request, actor: Actor) -> Response:
    """Tell what a calendar file would fill of one's own agenda; nothing is written."""
    content, period = await _asked(request, actor)
    practitioner = await run_blocking(own_agenda, actor)
    return _answer(_preview(await run_blocking(preview_import, actor, practitioner, content, period)))


async def import_calendar(request: Request, actor: Actor) -> Response:
    """Fill one's own agenda with what a calendar file says; `intitules=oui` keeps the titles, for their owner alone."""
    content, period = await _asked(request, actor)
    practitioner = await run_blocking(own_agenda, actor)
    keep = request.query_params.get("intitules") == "oui"
    written = await run_blocking(import_busy_time, actor, practitioner, content, period, keep_titles=keep)
    return _answer({"added": written.added, "changed": written.changed, "removed": written.removed, "same": written.same})


def _answer(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _preview(seen: Preview) -> dict[str, Any]:
    left = seen.left_out
    return {
        "lines": [_line(seen, one) for one in seen.lines[:SHOWN]],
        "total": len(seen.lines),
        "visits": sum(one.visits > 0 for one in seen.lines),
        "gone": seen.gone,
        "left": {name: getattr(left, name) for name in ("cancelled", "free", "own", "empty", "broken")},
    }


def _line(seen: Preview, one: PreviewLine) -> dict[str, Any]:
    begins, ends = one.starts_at.astimezone(seen.zone), one.ends_at.astimezone(seen.zone)
    same_day = begins.date() == ends.date()
    hours = (
        f"{clock_time(begins)} – {clock_time(ends)}" if same_day else f"{clock_time(begins)} – {clock_time(ends)}, {long_date(ends.date())}"
    )
    return {
        "day": long_date(begins.date()),
        "hours": "Toute la journée" if one.all_day else hours,
        "title": one.title,
        "state": one.state,
        "visits": one.visits,
    }


_NUMBER: Final = {"type": "integer", "minimum": 0}
_PERIOD: Final = (
    Parameter("du", "Premier jour.", text(format="date"), required=True),
    Parameter("au", "Dernier jour, compris.", text(format="date"), required=True),
)
_TITLES: Final = Parameter("intitules", "Garder les intitulés, montrés à leur seul propriétaire.", {"enum": ["oui", "non"]})
_ICS: Final = Body("Le calendrier (RFC 5545), 2 Mo au plus.", {CALENDAR: text()})
_REFUSALS: Final = refusals(401, 403, 404, 413, 422, 429, 500, 503)
_SEEN: Final = thing(
    ("lines", "total", "visits", "gone", "left"), lines={"type": "array"}, total=_NUMBER, visits=_NUMBER, gone=_NUMBER, left=thing()
)
_WRITTEN: Final = thing(("added", "changed", "removed", "same"), added=_NUMBER, changed=_NUMBER, removed=_NUMBER, same=_NUMBER)

routes: list[GuardedRoute] = [
    route(
        "/api/agenda/calendar/preview",
        preview_calendar,
        methods=("POST",),
        access=PRACTITIONERS,
        describes=Operation(
            {200: json_body("Ce que contient le calendrier.", _SEEN)} | _REFUSALS, parameters=_PERIOD, request=_ICS, tag="agenda"
        ),
    ),
    route(
        "/api/agenda/calendar/import",
        import_calendar,
        methods=("POST",),
        access=PRACTITIONERS,
        describes=Operation(
            {200: json_body("Ce que l’import a fait.", _WRITTEN)} | _REFUSALS, parameters=(*_PERIOD, _TITLES), request=_ICS, tag="agenda"
        ),
    ),
]
