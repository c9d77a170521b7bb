"""The practitioner's linked calendar: linked, chosen, brought together now, taken away. The worker does it; the screen asks how it went."""

from collections.abc import Callable
from typing import Any, Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.setup import opening_week
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.work import run_blocking
from maiia_pro.outside.linking import LinkView, choose_calendar, connect, disconnect, own_link, sync_now
from maiia_pro.practice.own_agenda import own_agenda
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor


class CalendarChoice(TypedDict):
    """A calendar of the user's, as a list offers it."""

    value: str
    label: str


ELEMENTS: Final = {"password": "champ-calendrier-mot-de-passe"}
"""Fields whose element is not called after them."""


class LinkSetup(rx.State):
    """The linked calendar of one's own agenda; never its password."""

    status: str = "waiting"
    """waiting, none, or the state of the link."""
    address: str = ""
    user: str = ""
    name: str = ""
    synced: str = ""
    blocked: str = ""
    fault: str = ""
    working: bool = False
    """Whether the worker is at it."""
    choices: list[CalendarChoice] = []
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what there is."""
        actor = await current_actor(self)
        if actor.kind is ActorKind.PRACTITIONER:
            await _show(self, actor)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def link(self, form: dict[str, Any]) -> EventSpec | None:
        """Link a calendar, or give the linked one another password; refused, everything stays as typed."""
        actor = await current_actor(self)
        address, user = (form.get("address"), form.get("user")) if self.status == "none" else (self.address, self.user)
        try:
            await run_blocking(_connect, actor, address, user, form.get("password"))
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, **ELEMENTS)
            return None if self.errors else refusal(error)
        self.errors, self.summary = {}, []
        await _show(self, actor)
        return None

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose(self, form: dict[str, Any]) -> EventSpec | None:
        """Choose one of several calendars."""
        return await _do(self, lambda actor, agenda: choose_calendar(actor, agenda, str(form.get("calendar", ""))))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def sync(self) -> EventSpec | None:
        """Bring the calendar and the agenda together now."""
        return await _do(self, sync_now)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def leave(self) -> EventSpec | None:
        """Unlink it, and leave there what we wrote."""
        return await _do(self, lambda actor, agenda: disconnect(actor, agenda, remove_ours=False), "Calendrier déconnecté.")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def leave_nothing(self) -> EventSpec | None:
        """Unlink it, and take away there what we wrote."""
        return await _do(self, lambda actor, agenda: disconnect(actor, agenda, remove_ours=True))


async def _do(state: LinkSetup, act: Callable[[Actor, UUID], None], said: str = "") -> EventSpec | None:
    actor = await current_actor(state)
    try:
        await run_blocking(lambda: act(actor, own_agenda(actor)))
    except DomainError as error:
        return refusal(error)
    await _show(state, actor)
    return announce(said, "success") if said else None


def _connect(actor: Actor, address: object, user: object, password: object) -> None:
    connect(actor, own_agenda(actor), address, user, password)


async def _show(state: LinkSetup, actor: Actor) -> None:
    try:
        seen, zone = await run_blocking(_find, actor)
    except NotFound:
        return
    state.status = seen.state.value if seen else "none"
    state.address, state.user = (seen.address, seen.user_name) if seen else ("", "")
    state.name = seen.calendar_name or seen.address if seen else ""
    state.fault, state.working = (seen.fault, seen.waiting) if seen else ("", False)
    state.synced = moment(seen.synced_at, zone, year=True) if seen and seen.synced_at else ""
    state.blocked = str(seen.blocked) if seen else "0"
    state.choices = [CalendarChoice(value=url, label=name or url) for url, name in seen.choices] if seen else []


def _find(actor: Actor) -> tuple[LinkView | None, ZoneInfo]:
    agenda = own_agenda(actor)
    return own_link(actor, agenda), opening_week(actor, agenda).zone
