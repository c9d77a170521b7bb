"""Proofs of identity: taken from who shows them, given back to them, and to the operator who decides."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import read_body
from maiia_pro.api.describe import Body, Operation, Parameter, json_body, refusals, text, thing
from maiia_pro.api.routing import GuardedRoute, route
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_alone, run_blocking
from maiia_pro.practice.declared_tables import ProofKind
from maiia_pro.practice.proofs import LARGEST, add_proof, read_proof

PER_PERSON: Final = 20
PROFESSIONALS: Final = frozenset({ActorKind.PRACTITIONER, ActorKind.SUBSTITUTE, ActorKind.AIDANT})
ENDINGS: Final = {ProofKind.PDF: "pdf", ProofKind.IMAGE: "jpg"}


async def take_proof(request: Request, actor: Actor) -> Response:
    """Take a document of whoever asks."""
    count_request(("proof", str(actor.account_id)), PER_PERSON)
    content = await read_body(request, longest=LARGEST)
    ident = await run_alone(add_proof, actor, content)
    return JSONResponse({"proof": ident.hex}, headers={"Cache-Control": "no-store"})


async def give_proof(request: Request, actor: Actor) -> Response:
    """Give a document as a file, never as a page of ours: a stranger may have written it."""
    kind, content = await run_blocking(read_proof, actor, parse_id(request.path_params["id"]))
    headers = {"Content-Disposition": f'attachment; filename="piece.{ENDINGS[kind]}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind.value, headers=headers)


_TAKEN: Final = Operation(
    {200: json_body("L’identifiant de la pièce.", thing(("proof",), proof=text()))} | refusals(401, 403, 409, 413, 422, 429, 500, 503),
    request=Body(
        "Un PDF ou une image, de 5 Mo au plus.", {kind: text() for kind in ("application/pdf", "image/jpeg", "image/png", "image/webp")}
    ),
    tag="compte",
)
_GIVEN: Final = Operation(
    {200: Body("La pièce.", {kind.value: text() for kind in ProofKind}, ("Content-Disposition",))} | refusals(401, 403, 404, 503),
    parameters=(Parameter("id", "Identifiant de la pièce.", text(), place="path", required=True),),
    tag="compte",
)

routes: list[GuardedRoute] = [
    route("/api/proofs", take_proof, methods=("POST",), access=PROFESSIONALS, describes=_TAKEN),
    route("/api/proofs/{id}", give_proof, access=PROFESSIONALS | {ActorKind.OPERATOR}, describes=_GIVEN),
]
