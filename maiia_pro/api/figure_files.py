"""Figures as files for spreadsheets."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from maiia_pro.agenda.figure_tables import figures_file
from maiia_pro.agenda.figures import Figure, FiguresQuery, Grouping
from maiia_pro.api.describe import Body, Operation, Parameter, refusals, text
from maiia_pro.api.routing import GuardedRoute, route
from maiia_pro.kernel.actor import STAFF, Actor
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.work import run_blocking


async def export_figures(request: Request, actor: Actor) -> Response:
    """Write a figure of a period as a table."""
    asked = request.query_params
    query = FiguresQuery.parse(asked.get("du"), asked.get("au"), asked.get("praticien"))
    try:
        figure, grouping = Figure(asked.get("figure", "")), Grouping(asked.get("par", Grouping.WEEK))
    except ValueError:
        raise Invalid("Choisissez un chiffre de la page.") from None
    file = await run_blocking(figures_file, actor, query, figure, grouping)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.content, media_type="text/csv; charset=utf-8", headers=headers)


FIGURES: Final = Operation(
    {200: Body("Le tableau, sans nom de patient.", {"text/csv": text()}, ("Content-Disposition",))} | refusals(401, 403, 404, 422),
    parameters=(
        Parameter("figure", "Ce qui est compté.", {"enum": [one.value for one in Figure]}, required=True),
        Parameter("par", "Par quoi.", {"enum": [one.value for one in Grouping], "default": Grouping.WEEK.value}),
        Parameter("du", "Premier jour.", text(format="date"), required=True),
        Parameter("au", "Dernier jour, compris.", text(format="date"), required=True),
        Parameter("praticien", "Identifiant d’un praticien du cabinet ; tous sans lui."),
    ),
    tag="agenda",
)

routes: list[GuardedRoute] = [route("/api/agenda/chiffres", export_figures, access=STAFF, describes=FIGURES)]
