"""Signing in, up and out: the only routes that set or delete the session cookie."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, json_body, refusals, text, thing
from maiia_pro.api.routing import ANYONE, SIGNED_IN, GuardedRoute, network_of, read_json, route
from maiia_pro.identity import accounts, browsers, codes, hats, locking, psc, session_ends
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.cookies import (
    browser_cookie_name,
    code_cookie_name,
    cookie_name,
    device_cookie_name,
    device_in,
    known_cookie_name,
    token_in,
)
from maiia_pro.identity.homes import first_of, home_of
from maiia_pro.identity.identifiers import asked, sought_by
from maiia_pro.identity.known_browsers import LASTS, with_known
from maiia_pro.identity.session_ends import LONGEST, STEP_LASTS
from maiia_pro.identity.session_opening import SignedIn
from maiia_pro.identity.sign_in import ProofNeeded, WrongCredentials, sign_in
from maiia_pro.identity.tokens import new_token
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.french import phone
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.work import run_aside, run_blocking
from maiia_pro.notifications.code_message import code_sending, simulated_message
from maiia_pro.notifications.reaching import channel_of
from maiia_pro.patients.preferences import Channel
from maiia_pro.patients.sign_up import sign_up_patient
from maiia_pro.settings import get_settings


async def open_session(request: Request, actor: Actor) -> Response:
    """Sign in with an e-mail address and a password; the answer sets the session cookie.

    To an address that its patient never proved a code goes first, as if it had been asked for.
    """
    body = await read_json(request)
    browser = browser_at(request)
    try:
        signed = await run_aside(
            sign_in,
            actor,
            body.get("email"),
            body.get("password"),
            browser.network,
            browser.device,
            known=known_in(request),
            browser=browser,
        )
    except ProofNeeded:
        return await _ask(request, Actor.anonymous(), body.get("email"))
    except WrongCredentials:
        _check_written(body)
        raise
    return await welcome(request, actor, signed, browser)


async def welcome(request: Request, actor: Actor, signed: SignedIn, browser: Browser, *, status: int = 200, home: str = "") -> Response:
    """Answer who signed in, or that a second step is still to be done, once whoever was at the browser before has made way."""
    await make_way(actor, signed)
    several = not home and await run_blocking(hats.to_choose, signed.actor)
    return remember(keep_known(request, with_session(signed, status, hats.CHOICE if several else home), signed.sought), browser)


def remember(response: Response, browser: Browser) -> Response:
    """Let the browser be known again."""
    _set_cookie(response, browser_cookie_name(), browser.token, browsers.KEPT)
    return response


def browser_at(request: Request, *, trusts: bool = False) -> Browser:
    """Tell by which browser a request comes; one that has no cookie yet gets one with the answer."""
    cookies = request.headers.get("cookie", "")
    token = token_in(cookies, browser_cookie_name()) or new_token()
    return Browser(token, request.headers.get("user-agent", ""), network_of(request), device_in(cookies), trusts)


def _check_written(body: dict[str, Any]) -> None:
    """Say beside each field that it was left empty, rather than that what it holds is wrong."""
    errors = FieldErrors()
    if not body.get("email"):
        errors.add("email", asked())
    if not body.get("password"):
        errors.add("password", "Écrivez votre mot de passe.")
    errors.check()


async def make_way(actor: Actor, signed: SignedIn) -> None:
    """End the session of before, or lock another's where a screen is shared: its cookie goes, its tabs must too."""
    if actor.account_id is not None:
        await run_blocking(session_ends.make_way, actor)
    if actor.account_id not in {None, signed.actor.account_id}:
        await run_blocking(locking.lock, actor)


async def change_role(request: Request, actor: Actor) -> Response:
    """Go on in another of one's roles; the answer sets the session cookie."""
    body = await read_json(request)
    return with_session(await run_aside(hats.wear, actor, body.get("role"), body.get("password"), browser_at(request)))


async def close_session(_request: Request, actor: Actor) -> Response:
    """Sign out; the answer deletes the session cookie, and names where the session that it came by ends (`leave`)."""
    return await _closed(actor, session_ends.sign_out)


async def close_sessions(_request: Request, actor: Actor) -> Response:
    """Sign out everywhere; open screens end at once."""
    return await _closed(actor, session_ends.sign_out_everywhere)


async def _closed(actor: Actor, close: Callable[[Actor], object]) -> Response:
    elsewhere = await run_blocking(psc.leave, actor)
    await run_blocking(close, actor)
    return without_session(leave=elsewhere)


async def ask_code(request: Request, actor: Actor) -> Response:
    """Have a code sent to an address or a number; the answer sets the cookie that ties the code to this browser."""
    body = await read_json(request)
    return await _ask(request, actor, body.get("identifier"))


async def _ask(request: Request, actor: Actor, identifier: object) -> Response:
    token = await run_blocking(codes.ask_code, actor, identifier, browser_of(request), network_of(request), known_in(request))
    response = JSONResponse(await _waiting(actor, token), status_code=202, headers={"Cache-Control": "no-store"})
    _set_cookie(response, code_cookie_name(), token, codes.TO_SIGN_UP)
    return response


async def read_code(request: Request, actor: Actor) -> Response:
    """Tell where this browser stands: which code it waits for, whether it has left, from when another may be sent."""
    return JSONResponse(await _waiting(actor, browser_of(request)), headers={"Cache-Control": "no-store"})


async def _waiting(actor: Actor, browser: str) -> dict[str, object]:
    found = await run_blocking(codes.waiting_code, actor, browser)
    if found is None:
        return {"step": "start", "sought": "", "by": "", "sending": "", "again": 0, "simulation": ""}
    by = channel_of(found.sought)
    return {
        "step": "person" if found.proven else "code",
        "sought": phone(found.sought) if by is Channel.SMS else found.sought,
        "by": by,
        "sending": await run_blocking(code_sending, actor, found.id),
        "again": max(0, math.ceil((found.again_at - clock.now()).total_seconds())),
        "simulation": await run_blocking(simulated_message, actor, found.id),
    }


async def try_code(request: Request, actor: Actor) -> Response:
    """Sign in with the code; where the address or number is nobody's yet, the answer says that a name is missing."""
    body, browser = await read_json(request), browser_of(request)
    where = browser_at(request)
    signed = await run_blocking(codes.try_code, actor, body.get("code"), browser, where.network, where)
    if signed is None:
        response = JSONResponse(await _waiting(actor, browser), status_code=202, headers={"Cache-Control": "no-store"})
        _set_cookie(response, code_cookie_name(), browser, codes.TO_SIGN_UP)
        return response
    return _without_code(await welcome(request, actor, signed, where))


async def create_account(request: Request, actor: Actor) -> Response:
    """Sign up as a patient with the address or number that a code has proven; the answer sets the session cookie."""
    body, where = await read_json(request), browser_at(request)
    signed = await run_aside(sign_up_patient, actor, body, browser_of(request), where.network, where)
    return _without_code(await welcome(request, actor, signed, where, status=201))


def browser_of(request: Request) -> str:
    """Give the token of the browser that asked for a code, or an empty string."""
    return token_in(request.headers.get("cookie", ""), code_cookie_name())


def known_in(request: Request) -> str:
    """Give the cookie by which the browser is known to people who came in there, or an empty string."""
    return token_in(request.headers.get("cookie", ""), known_cookie_name())


def keep_known(request: Request, response: Response, sought: str) -> Response:
    """Let the browser be known from now on where somebody came in, so that tries and codes are theirs whatever strangers use up."""
    if sought:
        _set_cookie(response, known_cookie_name(), with_known(known_in(request), sought), LASTS)
    return response


async def use_activation(request: Request, actor: Actor) -> Response:
    """Give an account its password with the token of its activation link, then sign in."""
    body = await read_json(request)
    email = await run_aside(accounts.activate, actor, body.get("token"), body.get("password"))
    browser, known = browser_at(request), with_known(known_in(request), sought_by(email))  # who has the link has no tries of strangers
    signed = await run_aside(
        sign_in, actor, email, body.get("password"), browser.network, browser.device, known=known, browser=browser
    )  # fmt: skip
    half_open = signed.actor.kind is ActorKind.HALF_OPEN
    return await welcome(
        request, actor, signed, browser, home=f"{home_of(signed.actor.kind)}?premier" if half_open else first_of(signed.actor.kind)
    )


def with_session(signed: SignedIn, status: int = 200, home: str = "") -> Response:
    """Answer who signed in, with the cookie, or (202) where the second step is done; with the device's cookie too where it has one."""
    half_open = signed.actor.kind is ActorKind.HALF_OPEN
    body = {"kind": signed.actor.kind.value, "name": signed.actor.name, "home": home or home_of(signed.actor.kind)}
    response = JSONResponse(body, status_code=202 if half_open else status, headers={"Cache-Control": "no-store"})
    _set_cookie(response, cookie_name(), signed.token, STEP_LASTS if half_open else LONGEST)
    if signed.device:
        _set_cookie(response, device_cookie_name(), signed.device, LONGEST)
    return response


def _set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    seconds, secure = int(lasts / timedelta(seconds=1)), get_settings().secure_cookies
    response.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _without_code(response: Response) -> Response:
    response.delete_cookie(code_cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return response


def without_session(answer: Response | None = None, leave: str = "") -> Response:
    """Delete the cookie; answer with nothing unless there is an answer, or with where the browser ends the session that it came by."""
    kept = {"Cache-Control": "no-store"}
    response = answer or (JSONResponse({"leave": leave}, headers=kept) if leave else Response(status_code=204, headers=kept))
    response.delete_cookie(cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return response


_NOBODY = Body("C’est fait.")
_LEAVE = thing(("leave",), leave=text())
SIGNED = thing(("kind", "name"), kind=text(), name=text())
_PASSWORD = text(least=1, most=200)
_COMMON = refusals(401, 403, 413, 422, 429, 500, 503)
_WAITING = thing(
    ("step", "sought", "by", "sending", "simulation"), step=text(), sought=text(), by=text(), sending=text(), simulation=text()
)
_NEXT = "Il reste une seconde étape (`kind` vaut `half_open`), ou un code part d’abord vers l’adresse."
SIGN_IN = Operation(
    {200: json_body("Connecté ; le cookie est posé.", SIGNED), 202: json_body(_NEXT, {"oneOf": [SIGNED, _WAITING]})} | _COMMON,
    request=json_body("Adresse et mot de passe.", thing(("email", "password"), email=text(most=254), password=_PASSWORD)),
    tag="session",
)
CHANGE_ROLE = Operation(
    {200: json_body("La session continue dans ce rôle ; le cookie est posé.", SIGNED)} | _COMMON | refusals(404),
    request=json_body(
        "Le rôle, et le mot de passe pour qui est entré comme patient.", thing(("role",), role=text(most=40), password=text(most=200))
    ),
    tag="session",
)
SIGN_OUT = Operation(
    {200: json_body("C’est fait ici ; la session de Pro Santé Connect finit à l’adresse donnée.", _LEAVE), 204: _NOBODY}
    | refusals(401, 403, 500, 503),
    tag="session",
)
ASK_CODE = Operation(
    {202: json_body("Le code part, qu’un compte existe ou non ; un cookie le lie à ce navigateur.", _WAITING)} | _COMMON | refusals(409),
    request=json_body("Adresse e-mail ou numéro de mobile.", thing(("identifier",), identifier=text(least=1, most=254))),
    tag="session",
)
READ_CODE = Operation({200: json_body("Où en est ce navigateur.", _WAITING)} | refusals(401, 403, 429, 500, 503), tag="session")
TRY_CODE = Operation(
    {
        200: json_body("Connecté ; le cookie est posé.", SIGNED),
        202: json_body("Le code est bon ; il manque un nom, ou une seconde étape.", {"oneOf": [SIGNED, _WAITING]}),
    }
    | _COMMON
    | refusals(409),
    request=json_body("Le code.", thing(("code",), code=text(least=1, most=40))),
    tag="session",
)
SIGN_UP = Operation(
    {201: json_body("Le compte est créé ; le cookie est posé.", SIGNED)} | _COMMON | refusals(409),
    request=json_body(
        "La personne de l’adresse ou du numéro que le code a prouvé ; un mot de passe, si elle en veut un.",
        thing(
            ("given_name", "family_name", "birth_date"),
            password=text(most=200),
            given_name=text(least=1, most=80),
            family_name=text(least=1, most=80),
            birth_date=text(most=40),
            phone=text(most=40),
        ),
    ),
    tag="session",
)
ACTIVATE = Operation(
    {200: json_body("Le mot de passe est choisi ; le cookie est posé.", SIGNED), 202: json_body("Il reste une seconde étape.", SIGNED)}
    | _COMMON
    | refusals(404, 409),
    request=json_body("Le jeton du lien et le mot de passe.", thing(("token", "password"), token=text(most=200), password=_PASSWORD)),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/session", open_session, methods=("POST",), access=ANYONE | {ActorKind.LOCKED}, describes=SIGN_IN),
    route("/api/session", close_session, methods=("DELETE",), access=ANYONE, describes=SIGN_OUT),
    route("/api/session/role", change_role, methods=("POST",), access=SIGNED_IN, describes=CHANGE_ROLE),
    route("/api/sessions", close_sessions, methods=("DELETE",), access=SIGNED_IN, describes=SIGN_OUT),
    route("/api/session/code", ask_code, methods=("POST",), access=ANYONE, describes=ASK_CODE),
    route("/api/session/code", read_code, access=ANYONE, describes=READ_CODE),
    route("/api/session/code/try", try_code, methods=("POST",), access=ANYONE, describes=TRY_CODE),
    route("/api/account", create_account, methods=("POST",), access=ANYONE, describes=SIGN_UP),
    route("/api/activation", use_activation, methods=("POST",), access=ANYONE, describes=ACTIVATE),
]
