"""A series: looked at, given whole or not at all, told once."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import InThePast, SeriesTaken
from maiia_pro.agenda.jobs import SeriesTold
from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.recurrence import Rhythm, Rule
from maiia_pro.agenda.series import BookedSeries, SeriesBooking, SeriesPlace, SeriesRequest, book_series, preview_series
from maiia_pro.agenda.series_changes import Scope, SeriesMove, cancel_series, move_series
from maiia_pro.agenda.series_plan import Choice, LineState
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.visit_link import actor_of_link
from maiia_pro.identity.tokens import token_hash
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.notifications.outbox import tell_series
from maiia_pro.notifications.tables import OutgoingEmail
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration


@pytest.fixture
def secretary(house):
    return house.secretary()


def weekly(house: House, count: int = 4, *, hour: int = 9, days: int = 1) -> SeriesRequest:
    """Ask for a weekly series from tomorrow on."""
    first = clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=days)
    return SeriesRequest(house.offerings[0], Rule(first, hour * 60, Rhythm.WEEKS, count=count))


def places(actor, request: SeriesRequest, choices=None) -> tuple[SeriesPlace, ...]:
    """Take what the preview proposes."""
    lines = preview_series(actor, request, choices or {}).lines
    return tuple(SeriesPlace(to_instant(line.place), line.overbook) for line in lines if line.place is not None)


def give(house: House, actor, request: SeriesRequest | None = None, choices=None) -> BookedSeries:
    """Give a series as it was looked at."""
    request = request or weekly(house)
    return book_series(actor, SeriesBooking(request, places(actor, request, choices), patient_id=house.patients[0]))


def test_a_series_is_given_whole_and_belongs_together(house, secretary):
    given = give(house, secretary)
    rows = house.appointments()
    assert [row.series_id for row in rows] == [given.id] * 4
    assert [row.id for row in rows] == [visit.id for visit in given.visits]


def test_a_preview_says_who_is_there_and_where_the_practice_is_closed(house, secretary):
    request = weekly(house)
    book_slot(secretary, BookingRequest(house.slot(9, days=1), patient_id=house.patients[1]))
    house.exception(house.practitioners[0], house.instant(0, days=8), house.instant(0, days=9))
    states = [line.state for line in preview_series(secretary, request, {}).lines]
    assert states == [LineState.TAKEN, LineState.OUTSIDE, LineState.FREE, LineState.FREE]


def test_one_place_that_is_lost_since_the_preview_leaves_nothing_booked_and_is_named(house, secretary):
    request = weekly(house)
    seen = places(secretary, request)
    book_slot(secretary, BookingRequest(house.slot(9, days=8), patient_id=house.patients[1]))
    with pytest.raises(SeriesTaken) as refused:
        book_series(secretary, SeriesBooking(request, seen, patient_id=house.patients[0]))
    assert refused.value.lost == (house.instant(9, days=8),)
    assert len(house.appointments()) == 1


def test_forcing_a_taken_date_overbooks_it_and_no_other(house, secretary):
    book_slot(secretary, BookingRequest(house.slot(9, days=1), patient_id=house.patients[1]))
    given = give(house, secretary, choices={1: Choice.FORCE})
    assert [visit.overbooked for visit in given.visits] == [True, False, False, False]


def test_a_skipped_date_is_left_out(house, secretary):
    book_slot(secretary, BookingRequest(house.slot(9, days=1), patient_id=house.patients[1]))
    assert len(give(house, secretary, choices={1: Choice.SKIP}).visits) == 3


def test_outside_the_hours_a_forced_date_is_an_ordinary_visit(house, secretary):
    given = give(house, secretary, weekly(house, count=1, hour=13), {1: Choice.FORCE})
    assert [(visit.starts_at, visit.overbooked) for visit in given.visits] == [(house.instant(13, days=1), False)]


def test_a_series_never_begins_in_the_past(house, secretary):
    with pytest.raises(InThePast):
        preview_series(secretary, weekly(house, days=-1), {})


def test_a_series_without_a_date_left_is_refused(house, secretary):
    with pytest.raises(Invalid):
        book_series(secretary, SeriesBooking(weekly(house), (), patient_id=house.patients[0]))


def test_only_staff_of_the_practice_give_series(house, other_house, secretary):
    request = weekly(house)
    with pytest.raises(NotAllowed):
        preview_series(new_patient_account(), request, {})
    with pytest.raises(NotAllowed):
        book_series(house.api_client(), SeriesBooking(request, places(secretary, request), patient_id=house.patients[0]))
    with pytest.raises(NotFound):
        preview_series(other_house.secretary(), request, {})
    with pytest.raises(NotFound):
        book_series(other_house.secretary(), SeriesBooking(request, places(secretary, request), patient_id=other_house.patients[0]))


def test_a_series_is_told_in_one_message_with_one_calendar(house, secretary):
    patient = house.patient("Keller", "Josiane", email="josiane@exemple.fr")
    request = weekly(house)
    given = book_series(secretary, SeriesBooking(request, places(secretary, request), patient_id=patient))
    with reading() as session:
        jobs = (
            session.connection()
            .execute(text("select task_name, args from jobs.procrastinate_jobs where task_name <> 'agenda.slot_freed'"))
            .all()
        )
    assert [job.task_name for job in jobs] == [SeriesTold.name]
    tell_series(WORKER, SeriesTold(given.id, "booked", 1, jobs[0].args["visits"]))
    tell_series(WORKER, SeriesTold(given.id, "booked", 1, jobs[0].args["visits"]))
    with reading() as session:
        (mail,) = session.exec(select(OutgoingEmail)).all()
    assert mail.subject.startswith("Vos 4 rendez-vous sont confirmés, dès le ")
    assert mail.calendar.count("BEGIN:VEVENT") == 4
    assert "4. " in mail.body
    secrets = re.findall(r"/rendez-vous/lien#(\S+)", mail.body)
    assert [actor_of_link(token_hash(secret)).visit_id for secret in secrets] == [visit.id for visit in given.visits]


def test_a_visit_that_moves_or_goes_by_itself_is_marked_and_the_others_stay(house, secretary):
    given = give(house, secretary)
    move_appointment(secretary, given.visits[0].id, MoveRequest(house.instant(15, days=1)))
    cancel_appointment(secretary, given.visits[1].id)
    assert [(row.series_edited, row.active) for row in house.appointments()] == [(True, True), (True, False), (False, True), (False, True)]


def test_a_series_across_the_change_of_hour_keeps_its_wall_clock(house, secretary):
    request = weekly(house, count=52)
    zone = ZoneInfo(house.zone)
    given = give(house, secretary, request)
    assert {visit.starts_at.astimezone(zone).time().hour for visit in given.visits} == {9}
    assert len({datetime.utcoffset(visit.starts_at.astimezone(zone)) for visit in given.visits}) == 2


def test_the_first_day_of_a_series_is_that_of_its_site_however_far_from_utc(clean_database):
    house = House.ready(zone="Pacific/Noumea")
    given = give(house, house.secretary(), weekly(house))
    assert given.first_day == given.visits[0].starts_at.date() + timedelta(days=1)


def starts(house: House) -> list[datetime]:
    """Tell when the visits that stand begin."""
    return [row.starts_at for row in house.appointments() if row.active]


def test_moving_all_shifts_every_visit_by_the_same_wall_clock(house, secretary):
    given = give(house, secretary)
    move_series(secretary, given.visits[1].id, Scope.ALL, SeriesMove(house.instant(10, 30, days=8)))
    assert starts(house) == [house.instant(10, 30, days=1 + 7 * week) for week in range(4)]


def test_moving_by_a_week_lets_each_visit_take_the_place_of_the_next(house, secretary):
    given = give(house, secretary)
    move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(9, days=8)))
    assert starts(house) == [house.instant(9, days=8 + 7 * week) for week in range(4)]
    move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(9, days=1)))
    assert starts(house) == [house.instant(9, days=1 + 7 * week) for week in range(4)]


def test_moving_this_and_following_leaves_the_earlier_ones(house, secretary):
    given = give(house, secretary)
    move_series(secretary, given.visits[2].id, Scope.FOLLOWING, SeriesMove(house.instant(15, days=15), length_minutes=40))
    rows = house.appointments()
    hours = [(9, 20), (9, 20), (15, 40), (15, 40)]
    wanted = [(house.instant(hour, days=1 + 7 * week), timedelta(minutes=length)) for week, (hour, length) in enumerate(hours)]
    assert [(row.starts_at, row.ends_at - row.starts_at) for row in rows] == wanted


def test_a_move_that_meets_somebody_moves_nothing_and_names_every_line_in_the_way(house, secretary):
    given = give(house, secretary)
    for days in (1, 15):
        book_slot(secretary, BookingRequest(house.slot(15, days=days), patient_id=house.patients[1]))
    before = starts(house)
    with pytest.raises(SeriesTaken) as refused:
        move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(15, days=1)))
    assert refused.value.lost == (house.instant(15, days=1), house.instant(15, days=15))
    assert starts(house) == before


def test_lengthening_visits_into_each_other_changes_nothing(house, secretary):
    first = clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=1)
    request = SeriesRequest(house.offerings[0], Rule(first, 540, Rhythm.DAYS, count=2))
    given = give(house, secretary, request)
    move_appointment(secretary, given.visits[1].id, MoveRequest(house.instant(9, 20, days=1)))
    with pytest.raises(SeriesTaken):
        move_series(
            secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(9, days=1), length_minutes=60), also=[given.visits[1].id]
        )
    assert starts(house) == [house.instant(9, days=1), house.instant(9, 20, days=1)]


def test_an_edited_visit_stays_where_it_is_unless_it_is_named(house, secretary):
    given = give(house, secretary)
    edited = move_appointment(secretary, given.visits[1].id, MoveRequest(house.instant(11, days=8)))
    move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(10, days=1)))
    assert starts(house)[1] == edited.starts_at
    move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(10, 20, days=1)), also=[edited.id])
    assert starts(house)[1] == house.instant(11, 20, days=8)


def test_cancelling_the_following_keeps_the_earlier_and_the_edited_ones(house, secretary):
    given = give(house, secretary)
    move_appointment(secretary, given.visits[3].id, MoveRequest(house.instant(11, days=22)))
    cancel_series(secretary, given.visits[1].id, Scope.FOLLOWING, "Congé")
    assert [row.active for row in house.appointments()] == [True, False, False, True]


def test_each_visit_keeps_its_own_history_of_a_change_to_all(house, secretary):
    given = give(house, secretary)
    move_series(secretary, given.visits[0].id, Scope.ALL, SeriesMove(house.instant(10, days=1)))
    for visit in given.visits:
        assert [line.action for line in read_appointment(secretary, visit.id).history] == ["appointment:booked", "appointment:moved"]


def test_the_panel_lists_the_whole_series(house, secretary):
    given = give(house, secretary)
    cancel_appointment(secretary, given.visits[0].id)
    listed = read_appointment(secretary, given.visits[2].id).series
    assert [(one.id, one.edited) for one in listed] == [(visit.id, number == 0) for number, visit in enumerate(given.visits)]


def test_changes_to_all_are_for_staff_of_the_practice(house, other_house, secretary):
    given = give(house, secretary)
    with pytest.raises(NotFound):
        cancel_series(other_house.secretary(), given.visits[0].id, Scope.ALL)
    with pytest.raises(NotAllowed):
        move_series(house.api_client(), given.visits[0].id, Scope.ALL, SeriesMove(house.instant(10, days=1)))
    with pytest.raises(NotAllowed):
        cancel_series(new_patient_account(), given.visits[0].id, Scope.ALL)


def test_a_change_to_all_is_told_in_one_message(house, secretary):
    given = give(house, secretary)
    cancel_series(secretary, given.visits[0].id, Scope.ALL)
    with reading() as session:
        jobs = (
            session.connection()
            .execute(text("select args from jobs.procrastinate_jobs where task_name <> 'agenda.slot_freed' order by id"))
            .scalars()
            .all()
        )
    assert [(job["event"], job["version"], len(job["visits"])) for job in jobs] == [("booked", 1, 4), ("cancelled", 2, 4)]


def test_what_was_overbooked_under_a_series_that_goes_becomes_ordinary(house, secretary):
    given = give(house, secretary)
    under = book_slot(secretary, BookingRequest(house.slot(9, days=8), patient_id=house.patients[1], overbook=True))
    cancel_series(secretary, given.visits[0].id, Scope.ALL)
    assert [row.deliberate_overbooking for row in house.appointments() if row.id == under.id] == [False]


def test_a_date_without_a_free_room_is_not_shown_as_free(house, secretary):
    house.rooms(house.reasons[0])
    colleague = house.practitioner("Belkacem")
    other = house.reason(colleague)
    offering = house.offering(other)
    with transaction() as session:
        session.connection().execute(
            text("insert into reason_need (reason_id, kind_id, practice_id) select :id, kind_id, practice_id from reason_need"),
            {"id": other},
        )
    book_slot(secretary, BookingRequest(SlotKey(offering, house.instant(9)), patient_id=house.patients[1]))
    line, *_ = preview_series(secretary, weekly(house), {}).lines
    assert (line.state, line.place and to_instant(line.place)) == (LineState.TAKEN, house.instant(8, 40))
    assert len(give(house, secretary).visits) == 4


def test_a_visit_put_over_another_of_its_series_stays_over_it_when_both_move(house, secretary):
    first, second = give(house, secretary, weekly(house, 2)).visits
    move_appointment(secretary, first.id, MoveRequest(second.starts_at, overbook=True))
    later = second.starts_at + timedelta(minutes=40)
    move_series(secretary, first.id, Scope.ALL, SeriesMove(later))
    assert {(row.id, row.starts_at, row.deliberate_overbooking) for row in house.appointments()} == {
        (first.id, later, True),
        (second.id, later, False),
    }
