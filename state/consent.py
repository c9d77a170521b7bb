"""Letting a program act in one's name: what it asks for, yes or no, and taking it back."""

from collections.abc import Callable
from typing import TypedDict
from urllib.parse import parse_qsl

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.consent import Asked, SentBack, check_person, end_own, give, own_grants, read_request, refuse
from maiia_pro.kernel.actor import STAFF, Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import PARIS, moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.naming import practice_name
from state.announcements import announce, refusal
from state.programs import SCOPE_WORDS, scopes_said
from state.rules import allow
from state.session import current_actor


class ScopeView(TypedDict):
    """One thing that a program asks to be let do."""

    label: str
    hint: str


class GivenView(TypedDict):
    """A program that acts in one's name."""

    id: str
    name: str
    says: str
    used: str


class Consent(rx.State):
    """What the address asks for; nothing is given but by the button, and what is given is read from the address anew."""

    status: str = "waiting"
    """waiting, asked, list (nothing is asked), refused (it cannot be asked so) or failed."""
    message: str = ""
    name: str = ""
    practice: str = ""
    host: str = ""
    scopes: list[ScopeView] = []
    given: list[GivenView] = []
    _shown: dict[str, str] = {}
    """What the address asked for when it was read."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> EventSpec | None:
        """Read what the address asks for, or list what was given."""
        actor, query = await current_actor(self), _query(self)
        try:
            if "refus" in query or "client_id" in query:
                asked = await run_blocking(_asked, actor, query)
                self.practice = await run_blocking(practice_name, actor)
                self.name, self.host, self.status, self._shown = asked.name, asked.host, "asked", query
                self.scopes = [ScopeView(label=words[0], hint=words[1]) for scope, words in SCOPE_WORDS.items() if scope in asked.scopes]
            else:
                self.given, self.status = await run_blocking(_given, actor), "list"
        except SentBack as wrong:
            return rx.redirect(wrong.address)
        except DomainError as error:
            self.status, self.message = "refused", error.message
        return None

    @rx.event
    @allow(*STAFF)
    async def accept(self) -> EventSpec:
        """Let the program act in one's name, and go back to it."""
        return await _answer(self, give)

    @rx.event
    @allow(*STAFF)
    async def decline(self) -> EventSpec:
        """Refuse, and go back to it."""
        return await _answer(self, refuse)

    @rx.event
    @allow(*STAFF)
    async def take_back(self, program: str) -> EventSpec:
        """Let a program act in one's name no more."""
        actor = await current_actor(self)
        try:
            await run_blocking(_take_back, actor, program)
            self.given = await run_blocking(_given, actor)
        except DomainError as error:
            return refusal(error)
        return announce("C’est fait\u00a0: l’application n’agit plus en votre nom.", "success")


async def _answer(state: Consent, act: Callable[[Actor, Asked], str]) -> EventSpec:
    query = _query(state)
    if state._shown != query:  # the tab went on to another question while this one was still on the screen, or nothing was shown
        return Consent.arrive()
    actor = await current_actor(state)
    try:
        return rx.redirect(await run_blocking(_done, actor, query, act))
    except SentBack as wrong:
        return rx.redirect(wrong.address)
    except DomainError as error:
        return refusal(error)


def _query(state: Consent) -> dict[str, str]:
    return dict(parse_qsl(str(state.router.url.query), keep_blank_values=True))


def _asked(actor: Actor, query: dict[str, str]) -> Asked:
    asked = read_request(actor, query)
    check_person(actor, asked)
    return asked


def _done(actor: Actor, query: dict[str, str], act: Callable[[Actor, Asked], str]) -> str:
    return act(actor, read_request(actor, query))


def _take_back(actor: Actor, program: str) -> None:
    end_own(actor, parse_id(program))


def _given(actor: Actor) -> list[GivenView]:
    return [
        GivenView(
            id=one.client_id.hex,
            name=one.name,
            says=scopes_said(one.scopes),
            used=f"Dernier accès\u00a0: {moment(one.last_used_at, PARIS)}" if one.last_used_at else "Jamais encore utilisée",
        )
        for one in own_grants(actor)
    ]
