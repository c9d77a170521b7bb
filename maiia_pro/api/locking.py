"""A screen that several people share: locked by one, unlocked by another with a PIN."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Operation, json_body, refusals, text, thing
from maiia_pro.api.routing import Access, GuardedRoute, network_of, read_json, route
from maiia_pro.api.sessions import with_session
from maiia_pro.identity import locking, pins
from maiia_pro.identity.cookies import device_in
from maiia_pro.kernel.actor import STAFF, VISITORS, Actor, ActorKind
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_aside, run_blocking

AT_THE_SCREEN: Final[Access] = STAFF | VISITORS | {ActorKind.LOCKED}
PER_DEVICE: Final = 60
"""Unlockings a minute; what bounds guessing is the count of wrong PINs, in a row and a day, that each enrolment keeps."""
PER_NETWORK: Final = 300
"""Far more than the desks of a practice behind one address."""


async def lock_screen(request: Request, actor: Actor) -> Response:
    """Lock the screen, if somebody of a practice is signed in, and list who may unlock it."""
    await run_blocking(locking.lock, actor)
    people = await run_blocking(locking.enrolled, actor, device_in(request.headers.get("cookie", "")))
    listed = [{"id": one.account_id.hex, "name": one.name, "pin": one.has_pin, "here": one.here} for one in people]
    return JSONResponse({"people": listed}, headers={"Cache-Control": "no-store"})


async def unlock_screen(request: Request, actor: Actor) -> Response:
    """Unlock the screen with one's PIN; the answer sets the session cookie of the person."""
    device = device_in(request.headers.get("cookie", ""))
    count_request(("unlock from", network_of(request)), PER_NETWORK)  # first: a cookie is whatever the caller says it is
    count_request(("unlock", device), PER_DEVICE)
    body = await read_json(request)
    return with_session(await run_blocking(locking.unlock, actor, device, body.get("person"), body.get("pin")))


async def choose_pin(request: Request, actor: Actor) -> Response:
    """Choose one's PIN, with one's password."""
    body = await read_json(request)
    await run_aside(pins.choose_pin, actor, body.get("password"), body.get("pin"))
    return JSONResponse({"home": "/agenda"}, headers={"Cache-Control": "no-store"})


_REFUSALS: Final = refusals(401, 403, 404, 413, 422, 429, 500, 503)
_PERSON: Final = thing(("id", "name", "pin", "here"), id=text(), name=text(), pin={"type": "boolean"}, here={"type": "boolean"})
_PEOPLE: Final = thing(("people",), people={"type": "array", "items": _PERSON})
LOCK: Final = Operation({200: json_body("Qui peut déverrouiller cet écran.", _PEOPLE)} | _REFUSALS, tag="session")
UNLOCK: Final = Operation(
    {200: json_body("Déverrouillé ; le cookie est posé.", thing(("kind", "name"), kind=text(), name=text()))} | _REFUSALS,
    request=json_body("La personne et son code.", thing(("person", "pin"), person=text(), pin=text(least=4, most=6))),
    tag="session",
)
PIN: Final = Operation(
    {200: json_body("Le code est choisi.", thing(("home",), home=text()))} | _REFUSALS,
    request=json_body("Le mot de passe et le code.", thing(("password", "pin"), password=text(), pin=text(least=4, most=6))),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/screen/lock", lock_screen, methods=("POST",), access=AT_THE_SCREEN, describes=LOCK),
    route("/api/screen/unlock", unlock_screen, methods=("POST",), access=AT_THE_SCREEN, describes=UNLOCK),
    route("/api/pin", choose_pin, methods=("POST",), access=STAFF, describes=PIN),
]
