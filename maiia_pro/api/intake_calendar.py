"""A calendar that comes in as appointments: the browser holds it and sends it with what was decided; nothing is kept here."""

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import JSON, Body, Operation, json_body, refusals, text, thing
from maiia_pro.api.intake import PER_PERSON, PLACE, PRACTITIONERS, TABLE, answer, practice_of, table
from maiia_pro.api.routing import GuardedRoute, route
from maiia_pro.intake.calendar import CalendarReport, check_calendar, refused_events, run_calendar, when
from maiia_pro.intake.decisions import CalendarFile
from maiia_pro.intake.events import EventLine
from maiia_pro.intake.places import IntakePlace, intake_places
from maiia_pro.intake.suggest import CERTAINTY_LABELS, Record
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import short_date
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.outside.reading import LARGEST

LONGEST: Final = 4 * LARGEST
"""As JSON, with the signs that it doubles and what is said of each line."""
SHOWN: Final = 400


async def _file(request: Request, actor: Actor) -> CalendarFile:
    count_request(("calendar-intake", str(actor.account_id)), PER_PERSON)
    if content_type(request) != JSON:
        raise Invalid("Envoyez le calendrier en JSON (Content-Type\u00a0: application/json).")
    try:
        said = json.loads(await read_body(request, longest=LONGEST))
    except (ValueError, RecursionError):
        raise Invalid("Choisissez un fichier .ics.") from None
    return CalendarFile.parse(said)


async def look_at_calendar(request: Request, actor: Actor) -> Response:
    """Tell what becomes of each coming event; nothing is written."""
    file = await _file(request, actor)
    return answer(_report(await run_blocking(check_calendar, actor, await practice_of(request, actor), file)))


async def faults_of_calendar(request: Request, actor: Actor) -> Response:
    """Give every event with which something is wrong, as a table."""
    file = await _file(request, actor)
    return table(await run_blocking(refused_events, actor, await practice_of(request, actor), file), "evenements-refuses.csv")


async def take_calendar(request: Request, actor: Actor) -> Response:
    """Bring the calendar in, all of it or nothing."""
    file = await _file(request, actor)
    return answer(_report(await run_blocking(run_calendar, actor, await practice_of(request, actor), file)))


async def places(_request: Request, actor: Actor) -> Response:
    """List the practices that one may bring data into, with their agendas and reasons."""
    found = await run_blocking(intake_places, actor)
    return JSONResponse([_place(one) for one in found], headers={"Cache-Control": "no-store"})


def _place(place: IntakePlace) -> dict[str, Any]:
    return {
        "id": str(place.id),
        "name": place.name,
        "agendas": [
            {
                "id": str(one.id),
                "name": one.name,
                "own": one.is_self,
                "reasons": [{"id": str(ident), "name": name} for ident, name in one.reasons],
            }
            for one in place.agendas
        ],
    }


def _report(report: CalendarReport) -> dict[str, Any]:
    counts = ("ready", "new_patients", "known", "busy", "left", "refused", "imported")
    undecided = [line for line in report.lines if line.fate is None and not line.known]
    others = [line for line in report.lines if line.fate is not None or line.known]
    shown = sorted([*undecided[:SHOWN], *others[: SHOWN - len(undecided[:SHOWN])]], key=lambda line: line.cells.line)
    return {
        **{name: getattr(report, name) for name in counts},
        "total": len(report.lines),
        "left_out": {name: getattr(report.left_out, name) for name in ("cancelled", "free", "own", "empty", "broken")},
        "lines": [] if report.imported else [_line(line, report) for line in shown],
    }


def _line(line: EventLine, report: CalendarReport) -> dict[str, Any]:
    day, hours = when(line.event, report.zone)
    return {
        "line": line.cells.line,
        "key": line.key,
        "day": day,
        "hours": hours,
        "title": line.event.title,
        "all_day": line.event.all_day,
        "repeats": line.event.about.repeats,
        "fate": "known" if line.known else line.fate or "",
        "certainty": line.suggestion.certainty,
        "found": "" if line.known else CERTAINTY_LABELS[line.suggestion.certainty],
        "records": [{"id": str(one.id), "name": _named(one)} for one in line.suggestion.records],
        "person": {name: line.cells[name] for name in ("family_name", "given_name", "birth_date")},
        "reason": str(line.offering.offering_id) if line.offering else "",
        "outside_hours": line.outside_hours,
        "faults": [fault.message for fault in line.cells.faults],
    }


def _named(record: Record) -> str:
    return f"{record.family_name} {record.given_name}, {short_date(record.birth_date)}"


_NUMBER: Final = {"type": "integer", "minimum": 0}
_ASKED: Final = thing(("calendar", "agenda"), calendar=text(), agenda=text(format="uuid"))
_FILE: Final = Body("Le calendrier et ce que deviennent ses événements.", {JSON: _ASKED})
_REFUSALS: Final = refusals(401, 403, 404, 409, 413, 422, 429, 500, 503)
_REPORT: Final = thing(
    ("total", "ready", "known", "busy", "left", "refused", "imported", "lines"),
    total=_NUMBER, ready=_NUMBER, known=_NUMBER, busy=_NUMBER, left=_NUMBER, refused=_NUMBER, imported={"type": "boolean"},
    lines={"type": "array", "items": thing(("line", "key", "fate", "faults"), line=_NUMBER, key=text(), fate=text())},
)  # fmt: skip
_TABLE: Final = Body("Le tableau.", {TABLE: text()}, ("Content-Disposition",))


def _operation(answered: Body) -> Operation:
    return Operation({200: answered} | _REFUSALS, parameters=(PLACE,), request=_FILE, tag="reprise")


_PLACES: Final = {"type": "array", "items": thing(("id", "name", "agendas"), id=text(), name=text())}
_LOOK: Final = json_body("Ce que deviennent les événements.", _REPORT)

routes: list[GuardedRoute] = [
    route(
        "/api/intake/places",
        places,
        access=PRACTITIONERS,
        describes=Operation({200: json_body("Les cabinets, leurs agendas et leurs motifs.", _PLACES)} | _REFUSALS, tag="reprise"),
    ),
    route("/api/intake/calendar/check", look_at_calendar, methods=("POST",), access=PRACTITIONERS, describes=_operation(_LOOK)),
    route("/api/intake/calendar/refused", faults_of_calendar, methods=("POST",), access=PRACTITIONERS, describes=_operation(_TABLE)),
    route("/api/intake/calendar/run", take_calendar, methods=("POST",), access=PRACTITIONERS, describes=_operation(_LOOK)),
]
