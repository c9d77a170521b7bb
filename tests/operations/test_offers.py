"""Switching a practice between the two offers changes features, never what was entered."""

import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.errors import NoOnlineBooking
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.operations import offers
from maiia_pro.operations.offers import change_offer
from maiia_pro.practice.tables import Offer
from tests.concurrency.racing import until_somebody_waits
from tests.factories import House, new_operator, new_patient_account

pytestmark = pytest.mark.integration

OWN_MARKS = {"practice": "offer", "practitioner": "agenda_version"}
"""What a switch writes besides its line of history."""


def everything() -> dict[str, list[str]]:
    """Read every row of every table as text, without what a switch writes, and without history."""
    with reading() as session:
        names = session.connection().execute(
            text("select tablename from pg_tables where schemaname = 'public' and tablename not like 'audit%' order by 1")
        )
        return {
            name: sorted(
                str({key: value for key, value in row._mapping.items() if key != OWN_MARKS.get(name)})
                for row in session.connection().execute(text(f'select * from "{name}"'))
            )
            for (name,) in names.all()
        }


def slots(house: House) -> list[str]:
    return [slot.key for slot in free_slots(new_patient_account(), FreeSlotQuery(house.instant(8), house.instant(18)))]


@pytest.mark.requirement(64)
def test_switching_the_offer_leaves_everything_that_was_entered(house, patient):
    book_slot(patient, BookingRequest(house.slot(9)))
    house.secretary()
    operator = new_operator()
    before = everything()
    change_offer(operator, house.practice_id, Offer.INITIAL)
    assert everything() == before
    change_offer(operator, house.practice_id, Offer.PREMIUM)
    assert everything() == before


@pytest.mark.requirement(64)
def test_switching_the_offer_takes_online_booking_away_and_gives_it_back(house, patient):
    before = slots(house)
    change_offer(new_operator(), house.practice_id, Offer.INITIAL)
    assert slots(house) == []
    with pytest.raises(NoOnlineBooking):
        book_slot(patient, BookingRequest(house.slot(9)))
    change_offer(new_operator(), house.practice_id, Offer.PREMIUM)
    assert slots(house) == before != []


@pytest.mark.requirement(64)
def test_on_the_initial_offer_the_desk_books_and_patients_still_cancel(house, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    change_offer(new_operator(), house.practice_id, Offer.INITIAL)
    assert book_slot(house.secretary(), BookingRequest(house.slot(10), patient_id=house.patients[0]))
    assert cancel_appointment(patient, booked.id).id == booked.id


def test_only_the_operator_changes_an_offer(house, patient):
    for actor in (patient, house.secretary(), house.practitioner_actor()):
        with pytest.raises(NotAllowed):
            change_offer(actor, house.practice_id, Offer.INITIAL)


def test_an_unknown_practice_is_not_found(clean_database):
    with pytest.raises(NotFound):
        change_offer(new_operator(), uuid7(), Offer.INITIAL)


def race(monkeypatch, house, patient) -> str:
    """Let a patient read the offer, then wait for the practitioner's lock while the offer is being left."""
    under_way, go_on, outcome = threading.Event(), threading.Event(), []

    def pause(_session, _change):
        under_way.set()
        go_on.wait(20)

    def book():
        try:
            book_slot(patient, BookingRequest(house.slot(9)))
            outcome.append("booked")
        except NoOnlineBooking:
            outcome.append("refused")

    switch = threading.Thread(target=change_offer, args=(new_operator(), house.practice_id, Offer.INITIAL))
    with monkeypatch.context() as patched:
        patched.setattr(offers, "live", SimpleNamespace(**vars(offers.live) | {"announce": pause}))
        switch.start()
        assert under_way.wait(20)
    booker = threading.Thread(target=book)
    booker.start()
    until_somebody_waits()
    go_on.set()
    switch.join(20)
    booker.join(20)
    return outcome[0]


def test_who_books_while_the_offer_is_left_is_refused(monkeypatch, house, patient):
    assert race(monkeypatch, house, patient) == "refused"


def test_without_the_raised_version_the_booking_would_go_through(monkeypatch, house, patient):
    monkeypatch.setattr(offers, "_RAISE_VERSIONS", text("select cast(:practice_id as uuid)"))
    assert race(monkeypatch, house, patient) == "booked"
