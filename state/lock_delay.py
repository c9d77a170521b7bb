"""After how long the practice's screens lock: what an administrator chooses on the page « Cabinet »."""

from contextlib import suppress
from typing import Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.administering import administered
from maiia_pro.practice.lock_delay import DELAYS, choose_lock_minutes
from state.administration import here
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import SessionState, current_actor

OPTIONS: Final = [(str(minutes), f"{minutes}\u00a0minutes") for minutes in DELAYS]


class LockDelay(rx.State):
    """The delay that is chosen."""

    minutes: str = ""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what is chosen."""
        with suppress(DomainError):  # the page says it
            self.minutes = str((await run_blocking(administered, await current_actor(self))).lock_minutes)

    @rx.event
    @allow(*STAFF)
    async def choose(self, minutes: str) -> EventSpec:
        """Choose another delay; it holds from the next page on, here at once."""
        wanted = int(minutes) if minutes.isdecimal() else 0
        try:
            await run_blocking(here, await current_actor(self), choose_lock_minutes, wanted)
        except DomainError as error:
            return refusal(error)
        self.minutes = str(wanted)
        (await self.get_state(SessionState)).lock_minutes = wanted
        return announce(f"Enregistré\u00a0: les écrans se verrouillent après {wanted}\u00a0minutes sans geste.", "success")
