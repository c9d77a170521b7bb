"""Delays on the desk's screen: one click each, with the delay that the day itself shows as a suggestion."""

from typing import TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import clock_time, duration, phone
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.reception.lateness import LONGEST, DelayLine, ToCall, announce_delay, delay_board
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor
from state.settling_views import CallView


class DelayView(TypedDict):
    """A practitioner and their delay."""

    id: str
    name: str
    minutes: int
    words: str
    suggested: int
    suggestion: str


class Delays(rx.State):
    """The dialog of delays."""

    opened: bool = False
    lines: list[DelayView] = []
    calls: list[CallView] = []
    """Whom no message tells of the delay that was just announced."""

    @rx.event
    @allow(*STAFF)
    async def open_dialog(self, opened: bool) -> EventSpec | None:
        """Open the dialog with the delays of this moment, or close it."""
        self.opened, self.calls = bool(opened), []
        return await show(self, await current_actor(self)) if opened else None

    @rx.event
    @allow(*STAFF)
    async def announce(self, practitioner: str, minutes: int) -> EventSpec | None:
        """Say how late somebody is, from now on."""
        actor = await current_actor(self)
        try:
            late = max(0, min(int(minutes), LONGEST))
            self.calls = [call_view(one) for one in await run_blocking(announce_delay, actor, parse_id(practitioner), late)]
        except DomainError as error:
            return refusal(error)
        failed = await show(self, actor)
        name = next((line["name"] for line in self.lines if line["id"] == practitioner), "")
        told = f"{name}\u00a0: {duration(late)} de retard, les patients le voient." if late else f"{name}\u00a0: à l’heure."
        return failed or announce(told, "success")


def call_view(one: ToCall) -> CallView:
    """Write whom to call, and about which visit."""
    words = f"Rendez-vous de {clock_time(one.starts_at.astimezone(one.zone))}."
    return CallView(name=one.name, words=words, phone=phone(one.phone) if one.phone else "", tel=one.phone)


async def show(state: Delays, actor: Actor) -> EventSpec | None:
    """Read the delays."""
    try:
        state.lines = [delay_view(line) for line in await run_blocking(delay_board, actor)]
    except DomainError as error:
        return refusal(error)
    return None


def delay_view(line: DelayLine) -> DelayView:
    """Write a line."""
    return DelayView(
        id=line.practitioner_id.hex,
        name=line.name,
        minutes=line.minutes,
        words=f"{duration(line.minutes)} de retard" if line.minutes else "À l’heure",
        suggested=line.suggested if line.suggested != line.minutes else 0,
        suggestion=f"Annoncer {duration(line.suggested)}, constaté",
    )
