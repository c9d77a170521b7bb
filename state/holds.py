"""Slots that visitors are about to book or that are offered: who holds them for the patients' door, and the desk's way to free one."""

from typing import Final, TypedDict

import reflex as rx
from reflex.event import EventSpec
from reflex.state import BaseState

from maiia_pro.agenda.holds import Visitor, break_hold
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF, AgendaState
from state.agenda_following import AgendaFollowing
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor, network


def visitor_of(state: BaseState) -> Visitor:
    """Name who is at the screen before they sign in and after: by the secret of the tab, which signing in does not change."""
    return Visitor.of(state.router.session.client_token, network(state))


class AskedHold(TypedDict):
    """The hold that is about to be broken."""

    id: str
    until: str
    offered: bool


NONE: Final = AskedHold(id="", until="", offered=False)


class HeldSlots(rx.State):
    """The hold of the agenda that somebody of the desk looks at."""

    asked: AskedHold = NONE

    @rx.event
    @allow(*STAFF)
    async def ask(self, hold: str) -> None:
        """Ask before a hold is broken."""
        agenda = await self.get_state(AgendaState)
        held = (one for column in agenda.window["columns"] for one in column["holds"])
        self.asked = next((AskedHold(id=one["id"], until=one["until"], offered=one["offered"]) for one in held if one["id"] == hold), NONE)

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Leave the slot to its visitor."""
        self.asked = NONE

    @rx.event
    @allow(*STAFF)
    async def free(self) -> list[EventSpec]:
        """Break the hold that was asked about."""
        asked, self.asked = self.asked, NONE
        try:
            await run_blocking(break_hold, await current_actor(self), parse_id(asked["id"]))
        except DomainError as error:
            return [refusal(error), AgendaFollowing.reload()]  # type: ignore[list-item]
        return [announce("Le créneau est libre.", "success"), AgendaFollowing.reload()]  # type: ignore[list-item]
