"""Stranded visits listed before other hours are saved: a choice for each, applied together, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.absence import Choice, Upset, stranded_visits
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.exceptions import NewException
from maiia_pro.agenda.settle import Wish, settle
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.french import read_time
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.settling_views import CallView, LineView, ResultView, call_views, chosen, error_lines, left_words, line_view, result_views

MOVES: Final = (Choice.COLLEAGUE, Choice.LATER)


@dataclass(frozen=True)
class Pending:
    """What waits for the choices: whose visits, and the use case that saves the hours, without its actor."""

    practitioner_id: UUID
    save: Callable[..., object] | None = None
    given: tuple[Any, ...] = ()
    closing: NewException | None = None
    only: frozenset[UUID] | None = None

    def upset(self, actor: Actor) -> Upset:
        """Name the use case's actor."""
        save, given = self.save, self.given
        return Upset(self.practitioner_id, (lambda: save(actor, *given)) if save else None, self.closing, self.only)


class Settling(rx.State):
    """The list of stranded visits, then what came of it."""

    status: str = ""
    """Empty while nothing is asked, else asking or done."""
    lines: list[LineView] = []
    saves: bool = False
    """Whether the hours are saved with the choices."""
    colleagues: list[Option] = []
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    turn: int = 0
    """Grows when lines are filled anew, so that their fields are drawn anew."""
    results: list[ResultView] = []
    calls: list[CallView] = []
    told: bool = False
    """Whether anything changes for a patient."""
    left: int = 0
    """How many visits still wait for a choice after all."""
    busy: bool = False
    _pending: Pending | None = None
    _left: frozenset[UUID] = frozenset()

    @rx.event
    @allow(*STAFF)
    async def choose(self, visit: str, choice: str) -> None:
        """Choose for one visit; where it moves, with the place that is suggested."""
        self.lines = [chosen(line, choice) if line["id"] == visit else line for line in self.lines]
        self.turn += 1

    @rx.event
    @allow(*STAFF)
    async def choose_all(self, choice: str) -> EventSpec | None:
        """Choose the same for every visit that it is possible for; tells how many it is not."""
        possible = [choice not in MOVES or choice in line["places"] for line in self.lines]
        self.lines = [chosen(line, choice) if can else line for line, can in zip(self.lines, possible, strict=True)]
        self.turn += 1
        left = possible.count(False)
        return announce(left_words(left, choice), "warning") if left else None

    @rx.event
    @allow(*STAFF)
    async def apply(self, form: dict[str, Any]) -> EventSpec | None:
        """Do what was chosen and save the hours; refused, everything stays as chosen."""
        actor, pending = await current_actor(self), self._pending
        if pending is None or self.status != "asking":
            return None  # the second of two clicks
        try:
            wishes = read_wishes(self.lines, form, pending.practitioner_id)
            done = await run_blocking(settle, actor, pending.upset(actor), wishes, str(form.get("word", "")))
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = error_lines(self.errors, self.lines)
            return None if self.errors else refusal(error)
        self.results, self.status, self.errors, self.summary = result_views(done), "done", {}, []
        self.told = any(wish.choice is not Choice.KEEP for wish in wishes)
        waiting = {way.appointment_id for ways in done.in_the_way.values() for way in ways} | {line.id for line in done.unasked}
        failed = {wish.appointment_id for wish in wishes if wish.choice in done.in_the_way}
        self._left = frozenset(waiting | failed)
        self.left = len(self._left)
        self.calls = call_views(self.lines, wishes, self._left, {one["value"]: one["label"] for one in self.colleagues})
        return None

    @rx.event
    @allow(*STAFF)
    async def again(self) -> EventSpec | None:
        """List once more the visits that still wait, as they are now; the hours are saved already."""
        actor, pending = await current_actor(self), self._pending
        if pending is None:
            return None
        try:
            await list_lines(self, actor, Pending(pending.practitioner_id, closing=pending.closing, only=self._left))
        except DomainError as error:
            return refusal(error)
        return None

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Leave the list; nothing that was not applied is done."""
        close(self)


def close(state: Settling) -> None:
    """Forget the list."""
    state.status, state.lines, state.results, state.errors, state._pending, state.left = "", [], [], {}, None, 0


async def list_first(state: rx.State, actor: Actor, whose: Callable[[Actor], UUID], save: Callable[..., object], *given: object) -> bool:
    """Save other hours, unless they strand visits: then list these and tell so. Raises what saving raises."""
    pending = Pending(await run_blocking(whose, actor), save, given)
    settling = await state.get_state(Settling)
    if await list_lines(settling, actor, pending):
        return True
    await run_blocking(save, actor, *given)
    return False


async def list_lines(state: Settling, actor: Actor, pending: Pending) -> int:
    """List the visits that would be stranded; tells how many."""
    found = await run_blocking(stranded_visits, actor, pending.upset(actor))
    if not found:
        close(state)
        return 0
    frame = await run_blocking(desk, actor)
    state.colleagues = [Option(value=one.id.hex, label=one.name) for one in frame.practitioners if one.id != pending.practitioner_id]
    state.lines = [line_view(one) for one in found]
    state._pending, state.saves, state.status, state.errors = pending, pending.save is not None, "asking", {}
    state.results, state.summary, state.left, state.turn = [], [], 0, state.turn + 1
    return len(found)


def read_wishes(lines: Sequence[LineView], form: Mapping[str, Any], own: UUID) -> list[Wish]:
    """Read what is chosen and where each visit goes; raises `Invalid` naming the fields, as `day-…` and `time-…`."""
    errors = FieldErrors()
    wishes = [_wish(errors, line, form, own) for line in lines]
    errors.check()
    return wishes


def _wish(errors: FieldErrors, line: LineView, form: Mapping[str, Any], own: UUID) -> Wish:
    choice, ident = Choice(line["choice"]), line["id"]
    if choice not in MOVES:
        return Wish(parse_id(ident), line["version"], choice)
    who = form.get(f"who-{ident}") if choice is Choice.COLLEAGUE else own
    if not who:
        errors.add(f"who-{ident}", "Choisissez un praticien.")
    starts_at = _instant(errors, line, form)
    return Wish(parse_id(ident), line["version"], choice, parse_id(who) if who else None, starts_at)


def _instant(errors: FieldErrors, line: LineView, form: Mapping[str, Any]) -> datetime | None:
    ident = line["id"]
    try:
        day = picked_day(form.get(f"day-{ident}"))
    except ValueError:
        day = date.min
    if not 2000 <= day.year <= 2199:
        errors.add(f"day-{ident}", "Choisissez le jour.")
        return None
    try:
        at = read_time(one_line(form.get(f"time-{ident}"), longest=20))
    except Invalid as error:
        errors.add(f"time-{ident}", error.message)
        return None
    return datetime.combine(day, at, ZoneInfo(line["zone"])).astimezone(UTC)
