"""The journal as a file for spreadsheets, sent as it is read."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from maiia_pro.api.bodies import read_body
from maiia_pro.api.describe import Body, Operation, Schema, refusals, text, thing
from maiia_pro.api.oauth_words import FORM
from maiia_pro.api.routing import GuardedRoute, route
from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.journal.export import note_export, pieces
from maiia_pro.journal.labels import Group
from maiia_pro.journal.reading import JournalQuery
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.work import run_blocking

CUT: Final = '"Vos droits ont changé pendant cet export\u00a0: il s’arrête ici. Recommencez."\r\n'
LONGEST: Final = 8_000
"""Bytes of what is asked."""
NAMES: Final = {"du": "first", "au": "last", "genre": "group", "personne": "person", "patient": "patient", "praticien": "practitioner"}


async def export_journal(request: Request, actor: Actor) -> Response:
    """Write the acts of a period as a table; that it was asked for is in the journal first."""
    given = await _fields(request)
    asked = {field: given.get(name, "") for name, field in NAMES.items()}
    query = JournalQuery.parse(asked | {"for_them": given.get("pour") == "1"})
    await run_blocking(note_export, actor, query)
    name = f"journal_{query.first.isoformat()}_{query.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    asks = partial(actor_of_token, token_in(request.headers.get("cookie", "")), uses=False)
    return StreamingResponse(_sent(pieces(actor, query), asks, actor), media_type="text/csv; charset=utf-8", headers=headers)


async def _fields(request: Request) -> dict[str, str]:
    """Read the form; a patient's name stands in it, and an address would be written down on the way."""
    body = await read_body(request, longest=LONGEST)
    try:
        return dict(parse_qsl(body.decode(), errors="strict", max_num_fields=20))
    except ValueError:
        raise Invalid("Ce formulaire est illisible. Rechargez la page, puis recommencez.") from None


async def _sent(written: Iterator[str], asks: Callable[[], Actor], actor: Actor) -> AsyncIterator[str]:
    """Give the pieces as long as who asked may do what they might: a file that is taken slowly is read for hours."""
    while (piece := await run_blocking(next, written, None)) is not None:
        if await run_blocking(asks) != actor:
            yield CUT
            return
        yield piece


FIELDS: Final[dict[str, Schema]] = {
    "du": text(format="date", description="Premier jour ; les trente derniers sans lui."),
    "au": text(format="date", description="Dernier jour, compris."),
    "genre": {"enum": [one.value for one in Group], "description": "Genre d’acte."},
    "personne": text(most=120, description="Qui a agi, par nom ou adresse."),
    "patient": text(most=120, description="Patient concerné, par nom ; sans effet pour l’exploitant."),
    "praticien": text(description="Identifiant d’un praticien."),
    "pour": text(most=1, description="« 1 » : seulement ce qui a été fait pour ce praticien."),
}
EXPORT: Final = Operation(
    {200: Body("Les actes, le dernier en tête.", {"text/csv": text()}, ("Content-Disposition",))} | refusals(401, 403, 404, 413, 422),
    request=Body("Ce qui est cherché.", {FORM: thing((), **FIELDS)}),
    request_required=False,
    tag="agenda",
)

routes: list[GuardedRoute] = [
    route(
        "/api/journal",
        export_journal,
        methods=("POST",),
        access=frozenset({ActorKind.PRACTITIONER, ActorKind.OPERATOR}),
        describes=EXPORT,
    )
]
