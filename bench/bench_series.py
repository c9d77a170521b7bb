"""A series of 52 weeks in an agenda with sixteen visits a day all year: looked at, and given."""

import statistics
from datetime import timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.ground import Figure, database, full, write
from maiia_pro.agenda.codes import Mode, Origin
from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.recurrence import Rhythm, Rule
from maiia_pro.agenda.series import SeriesBooking, SeriesPlace, SeriesRequest, book_series, preview_series
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from tests.factories import House

WEEKS = 52
A_DAY = 16
PREVIEW_SECONDS = 0.1


def fill(house: House) -> None:
    """Give every day of the next 380 sixteen visits of twenty minutes; nine o'clock is taken every second day."""
    for day in range(1, 380):
        with transaction() as session:
            for number in range(A_DAY):
                hour, minute = divmod(20 * number, 60)
                starts = house.instant(8 + hour + (2 if hour >= 4 else 0), minute, days=day)
                if day % 2 and (hour, minute) == (1, 0):
                    continue
                ends = starts + timedelta(minutes=20)
                session.add(
                    Appointment(
                        practice_id=house.practice_id, practitioner_id=house.practitioners[0], site_id=house.sites[0],
                        reason_id=house.reasons[0], patient_id=house.patients[0], starts_at=starts, ends_at=ends,
                        blocked=blocked_range(starts, ends), mode=Mode.IN_PERSON, origin=Origin.DESK,
                    )
                )  # fmt: skip


def once(house: House, secretary: Actor, *, give: bool = False) -> float:
    """Tell the seconds that looking at the series, or giving it too, took."""
    first = clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=1)
    request = SeriesRequest(house.offerings[0], Rule(first, 9 * 60, Rhythm.WEEKS, count=WEEKS))
    began = perf_counter()
    lines = preview_series(secretary, request, {}).lines
    looked = perf_counter() - began
    assert len(lines) == WEEKS
    if not give:
        return looked
    places = tuple(SeriesPlace(to_instant(line.place)) for line in lines if line.place is not None)
    began = perf_counter()
    assert len(book_series(secretary, SeriesBooking(request, places, patient_id=house.patients[1])).visits) == WEEKS
    return perf_counter() - began


def main() -> None:
    """Measure and write."""
    rounds = 100 if full() else 30
    with database():
        house = House.ready()
        secretary = house.secretary()
        fill(house)
        once(house, secretary)
        looks = [once(house, secretary) for _ in range(rounds)]
        given = once(house, secretary, give=True)
    median, longest = statistics.median(looks), max(looks)
    goal = f"≤ {PREVIEW_SECONDS * 1000:.0f} ms"
    figures = [
        Figure("série de 52 : aperçu, médiane", median * 1000, "ms", goal, median <= PREVIEW_SECONDS),
        Figure("série de 52 : aperçu, le plus long", longest * 1000, "ms", goal, longest <= PREVIEW_SECONDS),
        Figure("série de 52 : donnée", given * 1000, "ms", "", None),
    ]
    write("series", figures, visits_a_day=A_DAY, weeks=WEEKS, rounds=rounds)


if __name__ == "__main__":
    main()
