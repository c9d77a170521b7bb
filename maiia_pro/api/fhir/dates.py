"""Search parameters of type date: prefixes and precisions, laid over a place's own days."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Self
from zoneinfo import ZoneInfo

from maiia_pro.api.fhir.outcomes import BadParameter

_DATE = re.compile(
    r"(?P<prefix>eq|ne|lt|gt|ge|le|sa|eb|ap)?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d{1,9})?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
EARLIEST: Final = datetime(1800, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
BOUNDS: Final = {"lt": (None, 0), "eb": (None, 0), "le": (None, 1), "gt": (1, None), "sa": (1, None), "ge": (0, None), "eq": (0, 1)}
"""Which end of the value's own interval begins and ends the window (http://hl7.org/fhir/R4/search.html#prefix)."""


@dataclass(frozen=True, slots=True)
class DateTerm:
    """One value: `parts` are year, month, day, hour, minute, second, as far as they were written."""

    prefix: str
    parts: tuple[int, ...]
    offset: str

    @classmethod
    def read(cls, name: str, value: str) -> Self:
        """Read « ge2026-10-01T08:00:00+02:00 », the sign of the offset also as the space that a form makes of it; raises `BadParameter`."""
        found = _DATE.fullmatch(re.sub(r"(T[\d:.]+) (\d\d:\d\d)$", r"\1+\2", value.strip(), flags=re.ASCII))
        if not found or (found["prefix"] or "eq") not in BOUNDS:
            raise BadParameter(fields={name: "Écrivez une date ou un instant, par exemple ge2026-10-01 ou lt2026-10-01T08:00:00+02:00."})
        names = ("year", "month", "day", "hour", "minute", "second")
        term = cls(found["prefix"] or "eq", tuple(int(found[part]) for part in names if found[part]), found["zone"] or "")
        try:
            term.interval(ZoneInfo("UTC"))
        except (ValueError, OverflowError):
            raise BadParameter(fields={name: "Cette date n’existe pas."}) from None
        return term

    def interval(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Tell when the value begins and ends: a year, a month, a day at the place, a minute or a second; in UTC."""
        if not EARLIEST.year < self.parts[0] < LATEST.year:
            edge = EARLIEST if self.parts[0] <= EARLIEST.year else LATEST
            return edge, edge
        year, month, day, *time = self.parts if len(self.parts) >= 3 else (*self.parts, 1, 1)[:3]
        hour, minute, second = (*time, 0, 0, 0)[:3]
        begins = datetime(year, month, day, hour, minute, second, tzinfo=self._zone(zone))
        return begins.astimezone(UTC), self._end(begins).astimezone(UTC)

    def _end(self, begins: datetime) -> datetime:
        match len(self.parts):
            case 1:
                return begins.replace(year=begins.year + 1)
            case 2:
                return (begins + timedelta(days=31)).replace(day=1)
            case 3:
                return begins + timedelta(days=1)
            case 5:
                return (begins.astimezone(UTC)) + timedelta(minutes=1)
            case _:
                return (begins.astimezone(UTC)) + timedelta(seconds=1)

    def _zone(self, zone: ZoneInfo) -> tzinfo:
        written = datetime.fromisoformat(f"2000-01-01T00:00:00{self.offset}").tzinfo if self.offset else None
        return written or zone


@dataclass(frozen=True, slots=True)
class DateWindow:
    """All values of a parameter, which must hold together."""

    terms: tuple[DateTerm, ...] = ()

    @classmethod
    def read(cls, name: str, values: Iterable[str]) -> Self:
        """Read every value; raises `BadParameter`."""
        return cls(tuple(DateTerm.read(name, value) for value in values))

    @staticmethod
    def utc() -> ZoneInfo:
        """Give the zone to lay values over that know none."""
        return ZoneInfo("UTC")

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Give the half-open window at a place whose days are meant by bare dates; empty where its end is not after its begin."""
        begins, ends = EARLIEST, LATEST
        for term in self.terms:
            interval = term.interval(zone)
            lower, upper = BOUNDS[term.prefix]
            begins = max(begins, interval[lower]) if lower is not None else begins
            ends = min(ends, interval[upper]) if upper is not None else ends
        return begins, ends
