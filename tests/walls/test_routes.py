"""Every HTTP route and the live channel × everybody who might ask: nothing shown, nothing changed, nothing told."""

import asyncio
import json
import random
from collections import Counter
from contextlib import suppress
from typing import Any, Final

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from maiia_pro.api import topics
from maiia_pro.api.asgi import all_routes, build_api
from maiia_pro.kernel.ids import uuid7
from maiia_pro.settings import get_settings
from tests.walls.doors import DOORS, NO_OBJECT, OPEN_DOORS, Object
from tests.walls.harness import Heard, Undone
from tests.walls.judging import Aimed, Judge
from tests.walls.world import Persona, World

pytestmark = pytest.mark.integration

CALLS: Final = {f"{method} {route.path}" for route in all_routes() for method in (route.methods or set()) - {"HEAD"}}
_KINDS: Final = {"not-delegated": "NotDelegated", "not-allowed": "NotAllowed"}


def test_every_route_is_aimed_at_something_or_says_why_not():
    assert DOORS.keys() | NO_OBJECT.keys() == CALLS
    assert DOORS.keys() & NO_OBJECT.keys() == set()


async def _ask(method: str, path: str, persona: Persona, options: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
    headers = options.pop("headers", {}) | persona.headers
    async with httpx.AsyncClient(transport=transport, base_url=get_settings().base_url) as client:
        return await client.request(method, path, headers=headers, **options)


def knock(hands: Undone, world: World, door: str, persona: Persona, *, absent: bool) -> tuple[Heard, Aimed]:
    """Ask for somebody else's object, or for none."""
    named = Object(world.theirs, absent=absent)
    path, options = DOORS[door](named)
    answers: list[httpx.Response] = []
    heard = hands.call(lambda: answers.append(asyncio.run(_ask(door.partition(" ")[0], path, persona, options))))
    answer = answers[0]
    refused = "NotAllowed" if answer.status_code == 403 else str(answer.status_code)
    kind = "!" if answer.status_code >= 500 else _KINDS.get(_code(answer), refused)
    said = Heard(answer.is_success, f"{answer.status_code} {answer.text} {answer.headers.get('location', '')}", kind, heard.touched)
    of_practice = door.startswith(("POST /api/intake/calendar", "POST /api/journal"))
    office = (persona.name, door) == ("operator", "POST /api/journal")
    return said, Aimed(frozenset(named.given), frozenset(named.tables), door in OPEN_DOORS, of_practice, office)


def _code(answer: httpx.Response) -> str:
    with suppress(ValueError, AttributeError):
        return str(answer.json().get("code", ""))
    return ""


@pytest.mark.proof
@pytest.mark.requirement(208)
@pytest.mark.requirement(59)
def test_no_route_gives_changes_or_tells_of_what_is_not_the_caller_s(hands, world, counting):
    every = [(door, persona) for door in DOORS for persona in world.personas.values()]
    seed, judge, found = counting.seed("portes"), Judge(world), {}
    cells = random.Random(seed).sample(every, counting.of(150, len(every)))
    for door, persona in cells:
        absent, _ = knock(hands, world, door, persona, absent=True)
        heard, aimed = knock(hands, world, door, persona, absent=False)
        for leak in judge.leaks(persona, heard, absent, aimed):
            found.setdefault(f"{door} {leak}", []).append(persona.name)
    print(*found.items(), sep="\n")
    counting.found("murs des routes", tried=len(cells), held=len(cells) - len(found), seed=seed, of=len(every))


BLUNT: Final = {
    "GET /ical/{token}.ics": "the secret of an address, of which only a trace is kept",
    "GET /medecin/{slug}": "is written into the built pages, which may not be here; tests/http looks at it",
    "GET /medecin/{slug}/": "is written into the built pages, which may not be here; tests/http looks at it",
    "POST /api/account/lost": "answers the same, whether an account exists or not",
    "POST /api/password/forgotten": "answers the same, whether an account exists or not",
    "POST /api/account/lost/block": "the secret of a message, of which only a trace is kept",
    "POST /api/password/reset": "the secret of a message, of which only a trace is kept",
    "POST /api/screen/unlock": "answers the same to every stranger's screen",
}
"""Doors that no owner opens in this world."""


def test_those_whose_things_they_are_get_through_the_same_routes(hands, world):
    def is_hit(door: str) -> bool:
        return any(
            len({_summary(knock(hands, world, door, owner, absent=absent)[0]) for absent in (True, False)}) == 2
            for owner in world.owners.values()
        )

    blunt = {door for door in DOORS if not is_hit(door)}
    assert blunt - BLUNT.keys() == set()
    assert BLUNT.keys() - blunt <= OPEN_DOORS.keys()  # the pages may be built here or not


def _summary(heard: Heard) -> tuple[str, bool, bool, int, frozenset[tuple[tuple[str, str], int]]]:
    acts = Counter((table, act) for table, act, _, _ in heard.touched)
    return heard.kind, '"entry"' in heard.answer, "refus=oui" in heard.answer, heard.answer.count("\n"), frozenset(acts.items())


TOPICS: Final = {"agenda": "practitioner", "slots": "practitioner", "requests": "practice", "waiting": "practice"}


def listen(hands: Undone, persona: Persona, topic: str) -> Heard:
    """Open the live channel and ask to watch a topic."""
    heard: list[str] = []

    def work() -> None:
        client = TestClient(build_api(), base_url=get_settings().base_url)
        try:
            with client.websocket_connect("/live", headers={"origin": get_settings().base_url} | persona.headers) as line:
                line.send_text(json.dumps({"watch": [topic]}))
                heard.append(line.receive_text())
        except WebSocketDisconnect as closed:
            heard.append(f"closed {closed.code}")

    called = hands.call(work)
    assert called.ok, called.answer
    refused = json.loads(heard[0]).get("refused", "") if heard[0].startswith("{") else "closed"
    return Heard(not refused, heard[0], _KINDS.get(refused, refused), called.touched)


@pytest.mark.requirement(208)
def test_nobody_watches_what_is_not_theirs_on_the_live_channel(hands, world):
    assert TOPICS.keys() == topics.KINDS
    judge, found = Judge(world), []
    for kind, table in TOPICS.items():
        for persona in world.personas.values():
            heard, absent = (listen(hands, persona, f"{kind}:{ident.hex}") for ident in (world.theirs.id(table), uuid7()))
            aimed = Aimed(frozenset({world.theirs.id(table).hex}), frozenset({table}), public=kind == "slots")
            found += [f"{kind} {persona.name} {leak}" for leak in judge.leaks(persona, heard, absent, aimed)]
            let_in = heard.ok and kind != "slots" and not (table == "practice" and persona.works_for_a_colleague())
            found += [f"{kind} {persona.name} watches"] if let_in else []
    assert found == []
    assert all(listen(hands, world.owners["secretary"], f"{kind}:{world.theirs.id(table).hex}").ok for kind, table in TOPICS.items())
