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

NUMBER = "+33639980001"
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
    assert (told, kept) == ([[], [email_of(stranger)], ["sans@exemple.fr"]], [email_of(patient)])


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
    booked, desk = book_slot(with_number(patient), BookingRequest(house.slot(9))), house.secretary()
    save_preferences(patient, {(Kind.REMINDERS, Channel.EMAIL): False})
    assert not read_appointment(desk, booked.id).refuses_reminders
    save_preferences(patient, {(Kind.REMINDERS, Channel.SMS): False})
    assert read_appointment(desk, booked.id).refuses_reminders


def test_what_is_refused_by_e_mail_alone_is_not_sent_by_sms_once_there_is_a_number(patient: Actor):
    save_preferences(patient, {**my_preferences(patient).wanted, (Kind.REMINDERS, Channel.EMAIL): False})
    wanted = my_preferences(with_number(patient)).wanted
    assert (wanted[Kind.REMINDERS, Channel.SMS], wanted[Kind.DELAYS, Channel.SMS]) == (False, True)


def test_only_patients_have_preferences(house: House):
    with pytest.raises(NotAllowed):
        save_preferences(house.secretary(), {})


def with_number(patient: Actor, number: str = NUMBER) -> Actor:
    """Give an account a number that was proven, beside its address."""
    with transaction() as session:
        session.get_one(Account, patient.account_id).phone_key = number
    return patient


def told(house: House, patient: Actor, hour: int = 9) -> list[list[str]]:
    """Tell where messages of each kind about a visit go."""
    visit = book_slot(patient, BookingRequest(house.slot(hour)))
    with reading() as session:
        return [reach(session, visit.patient_id, kind) for kind in (Kind.CHANGES, Kind.OFFERS, Kind.DELAYS)]


def test_who_has_an_address_and_a_number_gets_by_sms_what_they_want_as_well(house: House, patient: Actor):
    address = email_of(patient)
    assert told(house, patient) == [[address]] * 3
    with_number(patient)
    assert told(house, patient, 10) == [[address], [address], [address, NUMBER]]  # what the screen shows before anything is chosen
    save_preferences(patient, {(Kind.CHANGES, Channel.SMS): True, (Kind.DELAYS, Channel.EMAIL): False})
    assert told(house, patient, 11) == [[address, NUMBER], [address], [NUMBER]]


def test_reminders_are_refused_where_the_only_channel_is(house: House, patient: Actor):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    save_preferences(patient, {(Kind.REMINDERS, Channel.EMAIL): False})
    assert read_appointment(house.secretary(), booked.id).refuses_reminders


def without_address(patient: Actor, number: str = NUMBER) -> Actor:
    """Leave an account its number alone."""
    with transaction() as session:
        account = session.get_one(Account, patient.account_id)
        account.email = account.email_key = None
        account.phone_key = number
    return patient


def test_to_who_has_no_address_everything_goes_to_the_telephone_until_refused(house: House, patient: Actor):
    without_address(patient)
    assert my_preferences(patient).wanted[Kind.OFFERS, Channel.SMS]
    save_preferences(patient, {(Kind.OFFERS, Channel.SMS): False})
    assert told(house, patient) == [[NUMBER], [], [NUMBER]]


def test_who_has_a_number_alone_and_refuses_it_for_changes_is_told_nothing_and_the_desk_is_told_so(house: House, patient: Actor):
    visit, desk = book_slot(without_address(patient), BookingRequest(house.slot(9))), house.secretary()
    assert read_appointment(desk, visit.id).told_at == [NUMBER]
    save_preferences(patient, {(Kind.CHANGES, Channel.SMS): False})
    assert read_appointment(desk, visit.id).told_at == []
    assert tell_appointment(WORKER, visit.id, "booked", 1) is None
