"""Where a visit stands: one act each, undone by setting it back; the identity check before it is closed."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans, Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import AlreadyCancelled, ChangedMeanwhile, IdentityNotChecked, NotCancelled, NotYet, Over, SlotTaken
from maiia_pro.agenda.status import IdentityCheck, restore_appointment, save_note, set_status
from maiia_pro.kernel.actor import Right
from maiia_pro.kernel.db import libpq_url, reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from tests.concurrency.racing import overlaps, race
from tests.factories import clock_at

pytestmark = pytest.mark.integration

CHECK = IdentityCheck(IdentityMeans.IDENTITY_CARD, CompanionMeans.NONE, EntitlementMeans.VITALE_CARD)
DURING = timedelta(minutes=5)


@pytest.fixture
def secretary(house):
    return house.secretary()


@pytest.fixture
def booked(house, secretary):
    return book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))


def minute_of(instant):
    return instant.replace(second=0, microsecond=0)


def now_during(booked):
    return clock_at(booked.starts_at + DURING)


def test_each_status_is_one_act_and_is_set_back_by_another(house, secretary, booked):
    with now_during(booked):
        for status in (Status.CONFIRMED, Status.ARRIVED, Status.IN_PROGRESS, Status.MISSED):
            before = Status(house.appointments()[0].status)
            marked = set_status(secretary, booked.id, status)
            assert (house.appointments()[0].status, marked.before) == (status, before)
            set_status(secretary, booked.id, marked.before)
            assert house.appointments()[0].status == before
            set_status(secretary, booked.id, status)


@pytest.mark.requirement(74)
def test_a_visit_is_not_closed_before_the_identity_was_checked(house, secretary, booked):
    with now_during(booked):
        with pytest.raises(IdentityNotChecked):
            set_status(secretary, booked.id, Status.FULFILLED)
        assert house.appointments()[0].status == Status.PLANNED
        set_status(secretary, booked.id, Status.FULFILLED, CHECK)
    (row,) = house.appointments()
    assert row.status == Status.FULFILLED
    assert (row.identity_means, row.companion_means, row.entitlement_means) == ("identity_card", "none", "vitale_card")
    assert (row.identity_checked_by, minute_of(row.identity_checked_at)) == (secretary.account_id, booked.starts_at + DURING)


@pytest.mark.requirement(74)
def test_the_database_itself_refuses_a_closed_visit_without_a_check(house, booked, clean_database):
    with psycopg.connect(libpq_url(clean_database.owner)) as owner, pytest.raises(psycopg.errors.CheckViolation, match="fulfilled"):
        owner.execute("update appointment set status = 'fulfilled' where id = %s", [booked.id])


@pytest.mark.requirement(74)
def test_how_and_by_whom_the_identity_was_checked_is_in_the_history(house, secretary, booked):
    with now_during(booked):
        set_status(secretary, booked.id, Status.IN_PROGRESS, CHECK)
    detail = read_appointment(secretary, booked.id)
    (line,) = [line for line in detail.history if line.action == "appointment:identity_checked"]
    assert (line.actor_name, line.details["means"]) == (secretary.name, "identity_card")


def test_a_check_made_before_is_enough_to_close_the_visit(house, secretary, booked):
    with now_during(booked):
        set_status(secretary, booked.id, Status.ARRIVED, CHECK)
        set_status(secretary, booked.id, Status.FULFILLED)
    assert house.appointments()[0].status == Status.FULFILLED


def test_nobody_chooses_the_word_for_visits_closed_before_the_rule(secretary, booked):
    unrecorded = IdentityCheck(IdentityMeans.UNRECORDED, CompanionMeans.NONE, EntitlementMeans.NONE)
    with now_during(booked), pytest.raises(Invalid):
        set_status(secretary, booked.id, Status.FULFILLED, unrecorded)


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.IN_PROGRESS, Status.FULFILLED, Status.MISSED])
def test_what_belongs_to_the_day_is_not_said_the_day_before(house, secretary, booked, status):
    with pytest.raises(NotYet):
        set_status(secretary, booked.id, status, CHECK)
    assert house.appointments()[0].identity_checked_at is None


def test_an_absence_is_noted_from_the_start_of_the_visit_only(house, secretary, booked):
    with clock_at(booked.starts_at - timedelta(minutes=1)), pytest.raises(NotYet):
        set_status(secretary, booked.id, Status.MISSED)
    with clock_at(booked.starts_at):
        set_status(secretary, booked.id, Status.MISSED)
    assert house.appointments()[0].status == Status.MISSED


def test_each_step_keeps_its_instant_and_going_back_forgets_the_later_ones(house, secretary, booked):
    for minute, status in enumerate((Status.ARRIVED, Status.IN_PROGRESS, Status.FULFILLED)):
        with clock_at(booked.starts_at + timedelta(minutes=minute)):
            set_status(secretary, booked.id, status, CHECK)
    (row,) = house.appointments()
    reached = [minute_of(instant) for instant in (row.arrived_at, row.seen_at, row.fulfilled_at)]
    assert reached == [booked.starts_at + timedelta(minutes=minute) for minute in range(3)]
    with now_during(booked):
        set_status(secretary, booked.id, Status.ARRIVED)
    (row,) = house.appointments()
    assert (minute_of(row.arrived_at), row.seen_at, row.fulfilled_at) == (booked.starts_at, None, None)


def test_setting_the_same_status_again_changes_nothing(house, secretary, booked):
    set_status(secretary, booked.id, Status.CONFIRMED)
    version = house.appointments()[0].version
    set_status(secretary, booked.id, Status.CONFIRMED)
    assert house.appointments()[0].version == version


def test_a_status_is_not_told_to_the_patient(house, secretary, booked):
    told = text("select count(*) from jobs.procrastinate_jobs where task_name <> 'agenda.slot_freed'")
    with reading() as session:
        before = session.connection().execute(told).scalar()
    set_status(secretary, booked.id, Status.CONFIRMED)
    with reading() as session:
        assert session.connection().execute(told).scalar() == before


def test_a_cancelled_visit_has_no_other_status_until_it_is_restored(house, secretary, booked):
    cancel_appointment(secretary, booked.id)
    with pytest.raises(AlreadyCancelled):
        set_status(secretary, booked.id, Status.CONFIRMED)
    restore_appointment(secretary, booked.id)
    set_status(secretary, booked.id, Status.CONFIRMED)
    assert house.appointments()[0].status == Status.CONFIRMED


def test_cancelling_goes_by_its_own_act_only(secretary, booked):
    with pytest.raises(Invalid):
        set_status(secretary, booked.id, Status.CANCELLED)


def test_a_cancellation_is_taken_back_where_the_time_is_still_free(house, secretary, booked):
    cancel_appointment(secretary, booked.id, "Empêchement")
    restored = restore_appointment(secretary, booked.id)
    (row,) = house.appointments()
    assert (row.status, row.active, row.cancelled_at, row.cancellation_note) == (Status.PLANNED, True, None, "")
    assert row.told_version == row.version == restored.version == 3


def test_a_cancellation_is_not_taken_back_once_somebody_has_the_time(house, secretary, booked):
    cancel_appointment(secretary, booked.id)
    book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[1]))
    with pytest.raises(SlotTaken):
        restore_appointment(secretary, booked.id)
    assert overlaps() == 0


def test_a_visit_that_stands_is_not_restored(secretary, booked):
    with pytest.raises(NotCancelled):
        restore_appointment(secretary, booked.id)


@pytest.mark.concurrency
def test_of_a_restoration_and_a_booking_on_one_time_one_wins(house, secretary, booked):
    for day in range(1, 6):
        slot = house.slot(10, days=day)
        first = book_slot(secretary, BookingRequest(slot, patient_id=house.patients[0]))
        cancel_appointment(secretary, first.id)
        other = BookingRequest(slot, patient_id=house.patients[1])
        acts = [lambda first=first: restore_appointment(secretary, first.id)] + 3 * [lambda other=other: book_slot(secretary, other)]
        assert race(acts) == {"done": 1, "SlotTaken": 3}
    assert overlaps() == 0


def test_a_note_is_written_and_shows_in_the_history_without_its_words(house, secretary, booked):
    save_note(secretary, booked.id, "Apporte ses radios\r\nÀ jeun ", seen="")
    assert house.appointments()[0].note == "Apporte ses radios\nÀ jeun"
    history = read_appointment(secretary, booked.id).history
    assert history[-1].action == "appointment:noted"
    assert "radios" not in str(history)


@pytest.mark.requirement(59)
def test_a_note_is_read_by_who_may_change_the_visit_or_see_the_patient_and_not_by_who_sees_the_agenda_alone(house, secretary, booked):
    save_note(secretary, booked.id, "Apporte ses radios", seen="")
    seen = {}
    for right in (Right.AGENDA, Right.CHANGE, Right.FILE):
        reader = replace(secretary, rights={house.practitioners[0]: frozenset({Right.AGENDA, right})})
        seen[right] = read_appointment(reader, booked.id).note
    assert seen == {Right.AGENDA: "", Right.CHANGE: "Apporte ses radios", Right.FILE: "Apporte ses radios"}


def test_a_note_changed_meanwhile_is_not_overwritten(house, secretary, booked):
    save_note(secretary, booked.id, "Première", seen="")
    with pytest.raises(ChangedMeanwhile):
        save_note(secretary, booked.id, "Seconde", seen="")
    assert house.appointments()[0].note == "Première"


def test_people_of_another_practice_find_nothing_to_mark_restore_or_note(booked, other_house):
    stranger = other_house.secretary()
    for act in (
        lambda: set_status(stranger, booked.id, Status.CONFIRMED),
        lambda: restore_appointment(stranger, booked.id),
        lambda: save_note(stranger, booked.id, "…", seen=""),
    ):
        with pytest.raises(NotFound):
            act()


def test_patients_and_programs_do_not_say_where_a_visit_stands(house, patient, booked):
    for actor in (patient, house.api_client()):
        for act in (
            lambda actor=actor: set_status(actor, booked.id, Status.CONFIRMED),
            lambda actor=actor: restore_appointment(actor, booked.id),
            lambda actor=actor: save_note(actor, booked.id, "…", seen=""),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_closed_visit_is_neither_moved_nor_cancelled_until_its_status_is_set_back(house, secretary, booked):
    with now_during(booked):
        set_status(secretary, booked.id, Status.FULFILLED, CHECK)
        for act in (
            lambda: cancel_appointment(secretary, booked.id),
            lambda: move_appointment(secretary, booked.id, MoveRequest(house.instant(11))),
        ):
            with pytest.raises(Over):
                act()
        set_status(secretary, booked.id, Status.PLANNED)
        assert cancel_appointment(secretary, booked.id)
