"""The page that the link of a message opens, without signing in: one visit, to look at, to cancel, or to move."""

from datetime import date, timedelta
from typing import Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import LinkOver
from maiia_pro.agenda.holds import hold_slot, release_holds
from maiia_pro.agenda.offered import OfferedDay, offering_days
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.visit_link import actor_of_link, read_linked_visit
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound, TooMany
from maiia_pro.kernel.french import clock_time, long_date, moment
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from state.asking import count_asking
from state.holds import visitor_of
from state.own_appointments import VisitView, visit_view
from state.own_visit import NO_VISIT
from state.rules import Anyone, allow
from state.session import current_actor, network

PER_NETWORK: Final = 30
"""Links a minute from one network."""
DAYS: Final = 14
AT_ONCE: Final = 4
"""How many days with free times are shown before one asks for more."""
STANDS: Final = "Ce rendez-vous ne se déplace plus en ligne\u00a0: il reste le vôtre. Pour le déplacer, téléphonez au cabinet."


class FreeDay(TypedDict):
    """A day with free times; of each `key` and `label`, and `spoken` in full."""

    day: str
    slots: list[dict[str, str]]


class LinkedVisit(rx.State):
    """The visit of a link, and what its reader is about to do."""

    status: str = "waiting"
    """waiting, ready, over, failed, cancelled or moved."""
    message: str = ""
    mark: str = ""
    """Changes each time the page should tell its link's secret."""
    visit: VisitView = NO_VISIT
    asking: str = ""
    """What a dialog asks about: `cancel`, the key of the slot to move to, or nothing."""
    asked: str = ""
    """When the visit would be."""
    until: str = ""
    """Until when that time is held."""
    choosing: bool = False
    days: list[FreeDay] = []
    more_days: bool = True
    """Whether there may be free times later."""
    _link: str = ""
    _offering: str = ""
    _known: bool = True
    _zone: str = "Europe/Paris"
    _next: str = ""

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> None:
        """Ask the page for the secret of its link."""
        self.reset()
        self.mark = uuid7().hex

    @rx.event
    @allow(Anyone)
    async def read(self, secret: str) -> None:
        """Look at the visit of a link; looking changes nothing, for programs that check mail open links too."""
        self._link, self.choosing, self.asking = token_hash(secret[:200]), False, ""
        try:
            count_request(("visit-link", network(self)), PER_NETWORK)
            await _look(self)
        except DomainError as refused:
            _refuse(self, refused)

    @rx.event
    @allow(Anyone)
    async def ask(self) -> None:
        """Ask before the visit is cancelled."""
        self.asking, self.asked, self.until = "cancel", self.visit["when"], ""

    @rx.event
    @allow(Anyone)
    async def keep(self) -> None:
        """Change nothing after all; what was held is free again."""
        self.asking = ""
        if self.until:
            self.until = ""
            await run_blocking(release_holds, await current_actor(self), visitor_of(self))

    @rx.event
    @allow(Anyone)
    async def choose(self, wanted: bool) -> None:
        """Show the first free times of the same reason, or put them away."""
        if wanted == self.choosing:
            return
        self.choosing, self.days, self._next, self.more_days = wanted, [], "", True
        if wanted:
            await _show_more(self)

    @rx.event
    @allow(Anyone)
    async def more(self) -> None:
        """Show more free times."""
        if self.choosing:
            await _show_more(self)

    @rx.event
    @allow(Anyone)
    async def pick(self, key: str) -> None:
        """Hold a free time, and ask before the visit moves there."""
        found = next((slot for day in self.days for slot in day["slots"] if slot["key"] == key), None)
        if found:
            self.asked, self.message, self.until = found["spoken"], "", ""
            await _hold(self, key)

    @rx.event
    @allow(Anyone)
    async def confirm(self) -> None:
        """Do what the dialog asked about; the link has served then."""
        asked, self.asking = self.asking, ""
        if not asked or self.status != "ready":
            return
        try:
            actor = await run_blocking(actor_of_link, self._link)
            if asked == "cancel":
                await run_blocking(cancel_appointment, actor, actor.visit_id)
                self.status = "cancelled"
            else:
                request = MoveRequest(SlotKey.parse(asked).starts_at, visitor=visitor_of(self).browser)
                await run_blocking(move_appointment, actor, actor.visit_id, request)
                self.status = "moved"
        except NotFound as refused:
            _refuse(self, refused)
        except DomainError as refused:
            await _say(self, refused)


async def _hold(state: LinkedVisit, key: str) -> None:
    """Hold the time for who is asked; where the network holds too many they may move there all the same, if nobody comes first."""
    try:
        actor = await run_blocking(actor_of_link, state._link)
        held = await run_blocking(hold_slot, actor, SlotKey.parse(key), visitor_of(state), actor.visit_id)
        state.until = clock_time(held.held_until.astimezone(ZoneInfo(state._zone))) if held else ""
    except TooMany as refused:
        state.message = refused.message
    except NotFound as refused:
        _refuse(state, refused)
        return
    except DomainError as refused:
        await _say(state, refused)
        return
    state.asking = key


async def _say(state: LinkedVisit, refused: DomainError) -> None:
    """Say why nothing changed; the times are those that are free now."""
    state.message, state.days, state._next, state.more_days = refused.message, [], "", True
    if state.choosing:
        await _show_more(state)  # asks again who follows the link: that may be what was refused


async def _look(state: LinkedVisit) -> None:
    actor = await run_blocking(actor_of_link, state._link)
    own = await run_blocking(read_linked_visit, actor)
    state.visit, state.status, state.message, state.days, state._next = visit_view(own), "ready", "", [], ""
    state.more_days = True
    state._offering, state._known, state._zone = own.offering_id.hex, not own.first_visit, own.zone.key


async def _show_more(state: LinkedVisit) -> None:
    try:
        await _more(state, await run_blocking(actor_of_link, state._link))
    except DomainError as refused:
        _refuse(state, refused)


async def _more(state: LinkedVisit, actor: Actor) -> None:
    """Add the days with a free time among the next ones; where there is none, go to the first that has one."""
    await count_asking(state, "days")
    first = date.fromisoformat(state._next) if state._next else None
    found = await run_blocking(offering_days, actor, UUID(state._offering), first, DAYS, state._known)
    if not any(day.slots for day in found.days) and found.next_day:
        found = await run_blocking(offering_days, actor, UUID(state._offering), found.next_day, DAYS, state._known)
    open_days = [day for day in found.days if day.slots and (first is None or day.day >= first)][:AT_ONCE]
    state.more_days = open_days != []
    state.days = [*state.days, *(_day(day, found.zone) for day in open_days)]
    last = open_days[-1].day if open_days else found.days[-1].day
    state._next = (last + timedelta(days=1)).isoformat()


def _day(day: OfferedDay, zone: ZoneInfo) -> FreeDay:
    at = [(slot.key, slot.starts_at) for slot in day.slots]
    slots = [{"key": key, "label": clock_time(start.astimezone(zone)), "spoken": moment(start, zone)} for key, start in at]
    return FreeDay(day=long_date(day.day), slots=slots)


def _refuse(state: LinkedVisit, refused: DomainError) -> None:
    """Say why: the same whether the link is unknown, has served or is over; a reason that is gone while one chooses ends no link."""
    if state.choosing and isinstance(refused, NotFound) and not isinstance(refused, LinkOver):
        state.choosing, state.asking, state.message = False, "", STANDS
        return
    state.status, state.message = "over" if isinstance(refused, LinkOver) else "failed", refused.message
    state.visit = NO_VISIT
