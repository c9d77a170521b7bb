"""What releases brought: the page, and the word that tells people of it once."""

from typing import Final, TypedDict

import reflex as rx

from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.work import run_blocking
from maiia_pro.operations.releases import mark_release_read, unread_release
from state.rules import Anyone, allow
from state.session import current_actor

PEOPLE: Final = (ActorKind.PATIENT, ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.OPERATOR)
NEWS: Final = "/nouveautes"


class UnreadRelease(TypedDict):
    """The release that is still to be told; an empty title where there is none."""

    title: str
    made_on: str


NONE: Final = UnreadRelease(title="", made_on="")


class Releases(rx.State):
    """Whether the person at the screen has something new to read about."""

    unread: UnreadRelease = NONE

    @rx.event
    @allow(Anyone)
    async def look(self) -> None:
        """Ask when a page opens; a visitor has nothing to be told."""
        actor = await current_actor(self)
        if actor.kind not in PEOPLE:
            self.unread = NONE
            return
        try:
            found = await run_blocking(unread_release, actor)
        except DomainError:
            return  # the page itself says that nobody answers
        self.unread = UnreadRelease(title=found.title, made_on=long_date(found.made_on, year=True)) if found else NONE

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
        self.unread = NONE
