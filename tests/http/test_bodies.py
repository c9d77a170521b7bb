"""A body is read for as long as it needs: who asks was looked at before it, and may not act hours later with what they might do then."""

import asyncio
import json
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from maiia_pro.api import bodies, routing
from maiia_pro.api.errors import TooSlow
from maiia_pro.api.fhir.outcomes import fhir_error
from maiia_pro.api.routing import read_json
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.ids import uuid7

pytestmark = pytest.mark.unit


def test_a_body_that_is_held_back_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.1)
    monkeypatch.setattr(bodies, "SLOWEST", 10**9)

    async def dribble() -> dict:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def read() -> None:
        async with asyncio.timeout(5):
            await read_json(Request({"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}, dribble))

    with pytest.raises(TooSlow) as refused:
        asyncio.run(read())
    told = fhir_error(refused.value)
    assert (told.status_code, json.loads(told.body)["issue"][0]["code"]) == (408, "timeout")


DOCTOR = Actor(ActorKind.PRACTITIONER, "Dr Claire Vasseur", practice_ids=frozenset({uuid7()}))


@pytest.mark.requirement(52)
@pytest.mark.parametrize(("now", "status"), [(DOCTOR, 200), (Actor.anonymous(), 401), (replace(DOCTOR, practice_ids=frozenset()), 409)])
def test_who_is_shut_out_while_their_body_comes_does_nothing_with_it(monkeypatch, now, status):
    looks = iter([DOCTOR, now])

    async def who(*_asked: object) -> Actor:
        return next(looks)

    async def take(request: Request, _actor: Actor) -> JSONResponse:
        return JSONResponse(await read_json(request))

    monkeypatch.setattr(routing, "_actor", who)
    monkeypatch.setattr(bodies, "MOMENT", -1.0)
    app = Starlette(routes=[routing.route("/", take, methods=("POST",), access=frozenset({ActorKind.PRACTITIONER}))])
    assert TestClient(app).post("/", json={}).status_code == status
