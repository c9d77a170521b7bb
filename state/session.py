"""The only door from a browser to an actor: the cookie of the socket's handshake, checked against the database at each event."""

import time
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext

from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.hats import has_other_role
from maiia_pro.identity.homes import home_of
from maiia_pro.identity.session_actor import TOUCH, actor_of_hash, session_end
from maiia_pro.identity.session_ends import idle_of
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.rates import network_of
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.lock_delay import lock_minutes
from maiia_pro.practice.naming import practice_name
from state.rules import Anyone, allow

DETAILS: Final = {
    ActorKind.PATIENT: "Patient",
    ActorKind.SECRETARY: "Secrétariat",
    ActorKind.PRACTITIONER: "Professionnel de santé",
    ActorKind.SUBSTITUTE: "En remplacement",
    ActorKind.AIDANT: "Professionnel aidant",
    ActorKind.OPERATOR: "Exploitant",
}
FRESH_SECONDS: Final = 1.0
"""A long handler asks again after this time; within one event the answer of the guard is used."""

MANY: Final = 32

_known: ContextVar[tuple[str, float, Actor] | None] = ContextVar("known_actor", default=None)
_screens: dict[UUID, dict[str, str]] = {}
"""Client tokens of the screens of this process that show something of an account, each with the hash of its session's token."""


def fingerprint(state: BaseState) -> str:
    """Give what a state is bound to: the hash of the session's token that `state.handshake` let in, or an empty string for a visitor."""
    headers = state.router_data.get("headers", {})
    return token_in(headers.get("cookie", ""))


def network(state: BaseState) -> str:
    """Name the network that the socket's handshake came from."""
    return network_of(state.router.session.client_ip, state.router_data.get("headers", {}).get("x-forwarded-for", ""))


async def current_actor(state: BaseState) -> Actor:
    """Tell who is at the screen, as the database says now; a visitor where the session is over."""
    own = fingerprint(state)
    known = _known.get()
    if known is not None and known[0] == own and time.monotonic() - known[1] < FRESH_SECONDS:
        return known[2]
    return await look_up(own)


async def look_up(hashed: str) -> Actor:
    """Ask the database who holds the token of this hash, and remember it for the rest of the event."""
    actor = await run_blocking(actor_of_hash, hashed) if hashed else Actor.anonymous()
    _known.set((hashed, time.monotonic(), actor))
    return actor


def own_path(state: BaseState) -> str:
    """Give the address that the screen shows, without its origin."""
    url = state.router.url
    return f"{url.path}?{url.query}" if url.query else url.path


def initials(name: str) -> str:
    """Give the two letters of an avatar."""
    words = [word for word in name.replace("Dr ", "").split() if word[0].isalpha()]
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else name[:2].upper()


class SessionState(rx.State):
    """Who is at the screen, for the frames to show; never what decides."""

    signed_in: bool = False
    kind: str = ActorKind.ANONYMOUS.value
    account: str = ""
    """Whose it is: of two people of one name, only this tells them apart."""
    name: str = ""
    detail: str = ""
    rights: list[str] = []
    """What somebody lets one do: the values of `Right`, for the frames to leave out what nobody does."""
    initials: str = ""
    several: bool = False
    """Whether its holder has another role, or an invitation to answer."""
    place: str = ""
    """The practice that a professional works in."""
    administers: bool = False
    """Whether they administer a practice."""
    home: str = "/"
    ended: bool = False
    """The session that this screen was opened with is over."""
    locked: bool = False
    """The session is locked: the browser leaves for the lock screen."""
    lock_minutes: int = -1
    """After how long without a key or a pointer the screen locks: 0 never, -1 not known yet."""
    idle: int = 0
    """After how many seconds without use the session may end; whoever only types is heard of now and then."""
    until: int = 0
    """When the session ends whatever one does, in milliseconds; 0 where nobody is signed in."""
    again: str = "/connexion"
    """Where to sign in again and come back."""
    forbidden: bool = False
    """The page is not for this kind of actor."""
    _turned_away: bool = False
    """The page said so already: what it would have read is refused without a word."""
    _bound: str | None = None
    _path: str = ""
    _arrivals: int = 0
    """Grows when a page is opened or loaded anew, not when its address changes what it shows, nor when a cut line comes back."""

    @rx.event
    @allow(Anyone)
    async def enter(self, who: str = "") -> EventSpec | None:
        """Open a page that is for these kinds (separated by spaces; nothing for everyone): show it, send to sign-in, or refuse."""
        kinds = who.split()
        try:
            actor = await current_actor(self)
        except Unavailable:
            return None  # what the page cannot read it says in its place
        if self.router.url.path != self._path:
            self._path, self._arrivals = self.router.url.path, self._arrivals + 1
        if self._path.startswith("/connexion"):
            self.ended = False  # they were told, and are where it led them
        _show(self, actor)
        self.lock_minutes = await run_blocking(lock_minutes, actor) if actor.is_staff else 0
        self.place = await run_blocking(practice_name, actor) if actor.is_staff else ""
        self.several = self.signed_in and (actor.kind is not ActorKind.PATIENT or await run_blocking(has_other_role, actor))
        end = await run_blocking(session_end, actor) if actor.session_id and self.signed_in else None
        self.idle = int((idle_of(actor.kind) - TOUCH).total_seconds())
        self.until = int(end.timestamp() * 1000) if end else 0
        self._turned_away = bool(kinds) and actor.kind not in kinds
        self.forbidden = self._turned_away and self.signed_in
        if kinds and not self.signed_in:
            door = home_of(actor.kind) if actor.kind is ActorKind.HALF_OPEN else "/connexion"
            return rx.redirect(f"{door}?suite={quote(own_path(self), safe='/')}", replace=True)
        return None

    @rx.event
    @allow(Anyone)
    async def stay(self) -> None:
        """Hear that somebody is there: an event keeps the session alive, whatever it does."""

    @rx.event
    @allow(Anyone)
    async def go_on(self) -> EventSpec:
        """Go on as a visitor after the session ended."""
        self.ended = False
        return rx.redirect("/")


def _show(session: SessionState, actor: Actor) -> None:
    """Put the actor in the vars that the frames read, and note which account the screen shows."""
    session.signed_in = actor.account_id is not None
    session.account = actor.account_id.hex if actor.account_id else ""
    session.kind, session.name = actor.kind.value, actor.name if session.signed_in else ""
    session.rights = sorted({right.value for held in actor.rights.values() for right in held})
    session.detail = DETAILS.get(actor.kind, "")
    session.initials = initials(actor.name) if session.signed_in else ""
    session.administers, session.home = bool(actor.administers), home_of(actor.kind)
    if actor.account_id is not None:
        _note_screen(actor.account_id, session.router.session.client_token, fingerprint(session))


def _note_screen(account_id: UUID, client: str, hashed: str) -> None:
    screens = _screens.setdefault(account_id, {})
    screens[client] = hashed
    namespace = RegistrationContext.get().app.event_namespace
    if len(screens) > MANY and namespace is not None:
        for gone in screens.keys() - namespace.token_to_sid.keys():
            del screens[gone]


def signed_in_tabs() -> set[str]:
    """Give the client tokens of the screens of this process that show something of an account."""
    return {client for screens in _screens.values() for client in screens}


def shown_sessions() -> dict[str, UUID]:
    """Tell whose sessions this process has screens of: the accounts by the hashes of the sessions' tokens."""
    return {hashed: account_id for account_id, screens in _screens.items() for hashed in screens.values()}


async def forget(state: BaseState) -> SessionState:
    """Put the whole state of the browser tab back to its first values."""
    root: Any = state._get_root_state()
    for cls in all_states(type(root)):
        await root.get_state(cls)
    hydrated = root.is_hydrated
    root.reset()
    root.is_hydrated = hydrated
    return await root.get_state(SessionState)


def all_states(cls: type[BaseState]) -> list[type[BaseState]]:
    """List the states below this one (a manager that loads states one by one has not loaded them all)."""
    below = cls.get_substates()
    return [*below, *(deeper for child in below for deeper in all_states(child))]


async def bind(state: BaseState) -> SessionState:
    """Tie the state to the session cookie it was made with; under another cookie everything starts from nothing."""
    session = await state.get_state(SessionState)
    own = fingerprint(state)
    if session._bound is not None and session._bound != own:
        session = await forget(state)
    if session._bound != own:
        session._bound = own
    return session


async def end(state: BaseState) -> SessionState:
    """Empty the state of a screen whose session is over or locked, and say so."""
    session = await forget(state)
    session._bound = fingerprint(state)
    session.locked = (await current_actor(state)).kind is ActorKind.LOCKED
    session.ended, session.again = not session.locked, f"/connexion?suite={quote(own_path(state), safe='')}"
    return session


async def end_screens(app: rx.App, account_id: UUID) -> int:
    """Empty the open screens of an account whose sessions are over; tells how many. Called when the account's topic is announced."""
    ended = 0
    for client in list(_screens.get(account_id, ())):
        if app.event_namespace is None or client not in app.event_namespace.token_to_sid:
            _screens[account_id].pop(client, None)
            continue
        async with app.modify_state(rx.BaseStateToken(ident=client, cls=SessionState)) as state:
            if (await look_up(fingerprint(state))).account_id != account_id:
                await end(state)
                _screens[account_id].pop(client, None)
                ended += 1
    return ended
