"""The settings of a practitioner's agenda: weekly hours by site, and the exceptions to them."""

from copy import deepcopy
from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.exceptions import NewException, add_exception, remove_exception
from maiia_pro.agenda.setup import Setup, opening_week, save_weekly_hours
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import DAYS
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.settling import Settling, close, list_first
from state.setup_exceptions import ExceptionLine, exception_line, read_exception, today_at
from state.setup_week import DayView, empty_range, named_fields, range_view, read_week, school_words, week_choices, week_summary
from state.setup_whose import Whose, sets_up, whose

MOST_RANGES: Final = 12
MOST_PAST: Final = 30


class SiteView(TypedDict):
    """The week at a site."""

    id: str
    name: str
    school: str
    """Which school holidays are meant there."""
    days: list[DayView]


class HoursSetup(rx.State):
    """Weekly hours and exceptions of one's own agenda."""

    status: str = "waiting"
    """waiting, ready, failed, or none where the account has no agenda of its own."""
    message: str = ""
    sites: list[SiteView] = []
    choices: dict[str, list[Option]] = {"places": [], "weeks": [], "reasons": []}
    exceptions: list[ExceptionLine] = []
    past: list[ExceptionLine] = []
    wrong: dict[str, str] = {}
    """What is wrong with each hour, by the name of its field."""
    summaries: dict[str, list[FieldError]] = {}
    """All that is wrong with the hours of a site."""
    errors: dict[str, str] = {}
    faults: list[FieldError] = []
    """What is wrong with the exception, summed up."""
    adding: bool = False
    turn: int = 0
    """Grows each time the dialog opens, so that its fields are drawn anew."""
    kind: str = ExceptionKind.CLOSED.value

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the settings; to a secretary the page says whom to ask. An absence left half settled stays on its own page."""
        close(await self.get_state(Settling))
        self.adding, self.errors, self.faults, self.wrong, self.summaries = False, {}, [], {}, {}
        actor = await current_actor(self)
        if await sets_up(self, actor):
            await read_setup(self, actor)

    @rx.event
    @allow(*STAFF)
    async def add_range(self, site: str, weekday: str) -> None:
        """Add hours to a day; they count once saved."""
        for shown in self.sites:
            for day in shown["days"]:
                if shown["id"] == site and day["weekday"] == weekday and len(day["ranges"]) < MOST_RANGES:
                    day["ranges"].append(empty_range())
        self.sites = list(self.sites)

    @rx.event
    @allow(*STAFF)
    async def remove_range(self, rid: str) -> None:
        """Take hours away; the rest stays as typed."""
        for shown in self.sites:
            for day in shown["days"]:
                day["ranges"] = [one for one in day["ranges"] if one["rid"] != rid]
        self.sites = list(self.sites)

    @rx.event
    @allow(*STAFF)
    async def save_hours(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the week at a site; refused, everything stays as typed."""
        actor = await current_actor(self)
        site = str(form.get("site", ""))
        shown = next((one for one in self.sites if one["id"] == site), None)
        try:
            if await list_first(self, actor, agenda := await whose(self), _save_hours, agenda, deepcopy(shown), form):
                return None
        except Invalid as error:
            days = shown["days"] if shown else []
            self.wrong = {key: words for key, words in self.wrong.items() if key not in form} | named_fields(days, error)
            self.summaries = {**self.summaries, site: week_summary(days, error)}
            return None
        except DomainError as error:
            return refusal(error)
        self.wrong = {key: words for key, words in self.wrong.items() if key not in form}
        self.summaries = {key: lines for key, lines in self.summaries.items() if key != site}
        await read_setup(self, actor)
        return announce("Horaires enregistrés. Les créneaux en ligne en tiennent compte.", "success")

    @rx.event
    @allow(*STAFF)
    async def open_dialog(self, opened: bool) -> None:
        """Open or close the dialog of a new exception."""
        self.turn += bool(opened)
        self.adding, self.errors, self.faults, self.kind = bool(opened), {}, [], ExceptionKind.CLOSED.value

    @rx.event
    @allow(*STAFF)
    async def choose_kind(self, kind: str) -> None:
        """Choose between closing, opening and a day with other hours."""
        self.kind = kind if kind in set(ExceptionKind) else self.kind

    @rx.event
    @allow(*STAFF)
    async def save_exception(self, form: dict[str, Any]) -> EventSpec | None:
        """Add an exception; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            new = read_exception(self.kind, form)
            if await list_first(self, actor, agenda := await whose(self), _add_exception, agenda, new):
                return None
        except DomainError as error:
            self.errors = field_errors(error)
            self.faults = lines_of(self.errors, site_id="champ-site")
            return None if self.errors else refusal(error)
        self.adding, self.errors, self.faults = False, {}, []
        await read_setup(self, actor)
        return announce("Exception enregistrée.", "success")

    @rx.event
    @allow(*STAFF)
    async def drop_exception(self, exception: str) -> EventSpec | None:
        """Take an exception back."""
        actor = await current_actor(self)
        try:
            if await list_first(self, actor, agenda := await whose(self), _remove_exception, agenda, exception):
                return None
        except DomainError as error:
            return refusal(error)
        await read_setup(self, actor)
        return announce("Exception retirée.", "success")


async def read_setup(state: HoursSetup, actor: Actor) -> None:
    """Read the settings and show them."""
    try:
        setup = await run_blocking(_read, actor, await whose(state))
    except NotFound as error:
        state.status, state.message = "none", error.message
        return
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.status, state.message = "ready", ""
    now = clock.now()
    state.sites = [_site(setup, ident, name) for ident, name, _ in setup.sites]
    state.choices = {
        "places": [Option(value=ident.hex, label=name) for ident, name, _ in setup.sites],
        "weeks": week_choices(today_at(setup, now)),
        "reasons": [Option(value=reason.id.hex, label=reason.name) for reason in setup.reasons],
    }
    ahead = [one for one in setup.exceptions if one.ends_at > now]
    state.exceptions = [exception_line(setup, one) for one in reversed(ahead)]
    state.past = [exception_line(setup, one) for one in setup.exceptions if one.ends_at <= now][:MOST_PAST]


def _read(actor: Actor, agenda: Whose) -> Setup:
    return opening_week(actor, agenda(actor))


def _site(setup: Setup, ident: UUID, name: str) -> SiteView:
    hours = setup.hours.get(ident, ())
    reasons = {reason.id: reason.name for reason in setup.reasons}
    days = [
        DayView(weekday=str(number), label=label.capitalize(), ranges=[range_view(one, reasons) for one in hours if one.weekday == number])
        for number, label in enumerate(DAYS)
    ]
    return SiteView(id=ident.hex, name=name, school=school_words(setup.postal_codes[ident]), days=days)


def _save_hours(actor: Actor, agenda: Whose, shown: SiteView | None, form: dict[str, Any]) -> None:
    if shown is None:
        raise NotFound
    save_weekly_hours(actor, agenda(actor), parse_id(shown["id"]), read_week(shown["days"], form))


def _add_exception(actor: Actor, agenda: Whose, new: NewException) -> None:
    add_exception(actor, agenda(actor), new)


def _remove_exception(actor: Actor, agenda: Whose, exception: str) -> None:
    remove_exception(actor, agenda(actor), parse_id(exception))
