"""The next free times for a reason across the group."""

from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict

import reflex as rx

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.desk import Desk, DeskReason, NextFreeQuery, desk, next_free
from maiia_pro.agenda.offered import FreeSlot
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import duration
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF, AgendaState
from state.agenda_views import asked_people
from state.rules import allow
from state.session import current_actor
from state.slots import near_moment

SHOWN: Final = 6
MODES: Final = {"": (), "in_person": (Mode.IN_PERSON,), "video": (Mode.VIDEO,)}


class SlotLine(TypedDict):
    """A free time: when, with whom, and the place it stands for."""

    key: str
    number: str
    when: str
    who: str
    hue: str
    site: str


class Option(TypedDict):
    """One choice of a list."""

    value: str
    label: str


@dataclass(frozen=True)
class Found:
    """The next free times and the reasons one may ask for."""

    reasons: list[Option]
    reason: str
    slots: list[SlotLine]


class NextFree(rx.State):
    """The panel of the next free times."""

    status: str = "waiting"
    message: str = ""
    reasons: list[Option] = []
    reason: str = ""
    mode: str = ""
    site: str = ""
    """The site that the page's filter is on: the browser keeps it and tells it here."""
    slots: list[SlotLine] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Look for the first time."""
        await look(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose_reason(self, reason: str) -> None:
        """Look for another reason."""
        self.reason = reason
        await look(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose_mode(self, mode: str) -> None:
        """Look at the practice only, by video only, or at both."""
        self.mode = mode if mode in MODES else ""
        await look(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose_site(self, site: str) -> None:
        """Look at the site that the page shows, or at all."""
        self.site = site[:32]
        await look(self, await current_actor(self))


async def look(state: NextFree, actor: Actor) -> None:
    """Read the next free times for what the panel asks, with whom and where the page shows."""
    shown = (await state.get_state(AgendaState)).practitioner
    try:
        found = await run_blocking(find_next, actor, state.reason, state.mode, shown, state.site)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.reasons, state.reason, state.slots = found.reasons, found.reason, found.slots
    state.status, state.message = "ready", ""


def find_next(actor: Actor, reason: str, mode: str, shown: str = "", site: str = "") -> Found:
    """Read the next free times; a reason that is not, or no longer, of what is shown gives way to the first one."""
    frame = within(desk(actor), shown, site)
    named = {one.key: one.name for one in reversed(frame.reasons)}
    names = list(dict.fromkeys(named[one.key] for one in frame.reasons))  # each once, as whoever comes first writes it
    wanted = named.get(reason_key(reason), names[0] if names else "")
    slots: list[FreeSlot] = []
    if wanted:
        whose, where = {one.practitioner_id for one in frame.reasons}, {one.site_id for one in frame.reasons}
        slots = next_free(actor, NextFreeQuery(frame.practice_id, wanted, tuple(whose), tuple(where), MODES.get(mode, ()), SHOWN))
    lines = [line(frame, slot, number) for number, slot in enumerate(slots, 1)]
    return Found([Option(value=name, label=name) for name in names], wanted, lines)


def within(frame: Desk, shown: str, site: str) -> Desk:
    """Keep the reasons of those whom the page shows, at the site it shows."""
    whose = {one.id for one in asked_people(frame, shown)[1]}
    where = {one.id for one in frame.sites if one.id.hex == site} or {one.id for one in frame.sites}
    return replace(frame, reasons=tuple(one for one in frame.reasons if one.practitioner_id in whose and one.site_id in where))


def line(frame: Desk, slot: FreeSlot, number: int) -> SlotLine:
    """Put a free time in the words of the panel."""
    practitioner = next(one for one in frame.practitioners if one.id == slot.practitioner_id)
    site = next(one for one in frame.sites if one.id == slot.site_id)
    length = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    return SlotLine(
        key=slot.key,
        number=str(number),
        when=near_moment(slot.starts_at, site.zone, clock.now()),
        who=f"{practitioner.name} · {duration(length)}" + (f" · {site.city}" if len(frame.sites) > 1 else ""),
        hue=practitioner.hue,
        site=site.name,
    )


def reasons_of(frame: Desk, practitioner: str) -> list[DeskReason]:
    """List what a practitioner sees patients for, at every site."""
    return [reason for reason in frame.reasons if reason.practitioner_id.hex == practitioner]


def options(values: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Make the choices of a list, each once."""
    return [{"value": value, "label": label} for value, label in dict(values).items()]
