"""Signing in, up and out: the only routes that set or delete the session cookie."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, json_body, refusals, text, thing
from maiia_pro.api.routing import ANYONE, SIGNED_IN, GuardedRoute, network_of, read_json, route
from maiia_pro.identity import accounts, sessions
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.homes import home_of
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.sign_up import SignUp, sign_up_patient
from maiia_pro.settings import get_settings


async def open_session(request: Request, actor: Actor) -> Response:
    """Sign in with an e-mail address and a password; the answer sets the session cookie."""
    body = await read_json(request)
    signed = await run_blocking(sessions.sign_in, actor, body.get("email"), body.get("password"), network_of(request))
    if actor.account_id not in {None, signed.actor.account_id}:
        await run_blocking(sessions.sign_out, actor)
    return with_session(signed)


async def close_session(_request: Request, actor: Actor) -> Response:
    """Sign out; the answer deletes the session cookie."""
    await run_blocking(sessions.sign_out, actor)
    return without_session()


async def close_sessions(_request: Request, actor: Actor) -> Response:
    """Sign out everywhere; open screens end at once."""
    await run_blocking(sessions.sign_out_everywhere, actor)
    return without_session()


async def create_account(request: Request, actor: Actor) -> Response:
    """Sign up as a patient; the answer sets the session cookie."""
    asked = SignUp.read(await read_json(request))
    return with_session(await run_blocking(sign_up_patient, actor, asked, network_of(request)), status=201)


async def use_activation(request: Request, actor: Actor) -> Response:
    """Give an account its password with the token of its activation link, then sign in."""
    body = await read_json(request)
    email = await run_blocking(accounts.activate, actor, body.get("token"), body.get("password"))
    return with_session(await run_blocking(sessions.sign_in, actor, email, body.get("password"), network_of(request)))


def with_session(signed: sessions.SignedIn, status: int = 200) -> Response:
    """Answer who signed in, with the cookie."""
    body = {"kind": signed.actor.kind.value, "name": signed.actor.name, "home": home_of(signed.actor.kind)}
    response = JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        cookie_name(),
        signed.token,
        max_age=int(sessions.LONGEST / timedelta(seconds=1)),
        path="/",
        secure=get_settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response


def without_session() -> Response:
    """Answer with nothing, and delete the cookie."""
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.delete_cookie(cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return response


_NOBODY = Body("C’est fait.")
_SIGNED = thing(("kind", "name"), kind=text(), name=text())
_PASSWORD = text(least=1, most=200)
_COMMON = refusals(401, 403, 413, 422, 429, 500, 503)
SIGN_IN = Operation(
    {200: json_body("Connecté ; le cookie est posé.", _SIGNED)} | _COMMON,
    request=json_body("Adresse et mot de passe.", thing(("email", "password"), email=text(most=254), password=_PASSWORD)),
    tag="session",
)
SIGN_OUT = Operation({204: _NOBODY} | refusals(401, 403, 500, 503), tag="session")
SIGN_UP = Operation(
    {201: json_body("Le compte est créé ; le cookie est posé.", _SIGNED)} | _COMMON | refusals(409),
    request=json_body(
        "La personne et son mot de passe.",
        thing(
            ("email", "password", "given_name", "family_name", "birth_date"),
            email=text(most=254),
            password=_PASSWORD,
            given_name=text(least=1, most=80),
            family_name=text(least=1, most=80),
            birth_date=text(most=40),
            phone=text(most=40),
        ),
    ),
    tag="session",
)
ACTIVATE = Operation(
    {200: json_body("Le mot de passe est choisi ; le cookie est posé.", _SIGNED)} | _COMMON | refusals(404, 409),
    request=json_body("Le jeton du lien et le mot de passe.", thing(("token", "password"), token=text(most=200), password=_PASSWORD)),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/session", open_session, methods=("POST",), access=ANYONE, describes=SIGN_IN),
    route("/api/session", close_session, methods=("DELETE",), access=ANYONE, describes=SIGN_OUT),
    route("/api/sessions", close_sessions, methods=("DELETE",), access=SIGNED_IN, describes=SIGN_OUT),
    route("/api/account", create_account, methods=("POST",), access=ANYONE, describes=SIGN_UP),
    route("/api/activation", use_activation, methods=("POST",), access=ANYONE, describes=ACTIVATE),
]
