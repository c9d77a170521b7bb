"""Who is giving an appointment at which time: colleagues see it, nothing is blocked or kept, and it goes with the socket."""

import json

import pytest
from starlette.testclient import TestClient

from maiia_pro.api import looks
from tests.desk.test_live import opened, watch
from tests.desk.world import World, signed_in

pytestmark = pytest.mark.integration


def spot(world: World, hour: int = 9) -> dict:
    return {"practitioner": world.first.hex, "day": world.day().isoformat(), "start": hour * 60}


def look(socket, at: dict | None) -> None:
    socket.send_text(json.dumps({"look": at}))


def test_a_colleague_sees_who_is_on_a_time_and_that_they_left(api: TestClient, world: World) -> None:
    topic = f"agenda:{world.first.hex}"
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        watch(two, topic)
        look(one, spot(world))
        came = two.receive_json()
        look(one, None)
        left = two.receive_json()
    assert came["look"] == {"name": "Sylvie Moreau", "day": world.day().isoformat(), "start": 540}
    assert (left["id"], left["look"]) == (came["id"], None)


def test_who_goes_on_to_another_time_is_no_longer_on_the_first(api: TestClient, world: World) -> None:
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        watch(two, f"agenda:{world.first.hex}")
        look(one, spot(world))
        two.receive_json()
        look(one, spot(world, 10))
        assert [two.receive_json()["look"], two.receive_json()["look"]["start"]] == [None, 600]


def test_a_tab_that_dies_is_on_no_time(api: TestClient, world: World) -> None:
    with opened(api, world.practitioner) as two:
        watch(two, f"agenda:{world.first.hex}")
        with opened(api, world.secretary) as one:
            look(one, spot(world))
            assert two.receive_json()["look"]
        assert next(frame for frame in iter(two.receive_json, None) if "look" in frame)["look"] is None


def test_who_opens_the_agenda_afterwards_sees_it_for_two_minutes(api: TestClient, world: World, monkeypatch) -> None:
    topic = f"agenda:{world.first.hex}"
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        watch(two, topic)
        look(one, spot(world))
        two.receive_json()
        with opened(api, world.practitioner) as late:
            watch(late, topic)
            assert late.receive_json()["look"]["name"] == "Sylvie Moreau"
        later = looks.time.monotonic() + looks.KEPT_SECONDS
        monkeypatch.setattr(looks.time, "monotonic", lambda: later)
        assert api.hub.looks.on([topic], world.practitioner.actor.account_id) == []


def test_one_s_own_screens_are_not_told_of_oneself(api: TestClient, world: World) -> None:
    topic = f"agenda:{world.first.hex}"
    with opened(api, world.secretary) as one, opened(api, world.secretary) as own, opened(api, world.practitioner) as two:
        watch(own, topic)
        watch(two, topic)
        look(one, spot(world))
        assert two.receive_json()["look"]
        world.book(11)
        assert own.receive_json()["action"] == "appointment:booked"


def test_nobody_from_elsewhere_is_shown_on_a_time(api: TestClient, world: World) -> None:
    topic = f"agenda:{world.first.hex}"
    visitor = signed_in(world.house.secretary("Marie Leroy"))
    with opened(api, world.stranger) as one, opened(api, world.practitioner) as two, opened(api, visitor) as colleague:
        watch(two, topic)
        look(one, spot(world))
        look(colleague, spot(world, 10))
        assert two.receive_json()["look"]["name"] == "Marie Leroy"


@pytest.mark.parametrize("wrong", [[], "9h", {"practitioner": "x", "day": "2026-01-01", "start": 5}, {"day": "2026-W01-1"}, {"start": -1}])
def test_what_is_no_time_is_refused_in_a_sentence(api: TestClient, world: World, wrong) -> None:
    at = spot(world) | wrong if isinstance(wrong, dict) else wrong
    with opened(api, world.secretary) as one:
        one.send_text(json.dumps({"look": at}))
        answer = one.receive_json()
    assert (answer["refused"] in {"invalid", "not-found"}, answer["look"]) == (True, None)


def test_a_look_blocks_nobody(api: TestClient, world: World) -> None:
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        watch(two, f"agenda:{world.first.hex}")
        look(one, spot(world))
        two.receive_json()
        assert world.book(9, who=world.practitioner)
