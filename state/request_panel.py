"""The panel of one request: what is asked, what was said and done, and the acts on it."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Conflict, DomainError
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.requests.changing import (
    assign_request,
    close_request,
    comment_request,
    reopen_request,
    reschedule_request,
    take_request,
)
from maiia_pro.requests.detail import read_request
from maiia_pro.requests.tables import Priority
from state.agenda import STAFF
from state.announcements import announce, field_errors, refusal
from state.request_views import NOTHING, NoteView, PanelView, act_views, comment_views, panel_view
from state.requests import RequestList, refresh
from state.rules import allow
from state.session import SessionState, current_actor


class RequestPanel(rx.State):
    """The request whose panel is open."""

    selected: str = ""
    status: str = ""
    """Empty while no panel is open, else waiting, ready or failed."""
    message: str = ""
    shown: PanelView = NOTHING
    comments: list[NoteView] = []
    acts: list[NoteView] = []
    errors: dict[str, str] = {}
    said: int = 0
    """Grows with each comment added here, so that its field is emptied; others' comments leave it alone."""
    _arrival: int = 0

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Open the request that the address names; close the panel from before."""
        if self._arrival != (arrival := (await self.get_state(SessionState))._arrivals):
            self._arrival = arrival
            clear_panel(self)
        wanted = self.router.url.query_parameters.get("demande", "")
        if wanted:
            await open_panel(self, await current_actor(self), wanted)

    @rx.event
    @allow(*STAFF)
    async def show(self, request: str) -> None:
        """Open the panel of a request; reading it is audited."""
        await open_panel(self, await current_actor(self), request)

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the panel."""
        clear_panel(self)

    @rx.event
    @allow(*STAFF)
    async def changed(self, requests: list[str]) -> None:
        """Read again what the page shows: these requests were changed somewhere, or any may have been where none is named."""
        actor = await current_actor(self)
        await refresh(await self.get_state(RequestList), actor, told=True)
        if self.selected and (not requests or self.selected in requests):
            await open_panel(self, actor, self.selected)

    @rx.event
    @allow(*STAFF)
    async def take(self) -> EventSpec | None:
        """Take care of it."""
        return await commit(self, take_request, self.shown["version"])

    @rx.event
    @allow(*STAFF)
    async def assign(self, owner: str) -> EventSpec | None:
        """Hand it to somebody of the practice, or back to everybody."""
        return await commit(self, _assign, self.shown["version"], owner)

    @rx.event
    @allow(*STAFF)
    async def reschedule(self, form: dict[str, Any]) -> EventSpec | None:
        """Change when it is due and how much it presses; refused, what was typed stays."""
        priority = Priority.URGENT if form.get("urgent") else Priority.NORMAL
        return await commit(self, reschedule_request, self.shown["version"], str(form.get("due", "")), priority)

    @rx.event
    @allow(*STAFF)
    async def comment(self, form: dict[str, Any]) -> EventSpec | None:
        """Add a word; refused, what was typed stays."""
        answer = await commit(self, comment_request, form.get("comment"))
        self.said += not (answer or self.errors)
        return answer

    @rx.event
    @allow(*STAFF)
    async def finish(self, done: bool) -> EventSpec | None:
        """Close it, done or dropped; the message undoes it."""
        answer = await commit(self, _finish, self.shown["version"], done)
        said = "Demande faite." if done else "Demande abandonnée."
        return answer or announce(said, "success", action="Défaire", then=RequestPanel.reopen(self.shown["id"], self.shown["version"]))  # type: ignore[arg-type]

    @rx.event
    @allow(*STAFF)
    async def reopen(self, request: str, version: int) -> EventSpec | None:
        """Open it again."""
        if request != self.selected:
            await open_panel(self, await current_actor(self), request)
        return await commit(self, reopen_request, version)


def clear_panel(state: RequestPanel) -> None:
    """Show no request."""
    state.selected, state.status, state.shown, state.comments, state.acts, state.errors = "", "", NOTHING, [], [], {}


async def open_panel(state: RequestPanel, actor: Actor, request: str) -> None:
    """Read a request and show it."""
    state.selected, state.message, state.errors = request, "", {}
    try:
        detail = await run_blocking(read_request, actor, parse_id(request))
    except DomainError as error:
        state.status, state.message, state.shown, state.comments, state.acts = "failed", error.message, NOTHING, [], []
        return
    state.selected, state.shown = detail.line.id.hex, panel_view(actor, detail)
    state.comments, state.acts, state.status = comment_views(detail), act_views(detail), "ready"


async def commit(state: RequestPanel, act: Callable[..., object], *given: object) -> EventSpec | None:
    """Do an act on the request shown, then read panel and list again; gives what is to be told, nothing where it was done."""
    actor = await current_actor(state)
    answer = None
    try:
        await run_blocking(act, actor, parse_id(state.selected), *given)
    except DomainError as error:
        state.errors = field_errors(error)
        if not isinstance(error, Conflict):
            return None if state.errors else refusal(error)
        answer = refusal(error)
    await open_panel(state, actor, state.selected)
    await refresh(await state.get_state(RequestList), actor)
    return answer


def _assign(actor: Actor, request_id: Any, version: int, owner: str) -> int:
    return assign_request(actor, request_id, version, parse_id(owner) if owner else None)


def _finish(actor: Actor, request_id: Any, version: int, done: bool) -> int:
    return close_request(actor, request_id, version, done=done)
