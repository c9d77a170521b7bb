"""Requests are the practice's own: nobody else reads, lists, changes or hears of them."""

import json

import pytest

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.ids import uuid7
from maiia_pro.requests.changing import (
    assign_request,
    close_request,
    comment_request,
    reopen_request,
    reschedule_request,
    take_request,
)
from maiia_pro.requests.detail import read_request
from maiia_pro.requests.listing import count_requests
from maiia_pro.requests.tables import Priority
from tests.desk.test_live import opened, watch
from tests.factories import House, new_operator, new_patient_account
from tests.requests.asking import asked, lines

pytestmark = pytest.mark.integration

ACTS = {
    "create": lambda house, actor, _request: asked(house, actor),
    "list": lambda house, actor, _request: lines(house, actor),
    "count": lambda house, actor, _request: count_requests(actor, house.practice_id),
    "read": lambda _house, actor, request: read_request(actor, request),
    "take": lambda _house, actor, request: take_request(actor, request, 1),
    "assign": lambda _house, actor, request: assign_request(actor, request, 1, None),
    "reschedule": lambda _house, actor, request: reschedule_request(actor, request, 1, "demain", Priority.NORMAL),
    "comment": lambda _house, actor, request: comment_request(actor, request, "Bonjour"),
    "close": lambda _house, actor, request: close_request(actor, request, 1),
    "reopen": lambda _house, actor, request: reopen_request(actor, request, 1),
}
REFUSALS = {
    "stranger": NotFound,
    "patient": NotAllowed,
    "operator": NotAllowed,
    "api client": NotAllowed,
    "visitor": NotSignedIn,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", REFUSALS)
def test_nobody_else_touches_the_requests_of_a_practice(house, act, role):
    owner = house.secretary()
    request = asked(house, owner)
    actor = {
        "stranger": lambda: House.ready().secretary(),
        "patient": new_patient_account,
        "operator": new_operator,
        "api client": house.api_client,
        "visitor": Actor.anonymous,
    }[role]()
    with pytest.raises(REFUSALS[role]):
        ACTS[act](house, actor, request)
    assert [(line.id, line.version, line.comments) for line in lines(house, owner)] == [(request, 1, 0)]


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"create", "list", "count"}))
def test_what_does_not_exist_is_not_found(house, act):
    with pytest.raises(NotFound):
        ACTS[act](house, house.secretary(), uuid7())


@pytest.mark.parametrize("name", ["patient", "practitioner", "appointment"])
def test_a_request_names_only_what_is_of_the_practice(house, other_house, name):
    theirs = {"patient": other_house.patients[0], "practitioner": other_house.practitioners[0], "appointment": uuid7()}
    for ident in (theirs[name].hex, "x", "\x00"):
        with pytest.raises(NotFound):
            asked(house, house.secretary(), **{name: ident})


def test_every_screen_of_the_practice_hears_of_a_change_and_no_word_of_it(api, world):
    topic = f"requests:{world.house.practice_id.hex}"
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        assert watch(one, topic) == watch(two, topic) == {"watching": [topic]}
        request = asked(world.house, world.secretary.actor)
        take_request(world.practitioner.actor, request, 1)
        told = [{"topic": topic, "id": request.hex, "version": version} for version in (1, 2)]
        assert [one.receive_json(), one.receive_json()] == [two.receive_json(), two.receive_json()] == told


@pytest.mark.parametrize(("who", "code"), [("stranger", "not-found"), ("visitor", "not-signed-in")])
def test_the_requests_of_another_practice_are_not_watched(api, world, who, code):
    with opened(api, world.stranger if who == "stranger" else None) as socket:
        socket.send_text(json.dumps({"watch": [f"requests:{world.house.practice_id.hex}"]}))
        assert socket.receive_json()["refused"] == code
