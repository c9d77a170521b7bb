"""Moving and cancelling: by whom, what is refused, what is kept, and that the time opens again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from maiia_pro.agenda import booking, changing
from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import AlreadyCancelled, InThePast, LengthIsThePractices, NotOffered, NotOfferedByColleague, SlotTaken, TooLate
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.own import my_appointments
from maiia_pro.agenda.reasons import retire_reason
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.notifications.outbox import tell_appointment
from tests.factories import House, clock_at, new_operator, new_patient_account

pytestmark = pytest.mark.integration


@pytest.fixture
def booked(house, patient) -> BookedAppointment:
    return book_slot(patient, BookingRequest(house.slot(9)))


def offered(house: House) -> set[datetime]:
    query = FreeSlotQuery(house.instant(0), house.instant(23), practice_ids=(house.practice_id,))
    return {slot.starts_at for slot in free_slots(Actor.anonymous(), query)}


def told() -> list[tuple[str, int]]:
    with reading() as session:
        rows = session.connection().execute(
            text("select args from jobs.procrastinate_jobs where task_name <> 'agenda.slot_freed' order by id")
        )
        return [(row.args["event"], row.args["version"]) for row in rows]


# --- the slot opens again ----------------------------------------------------------------------------------------


@pytest.mark.requirement(73)
def test_the_slot_of_a_cancelled_appointment_is_offered_and_bookable_again(house, patient, booked):
    assert house.instant(9) not in offered(house)
    cancel_appointment(patient, booked.id)
    assert house.instant(9) in offered(house)
    book_slot(new_patient_account(), BookingRequest(house.slot(9)))


@pytest.mark.requirement(73)
def test_moving_frees_one_slot_and_takes_the_other(house, patient, booked):
    before = offered(house)
    moved = move_appointment(patient, booked.id, MoveRequest(house.instant(15)))
    assert (moved.id, moved.starts_at, moved.ends_at, moved.version) == (booked.id, house.instant(15), house.instant(15, 20), 2)
    assert offered(house) == before - {house.instant(15)} | {house.instant(9)}


@pytest.mark.requirement(73)
def test_the_practice_sees_that_the_patient_cancelled(house, patient, booked):
    cancel_appointment(patient, booked.id, "Je suis souffrante")
    detail = read_appointment(house.secretary(), booked.id)
    assert (detail.view.status, detail.cancellation_note) == ("cancelled", "Je suis souffrante")
    assert [(line.action, line.actor_kind) for line in detail.history] == [
        ("appointment:booked", "patient"),
        ("appointment:cancelled", "patient"),
    ]


def test_a_visit_may_move_into_its_own_time(house, booked):
    moved = move_appointment(house.secretary(), booked.id, MoveRequest(house.instant(9, 10)))
    assert moved.starts_at == house.instant(9, 10)


# --- the desk: views, modifies, cancels; told and kept ------------------------------------------------------------


@pytest.mark.requirement(72)
@pytest.mark.parametrize("role", ["secretary", "practitioner_actor"])
def test_the_practice_views_an_appointment_and_the_view_is_kept(house, booked, role):
    actor = getattr(house, role)()
    assert read_appointment(actor, booked.id).view.starts_at == house.instant(9)
    with reading() as session:
        kept = session.connection().execute(text("select action, actor_id from audit_entry order by sequence desc limit 1")).one()
    assert tuple(kept) == ("appointment:read", actor.account_id)


@pytest.mark.requirement(72)
@pytest.mark.parametrize("role", ["secretary", "practitioner_actor"])
def test_the_practice_moves_and_cancels_and_the_patient_is_told_of_each(house, booked, role):
    actor = getattr(house, role)()
    move_appointment(actor, booked.id, MoveRequest(house.instant(15), length_minutes=30))
    cancel_appointment(actor, booked.id)
    assert told() == [("booked", 1), ("moved", 2), ("cancelled", 3)]


@pytest.mark.requirement(72)
def test_the_message_names_the_new_time(house):
    known = house.patient(email="josiane@exemple.fr")
    secretary = house.secretary()
    made = book_slot(secretary, BookingRequest(house.slot(9), patient_id=known))
    move_appointment(secretary, made.id, MoveRequest(house.instant(15)))
    email_id = tell_appointment(Actor.system("Essai"), made.id, "moved", 2)
    with reading() as session:
        subject = session.connection().execute(text("select subject from outgoing_email where id = :id"), {"id": email_id}).scalar_one()
    assert "15\u00a0h\u00a000" in subject


@pytest.mark.requirement(72)
def test_the_history_names_who_really_acted_and_for_whom(house, patient, booked):
    secretary = house.secretary("Sylvie Moreau")
    move_appointment(secretary, booked.id, MoveRequest(house.instant(15)))
    cancel_appointment(patient, booked.id)
    assert [(line.action, line.actor_name, line.on_behalf_of) for line in read_appointment(secretary, booked.id).history] == [
        ("appointment:booked", "Josiane Keller", ""),
        ("appointment:moved", "Sylvie Moreau", "Dr Claire Vasseur"),
        ("appointment:cancelled", "Josiane Keller", ""),
    ]


@pytest.mark.requirement(72)
def test_a_cancelled_appointment_is_kept_with_its_time(house, patient, booked):
    cancel_appointment(patient, booked.id)
    (row,) = house.appointments()
    assert (row.status, row.starts_at, row.version) == ("cancelled", house.instant(9), 2)
    assert [own.id for own in my_appointments(patient)] == [booked.id]


def test_a_program_moves_and_cancels_what_its_practice_holds(house, booked):
    client = house.api_client()
    move_appointment(client, booked.id, MoveRequest(house.instant(15)))
    cancel_appointment(client, booked.id)
    assert [row.status for row in house.appointments()] == ["cancelled"]


def test_a_visit_goes_to_a_colleague_with_its_length(clean_database):
    house = House.ready(practitioners=2)
    secretary = house.secretary()
    made = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0], length_minutes=35))
    moved = move_appointment(secretary, made.id, MoveRequest(house.instant(10), practitioner_id=house.practitioners[1]))
    assert (moved.practitioner_id, moved.ends_at - moved.starts_at) == (house.practitioners[1], timedelta(minutes=35))


def test_a_patient_moves_a_visit_within_the_agenda_where_it_stands_now(clean_database, patient):
    house = House.ready(practitioners=2)
    made = book_slot(patient, BookingRequest(house.slot(9)))
    secretary = house.secretary()
    move_appointment(secretary, made.id, MoveRequest(house.instant(9), practitioner_id=house.practitioners[1]))
    book_slot(secretary, BookingRequest(house.slot(10), patient_id=house.patients[0]))
    moved = move_appointment(patient, made.id, MoveRequest(house.instant(10)))
    assert (moved.practitioner_id, moved.starts_at) == (house.practitioners[1], house.instant(10))


# --- refusals ----------------------------------------------------------------------------------------------------


def acts(house: House):
    return (
        lambda actor, appointment_id: move_appointment(actor, appointment_id, MoveRequest(house.instant(15))),
        cancel_appointment,
    )


@pytest.mark.parametrize("act", [0, 1])
def test_another_patient_learns_nothing_of_the_appointment(house, booked, act):
    with pytest.raises(NotFound):
        acts(house)[act](new_patient_account(), booked.id)
    assert house.appointments()[0].version == 1


@pytest.mark.parametrize("act", [0, 1])
@pytest.mark.parametrize("role", ["secretary", "practitioner_actor", "api_client"])
def test_people_of_another_practice_learn_nothing_of_the_appointment(house, other_house, booked, role, act):
    with pytest.raises(NotFound):
        acts(house)[act](getattr(other_house, role)(), booked.id)


@pytest.mark.parametrize("act", [0, 1])
@pytest.mark.parametrize("role", ["secretary", "api_client", "patient"])
def test_an_appointment_that_does_not_exist_is_not_found(house, patient, role, act):
    with pytest.raises(NotFound):
        acts(house)[act](patient if role == "patient" else getattr(house, role)(), uuid7())


@pytest.mark.parametrize("act", [0, 1])
def test_operators_and_programs_without_the_scope_change_nothing(house, booked, act):
    for actor in (new_operator(), house.api_client("appointments.read")):
        with pytest.raises(NotAllowed):
            acts(house)[act](actor, booked.id)


@pytest.mark.parametrize("act", [0, 1])
def test_what_is_cancelled_changes_no_more(house, patient, booked, act):
    cancel_appointment(patient, booked.id)
    for actor in (patient, house.secretary(), house.api_client()):
        with pytest.raises(AlreadyCancelled):
            acts(house)[act](actor, booked.id)
    assert told() == [("booked", 1), ("cancelled", 2)]


@pytest.mark.parametrize("act", [0, 1])
def test_what_has_begun_changes_at_the_desk_only(house, patient, booked, act):
    with clock_at(house.instant(9)):
        for actor in (patient, house.api_client()):
            with pytest.raises(TooLate):
                acts(house)[act](actor, booked.id)
        acts(house)[act](house.secretary(), booked.id)


def test_a_move_onto_a_taken_time_is_refused_to_everybody_and_changes_nothing(house, patient, booked):
    book_slot(new_patient_account(), BookingRequest(house.slot(10)))
    for actor in (patient, house.secretary(), house.api_client()):
        with pytest.raises(SlotTaken):
            move_appointment(actor, booked.id, MoveRequest(house.instant(10)))
    assert {row.starts_at for row in house.appointments()} == {house.instant(9), house.instant(10)}
    assert len(told()) == 2


def test_a_patient_moves_only_to_what_is_offered(house, patient, booked):
    for hour, minute in ((9, 10), (12, 0), (3, 0)):
        with pytest.raises(NotOffered):
            move_appointment(patient, booked.id, MoveRequest(house.instant(hour, minute)))


def test_nothing_moves_into_the_past(house, patient, booked):
    for actor in (patient, house.secretary(), house.api_client()):
        with pytest.raises(InThePast):
            move_appointment(actor, booked.id, MoveRequest(house.instant(9, days=-1)))


def test_only_staff_choose_length_and_colleague(clean_database, patient):
    house = House.ready(practitioners=2)
    made = book_slot(patient, BookingRequest(house.slot(9)))
    for actor in (patient, house.api_client()):
        with pytest.raises(NotAllowed):
            move_appointment(actor, made.id, MoveRequest(house.instant(10), length_minutes=40))
        with pytest.raises(NotAllowed):
            move_appointment(actor, made.id, MoveRequest(house.instant(10), practitioner_id=house.practitioners[1]))


def test_a_visit_does_not_go_to_somebody_of_another_practice(house, other_house, booked):
    for stranger in (other_house.practitioners[0], uuid7()):
        with pytest.raises(NotOfferedByColleague):
            move_appointment(house.secretary(), booked.id, MoveRequest(house.instant(10), practitioner_id=stranger))


@pytest.mark.parametrize("instant", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_are_refused_with_a_sentence(house, patient, booked, instant):
    for actor in (patient, house.secretary(), house.api_client()):
        with pytest.raises(Invalid):
            move_appointment(actor, booked.id, MoveRequest(instant.replace(second=0, microsecond=0)))


@pytest.mark.parametrize("length", [0, 4, 481, -(10**9)])
def test_a_moved_visit_has_a_length_between_five_minutes_and_eight_hours(house, booked, length):
    with pytest.raises(Invalid):
        move_appointment(house.secretary(), booked.id, MoveRequest(house.instant(10), length_minutes=length))


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 1_000_000, 7])
def test_a_reason_that_cannot_be_kept_cancels_nothing(house, booked, reason):
    with pytest.raises(Invalid):
        cancel_appointment(house.secretary(), booked.id, reason)
    assert house.appointments()[0].status == "planned"


def test_a_patient_does_not_move_a_visit_whose_length_the_practice_chose(house, patient):
    secretary = house.secretary()
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    move_appointment(secretary, booked.id, MoveRequest(house.instant(9), length_minutes=40))
    with pytest.raises(LengthIsThePractices):
        move_appointment(patient, booked.id, MoveRequest(house.instant(14)))
    move_appointment(secretary, booked.id, MoveRequest(house.instant(14)))
    (row,) = house.appointments()
    assert row.ends_at - row.starts_at == timedelta(minutes=40)


def test_a_reason_retired_while_somebody_waits_for_the_lock_is_not_booked(house, patient, monkeypatch):
    practitioner = house.practitioner_actor()
    lock = booking.lock_and_check

    def retire_then_lock(*asked):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(retire_reason, practitioner, house.practitioners[0], house.reasons[0]).result()
        return lock(*asked)

    monkeypatch.setattr(booking, "lock_and_check", retire_then_lock)
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(house.slot(9)))
    assert house.appointments() == []


def test_staff_do_not_book_a_retired_reason(house):
    retire_reason(house.practitioner_actor(), house.practitioners[0], house.reasons[0])
    with pytest.raises(NotOffered):
        book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))


def test_an_appointment_moved_to_a_colleague_meanwhile_is_not_changed_under_the_wrong_lock(monkeypatch, clean_database):
    house = House.ready(practitioners=2)
    secretary = house.secretary()
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    lock = changing.lock_practitioners

    def move_then_lock(session, ids, *more):
        monkeypatch.setattr(changing, "lock_practitioners", lock)
        with ThreadPoolExecutor(1) as pool:
            moved = MoveRequest(house.instant(9), practitioner_id=house.practitioners[1])
            pool.submit(move_appointment, secretary, booked.id, moved).result()
        return lock(session, ids, *more)

    monkeypatch.setattr(changing, "lock_practitioners", move_then_lock)
    with pytest.raises(Conflict):
        cancel_appointment(secretary, booked.id)
    assert house.appointments()[0].status == "planned"


def test_nothing_is_booked_beyond_the_horizon_but_by_staff(house, patient):
    far = house.slot(9, days=400)
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(far))
    assert book_slot(house.secretary(), BookingRequest(far, patient_id=house.patients[0]))
