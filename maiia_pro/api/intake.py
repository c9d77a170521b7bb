"""Files of another software: looked at, checked, brought in. The browser holds the file and sends it at each step; nothing is kept here."""

from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.agenda.desk import desk
from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import Body, Operation, Parameter, json_body, refusals, text, thing
from maiia_pro.api.routing import Access, GuardedRoute, route
from maiia_pro.intake.importing import IntakeFile, Preview, Report, check_intake, preview_intake, refused_lines, run_intake
from maiia_pro.intake.model import FILE_NAMES, model_file
from maiia_pro.intake.sheet import LARGEST
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking

PRACTITIONERS: Final[Access] = frozenset({ActorKind.PRACTITIONER})
PER_PERSON: Final = 60
"""Files a minute."""
FIRST_FAULTS: Final = 200
TABLE: Final = "text/csv"


def _kind(request: Request) -> Kind:
    try:
        return Kind(request.query_params.get("quoi", ""))
    except ValueError:
        raise Invalid("Choisissez ce que contient le fichier.", {"quoi": "Choisissez ce que contient le fichier."}) from None


async def _file(request: Request, actor: Actor) -> IntakeFile:
    count_request(("intake", str(actor.account_id)), PER_PERSON)
    kind = _kind(request)
    if content_type(request) != TABLE:
        raise Invalid("Envoyez un tableau CSV (Content-Type\u00a0: text/csv).")
    return IntakeFile(kind, await read_body(request, longest=LARGEST), request.query_params.get("colonnes", ""))


async def practice_of(request: Request, actor: Actor) -> UUID:
    """Tell which practice a request is about, for those who work in several; the use cases refuse one that is not theirs."""
    named = request.query_params.get("cabinet")
    if not named:
        return (await run_blocking(desk, actor)).practice_id
    try:
        return UUID(named)
    except ValueError:
        raise NotFound from None


async def preview(request: Request, actor: Actor) -> Response:
    """Look at a file: its columns, where our fields are, the first lines as they would be read."""
    file = await _file(request, actor)
    practice = await practice_of(request, actor)
    return answer(_preview(await run_blocking(preview_intake, actor, practice, file)))


async def check(request: Request, actor: Actor) -> Response:
    """Tell what an import would do, and why lines are refused; nothing is written."""
    file = await _file(request, actor)
    practice = await practice_of(request, actor)
    return answer(_report(await run_blocking(check_intake, actor, practice, file)))


async def refused(request: Request, actor: Actor) -> Response:
    """Give every refused line with its reason, as a table."""
    file = await _file(request, actor)
    practice = await practice_of(request, actor)
    return table(await run_blocking(refused_lines, actor, practice, file), "lignes-refusees.csv")


async def run(request: Request, actor: Actor) -> Response:
    """Bring a file in, all of it or nothing; `sans-refus=oui` leaves the refused lines out."""
    file = await _file(request, actor)
    practice = await practice_of(request, actor)
    leave = request.query_params.get("sans-refus") == "oui"
    return answer(_report(await run_blocking(run_intake, actor, practice, file, leave_refused=leave)))


async def model(request: Request, actor: Actor) -> Response:
    """Give a model of file, twenty invented lines."""
    kind = _kind(request)
    practice = await practice_of(request, actor)
    return table(await run_blocking(model_file, actor, practice, kind), FILE_NAMES[kind])


def answer(body: dict[str, Any]) -> Response:
    """Answer with what nobody may keep."""
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def table(content: bytes, name: str) -> Response:
    """Give a table to be saved under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _preview(seen: Preview) -> dict[str, Any]:
    return {
        "head": seen.head,
        "fields": [{"name": field.name, "label": field.label, "required": field.required} for field in seen.fields],
        "mapping": seen.mapping,
        "lines": [
            {"line": line, "cells": {name: {"text": shown, "fine": fine} for name, (shown, fine) in cells.items()}}
            for line, cells in seen.lines
        ],
        "total": seen.total,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "total": report.total,
        "ready": report.ready,
        "known": report.known,
        "refused": report.refused,
        "new_patients": report.new_patients,
        "imported": report.imported,
        "faults": [{"line": one.line, "field": one.field, "message": one.message} for one in report.faults[:FIRST_FAULTS]],
        "more": max(0, len(report.faults) - FIRST_FAULTS),
    }


_NUMBER: Final = {"type": "integer", "minimum": 0}
_KIND: Final = Parameter("quoi", "Ce que contient le fichier.", {"enum": [kind.value for kind in Kind]}, required=True)
PLACE: Final = Parameter("cabinet", "Le cabinet, pour qui exerce dans plusieurs.", text(format="uuid"))
_COLUMNS: Final = Parameter("colonnes", "La colonne de chaque champ, en JSON ; devinée sans lui.")
_LEAVE: Final = Parameter("sans-refus", "Reprendre sans les lignes refusées.", {"enum": ["oui", "non"]})
_CSV: Final = Body("Le fichier, 5 Mo et 20 000 lignes au plus.", {TABLE: text()})
_REFUSALS: Final = refusals(401, 403, 404, 409, 413, 422, 429, 500, 503)
_REPORT: Final = thing(
    ("total", "ready", "known", "refused", "imported", "faults"),
    total=_NUMBER,
    ready=_NUMBER,
    known=_NUMBER,
    refused=_NUMBER,
    imported={"type": "boolean"},
    faults={"type": "array", "items": thing(("line", "field", "message"), line=_NUMBER, field=text(), message=text())},
)
_LOOK: Final = thing(("head", "fields", "mapping", "lines", "total"), head={"type": "array", "items": text()}, total=_NUMBER)
_ATTACHED: Final = Body("Le tableau.", {TABLE: text()}, ("Content-Disposition",))


def _operation(answer: Body, *more: Parameter) -> Operation:
    return Operation({200: answer} | _REFUSALS, parameters=(_KIND, _COLUMNS, PLACE, *more), request=_CSV, tag="reprise")


routes: list[GuardedRoute] = [
    route(
        "/api/intake/preview",
        preview,
        methods=("POST",),
        access=PRACTITIONERS,
        describes=_operation(json_body("Ce que contient le fichier.", _LOOK)),
    ),
    route(
        "/api/intake/check",
        check,
        methods=("POST",),
        access=PRACTITIONERS,
        describes=_operation(json_body("Ce que l’import ferait.", _REPORT)),
    ),
    route("/api/intake/refused", refused, methods=("POST",), access=PRACTITIONERS, describes=_operation(_ATTACHED)),
    route(
        "/api/intake/run",
        run,
        methods=("POST",),
        access=PRACTITIONERS,
        describes=_operation(json_body("Ce que l’import a fait.", _REPORT), _LEAVE),
    ),
    route(
        "/api/intake/model",
        model,
        access=PRACTITIONERS,
        describes=Operation({200: _ATTACHED} | _REFUSALS, parameters=(_KIND, PLACE), tag="reprise"),
    ),
]
