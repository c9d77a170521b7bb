"""Wishes: who may make, see, change and withdraw them, and what they say."""

import json
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import DomainError, Invalid, NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.practice.tables import Specialty
from maiia_pro.waiting.errors import AlreadyWaiting, TooManyWishes, WishChanged
from maiia_pro.waiting.listing import Which, my_wishes, places_for, waiting_list
from maiia_pro.waiting.offering import offer_by_hand
from maiia_pro.waiting.wishing import NewWish, When, add_wish, change_wish, wish_for_myself, withdraw_wish
from tests.desk.test_live import opened, watch
from tests.factories import House, clock_at, new_operator, new_patient_account
from tests.waiting.wishes import when, wish_of, wished

pytestmark = pytest.mark.integration


def noted(house: House, actor: Actor, **more) -> UUID:
    """Have staff put a record of the practice on the list."""
    new = {"reason": "Consultation", "practitioner_id": house.practitioners[0], "patient_id": house.patients[0]} | more
    return add_wish(actor, house.practice_id, NewWish(**{"when": when()} | new))


def form(**more: str) -> dict[str, str]:
    return {"until": (clock.now().date() + timedelta(days=10)).isoformat()} | more


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"until": ""}, {"until"}),
        ({"until": "2020-01-01"}, {"until"}),
        ({"until": "2126-01-01"}, {"until"}),
        ({"begins": "25h"}, {"begins"}),
        ({"begins": "14h", "ends": "9h"}, {"ends"}),
        ({"begins": "14h", "ends": "14h"}, {"ends"}),
    ],
)
def test_every_wrong_field_is_named(typed, wrong):
    with pytest.raises(Invalid) as refusal:
        When.parse(form(**typed))
    assert set(refusal.value.fields) == wrong


def test_days_and_hours_are_read_as_people_type_them():
    read = When.parse(form(day_0="oui", day_3="oui", begins="8h30", ends="12"))
    assert (read.weekdays, read.begins, read.ends) == ((0, 3), time(8, 30), time(12))


def test_staff_say_who_with_whom_and_for_what_or_are_told_all_that_is_missing():
    with pytest.raises(Invalid) as refusal:
        NewWish.parse({})
    assert set(refusal.value.fields) == {"patient", "with", "reason", "until"}


def test_the_last_day_is_one_of_the_practice_s_own_calendar(clean_database, patient):
    house = House.ready(zone="Pacific/Tahiti")
    with clock_at(datetime(2027, 3, 2, 2, tzinfo=UTC)):  # still the first of March there, at 16 h
        with pytest.raises(Invalid) as refusal:
            noted(house, house.secretary(), when=When.parse({"until": "2027-02-28"}))
        assert set(refusal.value.fields) == {"until"}
        assert noted(house, house.secretary(), when=When.parse({"until": "2027-03-01"}))


def test_the_same_wish_is_not_made_twice(house, patient):
    wished(house, patient)
    with pytest.raises(AlreadyWaiting):
        wished(house, patient)


def test_a_withdrawn_wish_may_be_made_again(house, patient):
    withdraw_wish(patient, wished(house, patient))
    assert wished(house, patient)


def test_a_patient_waits_for_five_things_in_a_practice_at_most(clean_database, patient):
    house = House.ready()
    for number in range(5):
        house.offering(house.reason(house.practitioners[0], name=f"Motif {number}"))
    for number in range(5):
        wished(house, patient, offering=number)
    with pytest.raises(TooManyWishes):
        wished(house, patient, offering=5)


def test_what_nobody_offers_cannot_be_wished_for(house):
    secretary = house.secretary()
    for more in ({"reason": "Greffe"}, {"practitioner_id": None, "specialty": Specialty.CARDIOLOGY}):
        with pytest.raises(Invalid):
            noted(house, secretary, **more)


def test_what_is_not_booked_online_cannot_be_wished_for_online(house, patient):
    house.offering(house.reason(house.practitioners[0], name="Interne", online=False))
    with pytest.raises(NotFound):
        wished(house, patient, offering=1)


def test_a_patient_sees_their_own_wishes_only(house, patient):
    own = wished(house, patient)
    wished(house, new_patient_account("Paul Roy"))
    assert [line.id for line in my_wishes(patient)] == [own]


def test_the_practice_sees_the_oldest_first_and_the_reading_is_audited(house, patient):
    secretary = house.secretary()
    first, second = wished(house, patient), noted(house, secretary)
    found = waiting_list(secretary, house.practice_id)
    assert ([line.id for line in found.lines], found.active, [line.online for line in found.lines]) == ([first, second], 2, [True, False])
    with reading() as session:
        assert session.exec(select(AuditEntry.actor_name).where(AuditEntry.action == "wish:read")).all() == ["Sylvie Moreau"]


def test_the_list_is_narrowed_to_a_practitioner_and_to_what_is_closed(clean_database, patient):
    house = House.ready(practitioners=2)
    secretary = house.secretary()
    gone = wished(house, patient)
    withdraw_wish(secretary, gone)
    mine = wished(house, patient, offering=1)
    assert [line.id for line in waiting_list(secretary, house.practice_id, Which.CLOSED).lines] == [gone]
    assert [line.id for line in waiting_list(secretary, house.practice_id, Which.ACTIVE, house.practitioners[1]).lines] == [mine]
    assert waiting_list(secretary, house.practice_id, Which.ACTIVE, house.practitioners[0]).lines == ()


def test_a_wish_past_its_last_day_is_over(house, patient, monkeypatch):
    wish, secretary = wished(house, patient, until=clock.now().astimezone(PARIS).date()), house.secretary()
    with clock.shifted(timedelta(days=2)):
        assert my_wishes(patient) == []
        (line,) = waiting_list(secretary, house.practice_id, Which.CLOSED).lines
    assert (line.id, line.over) == (wish, True)


def test_a_wish_is_changed_on_the_version_that_was_read(house, patient):
    wish = wished(house, patient)
    change_wish(patient, wish, 1, when(weekdays=(0, 1)))
    with pytest.raises(WishChanged):
        change_wish(house.secretary(), wish, 1, when())
    assert wish_of(wish).weekdays == [0, 1]


ACTS = {
    "list": lambda house, actor, _wish: waiting_list(actor, house.practice_id),
    "add": lambda house, actor, _wish: noted(house, actor),
    "change": lambda _house, actor, wish: change_wish(actor, wish, 1, when()),
    "withdraw": lambda _house, actor, wish: withdraw_wish(actor, wish),
    "places": lambda _house, actor, wish: places_for(actor, wish),
    "offer": lambda house, actor, wish: offer_by_hand(actor, wish, house.slot()),
}
REFUSALS = {
    "stranger": NotFound,
    "patient": (NotAllowed, NotFound),
    "operator": NotAllowed,
    "api client": NotAllowed,
    "visitor": NotSignedIn,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", REFUSALS)
def test_nobody_else_touches_the_waiting_list_of_a_practice(house, patient, act, role):
    wish = wished(house, patient)
    actor = {
        "stranger": lambda: House.ready().secretary(),
        "patient": new_patient_account,
        "operator": new_operator,
        "api client": house.api_client,
        "visitor": Actor.anonymous,
    }[role]()
    with pytest.raises(REFUSALS[role]):
        ACTS[act](house, actor, wish)


def test_staff_make_no_wish_in_a_patient_s_name_online(house):
    with pytest.raises(DomainError):
        wish_for_myself(house.secretary(), house.offerings[0], when())


def test_open_lists_hear_of_a_wish_and_no_word_of_it_travels(api, world, patient):
    topic = f"waiting:{world.house.practice_id.hex}"
    with opened(api, world.secretary) as socket:
        watch(socket, topic)
        wish = wish_for_myself(patient, world.house.offerings[0], when())
        told = json.loads(socket.receive_text())
    assert told == {"topic": topic, "id": wish.hex, "version": 0}
