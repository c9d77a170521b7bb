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
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import SessionState, current_actor

Answer = TypeVar("Answer")


class Administration(rx.State):
    """The practice that is administered."""

    status: str = "waiting"
    """waiting, ready, refused (one does not administer it) or failed."""
    message: str = ""
    name: str = ""
    mark: str = ""
    """Changes each time the name is read, so that its field is drawn anew."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read which practice it is."""
        self.errors, self.summary = {}, []
        await show(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def rename(self, form: dict[str, Any]) -> EventSpec | None:
        """Change the name; refused, it stays as typed."""
        actor = await current_actor(self)
        try:
            self.name = await run_blocking(here, actor, rename_practice, form.get("practice_name"))
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.errors, self.summary, self.mark = {}, [], uuid7().hex
        (await self.get_state(SessionState)).place = await run_blocking(practice_name, actor)
        return announce("Nom enregistré.", "success")


async def show(state: Administration, actor: Actor) -> None:
    """Read the practice, or why it is not shown."""
    try:
        found = await run_blocking(administered, actor)
    except NotAllowed as refused:
        state.status, state.message = "refused", refused.message
    except DomainError as error:
        state.status, state.message = "failed", error.message
    else:
        state.status, state.name, state.mark = "ready", found.name, uuid7().hex


def here(actor: Actor, act: Callable[..., Answer], *given: Any, **named: Any) -> Answer:
    """Do something in the practice that the actor administers."""
    return act(actor, administered(actor).id, *given, **named)
