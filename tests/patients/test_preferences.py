"""Messages leave by the channels that an account wants, and by the usual ones where it chose nothing."""

from datetime import timedelta

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.identity.tables import Account
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.notifications.outbox import tell_appointment, tell_delay
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.preferences import ALWAYS, CHOICES, Channel, Kind, my_preferences, save_preferences
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.records import Identity
from tests.factories import House, clock_at, email_of, new_patient_account

pytestmark = pytest.mark.integration

DEFAULTS_OFF = {(Kind.CHANGES, Channel.SMS), (Kind.OFFERS, Channel.SMS)}


def test_who_chose_nothing_has_the_defaults(patient: Actor):
    assert my_preferences(patient).wanted == {choice: choice not in DEFAULTS_OFF for choice in CHOICES}


def test_a_choice_is_the_account_s_alone_and_holds_for_its_relatives(house: House, patient: Actor):
    relative = add_relative(patient, Identity.parse(given_name="Léo", family_name="Keller", birth_date="28/02/2020"))
    stranger, record = new_patient_account("Maurice Roux"), house.patient(email="sans@exemple.fr")
    visits = [
        book_slot(patient, BookingRequest(house.slot(9), person_id=relative.id)),
        book_slot(stranger, BookingRequest(house.slot(10))),
        book_slot(house.secretary(), BookingRequest(house.slot(11), patient_id=record)),
    ]
    save_preferences(patient, {(Kind.DELAYS, Channel.EMAIL): False})
    with reading() as session:
        told = [reach(session, one.patient_id, Kind.DELAYS) for one in visits]
        kept = reach(session, visits[0].patient_id, Kind.OFFERS)
    assert (told, kept) == (["", email_of(stranger), "sans@exemple.fr"], email_of(patient))


def test_confirmations_leave_by_e_mail_whatever_is_asked(house: House, patient: Actor):
    save_preferences(patient, dict.fromkeys([*CHOICES, ALWAYS], False))
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    assert tell_appointment(WORKER, booked.id, "booked", 1) is not None


def test_a_delay_is_not_mailed_to_who_refuses_it(house: House, patient: Actor):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    with clock_at(booked.starts_at - timedelta(minutes=30)):
        assert tell_delay(WORKER, booked.id, 20, "un") is not None
        save_preferences(patient, {(Kind.DELAYS, Channel.EMAIL): False})
        assert tell_delay(WORKER, booked.id, 20, "deux") is None


def test_the_desk_sees_that_reminders_are_refused(house: House, patient: Actor):
    booked, desk = book_slot(patient, BookingRequest(house.slot(9))), house.secretary()
    save_preferences(patient, {(Kind.REMINDERS, Channel.EMAIL): False})
    assert not read_appointment(desk, booked.id).refuses_reminders
    save_preferences(patient, {(Kind.REMINDERS, Channel.SMS): False})
    assert read_appointment(desk, booked.id).refuses_reminders


def test_only_patients_have_preferences(house: House):
    with pytest.raises(NotAllowed):
        save_preferences(house.secretary(), {})


def without_address(patient: Actor, number: str = "+33639980001") -> Actor:
    """Leave an account its number alone."""
    with transaction() as session:
        account = session.get_one(Account, patient.account_id)
        account.email = account.email_key = None
        account.phone_key = number
    return patient


def test_to_who_has_no_address_everything_goes_to_the_telephone_until_refused(house: House, patient: Actor):
    without_address(patient)
    assert my_preferences(patient).wanted[Kind.OFFERS, Channel.SMS]
    visit = book_slot(patient, BookingRequest(house.slot(9)))
    save_preferences(patient, {(Kind.OFFERS, Channel.SMS): False})
    with reading() as session:
        told = [reach(session, visit.patient_id, kind) for kind in (Kind.CHANGES, Kind.OFFERS, Kind.DELAYS)]
    assert told == ["+33639980001", "", "+33639980001"]


def test_who_has_a_number_alone_and_refuses_it_for_changes_is_told_nothing_and_the_desk_is_told_so(house: House, patient: Actor):
    visit, desk = book_slot(without_address(patient), BookingRequest(house.slot(9))), house.secretary()
    assert read_appointment(desk, visit.id).told_at == "+33639980001"
    save_preferences(patient, {(Kind.CHANGES, Channel.SMS): False})
    assert read_appointment(desk, visit.id).told_at == ""
    assert tell_appointment(WORKER, visit.id, "booked", 1) is None
