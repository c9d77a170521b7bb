"""A practitioner's public page: reason, day, slot; what is taken elsewhere goes away at once."""

import re
from datetime import date, datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

import reflex as rx

from maiia_pro.agenda.directory import OfferedReason, PractitionerPage, practitioner_page
from maiia_pro.agenda.offered import FreeSlot, OfferingDays, offering_days
from maiia_pro.agenda.own import my_appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound, TooMany
from maiia_pro.kernel.french import clock_time, long_date, moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.asking import count_asking
from state.booking import release
from state.profile_views import NOBODY, FeeView, PlaceView, ProfileView, fee_views, place_views, profile_view
from state.rules import Anyone, allow
from state.session import current_actor
from state.slots import MONTHS, WEEKDAYS, SlotLink, confirm_href, short_day, visit_details

DAYS: Final = 14
NOON: Final = 12


class ReasonView(TypedDict):
    """A reason at a site; `value` is the offering's id."""

    value: str
    label: str
    detail: str
    site: str
    asks: bool


class DayView(TypedDict):
    """A day of the strip; `count` is 0 where nothing is free."""

    value: str
    weekday: str
    number: str
    month: str
    count: int
    spoken: str


class PractitionerState(rx.State):
    """What the visitor chose so far on a practitioner's page."""

    status: str = "waiting"
    """waiting, ready, missing or failed."""
    message: str = ""
    profile: ProfileView = NOBODY
    places: list[PlaceView] = []
    fees: list[FeeView] = []
    reasons: list[ReasonView] = []
    place: str = ""
    offering: str = ""
    asks: bool = False
    """Whether the times of the chosen reason depend on whether the practitioner knows the patient."""
    known: str = ""
    """What the visitor says of that: « oui », « non », or nothing yet."""
    days: list[DayView] = []
    span: str = ""
    """« du 23 novembre au 6 décembre », with the year where it is another one."""
    day: str = ""
    slots: dict[str, list[SlotLink]] = {}
    """The chosen day's slots, under `morning` and `afternoon`."""
    later: str = ""
    """The first later day with a slot, where none of the days shown has one: « jeudi 3 décembre »."""
    at_start: bool = True
    """The days shown begin today: there is nothing before."""
    moving: str = ""
    """When the visit that is being moved is, or nothing."""
    watched: str = ""
    """Whose free time the page keeps up with: the practitioner's id, or nothing."""
    _all: dict[str, dict[str, list[SlotLink]]] = {}
    _first: str = ""
    _next: str = ""
    _moved: str = ""

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> None:
        """Read the page that the address names, with the reason or the visit to move that it names."""
        await _open(self)

    @rx.event
    @allow(Anyone)
    async def choose_place(self, place: str) -> None:
        """Choose a site: its first reason comes with it."""
        first = next((reason["value"] for reason in self.reasons if reason["site"] == place), "")
        if first:
            self.place = place
            await _choose(self, first)

    @rx.event
    @allow(Anyone)
    async def choose_reason(self, offering: str) -> None:
        """Choose a reason of the site."""
        if any(reason["value"] == offering for reason in self.reasons):
            await _choose(self, offering)

    @rx.event
    @allow(Anyone)
    async def say_known(self, answer: str) -> None:
        """Note whether the practitioner knows the patient, and show the times that follow; the booking asks the record itself."""
        if self.offering and answer in {"oui", "non"}:
            self.known = answer
            await _load_days(self, None)

    @rx.event
    @allow(Anyone)
    async def choose_day(self, day: str) -> None:
        """Choose a day of the strip."""
        if day in self._all:
            self.day, self.slots = day, self._all[day]

    @rx.event
    @allow(Anyone)
    async def turn(self, forward: bool) -> None:
        """Show the next or the previous days."""
        if self._first:
            step = timedelta(days=DAYS if forward else -DAYS)
            await _load_days(self, date.fromisoformat(self._first) + step)

    @rx.event
    @allow(Anyone)
    async def jump(self) -> None:
        """Show the first later day with a slot."""
        if self._next:
            await _load_days(self, date.fromisoformat(self._next))

    @rx.event
    @allow(Anyone)
    async def refresh(self) -> None:
        """Read the days shown again, since something changed in the agenda; a page that was withdrawn goes away."""
        if self.status != "ready":
            return
        try:
            await count_asking(self, "echo")
        except TooMany:
            return  # what is shown stays: a time that is gone is refused when it is booked
        if self._first:
            await _load_days(self, date.fromisoformat(self._first), keep=self.day)
        if not self._first or self.status != "ready":
            await _look_again(self)


def _slug(path: str) -> str:
    found = re.match(r"/medecin/([^/?#]{1,120})", path)
    return found[1] if found else ""


async def _open(state: PractitionerState) -> None:
    actor = await current_actor(state)
    asked = state.router.url.query_parameters
    try:
        await release(state, actor)
        await count_asking(state, "profile")
        page = await run_blocking(practitioner_page, actor, _slug(state.router.url.path))
    except NotFound as refusal:
        state.status, state.message = "missing", refusal.message
        return
    except DomainError as refusal:
        state.status, state.message = "failed", refusal.message
        return
    _show(state, page)
    soonest = page.card.next_slots[0].offering_id.hex if page.card.next_slots else ""
    wanted = await _moved_offering(state, asked.get("deplacer", "")) or asked.get("motif", soonest)
    offering = next((reason["value"] for reason in state.reasons if reason["value"] == wanted), "")
    offering = offering or (state.reasons[0]["value"] if state.reasons else "")
    state.status = "ready"
    if offering:
        await _choose(state, offering)


async def _look_again(state: PractitionerState) -> None:
    """Say that the page is gone where it is."""
    try:
        await run_blocking(practitioner_page, await current_actor(state), _slug(state.router.url.path))
    except NotFound as refusal:
        state.status, state.message = "missing", refusal.message
    except DomainError as refusal:
        state.status, state.message = "failed", refusal.message


async def _moved_offering(state: PractitionerState, appointment: str) -> str:
    """Read the visit to move; its reason and site stay."""
    state.moving, state._moved = "", ""
    actor = await current_actor(state)
    if not appointment or actor.kind is not ActorKind.PATIENT:
        return ""
    try:
        own = await run_blocking(my_appointment, actor, parse_id(appointment))
    except DomainError:
        return ""
    if not own.can_change:
        return ""
    state.moving, state._moved = moment(own.starts_at, own.zone), own.id.hex
    state.known = "non" if own.first_visit else "oui"
    state.reasons = [reason for reason in state.reasons if reason["value"] == own.offering_id.hex]
    return own.offering_id.hex


def _show(state: PractitionerState, page: PractitionerPage) -> None:
    card = page.card
    state.profile, state.places, state.fees = profile_view(page), place_views(page), fee_views(page)
    order = {site.id: number for number, site in enumerate(card.sites)}
    state.reasons = [_reason(reason) for reason in sorted(page.reasons, key=lambda one: order.get(one.site_id, len(order)))]
    state.days, state.slots, state.later, state.day, state._all, state._first = [], {}, "", "", {}, ""
    state.place, state.offering, state.known, state.asks = "", "", "", False
    state.watched = card.id.hex


def _reason(reason: OfferedReason) -> ReasonView:
    detail = visit_details(reason.duration_minutes, reason.mode, reason.fee_cents)
    return ReasonView(value=reason.offering_id.hex, label=reason.name, detail=detail, site=reason.site_id.hex, asks=reason.asks)


async def _choose(state: PractitionerState, offering: str) -> None:
    state.offering = offering
    chosen = next(reason for reason in state.reasons if reason["value"] == offering)
    state.place, state.asks = chosen["site"], chosen["asks"] and not state.moving
    await _load_days(state, None)


async def _load_days(state: PractitionerState, first: date | None, keep: str | None = None) -> None:
    """Read the days of the chosen offering, from `first` or today, and choose the first one with a slot."""
    if state.asks and not state.known:
        state.days, state.slots, state.day, state.later, state._all, state._first = [], {}, "", "", {}, ""
        return
    known = state.known == "oui" if state.asks or state.moving else None
    try:
        actor = await current_actor(state)
        if keep is None:  # what the agenda itself sends again is not asked by anybody
            await count_asking(state, "days")
        found = await run_blocking(offering_days, actor, UUID(state.offering), first, DAYS, known)
    except DomainError as refusal:
        state.status, state.message = "failed", refusal.message
        return
    state._all = {day.day.isoformat(): _parts(day.slots, found, state._moved) for day in found.days}
    state.days = [_day(day.day, len(day.slots)) for day in found.days]
    state._first = found.days[0].day.isoformat()
    state.span = f"du {short_day(found.days[0].day)} au {short_day(found.days[-1].day)}"
    today = clock.now().astimezone(found.zone).date()
    state.span += "" if found.days[-1].day.year == today.year else f" {found.days[-1].day.year}"
    state.at_start = found.days[0].day <= today
    state._next = found.next_day.isoformat() if found.next_day else ""
    state.later = long_date(found.next_day) if found.next_day else ""
    free = [day["value"] for day in state.days if day["count"]]
    state.day = keep if keep and keep in state._all else (free[0] if free else "")
    state.slots = state._all.get(state.day, {})


def _day(day: date, count: int) -> DayView:
    said = "aucun créneau" if not count else f"{count} créneau" + ("x" if count > 1 else "")
    weekday, number, month = WEEKDAYS[day.weekday()], str(day.day), MONTHS[day.month - 1]
    spoken = f"{long_date(day)}, {said} ({weekday} {number} {month})"  # ends with what is seen, for those who choose by saying it
    return DayView(value=day.isoformat(), weekday=weekday, number=number, month=month, count=count, spoken=spoken)


def _parts(slots: tuple[FreeSlot, ...], found: OfferingDays, moved: str) -> dict[str, list[SlotLink]]:
    parts: dict[str, list[SlotLink]] = {"morning": [], "afternoon": []}
    for slot in slots:
        local: datetime = slot.starts_at.astimezone(found.zone)
        part = "morning" if local.hour < NOON else "afternoon"
        parts[part].append(SlotLink(key=slot.key, label=clock_time(local), href=confirm_href(slot.key, moved)))
    return parts
