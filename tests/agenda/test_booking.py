"""Booking on the real database: who may book what, and each refusal with its sentence."""

from datetime import UTC, date, datetime, time, timedelta

import psycopg
import pytest
from psycopg.errors import ExclusionViolation
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import InThePast, NoOnlineBooking, NoSuchSlot, NotOffered, SlotTaken
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.people import search_patients
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import engine, transaction
from maiia_pro.kernel.errors import DomainError, Invalid, NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.ids import uuid7
from maiia_pro.patients.records import Identity
from maiia_pro.patients.search_words import PatientSearch
from maiia_pro.practice.tables import Offer
from tests.factories import House, clock_at, new_operator, new_patient_account

pytestmark = pytest.mark.integration

IDENTITY = Identity("Lucie", "Durand", date(1990, 5, 4), "+33612345678", "lucie.durand@exemple.fr")


def by_staff(house: House, slot: SlotKey, **more) -> BookingRequest:
    return BookingRequest(slot, patient_id=house.patients[0], **more)


def refusal_of(error: type[DomainError], actor: Actor, request: BookingRequest) -> DomainError:
    with pytest.raises(error) as refusal:
        book_slot(actor, request)
    assert refusal.value.message.endswith(".")
    return refusal.value


@pytest.fixture
def statements(monkeypatch):
    """Collect what is sent to the database, by the driver and by SQLAlchemy."""
    sent: list[str] = []
    execute = psycopg.Connection.execute

    def noted(connection, statement, *values, **more):
        sent.append(statement)
        return execute(connection, statement, *values, **more)

    def told(_connection, _cursor, statement, *_more):
        sent.append(statement)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    event.listen(engine(), "before_cursor_execute", told)
    yield sent
    event.remove(engine(), "before_cursor_execute", told)


def test_a_booking_by_somebody_known_is_three_exchanges(house, patient, statements):
    book_slot(patient, BookingRequest(house.slot(9)))
    program = house.api_client()
    for actor, request in ((patient, BookingRequest(house.slot(10))), (program, by_staff(house, house.slot(11)))):
        statements.clear()
        book_slot(actor, request)
        assert len(statements) == 3


# --- who books ---------------------------------------------------------------------------------------------------


@pytest.mark.requirement(69)
def test_a_patient_books_what_is_offered(house, patient):
    booked = book_slot(patient, BookingRequest.parse(str(house.slot(9))))
    (row,) = house.appointments()
    assert (row.id, row.starts_at, row.ends_at) == (booked.id, house.instant(9), house.instant(9, 20))
    assert (row.origin, row.status, row.mode, row.version) == ("online", "planned", "in_person", 1)


@pytest.mark.requirement(69)
def test_the_slot_that_was_booked_is_offered_to_nobody_any_more(house, patient):
    query = FreeSlotQuery(house.instant(9), house.instant(10), practice_ids=(house.practice_id,))
    before = [slot.starts_at for slot in free_slots(Actor.anonymous(), query)]
    book_slot(patient, BookingRequest(house.slot(9, 20)))
    after = [slot.starts_at for slot in free_slots(Actor.anonymous(), query)]
    assert set(before) - set(after) == {house.instant(9, 20)}


def test_a_patient_has_one_record_in_a_practice_however_often_they_book(house, patient):
    first = book_slot(patient, BookingRequest(house.slot(9)))
    second = book_slot(patient, BookingRequest(house.slot(10)))
    assert first.patient_id == second.patient_id


def test_the_desk_books_for_somebody_the_practice_knows(house):
    book_slot(house.secretary(), by_staff(house, house.slot(9), note="Apporte ses radios"))
    (row,) = house.appointments()
    assert (row.patient_id, row.origin, row.note) == (house.patients[0], "desk", "Apporte ses radios")


def test_the_desk_books_for_somebody_new(house):
    booked = book_slot(house.secretary(), BookingRequest(house.slot(9), new_patient=IDENTITY))
    assert booked.patient_id not in house.patients


def test_a_program_books_for_somebody_the_practice_knows(house):
    book_slot(house.api_client(), by_staff(house, house.slot(9)))
    assert [row.origin for row in house.appointments()] == ["api"]


def test_staff_may_choose_a_length_and_a_time_that_is_not_offered(house):
    booked = book_slot(house.secretary(), by_staff(house, house.slot(12, 5), length_minutes=45))
    assert (booked.starts_at, booked.ends_at) == (house.instant(12, 5), house.instant(12, 50))


def test_staff_may_write_down_a_visit_of_this_morning(house):
    with clock_at(house.instant(17)):
        book_slot(house.secretary(), by_staff(house, house.slot(9, days=0)))
    assert len(house.appointments()) == 1


# --- who does not ------------------------------------------------------------------------------------------------


@pytest.mark.requirement(77)
def test_a_visitor_is_asked_to_sign_in(house):
    refusal_of(NotSignedIn, Actor.anonymous(), BookingRequest(house.slot(9)))
    assert house.appointments() == []


def test_an_operator_does_not_book(house):
    refusal_of(NotAllowed, new_operator(), by_staff(house, house.slot(9)))


def test_a_program_without_the_scope_does_not_book(house):
    refusal_of(NotAllowed, house.api_client("appointments.read", "patients.write"), by_staff(house, house.slot(9)))


@pytest.mark.parametrize("role", ["secretary", "practitioner_actor", "api_client"])
def test_people_of_another_practice_learn_nothing_of_the_slot(house, other_house, role):
    stranger = getattr(other_house, role)()
    refusal_of(NotFound, stranger, by_staff(house, house.slot(9)))
    assert house.appointments() == []


@pytest.mark.parametrize("role", ["secretary", "api_client"])
def test_the_record_of_another_practice_is_not_found(house, other_house, role):
    refusal_of(NotFound, getattr(house, role)(), BookingRequest(house.slot(9), patient_id=other_house.patients[0]))


@pytest.mark.parametrize("role", ["secretary", "api_client"])
def test_a_record_that_does_not_exist_is_not_found(house, role):
    refusal_of(NotFound, getattr(house, role)(), BookingRequest(house.slot(9), patient_id=uuid7()))


@pytest.mark.parametrize("role", ["secretary", "api_client"])
def test_somebody_must_be_named(house, role):
    assert "patient" in refusal_of(Invalid, getattr(house, role)(), BookingRequest(house.slot(9))).fields


def test_a_patient_books_for_themselves_only(house, patient):
    refusal_of(NotAllowed, patient, by_staff(house, house.slot(9)))
    refusal_of(NotAllowed, patient, BookingRequest(house.slot(9), new_patient=IDENTITY))


@pytest.mark.parametrize("length", [5, 20, 480])
def test_only_staff_choose_the_length(house, patient, length):
    refusal_of(NotAllowed, patient, BookingRequest(house.slot(9), length_minutes=length))
    refusal_of(NotAllowed, house.api_client(), by_staff(house, house.slot(9), length_minutes=length))


# --- what is refused ---------------------------------------------------------------------------------------------


def test_an_offer_that_does_not_exist_is_not_found(house, patient):
    refusal_of(NotFound, patient, BookingRequest(SlotKey(uuid7(), house.instant(9))))


@pytest.mark.parametrize("key", ["", "x", None, "é" * 64, "a\x00", "9" * 1_000_000])
def test_what_is_no_slot_is_no_request(key):
    with pytest.raises(NoSuchSlot):
        BookingRequest.parse(key)


def test_a_time_that_is_over_is_refused_to_patients(house, patient):
    with clock_at(house.instant(9, 1)):
        refusal_of(InThePast, patient, BookingRequest(house.slot(9, days=0)))


def test_the_very_minute_that_begins_is_not_offered_any_more(house, patient):
    slot = house.slot(9)
    with clock_at(house.instant(9) + timedelta(seconds=1)):
        refusal_of(InThePast, patient, BookingRequest(slot))


def test_yesterday_is_refused_to_staff_too(house):
    refusal_of(InThePast, house.secretary(), by_staff(house, house.slot(9, days=-1)))


def test_1970_is_the_past_and_2199_is_not_offered(house, patient):
    refusal_of(InThePast, patient, BookingRequest(SlotKey(house.offerings[0], datetime(1970, 1, 1, tzinfo=UTC))))
    refusal_of(NotOffered, patient, BookingRequest(SlotKey(house.offerings[0], datetime(2199, 12, 30, tzinfo=UTC))))


@pytest.mark.parametrize(("hour", "minute"), [(7, 40), (9, 10), (11, 50), (12, 0), (13, 40), (18, 0), (3, 0)])
def test_what_the_page_does_not_show_cannot_be_booked_online(house, patient, hour, minute):
    refusal_of(NotOffered, patient, BookingRequest(house.slot(hour, minute)))
    refusal_of(NotOffered, house.api_client(), by_staff(house, house.slot(hour, minute)))


@pytest.mark.parametrize("change", ["visit_reason set online = false", "practitioner set consent_id = null"])
def test_what_is_closed_online_stays_bookable_by_the_desk(house, patient, change):
    with transaction() as session:
        session.connection().execute(text(f"update {change}"))
    refusal_of(NotOffered, patient, BookingRequest(house.slot(9)))
    book_slot(house.secretary(), by_staff(house, house.slot(9)))


@pytest.mark.parametrize("change", ["visit_reason set active", "offering set active"])
def test_what_is_no_longer_offered_is_booked_by_nobody(house, patient, change):
    with transaction() as session:
        session.connection().execute(text(f"update {change} = false"))
    refusal_of(NotOffered, patient, BookingRequest(house.slot(9)))
    refusal_of(NotOffered, house.secretary(), by_staff(house, house.slot(9)))


@pytest.mark.requirement(66)
def test_without_the_premium_offer_nothing_can_be_booked_online(clean_database, patient):
    house = House.ready(offer=Offer.INITIAL)
    refusal_of(NoOnlineBooking, patient, BookingRequest(house.slot(9)))
    refusal_of(NoOnlineBooking, house.api_client(), by_staff(house, house.slot(9)))
    assert house.appointments() == []


@pytest.mark.requirement(66)
def test_without_the_premium_offer_no_slot_is_shown(clean_database):
    house = House.ready(offer=Offer.INITIAL)
    assert free_slots(Actor.anonymous(), FreeSlotQuery(house.instant(0), house.instant(23), practice_ids=(house.practice_id,))) == []
    (card,) = find_practitioners(Actor.anonymous(), DirectoryQuery.parse("Vasseur", ""))
    assert not card.has_online_booking
    assert not card.next_slots


@pytest.mark.requirement(66)
def test_without_the_premium_offer_the_desk_books_all_the_same(clean_database):
    house = House.ready(offer=Offer.INITIAL)
    book_slot(house.secretary(), by_staff(house, house.slot(9)))


@pytest.mark.parametrize("taker", ["secretary", "patient"])
def test_a_slot_that_is_taken_is_taken_for_everybody(house, patient, taker):
    book_slot(patient, BookingRequest(house.slot(9)))
    for actor, request in (
        (new_patient_account(), BookingRequest(house.slot(9))),
        (house.secretary(), by_staff(house, house.slot(9))),
        (house.api_client(), by_staff(house, house.slot(9))),
        (house.secretary(), by_staff(house, house.slot(8, 45))),
        (house.secretary(), by_staff(house, house.slot(9, 19))),
        (house.secretary(), by_staff(house, house.slot(8), length_minutes=480)),
    ):
        refusal_of(SlotTaken, actor, request)
    assert len(house.appointments()) == 1


def test_neighbours_may_touch(house):
    secretary = house.secretary()
    for minute in (0, 20, 40):
        book_slot(secretary, by_staff(house, house.slot(9, minute)))
    assert len(house.appointments()) == 3


def test_buffers_keep_neighbours_away(clean_database):
    house = House()
    site, practitioner = house.site(), house.practitioner()
    house.offering(house.reason(practitioner, before=10, after=5))
    house.hours(practitioner, site)
    house.patient()
    secretary = house.secretary()
    book_slot(secretary, by_staff(house, house.slot(9)))
    refusal_of(SlotTaken, secretary, by_staff(house, house.slot(9, 30)))
    refusal_of(SlotTaken, secretary, by_staff(house, house.slot(8, 30)))
    book_slot(secretary, by_staff(house, house.slot(9, 35)))


@pytest.mark.parametrize("length", [-20, 0, 4, 481, 10**9])
def test_a_visit_has_a_length_between_five_minutes_and_eight_hours(house, length):
    assert "length" in refusal_of(Invalid, house.secretary(), by_staff(house, house.slot(9), length_minutes=length)).fields


@pytest.mark.parametrize("seconds", [1, 59.5])
def test_a_visit_begins_at_a_whole_minute(house, seconds):
    slot = SlotKey(house.offerings[0], house.instant(9) + timedelta(seconds=seconds))
    refusal_of(Invalid, house.secretary(), by_staff(house, slot))


@pytest.mark.parametrize("note", ["a\x00b", "x" * 1_000_000, "\ud800", 7])
def test_a_note_that_cannot_be_kept_undoes_the_booking(house, note):
    refusal_of(Invalid, house.secretary(), by_staff(house, house.slot(9), note=note))
    assert house.appointments() == []


def test_a_refused_booking_leaves_no_record_of_somebody_new(house, patient):
    book_slot(patient, BookingRequest(house.slot(9)))
    secretary = house.secretary()
    refusal_of(SlotTaken, secretary, BookingRequest(house.slot(9), new_patient=IDENTITY))
    assert search_patients(secretary, house.practice_id, PatientSearch.parse("durand")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "31/02/1990"), ("birth_date", "12/03/2990"), ("birth_date", "1/1/1899"), ("birth_date", ""), ("given_name", ""),
        ("family_name", "\x00"), ("family_name", "x" * 1_000_000), ("given_name", "’-"), ("phone", "12"), ("email_address", "lucie@"),
    ],
)  # fmt: skip
def test_somebody_new_is_told_what_is_wrong_with_each_field(clean_database, field, value):
    typed = {"given_name": "Lucie", "family_name": "Durand", "birth_date": "4 mai 1990"} | {field: value}
    with pytest.raises(Invalid) as refusal:
        Identity.parse(**typed)
    assert set(refusal.value.fields) == {field.removesuffix("_address")}


def test_the_database_itself_refuses_what_overlaps(house):
    book_slot(house.secretary(), by_staff(house, house.slot(9)))
    columns = (
        "practice_id, practitioner_id, site_id, reason_id, patient_id, starts_at, ends_at, blocked, status, mode, origin,"
        " deliberate_overbooking, note, version, told_version, created_at, cancellation_note"
    )
    copy = text(f"insert into appointment (id, {columns}) select gen_random_uuid(), {columns} from appointment")
    with pytest.raises(IntegrityError) as refusal, transaction() as session:
        session.connection().execute(copy)
    assert isinstance(refusal.value.orig, ExclusionViolation)


# --- both clock changes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion"])
def test_on_the_day_of_a_clock_change_nine_is_nine(clean_database, patient, zone, day):
    house = House.ready(zone=zone)
    with clock_at(house.instant(12, day=day - timedelta(days=2))):
        booked = book_slot(patient, BookingRequest(house.slot(9, day=day)))
    assert booked.starts_at.astimezone(house.instant(9, day=day).tzinfo) == house.instant(9, day=day)
    assert booked.ends_at - booked.starts_at == timedelta(minutes=20)


def test_both_two_thirty_of_october_can_be_booked(clean_database, patient):
    house = House()
    site, practitioner = house.site(), house.practitioner()
    house.offering(house.reason(practitioner, minutes=30))
    house.hours(practitioner, site, time(0), time(6))
    first, second = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    with clock_at(datetime(2027, 10, 30, 12, tzinfo=UTC)):
        for instant in (first, second):
            book_slot(patient, BookingRequest(SlotKey(house.offerings[0], instant)))
    assert [row.starts_at for row in house.appointments()] == [first, second]


def test_move_and_cancel_are_refused_to_visitors(house):
    with pytest.raises(NotSignedIn):
        move_appointment(Actor.anonymous(), uuid7(), MoveRequest(house.instant(9)))
    with pytest.raises(NotSignedIn):
        cancel_appointment(Actor.anonymous(), uuid7())
