"""The form of a series: its rule, its dates as they would be given, and what is decided for those that are not free."""

from datetime import date, timedelta
from typing import Any, Final

import reflex as rx

from maiia_pro.agenda.desk import Desk, DeskReason, desk
from maiia_pro.agenda.openings import to_instant
from maiia_pro.agenda.series import BookedSeries, SeriesBooking, SeriesPlace, SeriesPreview, SeriesRequest, book_series, preview_series
from maiia_pro.agenda.series_plan import Choice
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.french import duration
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import field_errors
from state.next_free import Option, reasons_of
from state.patient_picker import PatientPicker
from state.rules import allow
from state.series_views import START, LineView, RuleView, WeekdayView, line_views, read_rule, rhythms, rule_with, summary_of, weekday_views
from state.session import current_actor

LOST: Final = "Des dates viennent d’être prises. Rien n’est donné\u00a0: vérifiez les lignes signalées, puis recommencez."


class SeriesForm(rx.State):
    """The dialog that repeats an appointment."""

    opened: bool = False
    intro: str = ""
    rule: RuleView = START
    rhythms: list[Option] = []
    weekdays: list[WeekdayView] = []
    lines: list[LineView] = []
    summary: str = ""
    total: int = 0
    """How many visits would be given."""
    errors: dict[str, str] = {}
    message: str = ""
    turn: int = 0
    """Grows each time the dialog opens."""
    _wanted: Any = None
    """The appointment to repeat, as the booking dialog read it."""
    _choices: dict[int, str] = {}
    _places: list[tuple[int, SeriesPlace]] = []
    """The number of each line that would be given, and where."""

    @rx.event
    @allow(*STAFF)
    async def set_rule(self, field: str, value: str | bool) -> None:
        """Change the rule; what was decided for its old dates is forgotten."""
        rule = rule_with(self.rule, field, value)
        if rule == self.rule:
            return
        self.rule, self._choices = rule, {}
        self.weekdays = weekday_views(rule["weekdays"])  # type: ignore[assignment]
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def tick(self, day: str) -> None:
        """Tick or untick a day of the week."""
        self.rule, self._choices = rule_with(self.rule, "weekday", day), {}
        self.weekdays = weekday_views(self.rule["weekdays"])  # type: ignore[assignment]
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose(self, number: str, choice: str) -> None:
        """Decide for a date that is not free."""
        if choice in set(Choice) and number.isascii() and number.isdigit() and len(number) <= 3:
            self._choices = self._choices | {int(number): choice}
            await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Go back to the booking dialog; what was typed there is still there."""
        close_series(self)


def close_series(state: SeriesForm) -> None:
    """Close the dialog and forget what was in it."""
    state.opened, state._wanted, state._choices, state._places = False, None, {}, []
    state.lines, state.errors, state.message = [], {}, ""


async def open_series(state: SeriesForm, actor: Actor, wanted: Any) -> None:
    """Open the dialog on an appointment as the booking dialog read it."""
    first = date.fromisoformat(wanted.day)
    frame = await run_blocking(desk, actor)
    offering = offering_of(frame, wanted)
    who = next(one.name for one in frame.practitioners if one.id == offering.practitioner_id)
    state._wanted, state._choices = wanted, {}
    last = first + timedelta(weeks=9)  # that of the ten weeks proposed
    state.rule = RuleView(**{**START, "weekdays": str(first.weekday()), "until": last.isoformat()})  # type: ignore[typeddict-item]
    state.rhythms, state.weekdays = rhythms(first), weekday_views(state.rule["weekdays"])  # type: ignore[assignment]
    new = wanted.identity
    patient = f"{new.given_name} {new.family_name}" if new else (await state.get_state(PatientPicker)).patient["name"]
    state.intro = " · ".join(filter(None, (patient, who, offering.name, duration(wanted.length))))
    state.turn += 1
    await refresh(state, actor)
    state.opened = True


def offering_of(frame: Desk, wanted: Any) -> DeskReason:
    """Find the offering of what is wanted; raises `Invalid`."""
    for one in reasons_of(frame, wanted.practitioner):
        if one.name == wanted.reason and one.site_id.hex == wanted.site:
            return one
    raise Invalid("Ce motif n’est pas proposé à ce lieu par ce praticien. Choisissez-en un autre.")


async def refresh(state: SeriesForm, actor: Actor, lost: frozenset[int] = frozenset()) -> None:
    """Look at the dates anew; a wrong rule keeps the dates that were seen last out of what may be given."""
    state.errors, state.message = {}, LOST if lost else ""
    try:
        seen = await run_blocking(_look, actor, state._wanted, state.rule, state._choices)
    except DomainError as error:
        state.errors = field_errors(error)
        state.message = "" if state.errors else error.message
        state.lines, state._places, state.summary, state.total = [], [], "", 0
        return
    state.lines = line_views(seen.lines, seen.zone, dict.fromkeys(lost, True))  # type: ignore[assignment]
    state._places = [(one.number, SeriesPlace(to_instant(one.place), one.overbook)) for one in seen.lines if one.place is not None]
    state.summary, state.total = summary_of(seen.lines), len(state._places)


def _look(actor: Actor, wanted: Any, rule: RuleView, choices: dict[int, str]) -> SeriesPreview:
    return preview_series(actor, _request(actor, wanted, rule), {number: Choice(choice) for number, choice in choices.items()})


def _request(actor: Actor, wanted: Any, rule: RuleView) -> SeriesRequest:
    if wanted is None:
        raise Invalid("Fermez, puis choisissez à nouveau le rendez-vous à répéter.")
    offering = offering_of(desk(actor), wanted)
    read = read_rule(rule, date.fromisoformat(wanted.day), wanted.minute)
    return SeriesRequest(offering.offering_id, read, wanted.length if wanted.length != offering.duration_minutes else None)


def commit_series(actor: Actor, wanted: Any, rule: RuleView, places: list[tuple[int, SeriesPlace]]) -> BookedSeries:
    """Give the series as it was looked at."""
    request = _request(actor, wanted, rule)
    patient = parse_id(wanted.patient) if wanted.patient and wanted.identity is None else None
    booking = SeriesBooking(request, tuple(place for _, place in places), patient_id=patient, new_patient=wanted.identity, note=wanted.note)
    return book_series(actor, booking)
