"""What the two boxes of the public search propose while one types."""

from collections.abc import Callable
from typing import TypedDict

import reflex as rx

from maiia_pro.agenda.search_suggestions import Suggestion, suggest_what, suggest_where
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from state.directory import PROFILE
from state.rules import Anyone, allow
from state.session import current_actor, network

ASKED_PER_MINUTE = 600
"""Of an account, or of all the visitors of one network together; beyond, nothing is proposed and the search itself still answers."""


class Proposal(TypedDict):
    """One line of a list: what it says, what it writes in the box, or the page it leads to."""

    title: str
    detail: str
    words: str
    href: str


class Suggestions(rx.State):
    """What each box proposes, and for which letters."""

    what: list[Proposal] = []
    what_answered: str = ""
    where: list[Proposal] = []
    where_answered: str = ""

    @rx.event
    @allow(Anyone)
    async def ask_what(self, typed: str) -> None:
        """Propose specialties and people."""
        self.what, self.what_answered = await _proposals(self, suggest_what, typed), str(typed)[:80]

    @rx.event
    @allow(Anyone)
    async def ask_where(self, typed: str) -> None:
        """Propose towns."""
        self.where, self.where_answered = await _proposals(self, suggest_where, typed), str(typed)[:80]


async def _proposals(state: Suggestions, suggest: Callable[[Actor, object], list[Suggestion]], typed: str) -> list[Proposal]:
    """Ask for what begins so; nothing where too much is asked or what was typed is no line of text."""
    try:
        actor = await current_actor(state)
        count_request(("suggest", actor.account_id or network(state)), ASKED_PER_MINUTE)
        found = await run_blocking(suggest, actor, typed)
    except DomainError:
        return []
    return [Proposal(title=one.title, detail=one.detail, words=one.words, href=PROFILE + one.slug if one.slug else "") for one in found]
