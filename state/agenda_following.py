"""The agenda that is read again when something changed elsewhere, with all that offers its times beside it."""

import reflex as rx
from reflex.event import EventSpec

from state.agenda import STAFF, AgendaState, show
from state.desk_booking import DeskBooking, follow
from state.finder import Finder, find_again
from state.next_free import NextFree, look
from state.rules import allow
from state.session import current_actor


class AgendaFollowing(rx.State):
    """What the live line of the agenda asks for."""

    @rx.event
    @allow(*STAFF)
    async def reload(self) -> EventSpec | None:
        """Read again what is shown; where others may be given appointments than before, what offers their times too."""
        actor, agenda = await current_actor(self), await self.get_state(AgendaState)
        before = agenda._bookable
        await show(agenda, actor)
        if agenda._bookable == before:
            return None
        await look(await self.get_state(NextFree), actor)
        await find_again(await self.get_state(Finder), actor)
        return await follow(await self.get_state(DeskBooking), actor)
