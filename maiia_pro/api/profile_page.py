"""The public page of a practitioner, said in words within the built page: for search engines, previews, and before scripts run."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.api.describe import Body, Operation, Parameter, text
from maiia_pro.api.errors import error_headers
from maiia_pro.api.profile_words import head_of, missing, readable, refused
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, route
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.settings import get_settings

SHELL: Final = Path(__file__).parents[2] / ".web" / "build" / "client" / "__spa-fallback.html"
"""The built page of every address that is known only at run time."""
PAGES_PER_MINUTE: Final = 120
"""Of one network: a hospital's or a town's visitors may share an address."""
_MISSING: Final = '<title>Page introuvable · Maiia Pro</title><meta name="robots" content="noindex"/>'
"""The application says it itself, where it runs."""
_REFUSED: Final = '<title>Maiia Pro</title><meta name="robots" content="noindex"/>'


async def show_profile(request: Request, actor: Actor) -> Response:
    """Show a practitioner's public page to everybody alike, with its words in it."""
    count_request(("profile page", network_of(request)), PAGES_PER_MINUTE)
    shell = await run_blocking(_shell)
    try:
        page = await run_blocking(practitioner_page, actor, request.path_params["slug"])
    except (NotFound, Invalid):
        return _answer(request, filled(shell, _MISSING, missing()), status=404)
    return _answer(request, filled(shell, head_of(page, get_settings().base_url), readable(page)))


def _shell() -> str:
    try:
        return SHELL.read_text()
    except FileNotFoundError:  # a server without pages
        raise NotFound from None


def filled(shell: str, head: str, body: str = "") -> str:
    """Put elements at the end of a page's head and of its body."""
    before, ending, after = shell.rpartition("</body>")
    return before.replace("</head>", f"{head}</head>", 1) + body + ending + after


def _answer(request: Request, html: str, status: int = 200) -> Response:
    """Give the page, or nothing where the asker holds this version."""
    content = html.encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    held = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if status == 200 and tag in held:
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
    answer = HTMLResponse(content, status, {"ETag": tag} if status == 200 else {})
    if request.method == "HEAD":
        answer.body = b""
    return answer


def say_refusal(error: DomainError, *, bearer: bool = False) -> Response:
    """Say a refusal in the built page, where the application says it itself and offers to try again."""
    try:
        page = filled(_shell(), _REFUSED, refused("Cette page ne répond pas", error.message))
    except NotFound:
        page = f'<!DOCTYPE html><html lang="fr"><meta charset="utf-8"/><title>Maiia Pro</title><p>{error.message}</p></html>'
    return HTMLResponse(page, int(error.status), error_headers(error, bearer=bearer))


PROFILE: Final = Operation(
    {
        200: Body("La page, avec ses données structurées (schema.org).", {"text/html": text()}, ("ETag",)),
        304: Body("Rien n’a changé depuis la version nommée par If-None-Match."),
    }
    | {status: Body(said, {"text/html": text()}) for status, said in ((404, "Aucune page publiée."), (429, "Trop de pages demandées."))},
    parameters=(Parameter("slug", "Le nom de la page.", text(least=1, most=120), place="path", required=True),),
    tag="annuaire",
)

routes: list[GuardedRoute] = [
    route(path, show_profile, access=ANYONE, identify=False, errors=say_refusal, name=name, describes=PROFILE)
    for path, name in (("/medecin/{slug}", "show_profile"), ("/medecin/{slug}/", "show_profile_slash"))
]
