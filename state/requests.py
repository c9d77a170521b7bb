"""The requests of the practice: the list, its filters, and the number that the navigation shows."""

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.live import requests_topic
from maiia_pro.kernel.work import run_blocking
from maiia_pro.requests.changing import take_request
from maiia_pro.requests.listing import RequestBoard, RequestQuery, Which, count_requests, request_board
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.next_free import Option
from state.patient_picker import practice_of
from state.request_views import NO_COUNTS, CountsView, RequestGroup, counts_view, group_views, news_of
from state.rules import allow
from state.session import current_actor


class RequestBadge(rx.State):
    """What every professional page knows of the requests: how many are one's own or late, and the topic to listen to."""

    topic: str = ""
    pressing: int = 0

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Count when a page opens; where nobody answers, the page itself says so."""
        await count(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def changed(self) -> None:
        """Count again: a request was changed somewhere."""
        await count(self, await current_actor(self))


async def count(state: RequestBadge, actor: Actor) -> None:
    """Count the requests that press."""
    try:
        practice_id = await run_blocking(practice_of, actor)
        found = await run_blocking(count_requests, actor, practice_id)
    except DomainError:
        return
    state.topic, state.pressing = requests_topic(practice_id), found.pressing


@dataclass(frozen=True)
class Page:
    """What the list needs, read at once."""

    board: RequestBoard
    practitioners: list[Option]


class RequestList(rx.State):
    """The list of requests."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    which: str = Which.OPEN.value
    practitioner: str = ""
    practitioners: list[Option] = []
    staff: list[Option] = []
    groups: list[RequestGroup] = []
    counts: CountsView = NO_COUNTS
    news: str = ""
    """What somebody else did last."""
    _versions: dict[str, int] = {}

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Show what is open, or what the address asks for."""
        asked = self.router.url.query_parameters.get("filtre", "")
        self.which = asked if asked in set(Which) else self.which
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose(self, which: str) -> None:
        """Show others."""
        self.which = which if which in set(Which) else Which.OPEN.value
        self.news = ""
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose_practitioner(self, practitioner: str) -> None:
        """Show those that concern one practitioner, or everybody's."""
        self.practitioner = practitioner
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def take(self, request: str, version: int) -> EventSpec | None:
        """Take a request from the list; where somebody came first, say who."""
        actor = await current_actor(self)
        answer = None
        try:
            await run_blocking(take_request, actor, parse_id(request), version)
        except DomainError as error:
            answer = refusal(error)
        await refresh(self, actor)
        return answer or announce("Cette demande est à vous.", "success")


async def refresh(state: RequestList, actor: Actor, *, told: bool = False) -> None:
    """Read the list again; `told` marks what others changed meanwhile."""
    try:
        page = await run_blocking(read_page, actor, state.which, state.practitioner)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    lines = page.board.lines
    others = [line for line in lines if line.changed_by_id != actor.account_id and line.version > state._versions.get(line.id.hex, 0)]
    fresh = others if told else []
    state.groups = group_views(actor, lines, {line.id for line in fresh})
    state.news = news_of(fresh[-1]) if fresh else state.news
    state._versions = {line.id.hex: line.version for line in lines}
    state.counts, state.practitioners = counts_view(page.board.counts), page.practitioners
    state.staff = [Option(value=one.account_id.hex, label=one.name) for one in page.board.staff]
    state.status, state.message = "ready", ""
    (await state.get_state(RequestBadge)).pressing = page.board.counts.pressing


def read_page(actor: Actor, which: str, practitioner: str) -> Page:
    """Read the list of the actor's practice; a practitioner that is none of it is everybody."""
    frame = desk(actor)
    try:
        wanted = parse_id(practitioner) if practitioner else None
    except NotFound:
        wanted = None
    chosen = wanted if wanted in {one.id for one in frame.practitioners} else None
    board = request_board(actor, RequestQuery(frame.practice_id, Which(which), chosen))
    return Page(board, [Option(value=one.id.hex, label=one.name) for one in frame.practitioners])
