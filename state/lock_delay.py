"""After how long the practice's screens lock: what a practitioner chooses in the settings."""

from typing import Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.lock_delay import DELAYS, choose_lock_minutes, lock_minutes
from state.announcements import announce, refusal
from state.rules import allow
from state.session import SessionState, current_actor

OPTIONS: Final = [(str(minutes), f"{minutes}\u00a0minutes") for minutes in DELAYS]


class LockDelay(rx.State):
    """The delay that is chosen."""

    minutes: str = ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def arrive(self) -> None:
        """Read what is chosen."""
        self.minutes = str(await run_blocking(lock_minutes, await current_actor(self)))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose(self, minutes: str) -> EventSpec:
        """Choose another delay; it holds from the next page on, here at once."""
        wanted = int(minutes) if minutes.isdecimal() else 0
        try:
            await run_blocking(_choose, await current_actor(self), wanted)
        except DomainError as error:
            return refusal(error)
        self.minutes = str(wanted)
        (await self.get_state(SessionState)).lock_minutes = wanted
        return announce(f"Enregistré\u00a0: les écrans se verrouillent après {wanted}\u00a0minutes sans geste.", "success")


def _choose(actor: Actor, minutes: int) -> None:
    choose_lock_minutes(actor, desk(actor).practice_id, minutes)
