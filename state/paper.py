"""The list to print: a sheet a practitioner and site, of a day or a week."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypedDict
from urllib.parse import urlencode

import reflex as rx

from maiia_pro.agenda.codes import MODE_LABELS, Mode
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.listing import Line
from maiia_pro.agenda.paper import Sheet, paper_sheets
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import NBSP, clock_time, duration, long_date, moment, phone
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.agenda_columns import WORKING_DAYS
from state.agenda_views import EVERYONE, Asked, asked_day, asked_people, week_title
from state.rules import allow
from state.session import current_actor

ROOMY: Final = 17
"""Visits on the fullest day of a week that still leave room for three lines each; `SNUG` for two, above it one."""
SNUG: Final = 25
DAYS_A_PAGE: Final = {"3": 7, "2": 3, "1": 2}
"""The fewer lines a visit has, the wider they must be for all of it: nothing is left out, the week takes more pages."""


class LineView(TypedDict):
    """A visit on paper."""

    time: str
    length: str
    minutes: str
    name: str
    born: str
    phone: str
    reason: str
    mode: str
    video: bool
    note: bool


class DayView(TypedDict):
    """A day of a sheet."""

    title: str
    lines: list[LineView]


class SheetView(TypedDict):
    """A sheet; `fullest` is the number of visits on its fullest day, `density` how many lines each has in a week."""

    key: str
    title: str
    part: str
    """Which page of how many, when a week takes several."""
    practitioner: str
    site: str
    count: str
    view: str
    density: str
    fullest: str
    columns: str
    days: list[DayView]


@dataclass(frozen=True)
class Printed:
    """What an address comes to on paper."""

    printed: str
    """Who prints it, and when."""
    back: str
    sheets: list[SheetView]


class Paper(rx.State):
    """What the page shows to be printed."""

    status: str = "waiting"
    """waiting, ready, empty or failed."""
    message: str = ""
    mark: str = ""
    """Another one each time a list has come, so that each is printed once."""
    printed: str = ""
    back: str = "/agenda"
    sheets: list[SheetView] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> AsyncIterator[None]:
        """Read what the address asks for."""
        self.status, self.sheets = "waiting", []
        yield
        actor = await current_actor(self)
        asked = self.router.url.query_parameters
        try:
            found = await run_blocking(read_paper, actor, Asked(asked.get("jour", ""), asked.get("vue", ""), asked.get("praticien", "")))
        except DomainError as error:
            self.status, self.message = "failed", error.message
            return
        self.printed, self.back, self.sheets = found.printed, found.back, found.sheets
        self.status, self.mark = "ready" if self.sheets else "empty", uuid7().hex


def read_paper(actor: Actor, asked: Asked) -> Printed:
    """Read the sheets that an address asks for; a wrong address falls back like the agenda's."""
    frame = desk(actor)
    now = clock.now()
    day = asked_day(asked.day, now.astimezone(frame.zone).date())
    view = "semaine" if asked.view == "semaine" else "jour"
    first, days = (day - timedelta(days=day.weekday()), 7) if view == "semaine" else (day, 1)
    name, people = asked_people(frame, asked.practitioner)
    title = f"{week_title(first)} {first.year}" if view == "semaine" else long_date(day, year=True).capitalize()
    sheets = paper_sheets(actor, [] if name == EVERYONE else [one.id for one in people], first, days)
    way_back = {"jour": day.isoformat(), "vue": view, "praticien": name}
    return Printed(
        printed=f"Imprimé par {actor.name}, {moment(now, frame.zone, year=True)}",
        back=f"/agenda?{urlencode(way_back)}",
        sheets=[page for place, sheet in enumerate(sheets) for page in _pages(place, sheet, title, first, days)],
    )


def _pages(place: int, sheet: Sheet, title: str, first: date, days: int) -> list[SheetView]:
    by_day: dict[date, list[Line]] = {first + timedelta(days=offset): [] for offset in range(days)}
    for line in sheet.lines:
        by_day[line.begins.date()].append(line)
    shown = [(day, lines) for day, lines in by_day.items() if days == 1 or lines or day.weekday() < WORKING_DAYS]
    fullest = max(len(lines) for _, lines in shown)
    density = "3" if fullest <= ROOMY else "2" if fullest <= SNUG else "1"
    width = DAYS_A_PAGE[density]
    pages = [shown[start : start + width] for start in range(0, len(shown), width)]
    return [
        SheetView(
            key=f"{place}-{number}",
            title=title,
            part=f" · page{NBSP}{number} sur{NBSP}{len(pages)}" if len(pages) > 1 else "",
            practitioner=sheet.practitioner,
            site=sheet.site,
            count=f"{len(sheet.lines)}{NBSP}rendez-vous",
            view="jour" if days == 1 else "semaine",
            density=density,
            fullest=str(fullest),
            columns=str(len(page)),
            days=[_day(day, lines) for day, lines in page],
        )
        for number, page in enumerate(pages, 1)
    ]


def _day(day: date, lines: Sequence[Line]) -> DayView:
    return DayView(title=long_date(day).capitalize(), lines=[_line(line) for line in lines])


def _line(line: Line) -> LineView:
    return LineView(
        time=clock_time(line.begins),
        length=duration(line.minutes),
        minutes=f"{line.minutes}′",
        name=f"{line.family_name.upper()} {line.given_name}",
        born=line.born,
        phone=phone(line.phone),
        reason=line.reason,
        mode=MODE_LABELS[line.mode],
        video=line.mode is Mode.VIDEO,
        note=line.has_note,
    )
