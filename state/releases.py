"""What releases brought: the page, and the word that tells people of it once."""

from typing import Final

import reflex as rx

from maiia_pro.kernel.actor import MEMBERS, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from maiia_pro.operations.releases import mark_release_read, unread_release
from state.rules import Anyone, allow
from state.session import current_actor

PEOPLE: Final = (*sorted(MEMBERS), ActorKind.OPERATOR)
"""Whom a release is announced to: those who work with the software. Patients find its page, and are not kept from theirs."""
NEWS: Final = "/nouveautes"


class Releases(rx.State):
    """Whether the person at the screen has something new to read about."""

    unread: str = ""
    """The title of the release that is still to be told."""

    @rx.event
    @allow(Anyone)
    async def look(self) -> None:
        """Ask when a page opens; a visitor has nothing to be told."""
        try:
            actor = await current_actor(self)
            if actor.kind not in PEOPLE:
                self.unread = ""
                return
            found = await run_blocking(unread_release, actor)
        except DomainError:
            return  # the page itself says that nobody answers
        self.unread = found.title if found else ""

    @rx.event
    @allow(Anyone)
    async def read(self) -> None:
        """Note that the page of releases was opened, or its announcement put away."""
        actor = await current_actor(self)
        if actor.kind in PEOPLE:
            try:
                await run_blocking(mark_release_read, actor)
            except DomainError:
                return  # it is told again next time
        self.unread = ""
