"""Absences and other hours: which visits they strand, where these may go, and settling them all at once."""

from datetime import time, timedelta
from functools import partial

import psycopg
import pytest
from sqlalchemy import text

from maiia_pro.agenda.absence import Choice, Upset, stranded_visits
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import ExceptionKind, Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.exceptions import NewException, add_exception
from maiia_pro.agenda.settle import Wish, settle
from maiia_pro.agenda.setup import opening_week, save_weekly_hours
from maiia_pro.agenda.terms import Terms
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import libpq_url, reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound, NothingRecorded
from maiia_pro.notifications.appointment_mail import appointment_mail
from tests.concurrency.racing import overlaps
from tests.factories import EVERY_DAY, House

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)


@pytest.fixture
def house(clean_database) -> House:
    """Two practitioners who offer the same reason at the same site."""
    return House.ready(practitioners=2)


@pytest.fixture
def doctor(house):
    return house.practitioner_actor()


@pytest.fixture
def secretary(house):
    return house.secretary()


def day_off(house: House, days: int = 1) -> NewException:
    """A whole day closed, everywhere."""
    day = house.instant(12, days=days).date()
    return NewException(ExceptionKind.CLOSED, day, day + DAY, time(0), time(0), label="Congés")


def closed(house: House, doctor, days: int = 1) -> Upset:
    """The practitioner's own day off, saved with the visits."""
    new = day_off(house, days)
    return Upset(house.practitioners[0], partial(add_exception, doctor, house.practitioners[0], new), new)


def booked(house: House, actor, *times: tuple[int, int], days: int = 1, offering: int = 0, **more):
    return [
        book_slot(actor, BookingRequest(house.slot(hour, minute, days=days, offering=offering), patient_id=house.patients[0], **more))
        for hour, minute in times
    ]


def wish(line, choice: Choice) -> Wish:
    """Choose for a visit, with the place that was suggested."""
    place = {Choice.COLLEAGUE: line.colleague, Choice.LATER: line.later}.get(choice)
    if place is None:
        return Wish(line.id, line.version, choice)
    return Wish(line.id, line.version, choice, place.practitioner_id, place.starts_at)


def exceptions(house: House, doctor) -> int:
    return len(opening_week(doctor, house.practitioners[0]).exceptions)


def test_an_absence_strands_all_its_visits_and_no_other(house, doctor, secretary):
    inside = booked(house, secretary, (9, 0), (15, 0))
    booked(house, secretary, (9, 0), days=2)
    booked(house, secretary, (9, 0), offering=1)
    cancel_appointment(secretary, booked(house, secretary, (10, 0))[0].id)
    assert [line.id for line in stranded_visits(doctor, closed(house, doctor))] == [one.id for one in inside]


def test_a_visit_outside_opening_hours_is_in_the_absence_too(house, doctor, secretary):
    (late,) = booked(house, secretary, (19, 0))
    assert [line.id for line in stranded_visits(doctor, closed(house, doctor))] == [late.id]


def test_an_absence_that_ends_before_it_begins_is_refused_beside_what_is_to_be_mended(house, secretary):
    day = house.instant(12, days=1).date()
    for new, field in (
        (NewException(ExceptionKind.CLOSED, day, day, time(18), time(14)), "closes"),
        (NewException(ExceptionKind.CLOSED, day, day, time(0), time(0)), "last"),
    ):
        with pytest.raises(Invalid) as refused:
            stranded_visits(secretary, Upset(house.practitioners[0], None, new))
        assert refused.value.fields == {field: "La fin doit venir après le début."}


def test_other_weekly_hours_strand_what_was_inside_and_would_be_outside(house, doctor, secretary):
    morning, evening, outside = booked(house, secretary, (9, 0), (17, 40), (12, 30))
    shorter = [DayRange(day, time(8), time(17, 50)) for day in EVERY_DAY]
    change = partial(save_weekly_hours, doctor, house.practitioners[0], house.sites[0], shorter)
    lost = stranded_visits(doctor, Upset(house.practitioners[0], change))
    assert [line.id for line in lost] == [evening.id]
    assert {morning.id, outside.id}.isdisjoint(line.id for line in lost)


def test_hours_that_admit_other_reasons_or_end_sooner_strand_what_they_no_longer_hold(house, doctor, secretary):
    visit, far = booked(house, secretary, (9, 0)) + booked(house, secretary, (9, 0), days=10)
    other = house.reason(house.practitioners[0], name="Échographie")
    until = house.instant(12, days=5).date()
    for terms, expected in ((Terms(reasons=frozenset({other})), [visit.id, far.id]), (Terms(valid_until=until), [far.id])):
        hours = [DayRange(day, time(8), time(18), terms) for day in EVERY_DAY]
        change = partial(save_weekly_hours, doctor, house.practitioners[0], house.sites[0], hours)
        assert [line.id for line in stranded_visits(doctor, Upset(house.practitioners[0], change))] == expected


def test_looking_keeps_nothing_of_the_change_but_who_looked(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    with reading() as session:
        before = session.connection().execute(text("select max(sequence) from audit_entry")).scalar_one()
    (line,) = stranded_visits(doctor, closed(house, doctor))
    assert exceptions(house, doctor) == 0
    with reading() as session:
        since = text("select action, actor_id, details from audit_entry where sequence > :before")
        left = session.connection().execute(since, {"before": before}).all()
    assert left == [("appointment:searched", doctor.identity, {"found": [str(line.id)]})]


def test_a_colleague_is_suggested_at_the_same_time_and_later_at_the_first_free_time_after(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    (line,) = stranded_visits(doctor, closed(house, doctor))
    assert (line.colleague.practitioner_id, line.colleague.starts_at) == (house.practitioners[1], house.instant(9))
    assert (line.later.practitioner_id, line.later.starts_at) == (house.practitioners[0], house.instant(8, days=2))


def test_where_the_colleague_is_taken_the_nearest_free_time_is_suggested(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    booked(house, secretary, (9, 0), (9, 20), offering=1)
    (line,) = stranded_visits(doctor, closed(house, doctor))
    assert line.colleague.starts_at == house.instant(8, 40)


def test_no_two_visits_are_offered_the_same_place(house, doctor, secretary):
    times = [(hour, minute) for hour in (8, 9, 10) for minute in (0, 20, 40)]
    booked(house, secretary, *times)
    booked(house, secretary, *times[:5], offering=1)
    lines = stranded_visits(doctor, closed(house, doctor))
    for places in ([line.colleague for line in lines], [line.later for line in lines]):
        assert len({(place.practitioner_id, place.starts_at) for place in places}) == len(times)


def test_a_visit_keeps_its_own_length_in_what_is_suggested(house, doctor, secretary):
    booked(house, secretary, (9, 0), length_minutes=60)
    booked(house, secretary, (9, 40), offering=1)
    (line,) = stranded_visits(doctor, closed(house, doctor))
    assert line.colleague.starts_at == house.instant(8, 40)


def test_nobody_to_go_to_is_said_by_no_place(house, doctor, secretary):
    alone = house.reason(house.practitioners[0], name="Échographie")
    house.offering(alone)
    book_slot(secretary, BookingRequest(house.slot(9, offering=2), patient_id=house.patients[0]))
    (line,) = stranded_visits(doctor, closed(house, doctor))
    assert line.colleague is None
    assert line.later is not None


def test_each_choice_is_done_and_the_absence_saved_together(house, doctor, secretary):
    booked(house, secretary, (8, 0), (9, 0), (10, 0), (11, 0))
    upset = closed(house, doctor)
    keep, colleague, later, cancel = stranded_visits(doctor, upset)
    chosen = zip((keep, colleague, later, cancel), (Choice.KEEP, Choice.COLLEAGUE, Choice.LATER, Choice.CANCEL), strict=True)
    done = settle(doctor, upset, [wish(line, choice) for line, choice in chosen], "Le docteur est en congé.")
    assert done.settled == {Choice.KEEP: 1, Choice.COLLEAGUE: 1, Choice.LATER: 1, Choice.CANCEL: 1}
    assert (done.in_the_way, done.unasked, exceptions(house, doctor)) == ({}, [], 1)
    rows = {row.id: row for row in house.appointments()}
    assert rows[keep.id].starts_at == house.instant(8)
    assert (rows[colleague.id].practitioner_id, rows[colleague.id].starts_at) == (house.practitioners[1], house.instant(9))
    assert rows[later.id].starts_at == later.later.starts_at
    assert (rows[cancel.id].status, rows[cancel.id].cancellation_note) == (Status.CANCELLED, "Le docteur est en congé.")
    assert overlaps() == 0


def test_each_visit_has_its_line_of_history_and_its_message_with_the_word(house, doctor, secretary):
    patient = house.patient(email="josiane@exemple.fr")
    book_slot(secretary, BookingRequest(house.slot(9), patient_id=patient))
    upset = Upset(house.practitioners[0], closing=day_off(house))
    (line,) = stranded_visits(secretary, upset)
    settle(secretary, upset, [wish(line, Choice.COLLEAGUE)], "Le docteur est en congé.")
    last = read_appointment(secretary, line.id).history[-1]
    assert (last.action, last.actor_name) == (AuditAction.APPOINTMENT_MOVED, secretary.name)
    with reading() as session:
        mail = appointment_mail(session, line.id, "moved", 2)
        jobs = (
            session.connection()
            .execute(text("select args->>'event' from jobs.procrastinate_jobs where task_name <> 'agenda.slot_freed' order by id"))
            .scalars()
            .all()
        )
    assert mail is not None
    assert "Message du cabinet\u00a0: Le docteur est en congé." in mail.body
    assert jobs[-1] == "moved"


def test_a_later_move_does_not_repeat_the_word(house, secretary):
    patient = house.patient(email="josiane@exemple.fr")
    visit = book_slot(secretary, BookingRequest(house.slot(9), patient_id=patient))
    move_appointment(secretary, visit.id, MoveRequest(house.instant(10), word="Une fois"))
    moved = move_appointment(secretary, visit.id, MoveRequest(house.instant(11)))
    with reading() as session:
        mail = appointment_mail(session, visit.id, "moved", moved.version)
    assert mail is not None
    assert "Une fois" not in mail.body


def test_a_choice_that_one_visit_stands_in_the_way_of_is_done_for_none_and_the_others_stand(house, doctor, secretary):
    booked(house, secretary, (9, 0), (10, 0), (11, 0))
    upset = closed(house, doctor)
    first, second, third = stranded_visits(doctor, upset)
    booked(house, secretary, (10, 0), offering=1)
    done = settle(doctor, upset, [wish(first, Choice.COLLEAGUE), wish(second, Choice.COLLEAGUE), wish(third, Choice.CANCEL)])
    assert done.settled == {Choice.CANCEL: 1, Choice.KEEP: 0}
    ((way,),) = done.in_the_way.values()
    assert (way.appointment_id, way.patient, way.why) == (second.id, "Josiane Keller", SlotTaken.message)
    rows = {row.id: row for row in house.appointments()}
    assert {rows[one.id].practitioner_id for one in (first, second)} == {house.practitioners[0]}
    assert rows[third.id].status == Status.CANCELLED
    assert exceptions(house, doctor) == 1
    assert overlaps() == 0


def test_a_visit_changed_since_it_was_listed_stands_in_the_way(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    upset = closed(house, doctor)
    (line,) = stranded_visits(doctor, upset)
    move_appointment(secretary, line.id, MoveRequest(house.instant(10)))
    done = settle(doctor, upset, [wish(line, Choice.CANCEL)])
    assert "changé depuis" in done.in_the_way[Choice.CANCEL][0].why
    assert house.appointments()[0].status == Status.PLANNED


def test_a_visit_booked_after_the_list_is_named_as_not_asked_for(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    upset = closed(house, doctor)
    lines = stranded_visits(doctor, upset)
    (fresh,) = booked(house, secretary, (10, 0))
    done = settle(doctor, upset, [wish(line, Choice.CANCEL) for line in lines])
    assert [line.id for line in done.unasked] == [fresh.id]
    with reading() as session:
        searched = text("select details->'found' from audit_entry where action = 'appointment:searched' order by sequence")
        assert session.connection().execute(searched).scalars().all() == [[str(line.id) for line in lines], [str(fresh.id)]]


def test_hours_that_cannot_be_saved_leave_every_visit_as_it_was(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    (line,) = stranded_visits(doctor, closed(house, doctor))
    wrong = [DayRange(0, time(9), time(12)), DayRange(0, time(11), time(13))]
    change = partial(save_weekly_hours, doctor, house.practitioners[0], house.sites[0], wrong)
    with pytest.raises(Invalid):
        settle(doctor, Upset(house.practitioners[0], change), [wish(line, Choice.CANCEL)])
    assert house.appointments()[0].status == Status.PLANNED


def test_a_secretary_settles_the_visits_but_the_practitioner_alone_closes_the_time(house, doctor, secretary):
    booked(house, secretary, (9, 0))
    new = day_off(house)
    with pytest.raises(NotAllowed):
        stranded_visits(secretary, Upset(house.practitioners[0], partial(add_exception, secretary, house.practitioners[0], new), new))
    upset = Upset(house.practitioners[0], closing=new)
    (line,) = stranded_visits(secretary, upset)
    assert line.later.starts_at == house.instant(8, days=2)
    settle(secretary, upset, [wish(line, Choice.LATER)])
    assert house.appointments()[0].starts_at == house.instant(8, days=2)
    assert exceptions(house, doctor) == 0


def test_people_of_elsewhere_patients_and_programs_settle_nothing(house, secretary, other_house, patient):
    booked(house, secretary, (9, 0))
    upset = Upset(house.practitioners[0], closing=day_off(house))
    (line,) = stranded_visits(secretary, upset)
    for actor, refusal in ((other_house.secretary(), NotFound), (patient, NotAllowed), (house.api_client(), NotAllowed)):
        with pytest.raises(refusal):
            stranded_visits(actor, upset)
        with pytest.raises(refusal):
            settle(actor, upset, [wish(line, Choice.CANCEL)])
    assert house.appointments()[0].status == Status.PLANNED


def test_a_visit_of_another_practice_is_not_settled_by_naming_it(house, secretary, other_house):
    theirs = booked(other_house, other_house.secretary(), (9, 0))[0]
    done_by = Upset(house.practitioners[0], closing=day_off(house))
    with pytest.raises(NotFound):
        settle(secretary, done_by, [Wish(theirs.id, 1, Choice.CANCEL)])
    assert other_house.appointments()[0].status == Status.PLANNED


def test_an_agenda_of_another_practice_is_not_even_locked_by_naming_it(house, secretary, other_house, clean_database):
    (visit,) = booked(house, secretary, (9, 0))
    theirs = Wish(visit.id, 1, Choice.COLLEAGUE, other_house.practitioners[0], house.instant(9, days=2))
    with psycopg.connect(libpq_url(clean_database.owner)) as holder:
        holder.execute("select from practitioner where id = %s for no key update", [other_house.practitioners[0]])
        with pytest.raises(NotFound):
            settle(secretary, Upset(house.practitioners[0], closing=day_off(house)), [theirs])


def test_a_connection_killed_in_the_middle_leaves_nothing_of_it(house, doctor, secretary, monkeypatch):
    booked(house, secretary, (9, 0), (10, 0))
    upset = closed(house, doctor)
    first, second = stranded_visits(doctor, upset)

    def killed(session, *_asked):
        session.connection().execute(text("select pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr("maiia_pro.agenda.settle.put", killed)
    with pytest.raises(NothingRecorded):
        settle(doctor, upset, [wish(first, Choice.CANCEL), wish(second, Choice.COLLEAGUE)])
    assert [row.status for row in house.appointments()] == [Status.PLANNED, Status.PLANNED]
    assert exceptions(house, doctor) == 0


def test_every_room_that_a_moved_visit_could_take_is_locked_first(house, doctor, secretary, monkeypatch, clean_database):
    rooms = house.rooms(*house.reasons, count=2)
    booked(house, secretary, (9, 0), offering=1)
    booked(house, secretary, (9, 0))  # the room of the higher id, while the lower one is a colleague's
    upset = closed(house, doctor)
    (line,) = stranded_visits(doctor, upset)
    free: list[object] = []

    def watched(*_asked):
        with psycopg.connect(libpq_url(clean_database.owner)) as other:
            free.extend(other.execute("select id from resource order by id for no key update skip locked").fetchall())
        raise SlotTaken

    monkeypatch.setattr("maiia_pro.agenda.settle.put", watched)
    settle(doctor, upset, [wish(line, Choice.LATER)])
    assert (len(rooms), free) == (2, [])
