"""A reason of two practitioners is the same however each writes its name, wherever it is looked for."""

from dataclasses import replace

import pytest

from maiia_pro.agenda.absence import stranded_visits
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.errors import NotOfferedByColleague
from maiia_pro.agenda.reason_copies import Copied, copy_reasons
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.kernel.db import transaction
from maiia_pro.onboarding.taking import Taken, take_reasons
from maiia_pro.onboarding.template_reasons import TEMPLATES
from maiia_pro.practice.tables import Specialty
from state.next_free import find_next
from tests.agenda.test_absence_places import tomorrow_off
from tests.factories import House

pytestmark = pytest.mark.integration

WRITTEN = ("Échographie, suivi", "echographie Suivi")


@pytest.fixture
def house(clean_database) -> House:
    """Two practitioners who write the same reason in two ways."""
    house = House.ready(practitioners=2)
    with transaction() as session:
        for reason, name in zip(house.reasons, WRITTEN, strict=True):
            session.get_one(VisitReason, reason).name = name
    return house


def test_a_visit_moves_to_a_colleague_who_writes_its_reason_otherwise(house):
    secretary = house.secretary()
    made = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    moved = move_appointment(secretary, made.id, MoveRequest(house.instant(9), practitioner_id=house.practitioners[1]))
    assert moved.practitioner_id == house.practitioners[1]


def test_an_absence_offers_the_colleague_who_writes_the_reason_otherwise(house):
    secretary = house.secretary()
    book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    (stranded,) = stranded_visits(secretary, tomorrow_off(house))
    assert stranded.colleague is not None
    assert stranded.colleague.practitioner_id == house.practitioners[1]


@pytest.mark.parametrize("asked", ["", *WRITTEN])
def test_the_desk_lists_the_reason_once_and_finds_the_free_times_of_both(house, asked):
    found = find_next(house.secretary(), asked, "")
    assert len(found.reasons) == 1
    assert {SlotKey.parse(slot["key"]).offering_id for slot in found.slots} == set(house.offerings)


def test_no_second_reason_is_taken_from_a_colleague_or_a_template(house):
    mine = house.practitioner_actor()
    assert copy_reasons(mine, house.practitioners[0], house.practitioners[1], house.reasons[1:]) == Copied((), (WRITTEN[1],))
    template = replace(TEMPLATES[Specialty.CARDIOLOGY][0], name="ECHOGRAPHIE SUIVI")
    assert take_reasons(mine, [template]) == Taken(0, ("ECHOGRAPHIE SUIVI",))


def test_reasons_that_a_sign_alone_tells_apart_are_two(house):
    younger, older = "Enfant < 6 ans", "Enfant > 6 ans"
    with transaction() as session:
        for reason, name in zip(house.reasons, (younger, older), strict=True):
            session.get_one(VisitReason, reason).name = name
    secretary = house.secretary()
    made = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    with pytest.raises(NotOfferedByColleague):
        move_appointment(secretary, made.id, MoveRequest(house.instant(9), practitioner_id=house.practitioners[1]))
    assert copy_reasons(house.practitioner_actor(), house.practitioners[0], house.practitioners[1], house.reasons[1:]).taken == (older,)
