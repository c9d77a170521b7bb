"""Whose agenda the settings are: one's own, or that of a practitioner who lets the viewer see to it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.own_agenda import own_agenda
from state.agenda import STAFF
from state.next_free import Option
from state.rules import allow
from state.session import current_actor

Whose = Callable[[Actor], UUID]


class SetupFor(rx.State):
    """The agenda that is set up."""

    choices: list[Option] = []
    """The agendas that the viewer may set up, their own first."""
    agenda: str = ""
    """Which one; nothing where there is none."""
    own: bool = True
    """Whether it is the viewer's own: some settings are nobody else's."""
    name: str = ""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Take the agenda that the address names, else one's own, else the first that one may set up."""
        actor = await current_actor(self)
        try:
            frame = await run_blocking(desk, actor)
        except DomainError:
            self.choices, self.agenda, self.own, self.name = [], "", actor.practitioner_id is not None, ""
            return  # the cards say why
        mine = sorted((one for one in frame.practitioners if one.sets), key=lambda one: not one.is_self)
        self.choices = [Option(value=one.id.hex, label=one.name) for one in mine]
        asked = self.router.url.query_parameters.get("praticien", "")
        chosen = next((one for one in mine if one.id.hex == asked), mine[0] if mine else None)
        self.agenda, self.name = (chosen.id.hex, chosen.name) if chosen else ("", "")
        self.own = chosen.is_self if chosen else actor.practitioner_id is not None

    @rx.event
    @allow(*STAFF)
    async def choose(self, practitioner: str) -> EventSpec:
        """Go to the settings of another agenda."""
        known = practitioner in {one["value"] for one in self.choices}
        return rx.redirect(f"/reglages?praticien={practitioner}" if known else "/reglages")


async def whose(state: rx.State) -> Whose:
    """Give what tells which agenda the page sets up; use cases still ask whether the actor may."""
    chosen = (await state.get_state(SetupFor)).agenda
    return partial(_named, chosen) if chosen else own_agenda


def _named(agenda: str, _actor: Actor) -> UUID:
    return parse_id(agenda)


async def sets_up(state: rx.State, actor: Actor) -> bool:
    """Tell whether there is an agenda to show the settings of; to a practitioner without one they say why."""
    return actor.kind is ActorKind.PRACTITIONER or (await state.get_state(SetupFor)).agenda != ""
