"""A body is read for as long as it needs: who asks was looked at before it, and may not act hours later with what they might do then."""

import asyncio
import json

import pytest
from starlette.requests import Request

from maiia_pro.api import bodies
from maiia_pro.api.errors import TooSlow
from maiia_pro.api.fhir.outcomes import fhir_error
from maiia_pro.api.routing import read_json

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
