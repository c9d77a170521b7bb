"""A series in the words of the screen: its rule as the form asks it, its dates as lines to decide on."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.recurrence import LONGEST_STEP, MOST, Rhythm, Rule, nth_of_month
from maiia_pro.agenda.series_plan import Choice, Line, LineState
from maiia_pro.kernel.french import clock_time, day_number, long_date
from maiia_pro.kernel.text import FieldErrors, picked_day
from state.next_free import Option

WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NTH: Final = ("1er", "2e", "3e", "4e", "dernier")
STATES: Final = {LineState.FREE: "Libre", LineState.OUTSIDE: "Hors horaires", LineState.TAKEN: "Déjà pris"}
FORCES: Final = {LineState.OUTSIDE: "Donner quand même", LineState.TAKEN: "Donner en surnombre"}


class RuleView(TypedDict):
    """The rule as its fields write it; `weekdays` are digits, 0 for Monday; `ends` is count or until."""

    rhythm: str
    every: str
    weekdays: str
    ends: str
    count: str
    until: str


START: Final = RuleView(rhythm=Rhythm.WEEKS.value, every="1", weekdays="", ends="count", count="10", until="")


class WeekdayView(TypedDict):
    """A day of the week to tick."""

    value: str
    label: str
    chosen: bool


class LineView(TypedDict):
    """A date of the series: what stands there, and what may be decided."""

    number: str
    when: str
    state: str
    label: str
    choice: str
    options: list[Option]
    lost: bool
    field: str


def read_rule(view: RuleView, first: date, minute: int) -> Rule:
    """Read the rule of the form; raises `Invalid` naming every field that is no number or day."""
    errors = FieldErrors()
    every = _number(errors, "every", view["every"], LONGEST_STEP)
    count = _number(errors, "count", view["count"], MOST) if view["ends"] != "until" else None
    until: date | None = None
    if view["ends"] == "until":
        try:
            until = picked_day(view["until"])
        except ValueError:
            errors.add("until", "Choisissez le dernier jour.")
    errors.check()
    weekdays = frozenset(int(one) for one in view["weekdays"] if one in "0123456")
    return Rule(first, minute, Rhythm(view["rhythm"]), every, weekdays, until, count)


def _number(errors: FieldErrors, field: str, typed: str, most: int) -> int:
    text = typed.strip()
    if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most:
        return int(text)
    errors.add(field, f"Écrivez un nombre de 1 à {most}.")
    return 1


def rhythms(first: date) -> list[Option]:
    """Name the rhythms as they read for a first day."""
    nth, weekday = NTH[nth_of_month(first) - 1], WEEKDAYS[first.weekday()]
    return [
        Option(value=Rhythm.DAYS.value, label="Jours"),
        Option(value=Rhythm.WEEKS.value, label="Semaines"),
        Option(value=Rhythm.MONTH_DAY.value, label=f"Mois, le {day_number(first)}"),
        Option(value=Rhythm.MONTH_WEEKDAY.value, label=f"Mois, le {nth} {weekday}"),
    ]


def weekday_views(chosen: str) -> list[WeekdayView]:
    """List the days of the week, ticked or not."""
    return [WeekdayView(value=str(index), label=name.capitalize(), chosen=str(index) in chosen) for index, name in enumerate(WEEKDAYS)]


def line_views(lines: tuple[Line, ...], zone: ZoneInfo, lost: Mapping[int, bool]) -> list[LineView]:
    """Put the dates in words; `lost` names those that somebody has just taken."""
    return [
        LineView(
            number=str(line.number),
            when=_when(line.wanted, zone),
            state=line.state.value,
            label="Vient d’être pris" if line.number in lost else STATES[line.state],
            choice=line.choice.value if line.choice else "",
            options=_options(line, zone),
            lost=line.number in lost,
            field=f"serie-choix-{line.number}",
        )
        for line in lines
    ]


def _options(line: Line, zone: ZoneInfo) -> list[Option]:
    if line.state is LineState.FREE:
        return []
    near = [Option(value=Choice.NEAREST.value, label=_near(line.wanted, line.nearest, zone))] if line.nearest is not None else []
    return [
        *near,
        Option(value=Choice.FORCE.value, label=FORCES[line.state]),
        Option(value=Choice.SKIP.value, label="Ne pas donner"),
    ]


def _near(wanted: int, nearest: int, zone: ZoneInfo) -> str:
    """Name the nearest free time, by its hour alone on the same day."""
    asked, local = (to_instant(minutes).astimezone(zone) for minutes in (wanted, nearest))
    day = "même jour" if asked.date() == local.date() else long_date(local.date())
    return f"Au plus proche\u00a0: {day}, {clock_time(local)}"


def _when(minutes: int, zone: ZoneInfo) -> str:
    local = to_instant(minutes).astimezone(zone)
    return f"{long_date(local.date(), year=True)}, {clock_time(local)}"


def summary_of(lines: tuple[Line, ...]) -> str:
    """Sum the dates up in a sentence."""
    kept = sum(line.place is not None for line in lines)
    counted: list[tuple[int, str]] = [
        (sum(line.state is LineState.FREE for line in lines), "libre"),
        (sum(line.choice is Choice.NEAREST for line in lines), "au plus proche"),
        (sum(line.overbook for line in lines), "en surnombre"),
        (sum(line.choice is Choice.FORCE and not line.overbook for line in lines), "hors horaires"),
        (sum(line.place is None for line in lines), "non donné"),
    ]
    plural = {"libre", "non donné"}
    said = [f"{count} {words}{'s' if count > 1 and words in plural else ''}" for count, words in counted if count]
    return f"{kept} rendez-vous à donner\u00a0: {', '.join(said)}."


def rule_with(view: RuleView, field: str, value: Any) -> RuleView:
    """Write one field of the rule anew; a weekday changes sides."""
    if field == "weekday":
        day = str(value)[:1]
        kept = view["weekdays"].replace(day, "") if day in view["weekdays"] else view["weekdays"] + day
        return RuleView(**{**view, "weekdays": kept})  # type: ignore[typeddict-item]
    if field not in RuleView.__annotations__ or (field == "rhythm" and value not in set(Rhythm)):
        return view
    return RuleView(**{**view, field: str(value)[:10]})  # type: ignore[typeddict-item]
