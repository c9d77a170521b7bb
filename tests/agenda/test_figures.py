"""Figures of a practice: what each counts, of whom, and the file of it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.codes import Mode, Origin, Status
from maiia_pro.agenda.figure_tables import figures_file
from maiia_pro.agenda.figures import Figure, FiguresQuery, Grouping, Row, read_figures
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 10, 19)
WEEK = FiguresQuery(MONDAY, MONDAY + timedelta(days=6))


def visit(house: House, day: date, hour: int, status: str = Status.PLANNED, *, late: int | None = None, who: int = 0, **more) -> None:
    """Write a visit of twenty minutes that began so many minutes late, after ten minutes of waiting."""
    starts = datetime.combine(day, time(hour), PARIS)
    ends = starts + timedelta(minutes=20)
    seen = None if late is None else starts + timedelta(minutes=late)
    arrived = None if seen is None else seen - timedelta(minutes=10)
    cancelled = starts if status == Status.CANCELLED else None
    with transaction() as session:
        session.add(
            Appointment(
                practice_id=house.practice_id, practitioner_id=house.practitioners[who], site_id=house.sites[0],
                reason_id=house.reasons[who], patient_id=house.patients[0],
                starts_at=starts, ends_at=ends, blocked=blocked_range(starts, ends),
                status=status, cancelled_at=cancelled, mode=Mode.IN_PERSON, arrived_at=arrived, seen_at=seen,
                origin=more.pop("origin", Origin.DESK), **more,
            )
        )  # fmt: skip


def rows(house: House, figure: Figure, grouping: Grouping = Grouping.WEEK, query: FiguresQuery = WEEK) -> list[Row]:
    return list(read_figures(house.secretary(), query)[figure, grouping])


def test_occupancy_sets_booked_time_beside_open_time_without_overbookings_and_cancelled_visits(house):
    visit(house, MONDAY, 9)
    visit(house, MONDAY, 9, deliberate_overbooking=True)
    visit(house, MONDAY, 10, Status.CANCELLED)
    assert rows(house, Figure.OCCUPANCY) == [Row(MONDAY, (20.0, 7 * 8 * 60.0))]


def test_a_week_of_the_change_of_hour_is_open_as_long_as_the_clock_says(house):
    house.hours(house.practitioners[0], house.sites[0], time(0), time(6))
    sunday = FiguresQuery(date(2026, 10, 25), date(2026, 10, 25))
    assert rows(house, Figure.OCCUPANCY, query=sunday) == [Row(MONDAY, (0.0, (8 + 7) * 60.0))]


def test_absences_count_missed_visits_among_those_that_ended(house):
    visit(house, MONDAY, 9, Status.MISSED)
    visit(house, MONDAY, 10)
    assert rows(house, Figure.ABSENCES) == [Row(MONDAY, (1, 1))]


def test_delays_are_medians_of_waiting_and_of_lateness(house):
    for hour, late in ((9, 0), (10, 5), (11, 40)):
        visit(house, MONDAY, hour, Status.IN_PROGRESS, late=late)
    assert rows(house, Figure.DELAYS) == [Row(MONDAY, (3, 10.0, 5.0))]


def test_origin_counts_each_door_by_practitioner():
    house = House.ready(practitioners=2)
    visit(house, MONDAY, 9, origin=Origin.ONLINE)
    visit(house, MONDAY, 9, origin=Origin.API, who=1)
    assert sorted(row.numbers for row in rows(house, Figure.ORIGIN, Grouping.PRACTITIONER)) == [(0, 0, 1), (0, 1, 0)]
    assert rows(house, Figure.ORIGIN, Grouping.REASON) == [Row("Consultation", (0, 1, 1))]


def test_only_the_days_asked_for_count_by_the_clock_of_the_site(house):
    visit(house, MONDAY, 0)
    visit(house, MONDAY - timedelta(days=1), 23)
    visit(house, MONDAY + timedelta(days=7), 0)
    assert rows(house, Figure.ORIGIN) == [Row(MONDAY, (1, 0, 0))]


def test_only_people_of_the_practice_see_its_figures(house, other_house):
    with pytest.raises(NotAllowed):
        read_figures(new_patient_account(), WEEK)
    with pytest.raises(NotFound):
        read_figures(other_house.secretary(), FiguresQuery(WEEK.first, WEEK.last, house.practitioners[0]))


def test_the_file_names_no_patient_and_holds_every_number(house):
    visit(house, MONDAY, 9, Status.MISSED)
    file = figures_file(house.secretary(), WEEK, Figure.ABSENCES, Grouping.WEEK)
    assert file.content.decode("utf-8-sig").splitlines() == [
        '"Semaine du";"Absences";"Rendez-vous passés";"Absences (%)"',
        '"19/10/2026";"1";"1";"100,0"',
    ]


@pytest.mark.parametrize(
    ("first", "last", "field"), [("2026-01-01", "2027-06-01", "last"), ("", "2026-01-01", "first"), ("2026-02-01", "2026-01-01", "last")]
)
def test_a_period_that_is_none_or_longer_than_a_year_is_refused_beside_its_field(first, last, field):
    with pytest.raises(Invalid) as refused:
        FiguresQuery.parse(first, last, "tous")
    assert set(refused.value.fields) == {field}
