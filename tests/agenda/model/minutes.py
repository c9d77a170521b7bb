"""A practice's time minute by minute: places, their openings, and what a visit keeps for itself. No interval arithmetic anywhere."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from maiia_pro.agenda.holds import Visitor

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEP, LENGTH, BEFORE, AFTER = 30, 30, 5, 10
"""Minutes of the one reason: a grid of half hours, visits that keep 5 minutes before and 10 after free."""
DAYS = {
    "printemps à Paris": ("Europe/Paris", date(2027, 3, 28)),
    "automne à Paris": ("Europe/Paris", date(2027, 10, 31)),
    "printemps à La Réunion": ("Indian/Reunion", date(2027, 3, 28)),
    "automne à La Réunion": ("Indian/Reunion", date(2027, 10, 31)),
    "abolition à La Réunion": ("Indian/Reunion", date(2027, 12, 20)),
    "soir à Tahiti": ("Pacific/Tahiti", date(2027, 6, 30)),
}
POSTAL_CODES = {"Europe/Paris": "49000", "Indian/Reunion": "97400", "Pacific/Tahiti": "98713"}
EVERYWHERE = {date(2027, 3, 29), date(2027, 11, 1), date(2027, 12, 25)}
"""Easter Monday and All Saints follow the changes of clocks."""
HOLIDAYS = {
    "Europe/Paris": EVERYWHERE,
    "Indian/Reunion": EVERYWHERE | {date(2027, 12, 20)},
    "Pacific/Tahiti": EVERYWHERE | {date(2027, 6, 29)},
}
"""As the calendar on the wall has them, for the days that the models reach."""
OPENS = ((time(1), time(4)), (time(9), time(11)))
"""The first one lies over the hour that does not exist, or comes twice."""
VISITORS = {name: Visitor.of(name, f"192.0.2.{number}") for number, name in enumerate(("Anna", "Bilal"))}
LENGTHS = [None, 5, 20, 45, 120]


@cache
def walk(place: str, first: int, last: int) -> list[tuple[datetime, datetime]]:
    """Walk minute by minute from a day to another (counted from the place's day), and read the clock on the wall."""
    zone, day = ZoneInfo(DAYS[place][0]), DAYS[place][1]
    begins = datetime.combine(day + DAY * first, time(), zone).astimezone(UTC) - DAY
    shown = ((begins + MINUTE * number, (begins + MINUTE * number).astimezone(zone)) for number in range((last - first + 3) * 24 * 60))
    return [(instant, local) for instant, local in shown if day + DAY * first <= local.date() <= day + DAY * last]


@cache
def runs_of(place: str, first: int = -1, last: int = 1) -> list[tuple[date, list[datetime]]]:
    """Read the wall clock through some days: an opening is a run of minutes."""
    by_day: dict[date, list[tuple[datetime, time]]] = {}
    for instant, local in walk(place, first, last):
        by_day.setdefault(local.date(), []).append((instant, local.time()))
    return [
        (day, [instant for instant, shown in minutes if opens <= shown < closes])
        for day, minutes in by_day.items()
        for opens, closes in OPENS
    ]


@cache
def at_wall(place: str, day: date, at: time) -> datetime:
    """Find the first minute at which the wall shows a time; one that the change skips is an hour later on the wall."""
    number = (day - DAYS[place][1]).days
    shown = [instant for instant, local in walk(place, number, number) if local.time() == at]
    return shown[0] if shown else at_wall(place, day, at.replace(hour=at.hour + 1))


class Visit:
    """A visit as a model keeps it, or a hold."""

    def __init__(  # noqa: PLR0917 - the columns of a row
        self, agenda: str, starts_at: datetime, minutes: int, owner: str, room: object, until: datetime | None = None
    ) -> None:
        self.agenda, self.starts_at, self.minutes, self.owner, self.room, self.active = agenda, starts_at, minutes, owner, room, True
        self.over = False
        """Whether staff put it over another one."""
        self.until = until
        """When a hold ends; its owner is then a visitor, or a patient whom the waiting list keeps it for."""
        self.series: object = None
        self.edited = False
        """Whether it was moved or cancelled by itself, out of its series."""

    def blocks(self, starts_at: datetime, minutes: int) -> bool:
        """Compare minute by minute what both keep for themselves."""
        return self.active and meets(self.starts_at, self.minutes, starts_at, minutes)


def meets(one: datetime, minutes: int, other: datetime, others: int) -> bool:
    """Tell whether two visits want one and the same minute; days apart there is nothing to look for."""
    apart = (other - one) // MINUTE
    return abs(apart) < DAY // MINUTE and not set(range(-BEFORE, minutes + AFTER)).isdisjoint(range(apart - BEFORE, apart + others + AFTER))


def kept(starts_at: datetime, minutes: int) -> Iterator[datetime]:
    """Give every minute that a visit keeps others from."""
    return (starts_at + MINUTE * number for number in range(-BEFORE, minutes + AFTER))
