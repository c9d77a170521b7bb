"""One's own second factors: an application, passkeys, recovery codes. What is secret is told once, and kept in no screen's state."""

from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, Schema, json_body, refusals, text, thing
from maiia_pro.api.routing import SIGNED_IN, Access, GuardedRoute, read_json, route
from maiia_pro.api.second_step import CREDENTIAL, NO_STORE
from maiia_pro.api.sessions import browser_at, welcome
from maiia_pro.identity import authenticator, own_factors, passkeys, recovery_codes
from maiia_pro.identity.finishing import Added
from maiia_pro.identity.homes import first_of, home_of
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.reception.qr import qr_path

SETTING_UP: Final[Access] = SIGNED_IN | {ActorKind.HALF_OPEN}


async def read_factors(_request: Request, actor: Actor) -> Response:
    """Tell one's second factors (instants in ISO 8601), and how one would prove who one is before changing them."""
    found = await run_blocking(own_factors.own_factors, actor)
    listed = [
        {"id": key.id.hex, "name": key.name, "since": _instant(key.created_at), "used": _instant(key.last_used_at)}
        for key in found.passkeys
    ]
    said = {"app": _instant(found.app_since), "passkeys": listed, "codes": found.codes}
    return JSONResponse(said | {"required": found.required, "fresh": found.fresh, "proof": found.proof.value}, headers=NO_STORE)


def _instant(at: datetime | None) -> str:
    return at.isoformat() if at else ""


async def begin_app(_request: Request, actor: Actor) -> Response:
    """Make the secret of an application: to type, and as a QR code to draw."""
    made = await run_blocking(authenticator.begin_app, actor)
    size, path = qr_path(made.address)
    return JSONResponse({"secret": made.words, "address": made.address, "size": size, "path": path}, headers=NO_STORE)


async def prove_app(request: Request, actor: Actor) -> Response:
    """Have the application count by a first code of it; where this is the second step, the answer sets the session cookie."""
    body = await read_json(request)
    browser = browser_at(request, trusts=body.get("trust") is True)
    added = await run_blocking(authenticator.prove_app, actor, body.get("code"), browser)
    return await _added(request, added, body)


async def add_passkey(request: Request, actor: Actor) -> Response:
    """Add the passkey that the browser has just made; where this is the second step, the answer sets the session cookie."""
    body = await read_json(request)
    browser = browser_at(request, trusts=body.get("trust") is True)
    added = await run_blocking(passkeys.add_passkey, actor, body.get("credential"), body.get("name"), browser)
    return await _added(request, added, body)


async def _added(request: Request, added: Added, body: dict[str, Any]) -> Response:
    said = JSONResponse({"codes": added.codes, "home": ""}, status_code=201, headers=NO_STORE)
    if added.signed is None:
        return said
    home = (first_of if body.get("first") is True else home_of)(added.signed.actor.kind)
    opened = await welcome(request, Actor.anonymous(), added.signed, browser_at(request), home=home)
    said = JSONResponse({"codes": added.codes, "home": home}, status_code=201, headers=NO_STORE)
    said.raw_headers.extend(header for header in opened.raw_headers if header[0] == b"set-cookie")
    return said


async def rename_passkey(request: Request, actor: Actor) -> Response:
    """Give a passkey another name."""
    body = await read_json(request)
    await run_blocking(passkeys.rename_passkey, actor, parse_id(request.path_params["id"]), body.get("name"))
    return Response(status_code=204, headers=NO_STORE)


async def remove_passkey(request: Request, actor: Actor) -> Response:
    """Take a passkey away."""
    await run_blocking(passkeys.remove_passkey, actor, parse_id(request.path_params["id"]), browser_at(request))
    return Response(status_code=204, headers=NO_STORE)


async def remove_app(request: Request, actor: Actor) -> Response:
    """Take the application away."""
    await run_blocking(authenticator.remove_app, actor, browser_at(request))
    return Response(status_code=204, headers=NO_STORE)


async def renew_codes(request: Request, actor: Actor) -> Response:
    """Make ten recovery codes in place of those of before; they are told this once."""
    return JSONResponse(
        {"codes": await run_blocking(recovery_codes.renew_codes, actor, browser_at(request))}, status_code=201, headers=NO_STORE
    )


_COMMON: Final = refusals(401, 403, 409, 413, 422, 429, 500, 503)
_TEXTS: Final[Schema] = {"type": "array", "items": text()}
_NUMBER: Final[Schema] = {"type": "integer"}
_FLAG: Final[Schema] = {"type": "boolean"}
_PASSKEY: Final = thing(("id", "name", "since", "used"), id=text(), name=text(), since=text(), used=text())
_FACTORS: Final = thing(
    ("app", "passkeys", "codes", "required", "fresh", "proof"),
    app=text(), passkeys={"type": "array", "items": _PASSKEY}, codes=_NUMBER, required=_FLAG, fresh=_FLAG, proof=text(),
)  # fmt: skip
_DONE: Final = {204: Body("C’est fait.")}
_CODES: Final = thing(("codes", "home"), codes=_TEXTS, home=text())
_ADDED: Final = {201: json_body("Il compte ; les codes de secours ne sont dits qu’ici.", _CODES)}
READ: Final = Operation({200: json_body("Vos moyens.", _FACTORS)} | _COMMON, tag="session")
BEGIN: Final = Operation(
    {200: json_body("Le secret, dit une fois.", thing(("secret", "address"), secret=text(), address=text(), size=_NUMBER, path=text()))}
    | _COMMON,
    tag="session",
)
PROVE: Final = Operation(
    _ADDED | _COMMON,
    request=json_body("Un code de l’application.", thing(("code",), code=text(most=40), trust=_FLAG, first=_FLAG)),
    tag="session",
)
ADD: Final = Operation(
    _ADDED | _COMMON,
    request=json_body(
        "La réponse de la nouvelle clé d’accès, et son nom.",
        thing(("credential",), credential=CREDENTIAL, name=text(most=60), trust=_FLAG, first=_FLAG),
    ),
    tag="session",
)
_NAME: Final = json_body("Le nom.", thing(("name",), name=text(most=60)))
RENAME: Final = Operation(_DONE | _COMMON | refusals(404), request=_NAME, tag="session")
REMOVE: Final = Operation(_DONE | _COMMON | refusals(404), tag="session")
RENEW: Final = Operation({201: json_body("Dix codes, dits une fois.", thing(("codes",), codes=_TEXTS))} | _COMMON, tag="session")

routes: list[GuardedRoute] = [
    route("/api/factors", read_factors, access=SIGNED_IN, describes=READ),
    route("/api/authenticator", begin_app, methods=("POST",), access=SETTING_UP, describes=BEGIN),
    route("/api/authenticator/proof", prove_app, methods=("POST",), access=SETTING_UP, describes=PROVE),
    route("/api/authenticator", remove_app, methods=("DELETE",), access=SIGNED_IN, describes=REMOVE),
    route("/api/passkeys", add_passkey, methods=("POST",), access=SETTING_UP, describes=ADD),
    route("/api/passkeys/{id}", rename_passkey, methods=("PATCH",), access=SIGNED_IN, describes=RENAME),
    route("/api/passkeys/{id}", remove_passkey, methods=("DELETE",), access=SIGNED_IN, describes=REMOVE),
    route("/api/recovery-codes", renew_codes, methods=("POST",), access=SIGNED_IN, describes=RENEW),
]
