"""The way to Pro Santé Connect and back: a browser is told where to go, and comes back with an answer that counts once."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from maiia_pro.api.describe import Body, Operation, Parameter, json_body, refusals, text, thing
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, read_json, route
from maiia_pro.api.sessions import browser_at, make_way, remember, with_session
from maiia_pro.identity import hats, psc
from maiia_pro.identity.cookies import psc_cookie_name, token_in
from maiia_pro.identity.homes import home_of
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking, run_waiting
from maiia_pro.settings import get_settings

SIGN_IN_PAGE = "/connexion/"
PASSWORD_STEP = "#mot-de-passe"  # noqa: S105 - a place in a page
WHO = ANYONE | {ActorKind.LOCKED}


async def leave(request: Request, actor: Actor) -> Response:
    """Tell the page where Pro Santé Connect identifies its user; the answer sets the cookie that ties the way back to this browser."""
    body = await read_json(request)
    going = await run_waiting(psc.begin, actor, body.get("leads_to"), network_of(request))
    response = JSONResponse({"leave": going.address}, headers={"Cache-Control": "no-store"})
    seconds, secure = int(psc.LASTS.total_seconds()), get_settings().secure_cookies
    response.set_cookie(psc_cookie_name(), going.token, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")
    return response


async def come_back(request: Request, actor: Actor) -> Response:
    """Let in whom Pro Santé Connect vouches for, and lead them on."""
    cookies = request.headers.get("cookie", "")
    browser = browser_at(request)
    arrived = await run_waiting(psc.finish, actor, request.query_params, token_in(cookies, psc_cookie_name()), browser)
    await make_way(actor, arrived.signed)
    who = arrived.signed.actor
    first = hats.CHOICE if not arrived.leads_to and await run_blocking(hats.to_choose, who) else home_of(who.kind)
    response = _towards(arrived.leads_to or first)
    for cookie in remember(with_session(arrived.signed), browser).headers.getlist("set-cookie"):
        response.headers.append("set-cookie", cookie)
    response.delete_cookie(psc_cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return response


def refused(error: DomainError, *, bearer: bool = False) -> Response:  # noqa: ARG001 - as routes render refusals
    """Lead a browser that comes back in vain to the page of signing in, which says why."""
    return _towards(f"{SIGN_IN_PAGE}?{urlencode({'psc': error.code})}{PASSWORD_STEP}")


def _towards(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


_GOING = Operation(
    {200: json_body("Où aller ; un cookie lie le retour à ce navigateur.", thing(("leave",), leave=text()))}
    | refusals(401, 403, 404, 413, 422, 429, 500, 503),
    request=json_body("La page voulue ensuite, s’il y en a une.", thing((), leads_to=text(most=2000))),
    tag="session",
)
_COMING = Operation(
    {303: Body("Vers la page voulue ; le cookie est posé. Ou vers la connexion, qui dit ce qui manque.")} | refusals(401, 403, 500),
    parameters=(Parameter("code", "Le code de Pro Santé Connect."), Parameter("state", "Ce que ce navigateur avait emporté.")),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/session/psc", leave, methods=("POST",), access=WHO, describes=_GOING),
    route(psc.RETURNS_TO, come_back, access=WHO, errors=refused, describes=_COMING),
]
