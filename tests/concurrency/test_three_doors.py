"""One slot wanted at the same moment through the public page, the desk and the API, each by its own door, over real sockets."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import pytest
from sqlalchemy import text

from maiia_pro.agenda.slots import SlotKey
from maiia_pro.identity.api_clients import Client, issue_token
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from tests.concurrency.racing import overlaps
from tests.factories import House, new_patient_account, session_token
from tests.tools.bare_server import BareServer
from tests.tools.socket_client import HYDRATE, ROOT, SocketClient

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

PAGE = f"{ROOT}.state___booking____booking"
DESK = f"{ROOT}.state___desk_booking____desk_booking"
PATIENTS, STAFF, PROGRAMS = 4, 3, 5
Act = Callable[[], Awaitable[str]]


def cookie_of(actor: Actor) -> str:
    """Sign somebody in."""
    return f"{cookie_name()}={session_token(actor)}"


def bearer_of(actor: Actor) -> dict[str, str]:
    """Give a program its token."""
    (practice_id,) = actor.practice_ids
    assert actor.api_client_id is not None
    token, _ = issue_token(Client(actor.api_client_id, "", actor.name, practice_id, actor.scopes, 6000))
    return {"authorization": f"Bearer {token}", "content-type": "application/fhir+json"}


def run_out() -> None:
    """Let the time of every hold be over, so that nobody at the door has more right to the slot than the others."""
    with transaction() as session:
        session.connection().execute(text("update appointment set held_until = now() - interval '1 second' where held_until is not null"))


async def at_the_page(client: SocketClient, slot: SlotKey) -> Act:
    """Open the page that confirms the slot; what is left is to press the button."""
    path = f"/rendez-vous/confirmer?creneau={slot}"
    await client.send(HYDRATE, path=path)
    await client.send(f"{PAGE}.arrive", path=path)
    await client.until(lambda one: one.var("booking____booking.status") not in {None, "waiting"})
    assert client.var("booking____booking.status") == "ready", client.var("booking____booking.message")
    run_out()

    async def confirm() -> str:
        await client.send(f"{PAGE}.confirm", path=path)
        await client.until(lambda one: one.var("booking____booking.status") == "taken" or bool(one.var("own_visit____own_visit.fresh")))
        return "refused" if client.var("booking____booking.status") == "taken" else "booked"

    return confirm


async def at_the_desk(client: SocketClient, slot: SlotKey, patient_id: str) -> Act:
    """Open the dialog of the desk on the slot, a patient chosen; what is left is to press the button."""
    await client.send(HYDRATE, path="/agenda")
    await client.send(f"{DESK}.begin", {"wanted": {"slot": str(slot), "patient": patient_id}}, path="/agenda")
    await client.until(lambda one: one.var("desk_booking____desk_booking.opened") is True)
    place = client.var("desk_booking____desk_booking.place")

    async def book() -> str:
        form = {"day": place["day"], "time": place["time"], "length": place["length"], "note": ""}
        await client.send(f"{DESK}.book", {"form": form}, path="/agenda")
        await client.until(
            lambda one: bool(one.var("desk_booking____desk_booking.message")) or one.var("desk_booking____desk_booking.opened") is False
        )
        message = client.var("desk_booking____desk_booking.message")
        assert not message or message.startswith("Ce créneau vient d’être réservé"), message
        return "refused" if message else "booked"

    return book


def by_program(http: httpx.AsyncClient, headers: dict[str, str], slot: SlotKey, patient_id: str) -> Act:
    """Ask by FHIR."""
    body = {
        "resourceType": "Appointment",
        "status": "booked",
        "slot": [{"reference": f"Slot/{slot}"}],
        "participant": [{"actor": {"reference": f"Patient/{patient_id}"}, "status": "accepted"}],
    }

    async def post() -> str:
        answer = await http.post("/fhir/Appointment", json=body, headers=headers)
        assert answer.status_code in {201, 409}, answer.text
        return "booked" if answer.status_code == 201 else "refused"

    return post


async def one_slot(server: BareServer, house: House, slot: SlotKey, cookies: list[str], headers: dict[str, str]) -> Counter[str]:
    """Bring everybody before the same slot, then let all act at once."""
    patient_id = house.patients[0].hex
    clients = [SocketClient(server.base_url, cookie=cookie) for cookie in cookies]
    async with httpx.AsyncClient(base_url=server.base_url, timeout=30) as http:
        try:
            for client in clients:
                await client.__aenter__()
            acts = [await at_the_page(client, slot) for client in clients[:PATIENTS]]
            acts += [await at_the_desk(client, slot, patient_id) for client in clients[PATIENTS:]]
            acts += [by_program(http, headers, slot, patient_id) for _ in range(PROGRAMS)]
            return Counter(await asyncio.gather(*(act() for act in acts)))
        finally:
            for client in clients:
                await client.__aexit__()


@pytest.mark.proof
@pytest.mark.requirement(69)
def test_page_desk_and_api_on_one_slot_have_one_winner(house, tmp_path, counting):
    rounds = counting.of(3, 200)
    cookies = [cookie_of(new_patient_account()) for _ in range(PATIENTS)] + [cookie_of(house.secretary()) for _ in range(STAFF)]
    headers = bearer_of(house.api_client())
    held = 0
    with BareServer(tmp_path) as server:
        for number in range(rounds):
            slot = house.slot(8 + number % 4, 20 * (number // 4 % 3), days=1 + number // 12)
            outcomes = asyncio.run(one_slot(server, house, slot, cookies, headers))
            held += outcomes == {"booked": 1, "refused": PATIENTS + STAFF + PROGRAMS - 1}
    assert overlaps() == 0
    counting.found("une place par la page, le bureau et l’API à la fois : un gagnant", tried=rounds, held=held)
