"""The settings of an agenda once the visits that new hours strand are listed."""

import reflex as rx

from state.agenda import STAFF
from state.rules import allow
from state.session import current_actor
from state.settling import Settling, close
from state.setup_days_off import DaysOffSetup, show_days
from state.setup_hours import HoursSetup, read_setup


class HoursSettling(rx.State):
    """The dialog over the settings."""

    @rx.event
    @allow(*STAFF)
    async def leave(self) -> None:
        """Close the list; what was saved with it is read again, what was typed stays otherwise."""
        settling = await self.get_state(Settling)
        was_done = bool(settling.results)
        close(settling)
        if was_done:
            setup = await self.get_state(HoursSetup)
            setup.adding, setup.wrong, setup.summaries, setup.errors = False, {}, {}, {}
            actor = await current_actor(self)
            await read_setup(setup, actor)
            await show_days(await self.get_state(DaysOffSetup), actor)
