"""Changing a password, choosing another by a link, and blocking an account whose identifiers are lost or stolen."""

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from maiia_pro.api.describe import Operation, json_body, refusals, text, thing
from maiia_pro.api.routing import ANYONE, SIGNED_IN, Access, GuardedRoute, network_of, read_json, route
from maiia_pro.api.sessions import keep_known, known_in, without_session
from maiia_pro.identity import contact_codes, password_change, recovery
from maiia_pro.identity.health_tables import Purpose
from maiia_pro.identity.strength import FILE
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.work import run_aside, run_blocking

AT_WORK: Final = SIGNED_IN - {ActorKind.PATIENT}
AT_ANY_SCREEN: Final[Access] = ANYONE | {ActorKind.LOCKED}
"""A shared screen that somebody locked is no reason for another not to come back in."""
SENT: Final = "Si un compte existe avec cette adresse, un message y part maintenant. Ouvrez le lien qu’il contient."
CHANGED: Final = "Votre mot de passe est changé. Vos autres sessions sont fermées."
SIGN_IN: Final = "/connexion/?{}#mot-de-passe"


async def change_password(request: Request, actor: Actor) -> Response:
    """Change one's password, with the one of before; the account's other sessions end."""
    body = await read_json(request)
    await run_aside(password_change.change_password, actor, body.get("old"), body.get("password"))
    return _answer(said=CHANGED)


async def ask_reset(request: Request, actor: Actor) -> Response:
    """Have a link sent by which another password is chosen, whether an account exists or not."""
    return await _ask(request, actor, Purpose.RESET)


async def ask_block(request: Request, actor: Actor) -> Response:
    """Have a link sent by which the account is blocked, whether an account exists or not."""
    return await _ask(request, actor, Purpose.BLOCK)


async def _ask(request: Request, actor: Actor, purpose: Purpose) -> Response:
    body = await read_json(request)
    await run_blocking(recovery.ask_recovery, actor, purpose, body.get("identifier"), network_of(request), known_in(request))
    return _answer(said=SENT, status=202)


async def reset_password(request: Request, actor: Actor) -> Response:
    """Choose another password with the token of a link; every session of the account ends.

    The browser is known from now on: whoever is shut out by the wrong tries of strangers comes in there.
    """
    body = await read_json(request)
    sought = await run_aside(recovery.reset_password, actor, body.get("token"), body.get("password"))
    return keep_known(request, _answer(home=SIGN_IN.format("change")), sought)


async def block_by_link(request: Request, actor: Actor) -> Response:
    """Block an account with the token of a link."""
    body = await read_json(request)
    await run_blocking(recovery.block_by_link, actor, body.get("token"))
    return _answer(home=SIGN_IN.format("bloque"))


async def block_own(_request: Request, actor: Actor) -> Response:
    """Block one's own account at once; the answer deletes the session cookie."""
    await run_blocking(recovery.block_own, actor)
    return without_session(_answer(home=SIGN_IN.format("bloque")))


async def ask_email(request: Request, actor: Actor) -> Response:
    """Have a code sent to the address that one's professional account shall have, with one's password."""
    body = await read_json(request)
    typed, password = body.get("identifier"), body.get("password")
    await run_aside(contact_codes.ask_new_contact, actor, typed, network_of(request), password)
    return _answer(home="/compte/informations")


async def known_words(_request: Request, _actor: Actor) -> Response:
    """Give the words that passwords are made of, for the meter beside the field: no password leaves the browser to be weighed."""
    kept = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=604800"}
    return FileResponse(FILE, media_type="application/json", headers=kept)


def _answer(*, said: str = "", home: str = "", status: int = 200) -> Response:
    return JSONResponse({"said": said} if said else {"home": home}, status_code=status, headers={"Cache-Control": "no-store"})


_REFUSALS: Final = refusals(401, 403, 409, 413, 422, 429, 500, 503)
_SAID: Final = thing(("said",), said=text())
_HOME: Final = thing(("home",), home=text())
_PASSWORD: Final = text(least=1, most=200)
_ASKED: Final = Operation(
    {202: json_body("Un lien part si un compte existe ; la réponse est la même sinon.", _SAID)} | _REFUSALS,
    request=json_body("Adresse e-mail ou numéro de mobile.", thing(("identifier",), identifier=text(least=1, most=254))),
    tag="session",
)
_CHANGE: Final = Operation(
    {200: json_body("Le mot de passe est changé.", _SAID)} | _REFUSALS,
    request=json_body("Le mot de passe actuel et le nouveau.", thing(("old", "password"), old=_PASSWORD, password=_PASSWORD)),
    tag="session",
)
_RESET: Final = Operation(
    {200: json_body("Le mot de passe est choisi.", _HOME)} | _REFUSALS,
    request=json_body("Le jeton du lien et le mot de passe.", thing(("token", "password"), token=text(most=200), password=_PASSWORD)),
    tag="session",
)
_BLOCK: Final = Operation(
    {200: json_body("Le compte est bloqué.", _HOME)} | _REFUSALS,
    request=json_body("Le jeton du lien.", thing(("token",), token=text(most=200))),
    tag="session",
)
_BLOCK_OWN: Final = Operation({200: json_body("Le compte est bloqué, un lien part pour le rouvrir.", _HOME)} | _REFUSALS, tag="session")
_EMAIL: Final = Operation(
    {200: json_body("Un code part vers cette adresse.", _HOME)} | _REFUSALS,
    request=json_body(
        "La nouvelle adresse et le mot de passe.",
        thing(("identifier", "password"), identifier=text(least=1, most=254), password=_PASSWORD),
    ),
    tag="session",
)
_WORDS: Final = Operation(
    {200: json_body("Les mots et les claviers.", thing(("dictionary", "graphs"), dictionary={"type": "object"}, graphs={"type": "object"}))}
    | refusals(500),
    tag="session",
)

routes: list[GuardedRoute] = [
    route("/api/password", change_password, methods=("POST",), access=SIGNED_IN, describes=_CHANGE),
    route("/api/password/forgotten", ask_reset, methods=("POST",), access=AT_ANY_SCREEN, describes=_ASKED),
    route("/api/password/reset", reset_password, methods=("POST",), access=AT_ANY_SCREEN, describes=_RESET),
    route("/api/account/email", ask_email, methods=("POST",), access=AT_WORK, describes=_EMAIL),
    route("/api/password/words", known_words, access=ANYONE, identify=False, describes=_WORDS),
    route("/api/account/lost", ask_block, methods=("POST",), access=AT_ANY_SCREEN, describes=_ASKED),
    route("/api/account/lost/block", block_by_link, methods=("POST",), access=AT_ANY_SCREEN, describes=_BLOCK),
    route("/api/account/block", block_own, methods=("POST",), access=SIGNED_IN, describes=_BLOCK_OWN),
]
