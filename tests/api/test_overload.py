"""Over HTTP under overload: programs and pages are told to come back, bookings that were begun are made, and then all is as before."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from maiia_pro.api import bearers
from maiia_pro.api.asgi import build_api
from maiia_pro.kernel import work
from maiia_pro.kernel.errors import Busy
from maiia_pro.kernel.work import run_blocking
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import get_settings
from tests.api.conftest import Program
from tests.factories import House

pytestmark = pytest.mark.integration

BOOKED, SHED = 3, 12


@pytest.mark.requirement(207)
def test_under_overload_bookings_in_flight_are_made_and_newcomers_are_told_when_to_come_back(house: House, monkeypatch):
    program = Program.of(house)
    executor, gate = ThreadPoolExecutor(2), threading.Event()
    monkeypatch.setattr(bearers, "GOOD_FOR_SECONDS", 600.0)
    monkeypatch.setattr(work, "_executor", lambda: executor)
    monkeypatch.setattr(work, "_waiting", {})

    async def run() -> tuple[list[httpx.Response], list[httpx.Response], httpx.Response]:
        transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=get_settings().base_url, headers=program.headers, timeout=30) as client:
            known = await asyncio.create_task(client.get("/fhir/Appointment"))  # from here on the token is known
            assert known.status_code == 200
            held = [asyncio.create_task(run_blocking(gate.wait)) for _ in range(2)]
            fhir = {"content-type": "application/fhir+json"}
            bodies = [program.booking(9, 20 * number) for number in range(BOOKED)]
            begun = [asyncio.create_task(client.post("/fhir/Appointment", json=body, headers=fhir)) for body in bodies]
            await asyncio.to_thread(wait_until, lambda: len(work._waiting) >= 1, 10)
            monkeypatch.setattr(work, "LONGEST_WAIT", -1.0)  # what waits has waited too long
            paths = ("/fhir/Slot", "/fhir/Appointment", "/api/rendez-vous/0.ics")
            shed = await asyncio.gather(*(client.get(paths[number % 3]) for number in range(SHED)))
            gate.set()
            made = await asyncio.gather(*begun)
            await asyncio.gather(*held)
            return list(shed), list(made), await asyncio.create_task(client.get("/fhir/Appointment"))

    shed, made, after = asyncio.run(run())
    executor.shutdown()
    assert {answer.status_code for answer in shed} == {503}
    assert {answer.headers["retry-after"] for answer in shed} == {str(Busy.retry_after)}
    assert all(Busy.message in answer.text for answer in shed)
    assert [answer.status_code for answer in made] == [201] * BOOKED
    assert (after.status_code, after.json()["total"] if "total" in after.json() else len(after.json()["entry"])) == (200, BOOKED)
