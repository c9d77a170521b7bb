"""The week of a site as it was typed: each hour read, what is wrong with it named by its field."""

from collections.abc import Sequence
from datetime import time
from typing import Any, TypedDict

from maiia_pro.agenda.setup import DayRange
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import read_time
from maiia_pro.kernel.text import FieldErrors, one_line
from state.desk_booking import FieldError


class RangeView(TypedDict):
    """Hours of one day: a mark of its own, and what its two fields start from."""

    rid: str
    opens: str
    closes: str


class DayView(TypedDict):
    """A day of the week."""

    weekday: str
    label: str
    ranges: list[RangeView]


def read_week(days: Sequence[DayView], form: dict[str, Any]) -> list[DayRange]:
    """Read every range of a week; raises `Invalid` naming the fields, as `opens-…` and `closes-…`."""
    errors, hours = FieldErrors(), []
    for day in days:
        for one in day["ranges"]:
            opens, closes = (_hour(errors, day, f"{side}-{one['rid']}", form) for side in ("opens", "closes"))
            if opens is None or closes is None:
                continue
            if opens >= closes:
                errors.add(f"closes-{one['rid']}", f"{day['label']}\u00a0: écrivez une fin après le début.")
            hours.append(DayRange(int(day["weekday"]), opens, closes))
    errors.check()
    return hours


def week_summary(days: Sequence[DayView], error: Invalid) -> list[FieldError]:
    """List what is wrong, each line leading to its field; what is about the whole week leads to its first hour."""
    named = [f"{side}-{one['rid']}" for day in days for one in day["ranges"] for side in ("opens", "closes")]
    first = named[0] if named else ""
    lines = error.fields or {first: error.message}
    return [FieldError(field=f"champ-{name if name in named else first}", message=words) for name, words in lines.items()]


def _hour(errors: FieldErrors, day: DayView, name: str, form: dict[str, Any]) -> time | None:
    try:
        return read_time(one_line(form.get(name), longest=20))
    except Invalid as error:
        errors.add(name, f"{day['label']}\u00a0: {error.message[0].lower()}{error.message[1:]}")
        return None
