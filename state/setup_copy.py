"""Copying a week: which, onto which, what it would change, and then doing it."""

from datetime import date, timedelta
from typing import Any, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.week_copy import CopiedDay, copy_week, monday, preview_week_copy
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.french import long_date, today_in
from maiia_pro.kernel.text import FieldErrors, picked_day
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor
from state.settling import list_first
from state.setup_hours import HoursSetup, read_setup
from state.setup_whose import Whose, whose

Copying = tuple[date, date, int]


class CopiedLine(TypedDict):
    """A day that a copy changes."""

    day: str
    before: str
    after: str


class WeekCopy(rx.State):
    """The dialog that copies a week."""

    opened: bool = False
    turn: int = 0
    """Grows each time the dialog opens, so that its fields are drawn anew."""
    source: str = ""
    target: str = ""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    seen: bool = False
    """Whether the lines are what the fields ask for."""
    lines: list[CopiedLine] = []

    @rx.event
    @allow(*STAFF)
    async def open_dialog(self, opened: bool) -> None:
        """Open or close the dialog; it proposes this week and the next."""
        frame = await run_blocking(desk, await current_actor(self))
        this = monday(today_in(frame.zone, clock.now()))
        self.turn += bool(opened)
        self.opened, self.errors, self.summary, self.seen, self.lines = bool(opened), {}, [], False, []
        self.source, self.target = this.isoformat(), (this + timedelta(days=7)).isoformat()

    @rx.event
    @allow(*STAFF)
    async def forget(self) -> None:
        """Take the preview away: a field changed."""
        self.seen, self.lines = False, []

    @rx.event
    @allow(*STAFF)
    async def submit(self, form: dict[str, Any]) -> EventSpec | None:
        """Show what would change; asked again, do it."""
        actor = await current_actor(self)
        try:
            asked = read_copying(form)
            if not self.seen:
                days = await run_blocking(_preview, actor, await whose(self), asked)
                self.errors, self.summary, self.seen, self.lines = {}, [], True, copied_lines(days)
                return None
            stranding = await list_first(self, actor, agenda := await whose(self), _copy, agenda, asked)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        changed, self.opened, self.seen = len(self.lines), False, False
        if stranding:
            return None
        await read_setup(await self.get_state(HoursSetup), actor)
        return announce(f"Semaine copiée : {changed} {'jours changés' if changed > 1 else 'jour changé'}.", "success")


def read_copying(form: dict[str, Any]) -> Copying:
    """Read the form; raises `Invalid` naming the fields."""
    errors = FieldErrors()
    days = {}
    for field in ("source", "target"):
        try:
            days[field] = picked_day(form.get(field))
        except ValueError:
            errors.add(field, "Choisissez un jour de la semaine voulue.")
    typed = str(form.get("weeks") or "1").strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 2):
        errors.add("weeks", "Écrivez un nombre de semaines.")
    errors.check()
    if len(days) < 2:
        raise Invalid
    return days["source"], days["target"], int(typed)


def copied_lines(days: tuple[CopiedDay, ...]) -> list[CopiedLine]:
    """Write the days that a copy changes, and those that a holiday or an absence keeps as they are."""
    several = len({one.site for one in days}) > 1
    return [
        CopiedLine(
            day=f"{long_date(one.day).capitalize()} · {one.site}" if several else long_date(one.day).capitalize(),
            before=_hours(one.before),
            after=f"{one.holiday} : reste fermé"
            if one.holiday
            else f"{_hours(one.after)} (une absence en ferme une partie)"
            if one.absent
            else _hours(one.after),
        )
        for one in days
        if one.before != one.after or one.holiday
    ]


def _hours(spans: tuple[tuple[int, int], ...]) -> str:
    written = [" – ".join(f"{minute // 60} h {minute % 60:02d}" for minute in span) for span in spans]
    return ", ".join(written) or "Fermé"


def _preview(actor: Actor, agenda: Whose, asked: Copying) -> tuple[CopiedDay, ...]:
    return preview_week_copy(actor, agenda(actor), *asked)


def _copy(actor: Actor, agenda: Whose, asked: Copying) -> int:
    return copy_week(actor, agenda(actor), *asked)
