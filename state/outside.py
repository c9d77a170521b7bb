"""The practitioner's other calendars: what files have filled, to be taken away again."""

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.work import run_blocking
from maiia_pro.outside.importing import forget_imported, imported_ahead
from maiia_pro.practice.own_agenda import own_agenda
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor


class CalendarFileSetup(rx.State):
    """What calendar files have filled of one's own agenda."""

    ahead: str = ""
    """How much of it is to come; "" for nothing."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Count what files have filled."""
        actor = await current_actor(self)
        if actor.kind is ActorKind.PRACTITIONER:
            await _count(self, actor)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def forget(self) -> EventSpec | None:
        """Take it all away."""
        actor = await current_actor(self)
        try:
            count = await run_blocking(_forget, actor)
        except DomainError as error:
            return refusal(error)
        await _count(self, actor)
        return announce(f"Plages retirées\u00a0: {count}. Leurs heures sont à nouveau libres.", "success")


async def _count(state: CalendarFileSetup, actor: Actor) -> None:
    try:
        count = await run_blocking(_ahead, actor)
    except NotFound:
        count = 0
    state.ahead = "" if not count else "Une plage importée est à venir." if count == 1 else f"{count} plages importées sont à venir."


def _ahead(actor: Actor) -> int:
    return imported_ahead(actor, own_agenda(actor))


def _forget(actor: Actor) -> int:
    return forget_imported(actor, own_agenda(actor))
