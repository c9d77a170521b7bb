"""At the door: a crowd that does not come forward is not joined by newcomers, in the words of the interface, until it is gone."""

import asyncio
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from maiia_pro.api import shedding
from maiia_pro.api.hardening import Hardening
from maiia_pro.api.shedding import MOST_SLOW
from maiia_pro.kernel.errors import Busy
from maiia_pro.kernel.work import run_alone, run_aside, run_waiting

pytestmark = pytest.mark.unit


@pytest.mark.requirement(207)
@pytest.mark.parametrize(("waiting", "status"), [(MOST_SLOW, 200), (MOST_SLOW + 1, 503)])
def test_newcomers_are_turned_away_while_many_have_been_at_it_too_long_and_let_in_afterwards(tmp_path, monkeypatch, waiting, status):
    gate = asyncio.Event()

    async def slow(_request: Request) -> PlainTextResponse:
        await gate.wait()
        return PlainTextResponse("fait")

    async def quick(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("fait")

    routes = [Route("/slow", slow), Route("/", quick), Route("/fhir/Slot", quick), Route("/_health", quick)]
    app = Hardening(Starlette(routes=routes), tmp_path)

    async def run() -> tuple[list[httpx.Response], list[httpx.Response], httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            begun = [asyncio.create_task(client.get("/slow")) for _ in range(waiting)]
            for _ in range(20):
                await asyncio.sleep(0)  # each comes as far as the gate
            assert len(app.crowd._begun) == waiting
            monkeypatch.setattr(shedding, "LONGEST", -1.0)  # they have been at it too long
            newcomers = [await client.get(path) for path in ("/", "/fhir/Slot")]
            assert (await client.get("/_health")).status_code == 200
            gate.set()
            return newcomers, await asyncio.gather(*begun), await client.get("/")

    newcomers, ended, after = asyncio.run(run())
    assert {answer.status_code for answer in newcomers} == {status}
    assert {answer.status_code for answer in ended} == {200}
    assert after.status_code == 200
    if status == 503:
        assert {answer.headers["retry-after"] for answer in newcomers} == {str(Busy.retry_after)}
        assert newcomers[1].json()["resourceType"] == "OperationOutcome"


@pytest.mark.requirement(207)
def test_who_sends_slowly_or_reads_slowly_has_nobody_turned_away(tmp_path, monkeypatch):
    said = asyncio.Event()

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await request.body())

    app = Hardening(Starlette(routes=[Route("/", echo, methods=["GET", "POST"])]), tmp_path)
    monkeypatch.setattr(shedding, "LONGEST", -1.0)

    def scope(method: str) -> dict:
        return {"type": "http", "method": method, "path": "/", "query_string": b"", "headers": [], "scheme": "http", "root_path": ""}

    async def late() -> dict:
        await said.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def at_once() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def read_late(_message: dict) -> None:
        await said.wait()

    async def ignore(_message: dict) -> None:
        pass

    async def run() -> int:
        slow = [asyncio.create_task(app(scope("POST"), late, ignore)) for _ in range(MOST_SLOW + 1)]
        slow += [asyncio.create_task(app(scope("POST"), at_once, read_late)) for _ in range(MOST_SLOW + 1)]
        for _ in range(20):
            await asyncio.sleep(0)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            newcomer = await client.get("/")
        said.set()
        await asyncio.gather(*slow)
        assert not app.crowd._begun
        return newcomer.status_code

    assert asyncio.run(run()) == 200


@pytest.mark.requirement(207)
@pytest.mark.parametrize("room", [run_aside, run_waiting, run_alone])
def test_a_crowd_that_waits_its_turn_in_a_room_of_its_own_has_nobody_turned_away(tmp_path, monkeypatch, room):
    over = threading.Event()

    async def turn(_request: Request) -> PlainTextResponse:
        await room(over.wait, 30)
        return PlainTextResponse("fait")

    async def quick(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("fait")

    app = Hardening(Starlette(routes=[Route("/turn", turn), Route("/", quick)]), tmp_path)
    monkeypatch.setattr(shedding, "LONGEST", -1.0)

    async def run() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            crowd = [asyncio.create_task(client.get("/turn")) for _ in range(MOST_SLOW + 1)]
            for _ in range(20):
                await asyncio.sleep(0)
            newcomer = await client.get("/")
            over.set()
            assert {answer.status_code for answer in await asyncio.gather(*crowd)} == {200}
            return newcomer.status_code

    assert asyncio.run(run()) == 200
