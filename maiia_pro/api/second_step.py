"""The second step of signing in, passkeys as the first, and proving again who one is."""

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Operation, Schema, json_body, refusals, text, thing
from maiia_pro.api.routing import SIGNED_IN, Access, GuardedRoute, network_of, read_json, route
from maiia_pro.api.sessions import SIGNED, browser_at, remember, welcome
from maiia_pro.identity import second_step
from maiia_pro.identity.factor_tables import Purpose
from maiia_pro.identity.homes import first_of, home_of
from maiia_pro.identity.passkeys import ask_passkey
from maiia_pro.kernel.actor import VISITORS, Actor, ActorKind
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_aside, run_blocking

AT_THE_DOOR: Final[Access] = SIGNED_IN | VISITORS | {ActorKind.LOCKED}
PER_NETWORK: Final = 120
"""Challenges a minute, and answers: a practice behind one address, and each page of sign-in asks for one. Each refusal is in the trail."""
NO_STORE: Final = {"Cache-Control": "no-store"}


async def read_step(_request: Request, actor: Actor) -> Response:
    """Tell what this browser still has to do to be signed in, and by what it can."""
    found = await run_blocking(second_step.awaited_step, actor)
    if found is None:
        return JSONResponse({"step": "", "app": False, "passkey": False, "codes": False}, headers=NO_STORE)
    return JSONResponse({"step": found.step.value, "app": found.app, "passkey": found.passkey, "codes": found.codes}, headers=NO_STORE)


async def do_step(request: Request, actor: Actor) -> Response:
    """Do the second step by a code or a passkey; the answer sets the session cookie."""
    count_request(("passkey answer", network_of(request)), PER_NETWORK)
    body = await read_json(request)
    browser = browser_at(request, trusts=body.get("trust") is True)
    if "credential" in body:
        signed = await run_blocking(second_step.step_by_passkey, actor, body["credential"], browser)
    else:
        signed = await run_blocking(second_step.try_step, actor, body.get("code"), browser)
    home = (first_of if body.get("first") is True else home_of)(signed.actor.kind)
    return await welcome(request, Actor.anonymous(), signed, browser, home=home)


async def open_by_passkey(request: Request, actor: Actor) -> Response:
    """Sign in by a passkey alone; the answer sets the session cookie."""
    count_request(("passkey answer", network_of(request)), PER_NETWORK)
    body, browser = await read_json(request), browser_at(request)
    signed = await run_blocking(second_step.sign_in_by_passkey, actor, body.get("credential"), browser)
    return await welcome(request, actor, signed, browser)


async def ask(request: Request, actor: Actor) -> Response:
    """Ask for what a passkey has to sign in this browser, within five minutes: to sign in, as second step or proof, to be added."""
    count_request(("passkey", network_of(request)), PER_NETWORK)
    body, browser = await read_json(request), browser_at(request)
    try:
        purpose = Purpose(str(body.get("purpose")))
    except ValueError:
        raise Invalid("Dites à quoi servira la clé d’accès.") from None
    options: dict[str, Any] = json.loads(await run_blocking(ask_passkey, actor, purpose, browser))
    return remember(JSONResponse(options, headers=NO_STORE), browser)


async def prove(request: Request, actor: Actor) -> Response:
    """Prove again who one is, by a code or a passkey, or by the password where there is no second factor; that holds for ten minutes."""
    count_request(("passkey answer", network_of(request)), PER_NETWORK)
    body, browser = await read_json(request), browser_at(request)
    if "credential" in body:
        await run_blocking(second_step.prove_by_passkey, actor, body["credential"], browser)
    elif "password" in body:
        await run_aside(second_step.prove_by_password, actor, body["password"])
    else:
        await run_blocking(second_step.prove_by_code, actor, body.get("code"), browser)
    return JSONResponse({"minutes": 10}, headers=NO_STORE)


CREDENTIAL: Final[Schema] = {"type": "object"}
_COMMON: Final = refusals(401, 403, 409, 413, 422, 429, 500, 503)
_FLAG: Final[Schema] = {"type": "boolean"}
_STEP: Final = thing(("step", "app", "passkey", "codes"), step=text(), app=_FLAG, passkey=_FLAG, codes=_FLAG)
READ_STEP: Final = Operation({200: json_body("Ce qui reste à faire, et par quoi.", _STEP)} | _COMMON, tag="session")
DO_STEP: Final = Operation(
    {200: json_body("Connecté ; le cookie est posé.", SIGNED)} | _COMMON,
    request=json_body(
        "Le code de l’application, un code de secours, ou la réponse d’une clé d’accès.",
        thing(code=text(most=60), credential=CREDENTIAL, trust=_FLAG, first=_FLAG),
    ),
    tag="session",
)
BY_PASSKEY: Final = Operation(
    {200: json_body("Connecté ; le cookie est posé.", SIGNED)} | _COMMON,
    request=json_body("La réponse de la clé d’accès.", thing(("credential",), credential=CREDENTIAL)),
    tag="session",
)
ASK: Final = Operation(
    {200: json_body("Ce que le navigateur remet à la clé d’accès (W3C Web Authentication).", {"type": "object"})} | _COMMON,
    request=json_body("À quoi elle servira.", thing(("purpose",), purpose=text(enum=[one.value for one in Purpose]))),
    tag="session",
)
PROVE: Final = Operation(
    {200: json_body("C’est bien vous, pour autant de minutes.", thing(("minutes",), minutes={"type": "integer"}))} | _COMMON,
    request=json_body("Une preuve.", thing(code=text(most=60), password=text(most=200), credential=CREDENTIAL)),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/session/step", read_step, access=AT_THE_DOOR, describes=READ_STEP),
    route("/api/session/step", do_step, methods=("POST",), access=AT_THE_DOOR, describes=DO_STEP),
    route("/api/session/passkey", open_by_passkey, methods=("POST",), access=AT_THE_DOOR, describes=BY_PASSKEY),
    route("/api/session/proof", prove, methods=("POST",), access=SIGNED_IN, describes=PROVE),
    route("/api/passkey-challenges", ask, methods=("POST",), access=AT_THE_DOOR, describes=ASK),
]
