"""Public holidays by territory and school holidays by zone; nothing is asked of anybody, both come with their libraries. Pure."""

from datetime import date
from functools import lru_cache

from holidays.countries.france import France
from vacances_scolaires_france import SchoolHolidayDates  # type: ignore[import-untyped]

from maiia_pro.agenda.territories import school_zone, subdivision


@lru_cache(maxsize=512)
def public_holidays(territory: str, year: int) -> dict[date, str]:
    """Name the public holidays of a year, in the order of days; `territory` as `subdivision` tells it."""
    found = France(years=year, subdiv=territory or None, language="fr")  # type: ignore[no-untyped-call]
    return {day: name.replace("; ", " et ").replace("'", "’") for day, name in sorted(found.items())}


def public_holiday(postal_code: str, day: date) -> str:
    """Name the public holiday that a day is at a place, or nothing."""
    return public_holidays(subdivision(postal_code), day.year).get(day, "")


@lru_cache(maxsize=1)
def _school_days() -> dict[str, dict[date, str]]:
    rows = SchoolHolidayDates().data
    return {
        zone: {day: row["nom_vacances"].replace("'", "’") for day, row in rows.items() if row[f"vacances_zone_{zone.lower()}"]}
        for zone in "ABC"
    }


def school_holiday(postal_code: str, day: date) -> str:
    """Name the school holidays that a day lies in at a place; nothing outside them, where no zone is known, or beyond the known years."""
    zone = school_zone(postal_code)
    return _school_days()[zone].get(day, "") if zone else ""


@lru_cache(maxsize=1)
def school_known_until() -> date:
    """Tell the last day of the last school year that the library knows."""
    return max(day for days in _school_days().values() for day in days)
