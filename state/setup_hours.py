"""The settings of a practitioner's agenda: weekly hours by site, and the exceptions to them."""

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.exceptions import EARLIEST_DAY, NewException, add_exception, remove_exception
from maiia_pro.agenda.setup import DayRange, ExceptionView, Setup, opening_week, save_weekly_hours
from maiia_pro.agenda.slots import LATEST
from maiia_pro.agenda.tables import ExceptionKind
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import DAYS, clock_time, long_date, read_time
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import announce, field_errors, refusal
from state.desk_booking import FieldError
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.settling import list_first
from state.setup_week import DayView, RangeView, read_week, week_summary

MOST_RANGES: Final = 6
EVERYWHERE: Final = ""


class SiteView(TypedDict):
    """The week at a site."""

    id: str
    name: str
    days: list[DayView]


class ExceptionLine(TypedDict):
    """An exception as it is listed."""

    id: str
    kind: str
    closed: bool
    when: str
    detail: str


class HoursSetup(rx.State):
    """Weekly hours and exceptions of one's own agenda."""

    status: str = "waiting"
    """waiting, ready, failed, or none where the account has no agenda of its own."""
    message: str = ""
    sites: list[SiteView] = []
    places: list[Option] = []
    exceptions: list[ExceptionLine] = []
    wrong: dict[str, str] = {}
    """What is wrong with each hour, by the name of its field."""
    summaries: dict[str, list[FieldError]] = {}
    """All that is wrong with the hours of a site."""
    errors: dict[str, str] = {}
    adding: bool = False
    turn: int = 0
    """Grows each time the dialog opens, so that its fields are drawn anew."""
    kind: str = ExceptionKind.CLOSED.value

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the settings; to a secretary the page says whom to ask."""
        actor = await current_actor(self)
        if actor.kind is ActorKind.PRACTITIONER:
            await read_setup(self, actor)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def add_range(self, site: str, weekday: str) -> None:
        """Add hours to a day; they count once saved."""
        for shown in self.sites:
            for day in shown["days"]:
                if shown["id"] == site and day["weekday"] == weekday and len(day["ranges"]) < MOST_RANGES:
                    day["ranges"].append(RangeView(rid=uuid7().hex, opens="", closes=""))
        self.sites = list(self.sites)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def remove_range(self, rid: str) -> None:
        """Take hours away; the rest stays as typed."""
        for shown in self.sites:
            for day in shown["days"]:
                day["ranges"] = [one for one in day["ranges"] if one["rid"] != rid]
        self.sites = list(self.sites)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save_hours(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the week at a site; refused, everything stays as typed."""
        actor = await current_actor(self)
        site = str(form.get("site", ""))
        shown = next((one for one in self.sites if one["id"] == site), None)
        try:
            if await list_first(self, actor, own_agenda, _save_hours, deepcopy(shown), form):
                return None
        except Invalid as error:
            self.wrong = {key: words for key, words in self.wrong.items() if key not in form} | error.fields
            self.summaries = {**self.summaries, site: week_summary(shown["days"] if shown else (), error)}
            return None
        except DomainError as error:
            return refusal(error)
        self.wrong = {key: words for key, words in self.wrong.items() if key not in form}
        self.summaries = {key: lines for key, lines in self.summaries.items() if key != site}
        await read_setup(self, actor)
        return announce("Horaires enregistrés. Les créneaux en ligne en tiennent compte.", "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def open_dialog(self, opened: bool) -> None:
        """Open or close the dialog of a new exception."""
        self.turn += bool(opened)
        self.adding, self.errors, self.kind = bool(opened), {}, ExceptionKind.CLOSED.value

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_kind(self, kind: str) -> None:
        """Choose between closing and opening."""
        self.kind = kind if kind in set(ExceptionKind) else self.kind

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save_exception(self, form: dict[str, Any]) -> EventSpec | None:
        """Add an exception; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            new = read_exception(self.kind, form)
            if await list_first(self, actor, own_agenda, _add_exception, new):
                return None
        except DomainError as error:
            self.errors = field_errors(error)
            return None if self.errors else refusal(error)
        self.adding, self.errors = False, {}
        await read_setup(self, actor)
        return announce("Exception enregistrée.", "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def drop_exception(self, exception: str) -> EventSpec | None:
        """Take an exception back."""
        actor = await current_actor(self)
        try:
            if await list_first(self, actor, own_agenda, _remove_exception, exception):
                return None
        except DomainError as error:
            return refusal(error)
        await read_setup(self, actor)
        return announce("Exception retirée.", "success")


def own_agenda(actor: Actor) -> UUID:
    """Tell which agenda is the actor's own; raises `NotFound` where there is none."""
    own = next((one for one in desk(actor).practitioners if one.is_self), None)
    if own is None:
        raise NotFound("Votre compte n’a pas d’agenda à lui. Demandez à l’exploitant de le relier à votre fiche.")
    return own.id


async def read_setup(state: HoursSetup, actor: Actor) -> None:
    """Read the settings and show them."""
    try:
        setup = await run_blocking(_read, actor)
    except NotFound as error:
        state.status, state.message = "none", error.message
        return
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.status, state.message = "ready", ""
    state.sites = [_site(setup, ident, name) for ident, name, _ in setup.sites]
    state.places = [Option(value=ident.hex, label=name) for ident, name, _ in setup.sites]
    state.exceptions = [_line(setup, one) for one in setup.exceptions]


def _read(actor: Actor) -> Setup:
    return opening_week(actor, own_agenda(actor))


def _site(setup: Setup, ident: UUID, name: str) -> SiteView:
    hours = setup.hours.get(ident, ())
    days = [
        DayView(weekday=str(number), label=label.capitalize(), ranges=[_range(one) for one in hours if one.weekday == number])
        for number, label in enumerate(DAYS)
    ]
    return SiteView(id=ident.hex, name=name, days=days)


def _range(one: DayRange) -> RangeView:
    return RangeView(rid=uuid7().hex, opens=_typed(one.opens), closes=_typed(one.closes))


def _typed(at: time) -> str:
    return f"{at.hour}h{at.minute:02d}"


def _line(setup: Setup, one: ExceptionView) -> ExceptionLine:
    zones = {ident: zone for ident, _, zone in setup.sites}
    names = {ident: name for ident, name, _ in setup.sites}
    zone = zones.get(one.site_id or setup.sites[0][0]) or ZoneInfo("Europe/Paris")
    begins, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    closed = one.kind is ExceptionKind.CLOSED
    place = names.get(one.site_id, "Tous les lieux") if one.site_id else "Tous les lieux"
    return ExceptionLine(
        id=one.id.hex,
        kind="Fermé" if closed else "Ouvert en plus",
        closed=closed,
        when=_when(begins, ends),
        detail=f"{place} · {one.label}" if one.label else place,
    )


def _when(begins: datetime, ends: datetime) -> str:
    """Write « mardi 24 novembre 2026 », « du … au … », « …, de 9 h 00 à 12 h 00 »."""
    whole = begins.time() == time(0) and ends.time() == time(0)
    last = ends.date() - timedelta(days=1) if whole else ends.date()
    if begins.date() == last:
        day = long_date(last, year=True).capitalize()
        return day if whole else f"{day}, de {clock_time(begins)} à {clock_time(ends)}"
    if whole:
        return f"Du {long_date(begins.date(), year=True)} au {long_date(last, year=True)}"
    return f"Du {long_date(begins.date(), year=True)}, {clock_time(begins)} au {long_date(last, year=True)}, {clock_time(ends)}"


def _save_hours(actor: Actor, shown: SiteView | None, form: dict[str, Any]) -> None:
    if shown is None:
        raise NotFound
    save_weekly_hours(actor, own_agenda(actor), parse_id(shown["id"]), read_week(shown["days"], form))


def read_exception(kind: str, form: dict[str, Any]) -> NewException:
    """Read the form of an exception; without times it covers whole days. Raises `Invalid` naming the fields."""
    errors = FieldErrors()
    first = _date(errors, "first", form.get("first"))
    last = _date(errors, "last", form.get("last")) if form.get("last") else first
    opens, closes = _time(errors, "opens", form.get("opens")), _time(errors, "closes", form.get("closes"))
    if (opens is None) != (closes is None):
        errors.add("closes" if closes is None else "opens", "Écrivez les deux heures, ou aucune pour la journée entière.")
    if kind == ExceptionKind.OPEN and opens is None:
        errors.add("opens", "Écrivez de quelle heure à quelle heure vous recevez.")
    site = form.get("site") or EVERYWHERE
    if kind == ExceptionKind.OPEN and not site:
        errors.add("site_id", "Choisissez le lieu.")
    errors.check()
    if first is None or last is None:
        raise Invalid
    whole = opens is None or closes is None
    return NewException(
        ExceptionKind(kind),
        first,
        last + timedelta(days=1) if whole else last,
        opens or time(0),
        closes or time(0),
        parse_id(site) if site else None,
        one_line(form.get("label"), longest=80),
    )


def _date(errors: FieldErrors, field: str, typed: object) -> date | None:
    try:
        day = picked_day(typed)
    except ValueError:
        errors.add(field, "Choisissez un jour qui existe.")
        return None
    if EARLIEST_DAY <= day < LATEST.date():
        return day
    errors.add(field, "Choisissez un jour entre 2000 et 2199.")
    return None


def _time(errors: FieldErrors, field: str, typed: object) -> time | None:
    if not typed:
        return None
    try:
        return read_time(one_line(typed, longest=20))
    except Invalid as error:
        errors.add(field, error.message)
        return None


def _add_exception(actor: Actor, new: NewException) -> None:
    add_exception(actor, own_agenda(actor), new)


def _remove_exception(actor: Actor, exception: str) -> None:
    remove_exception(actor, own_agenda(actor), parse_id(exception))
