"""The terms of a weekly rule: from when until when, which weeks, in or out of school holidays, for which reasons. Pure."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from maiia_pro.agenda.days_off import public_holiday, school_holiday
from maiia_pro.agenda.territories import school_zone

WEEK_A: Final = date(2024, 1, 1)
"""A Monday: weeks are A and B in turn from it, for everybody. ISO numbers would give two odd weeks in a row after a 53rd."""


class Weeks(StrEnum):
    """Which weeks a rule holds."""

    EVERY = "every"
    A = "a"
    B = "b"


class SchoolTime(StrEnum):
    """Whether a rule minds school holidays."""

    ALWAYS = "always"
    OUTSIDE = "outside"
    DURING = "during"


class Terms(NamedTuple):
    """When a rule holds and what it admits; a tuple, because it is part of a cache's key."""

    valid_from: date | None = None
    valid_until: date | None = None
    """The last day, included."""
    weeks: str = Weeks.EVERY
    school: str = SchoolTime.ALWAYS
    reasons: frozenset[UUID] = frozenset()
    """None: every reason."""
    postal_code: str = ""
    """Of the site: says which holidays are meant."""
    closed_on_holidays: bool = False

    def hold(self, day: date) -> bool:
        """Tell whether the rule holds on a day."""
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day > self.valid_until):
            return False
        if self.weeks != Weeks.EVERY and self.weeks != week_letter(day):
            return False
        if self.closed_on_holidays and public_holiday(self.postal_code, day):
            return False
        return self.school == SchoolTime.ALWAYS or (self.school == SchoolTime.DURING) == bool(school_holiday(self.postal_code, day))

    def meet(self, other: "Terms") -> bool:
        """Tell whether both may hold on one day, whatever the year; two zones of school holidays never exclude each other."""
        if self.valid_from and other.valid_until and other.valid_until < self.valid_from:
            return False
        if other.valid_from and self.valid_until and self.valid_until < other.valid_from:
            return False
        if {self.weeks, other.weeks} == {Weeks.A, Weeks.B}:
            return False
        same_zone = school_zone(self.postal_code) == school_zone(other.postal_code)
        return not (same_zone and {self.school, other.school} == {SchoolTime.OUTSIDE, SchoolTime.DURING})


def week_letter(day: date) -> Weeks:
    """Tell whether a day lies in a week A or B."""
    return Weeks.B if (day - WEEK_A).days // 7 % 2 else Weeks.A


@lru_cache(maxsize=4096)
def read_reasons(text: str) -> frozenset[UUID]:
    """Read the reasons that a row names, separated by commas."""
    return frozenset(UUID(one) for one in text.split(",") if one)


@lru_cache(maxsize=4096)
def read_terms(text: str) -> Terms:
    """Read what `opening_rule` says, as the query of hours writes it: once for each set of terms."""
    postal_code, closed, begins, ends, weeks, school, reasons = text.split("|")
    return Terms(
        date.fromisoformat(begins) if begins else None,
        date.fromisoformat(ends) if ends else None,
        weeks,
        school,
        read_reasons(reasons),
        postal_code,
        closed == "t",
    )
