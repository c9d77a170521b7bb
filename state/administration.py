"""The page « Cabinet »: whether one administers a practice, and what it is called."""

from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.administering import administered, rename_practice
from maiia_pro.practice.naming import practice_name
from state.agenda import STAFF
from state.announcements import announce
from state.cards import StaffCard
from state.company import NO_FACTS, CompanyFacts, company_facts
from state.rules import allow
from state.session import SessionState, current_actor

Answer = TypeVar("Answer")


class AdministrationCard(StaffCard, mixin=True):
    """A card of the page; `refused` where one does not administer the practice: the page says so in place of its cards."""

    def _unread(self, error: DomainError) -> str:
        return "refused" if isinstance(error, NotAllowed) else "failed"


class Administration(AdministrationCard, rx.State):
    """The practice that is administered."""

    name: str = ""
    company: CompanyFacts = NO_FACTS

    @rx.event
    @allow(*STAFF)
    async def rename(self, form: dict[str, Any]) -> EventSpec | None:
        """Change the name; refused, it stays as typed."""
        actor = await current_actor(self)
        try:
            self.name = await run_blocking(here, actor, rename_practice, form.get("practice_name"))
        except DomainError as error:
            return self._refused(error)
        self._anew()
        (await self.get_state(SessionState)).place = await run_blocking(practice_name, actor)
        return announce("Nom enregistré.", "success")

    async def _fill(self, actor: Actor) -> None:
        found = await run_blocking(administered, actor)
        self.name, self.company, self.mark = found.name, company_facts(found.company), uuid7().hex


def here(actor: Actor, act: Callable[..., Answer], *given: Any, **named: Any) -> Answer:
    """Do something in the practice that the actor administers."""
    return act(actor, administered(actor).id, *given, **named)
