"""The journal as a file for spreadsheets, sent as it is read."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from maiia_pro.api.describe import Body, Operation, Parameter, refusals, text
from maiia_pro.api.routing import GuardedRoute, route
from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.journal.export import note_export, pieces
from maiia_pro.journal.labels import Group
from maiia_pro.journal.reading import JournalQuery
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.work import run_blocking

CUT: Final = '"Vos droits ont changé pendant cet export\u00a0: il s’arrête ici. Recommencez."\r\n'
NAMES: Final = {"du": "first", "au": "last", "genre": "group", "personne": "person", "patient": "patient", "praticien": "practitioner"}


async def export_journal(request: Request, actor: Actor) -> Response:
    """Write the acts of a period as a table; that it was asked for is in the journal first."""
    asked = {field: request.query_params.get(name, "") for name, field in NAMES.items()}
    query = JournalQuery.parse(asked | {"for_them": request.query_params.get("pour") == "1"})
    await run_blocking(note_export, actor, query)
    name = f"journal_{query.first.isoformat()}_{query.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    asks = partial(actor_of_token, token_in(request.headers.get("cookie", "")))
    return StreamingResponse(_sent(pieces(actor, query), asks, actor), media_type="text/csv; charset=utf-8", headers=headers)


async def _sent(written: Iterator[str], asks: Callable[[], Actor], actor: Actor) -> AsyncIterator[str]:
    """Give the pieces as long as who asked may do what they might: a file that is taken slowly is read for hours."""
    while (piece := await run_blocking(next, written, None)) is not None:
        if await run_blocking(asks) != actor:
            yield CUT
            return
        yield piece


EXPORT: Final = Operation(
    {200: Body("Les actes, le dernier en tête.", {"text/csv": text()}, ("Content-Disposition",))} | refusals(401, 403, 404, 422),
    parameters=(
        Parameter("du", "Premier jour ; les trente derniers sans lui.", text(format="date")),
        Parameter("au", "Dernier jour, compris.", text(format="date")),
        Parameter("genre", "Genre d’acte.", {"enum": [one.value for one in Group]}),
        Parameter("personne", "Qui a agi, par nom ou adresse.", text(most=120)),
        Parameter("patient", "Patient concerné, par nom ; sans effet pour l’exploitant.", text(most=120)),
        Parameter("praticien", "Identifiant d’un praticien."),
        Parameter("pour", "« 1 » : seulement ce qui a été fait pour ce praticien.", text(most=1)),
    ),
    tag="agenda",
)

routes: list[GuardedRoute] = [
    route("/api/journal", export_journal, access=frozenset({ActorKind.PRACTITIONER, ActorKind.OPERATOR}), describes=EXPORT)
]
