"""The FHIR routes: two ways to search, one to read, and what else a type can do."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from maiia_pro.agenda.booking import BookingRequest
from maiia_pro.api.fhir import appointments, directory, documents, patients, slots
from maiia_pro.api.fhir.capability import PARAMETERS, metadata, smart_configuration
from maiia_pro.api.fhir.contest import in_turn
from maiia_pro.api.fhir.exchange import Endpoint, fhir_route, pairs_of, read_form, read_resource
from maiia_pro.api.fhir.format import FHIR_JSON, JSON_PATCH, Resource, address, rendered, written
from maiia_pro.api.fhir.lengths import check_length
from maiia_pro.api.fhir.outcomes import BadRequest, NoSuchMethod, RepeatWithKey, fhir_error, outcome, outcome_headers
from maiia_pro.api.fhir.parameters import Page, Parameters, bundle, is_lenient
from maiia_pro.api.routing import ANYONE, GuardedRoute, route
from maiia_pro.identity.idempotency import Answer, Repeatable, answer_once, check_key
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound, OutcomeUnknown
from maiia_pro.kernel.work import run_blocking

Searcher = Callable[[Actor, Parameters], Page]
Reader = Callable[[Actor, str], Resource]

SEARCHERS: Final[dict[str, Searcher]] = {
    **dict.fromkeys(directory.PARAMETERS, directory.search),
    "Slot": slots.search,
    "Patient": patients.search,
    "Appointment": appointments.search,
}
LASTING: Final = frozenset({400, 404, 409, 422})
"""Refusals that a repeated request with the same key gets again."""


def _reader(kind: str) -> Reader:
    own: dict[str, Reader] = {"Slot": slots.read, "Patient": patients.read, "Appointment": appointments.read}
    return own.get(kind) or (lambda actor, ident: directory.read(actor, kind, ident))


def _searching(kind: str) -> Endpoint:
    async def search(request: Request, actor: Actor) -> Response:
        asked = pairs_of(request.scope["query_string"])
        if request.method == "POST":
            asked += await read_form(request)
            await _note_key(request, actor, f"POST /fhir/{kind}/_search", asked)
        parameters = Parameters.read(kind, PARAMETERS[kind], asked, lenient=is_lenient(request))
        return rendered(await run_blocking(_found, kind, actor, parameters))

    search.__doc__ = f"Search {kind}."
    return search


def _found(kind: str, actor: Actor, parameters: Parameters) -> Resource:
    return bundle(parameters, SEARCHERS[kind](actor, parameters))


async def _note_key(request: Request, actor: Actor, path: str, asked: object) -> None:
    if (header := request.headers.get("idempotency-key")) is not None:
        await run_blocking(check_key, actor, Repeatable.read(path, header, json.dumps(asked).encode()))


def _reading(kind: str) -> Endpoint:
    async def read(request: Request, actor: Actor) -> Response:
        found = await run_blocking(_reader(kind), actor, request.path_params["id"])
        return rendered(found, headers=_version(found))

    read.__doc__ = f"Read a {kind}."
    return read


def _version(resource: Resource) -> dict[str, str]:
    version = resource.get("meta", {}).get("versionId")
    return {"ETag": f'W/"{version}"'} if version else {}


async def create_patient(request: Request, actor: Actor) -> Response:
    """Create the record of a patient in the practice."""
    body = await read_resource(request)
    require(actor, Permission.PATIENT_EDIT)
    return await _created(request, actor, body, lambda: patients.create(actor, patients.identity_of(body)))


async def book(request: Request, actor: Actor) -> Response:
    """Book a free slot for a patient."""
    body = await read_resource(request)
    require(actor, Permission.APPOINTMENT_BOOK)
    if "idempotency-key" in request.headers:
        return await _created(request, actor, body, lambda: _booked(actor, body, *appointments.booking_of(body)))
    asked, taken_for = appointments.booking_of(body)
    return await in_turn(
        (asked.slot, actor.practice_ids), lambda: _created(request, actor, body, lambda: _booked(actor, body, asked, taken_for))
    )


def _booked(actor: Actor, body: Any, asked: BookingRequest, taken_for: dict[str, UUID]) -> Resource:
    check_length(actor, body, asked.slot)
    return appointments.appointment(appointments.create(actor, asked, taken_for))


async def _created(request: Request, actor: Actor, body: object, work: Callable[[], Resource]) -> Response:
    """Answer 201 with the resource and its address; with an `Idempotency-Key`, as the first time.

    The caller has asked whether the actor may: a kept answer is shown as it is.
    """
    if "if-none-exist" in request.headers:
        raise BadRequest("La création conditionnelle (If-None-Exist) n’est pas proposée : employez Idempotency-Key.")
    header = request.headers.get("idempotency-key")
    if header is None:
        answer = _as_answer(await run_blocking(work))
    else:
        asked = json.dumps(body, sort_keys=True).encode()
        repeatable = Repeatable.read(f"POST {request.url.path}", header, asked)
        try:
            answer = await run_blocking(answer_once, actor, repeatable, partial(_answered, work))
        except OutcomeUnknown:
            raise RepeatWithKey from None
    return Response(answer.body, answer.status, {"Cache-Control": "no-store"} | answer.headers, FHIR_JSON)


def _as_answer(resource: Resource) -> Answer:
    where = address(resource["resourceType"], resource["id"])
    return Answer(201, written(resource), {"Location": where} | _version(resource))


def _answered(work: Callable[[], Resource]) -> Answer:
    """Turn a lasting refusal into an answer that can be kept; others pass."""
    try:
        return _as_answer(work())
    except DomainError as refusal:
        if int(refusal.status) not in LASTING:
            raise
        return Answer(int(refusal.status), written(outcome(refusal)), outcome_headers(refusal))


async def update_appointment(request: Request, actor: Actor) -> Response:
    """Cancel an appointment: the same resource with the status cancelled."""
    body = await read_resource(request)
    if_match = request.headers.get("if-match", "")
    entry = await run_blocking(appointments.replace, actor, request.path_params["id"], body, if_match)
    return _changed(appointments.appointment(entry))


async def patch_appointment(request: Request, actor: Actor) -> Response:
    """Cancel an appointment: a JSON Patch that replaces /status by cancelled."""
    appointments.patched(await read_resource(request, types=frozenset({JSON_PATCH})))
    if_match = request.headers.get("if-match", "")
    entry = await run_blocking(appointments.cancel, actor, request.path_params["id"], "", if_match)
    return _changed(appointments.appointment(entry))


def _changed(resource: Resource) -> Response:
    return rendered(resource, headers=_version(resource))


async def elsewhere(request: Request, _actor: Actor) -> Response:
    """Answer for every other address under /fhir: there is nothing, or not by this method."""
    methods = {
        method
        for declared in routes
        if declared.matches(dict(request.scope))[0] is Match.PARTIAL and declared.name not in {"fhir-base", "fhir-elsewhere"}
        for method in declared.methods or ()
    }
    if methods:
        raise NoSuchMethod(methods)
    raise NotFound("Il n’y a rien à cette adresse. Voyez /fhir/metadata.")


class Anything(Convertor[str]):
    """The rest of a path, line ends too (Starlette's own `path` stops at them)."""

    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Give it as it is."""
        return value


register_url_convertor("anything", Anything())
ELSEWHERE: Final = "/fhir/{rest:anything}"
EVERY_METHOD: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def _of(kind: str) -> list[GuardedRoute]:
    path, name = f"/fhir/{kind}", kind.lower()
    found, seen = _searching(kind), _reading(kind)
    return [
        fhir_route(path, found, describes=documents.searched(kind, PARAMETERS[kind]), name=f"{name}-search"),
        fhir_route(
            f"{path}/_search", found, methods=("POST",), describes=documents.searched_by_form(kind, PARAMETERS[kind]), name=f"{name}-post"
        ),
        fhir_route(f"{path}/{{id}}", seen, describes=documents.read(kind), name=f"{name}-read"),
    ]


_open: dict[str, Any] = {"access": ANYONE, "identify": False, "errors": fhir_error}
routes: list[GuardedRoute] = [
    route("/fhir/metadata", metadata, **_open, describes=documents.METADATA, name="fhir-metadata"),
    route("/fhir/.well-known/smart-configuration", smart_configuration, **_open, describes=documents.SMART),
    *(declared for kind in PARAMETERS for declared in _of(kind)),
    fhir_route("/fhir/Patient", create_patient, methods=("POST",), describes=documents.created("Patient"), name="patient-create"),
    fhir_route("/fhir/Appointment", book, methods=("POST",), describes=documents.created("Appointment"), name="appointment-create"),
    fhir_route("/fhir/Appointment/{id}", update_appointment, methods=("PUT",), describes=documents.UPDATED, name="appointment-update"),
    fhir_route("/fhir/Appointment/{id}", patch_appointment, methods=("PATCH",), describes=documents.PATCHED, name="appointment-patch"),
    fhir_route("/fhir", elsewhere, methods=EVERY_METHOD, describes=documents.BASE, name="fhir-base"),
    fhir_route(ELSEWHERE, elsewhere, methods=EVERY_METHOD, describes=documents.ELSEWHERE, name="fhir-elsewhere"),
]
