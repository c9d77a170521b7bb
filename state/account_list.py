"""The operator looks for accounts."""

from typing import Any, TypedDict

import reflex as rx

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.work import run_blocking
from maiia_pro.operations.accounts import AccountLine, AccountQuery, Shown, find_accounts
from state.account_words import KINDS, state_of
from state.cards import Card
from state.rules import allow
from state.session import current_actor, initials


class AccountView(TypedDict):
    """An account as the list shows it."""

    id: str
    href: str
    name: str
    initials: str
    detail: str
    """What it is, and where it works."""
    identifier: str
    state: str
    tone: str


class AccountList(Card, rx.State):
    """What is sought, and what was found."""

    words: str = ""
    kind: str = ""
    shown: str = Shown.ANY.value
    page: int = 1
    pages: int = 1
    found: str = ""
    """How many there are, in words."""
    accounts: list[AccountView] = []

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def arrive(self) -> None:
        """Read the page of the list that was shown."""
        await self._read(await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def seek(self, words: str) -> None:
        """Look for words."""
        self.words, self.page = str(words)[:120], 1
        await self._read(await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def narrow(self, field: str, value: str) -> None:
        """Show one kind of account, or one state, or all."""
        if field == "kind" and value in {"", *KINDS}:
            self.kind = value
        elif field == "shown" and value in set(Shown):
            self.shown = value
        else:
            return
        self.page = 1
        await self._read(await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def turn(self, page: int) -> None:
        """Show another page."""
        self.page = int(page)
        await self._read(await current_actor(self))

    async def _fill(self, actor: Actor) -> None:
        query = AccountQuery(self.words, ActorKind(self.kind) if self.kind else None, Shown(self.shown), self.page)
        found = await run_blocking(find_accounts, actor, query)
        self.page, self.pages, self.accounts = found.page, found.pages, [account_view(line) for line in found.lines]
        self.found = "1 compte" if found.total == 1 else f"{found.total}\u00a0comptes"


def account_view(line: AccountLine) -> Any:
    """Write an account for the list."""
    state, tone = state_of(line)
    return AccountView(
        id=line.id.hex,
        href=f"/operateur/comptes/{line.id.hex}",
        name=line.name,
        initials=initials(line.name),
        detail=" · ".join((KINDS[line.kind], *line.places)),
        identifier=line.identifier,
        state=state,
        tone=tone,
    )
