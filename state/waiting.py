"""The waiting list of the practice: who waits for what, and the free places that may be offered by hand."""

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.live import waiting_topic
from maiia_pro.kernel.work import run_blocking
from maiia_pro.waiting.listing import WaitingList, Which, places_for, waiting_list
from maiia_pro.waiting.offering import offer_by_hand
from maiia_pro.waiting.wishing import withdraw_wish
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.waiting_views import PlaceView, WishView, place_view, wish_view


@dataclass(frozen=True)
class Page:
    """What the list needs, read at once."""

    found: WaitingList
    topic: str
    practitioners: list[Option]


class WaitingPage(rx.State):
    """The list, its filters, and the wish whose free places are shown."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    which: str = Which.ACTIVE.value
    practitioner: str = ""
    practitioners: list[Option] = []
    rows: list[WishView] = []
    active: int = 0
    offered: int = 0
    topic: str = ""
    selected: str = ""
    """The wish whose free places are shown."""
    places: list[PlaceView] = []
    _patients: dict[str, str] = {}

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Show who waits."""
        self.selected, self.places = "", []
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def changed(self) -> None:
        """Read again: something changed somewhere."""
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose(self, which: str) -> None:
        """Show others."""
        self.which, self.selected = which if which in set(Which) else Which.ACTIVE.value, ""
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose_practitioner(self, practitioner: str) -> None:
        """Show those whom one practitioner could see, or everybody."""
        self.practitioner, self.selected = practitioner, ""
        await refresh(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def show_places(self, wish: str) -> EventSpec | None:
        """Show or hide the free places that suit a wish."""
        found = next((row for row in self.rows if row["id"] == wish), None)
        if found is None or self.selected == wish:
            self.selected, self.places = "", []
            return None
        try:
            places = await run_blocking(places_for, await current_actor(self), parse_id(wish))
        except DomainError as error:
            return refusal(error)
        self.selected, self.places = wish, [place_view(place, online=found["online"]) for place in places]
        return None

    @rx.event
    @allow(*STAFF)
    async def offer(self, slot: str) -> EventSpec | None:
        """Offer a free place to the patient of the wish that is shown."""
        return await _act(self, slot, book=False)

    @rx.event
    @allow(*STAFF)
    async def book(self, slot: str) -> EventSpec | None:
        """Book a free place for the patient of the wish that is shown: they said so on the phone."""
        return await _act(self, slot, book=True)


class WishRemoval(rx.State):
    """The dialog that asks before a wish leaves the list."""

    wish: str = ""
    what: str = ""

    @rx.event
    @allow(*STAFF)
    async def ask(self, wish: str) -> None:
        """Ask whether to take a wish off the list."""
        page = await self.get_state(WaitingPage)
        found = next((row for row in page.rows if row["id"] == wish), None)
        self.wish, self.what = (wish, f"{found['patient']}, {found['reason']}, {found['whom']}") if found else ("", "")

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Keep it after all."""
        self.wish = ""

    @rx.event
    @allow(*STAFF)
    async def withdraw(self) -> EventSpec | None:
        """Take the wish off the list."""
        wish, self.wish = self.wish, ""
        if not wish:
            return None
        actor, page = await current_actor(self), await self.get_state(WaitingPage)
        try:
            await run_blocking(withdraw_wish, actor, parse_id(wish))
        except DomainError as error:
            await refresh(page, actor)
            return refusal(error)
        await refresh(page, actor)
        return announce("Souhait retiré de la liste d’attente.", "success")


async def _act(state: WaitingPage, slot: str, *, book: bool) -> EventSpec | None:
    """Offer or book a place for the wish that is shown."""
    actor, wish = await current_actor(state), state.selected
    if not wish:
        return None  # the second of two clicks
    try:
        if book:
            request = BookingRequest(SlotKey.parse(slot), patient_id=parse_id(state._patients.get(wish, "")))
            await run_blocking(book_slot, actor, request)
            words = "Rendez-vous pris. Le souhait quitte la liste."
        else:
            await run_blocking(offer_by_hand, actor, parse_id(wish), SlotKey.parse(slot))
            words = "Place proposée\u00a0: le patient reçoit un e-mail."
    except DomainError as error:
        state.selected, state.places = "", []
        await refresh(state, actor)
        return refusal(error)
    state.selected, state.places = "", []
    await refresh(state, actor)
    return announce(words, "success")


async def refresh(state: WaitingPage, actor: Actor) -> None:
    """Read the list again."""
    try:
        page = await run_blocking(read_page, actor, state.which, state.practitioner)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.rows = [wish_view(line) for line in page.found.lines]
    state._patients = {line.id.hex: line.patient_id.hex for line in page.found.lines}
    state.active, state.offered = page.found.active, page.found.offered
    state.topic, state.practitioners = page.topic, page.practitioners
    if state.selected not in state._patients:
        state.selected, state.places = "", []
    await show_again(state, actor)
    state.status, state.message = "ready", ""


async def show_again(state: WaitingPage, actor: Actor) -> None:
    """Read again the free places that are shown, if any are."""
    if not state.selected:
        return
    online = next(row["online"] for row in state.rows if row["id"] == state.selected)
    try:
        state.places = [place_view(one, online=online) for one in await run_blocking(places_for, actor, parse_id(state.selected))]
    except DomainError:  # it left the list a moment ago
        state.selected, state.places = "", []


def read_page(actor: Actor, which: str, practitioner: str) -> Page:
    """Read the waiting list of the actor's practice; a practitioner that is none of it is everybody."""
    frame = desk(actor)
    try:
        wanted = parse_id(practitioner) if practitioner else None
    except NotFound:
        wanted = None
    chosen = wanted if wanted in {one.id for one in frame.practitioners} else None
    found = waiting_list(actor, frame.practice_id, Which(which), chosen)
    options = [Option(value=one.id.hex, label=one.name) for one in frame.practitioners]
    return Page(found, waiting_topic(frame.practice_id), options)
