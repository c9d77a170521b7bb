"""Confirming a slot: what is about to be booked or moved, for whom, and what happens when somebody came first."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.clashes import clash_of_person
from maiia_pro.agenda.directory import slot_summary
from maiia_pro.agenda.holds import hold_slot, release_holds
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.own import my_appointment, my_visit_at
from maiia_pro.agenda.slot_terms import SlotTerms, slot_terms
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, DomainError, Invalid, NotFound, TooMany
from maiia_pro.kernel.french import clock_time, duration, moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.own import add_relative, my_people
from maiia_pro.patients.records import Identity
from state.announcements import announce, field_errors, refusal
from state.asking import count_asking
from state.booking_views import NOTHING, PersonView, SlotView, person_view, slot_view
from state.holds import visitor_of
from state.own_visit import Done, OwnVisit
from state.rules import Anyone, allow
from state.session import current_actor
from state.slots import SlotLink, confirm_href, near_moment

OTHERS: Final = 6
NO_ERRORS: Final = {"given_name": "", "family_name": "", "birth_date": ""}


EARLY: Final = timedelta(seconds=2)
"""How much sooner than the hold its clock on the screen may be over: it counts whole seconds."""


class Booking(rx.State):
    """The slot of the address, and how far its booking has come."""

    status: str = "waiting"
    """waiting, ready, taken, missing or failed; while it is ready, `message` is what to know before confirming."""
    message: str = ""
    slot: SlotView = NOTHING
    people: list[PersonView] = []
    person: str = ""
    """Whom the visit is for: an id of `people`."""
    added: str = ""
    """The relative that was added last, whose form is done with."""
    errors: dict[str, str] = NO_ERRORS
    """What is wrong in the form that adds a relative."""
    moving: str = ""
    """When the visit that is being moved is now, or nothing."""
    others: list[SlotLink] = []
    """The nearest other slots, once this one is taken."""
    busy: bool = False
    until: str = ""
    """Until when the slot is held for who looks at it: « 10 h 42 »; empty where nothing is held."""
    seconds: int = 0
    """How many seconds of the hold were left when it was read."""
    run: bool = False
    """The hold ran out on this screen."""
    sign_in: str = ""
    _key: str = ""
    _moved: str = ""
    _zone: str = "Europe/Paris"
    _ends: datetime = datetime.min.replace(tzinfo=UTC)
    """When the hold ends."""

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> EventSpec | None:
        """Read the slot that the address names (`creneau`), and the visit that it moves (`deplacer`)."""
        asked = self.router.url.query_parameters
        self.busy, self.others, self.person, self.people, self.errors = False, [], "", [], NO_ERRORS
        self._key, self._moved, self.moving = asked.get("creneau", ""), "", ""
        self.until, self.run = "", False
        try:
            actor = await current_actor(self)
            await count_asking(self, "days")
            summary = await run_blocking(slot_summary, actor, self._key)
            self.slot, self._zone = slot_view(summary), summary.site.zone.key
            await _for_whom(self, actor, asked.get("deplacer", ""))
            if own := await _own(actor, self._key):
                return await _show_own(self, own, "known")
            self.status, self.message = "ready", ""
            terms = await _warn(self, actor)
            if not terms.refusal:
                await _hold(self, actor)
            elif not terms.free:
                await _taken(self, actor, terms.refusal)
        except NotFound as refused:
            self.status, self.message = "missing", refused.message
        except DomainError as refused:
            self.status, self.message = "failed", refused.message
        return None

    @rx.event
    @allow(Anyone)
    async def run_out(self) -> None:
        """Say that the hold is over; the slot may still be free. The clock of a hold of before, heard late, says nothing of this one."""
        self.run = self.status == "ready" and self.until != "" and clock.now() >= self._ends - EARLY

    @rx.event
    @allow(ActorKind.PATIENT)
    async def choose_person(self, person: str) -> None:
        """Choose whom the visit is for."""
        if any(known["value"] == person for known in self.people):
            self.person = person
            await _warn(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PATIENT)
    async def add_relative(self, form: dict[str, Any]) -> EventSpec | None:
        """Add a relative to the account and choose them; refused, what was typed stays."""
        actor = await current_actor(self)
        try:
            identity = Identity.parse(
                given_name=form.get("given_name"), family_name=form.get("family_name"), birth_date=form.get("birth_date")
            )
            added = await run_blocking(add_relative, actor, identity)
        except Invalid as refused:
            self.errors = NO_ERRORS | field_errors(refused)
            return None
        except Conflict as refused:
            self.errors = NO_ERRORS | {"given_name": refused.message}
            return None
        except DomainError as refused:
            return refusal(refused)
        self.errors, self.person, self.added = NO_ERRORS, added.id.hex, added.id.hex
        self.people = [*self.people, person_view(added)]
        await _warn(self, actor)
        return announce(f"{added.name} fait maintenant partie de votre compte.", "success")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def confirm(self) -> AsyncIterator[EventSpec | None]:
        """Book the slot, or move the visit to it; taken meanwhile, offer the nearest others."""
        if self.busy or self.status != "ready":
            return
        self.busy = True
        yield None
        actor = await current_actor(self)
        try:
            await count_asking(self, "book")
            events = await _book(self, actor)
        except (Conflict, Invalid) as refused:
            self.busy = False
            if own := await _own(actor, self._key):  # from another tab, or before the line was cut
                yield await _show_own(self, own, "known")
                return
            await _taken(self, actor, refused.message)
            return
        except DomainError as refused:
            self.busy = False
            yield refusal(refused)
            return
        yield events


async def _book(state: Booking, actor: Actor) -> EventSpec:
    """Do what the button says; gives what follows."""
    visitor = visitor_of(state).browser
    request = replace(BookingRequest.parse(state._key), person_id=parse_id(state.person) if state.person else None, visitor=visitor)
    if state._moved:
        booked = await run_blocking(move_appointment, actor, parse_id(state._moved), MoveRequest(request.slot.starts_at, visitor=visitor))
        done: Done = "moved"
    else:
        booked = await run_blocking(book_slot, actor, request)
        done = "booked"
    return await _show_own(state, booked.id, done)


async def _own(actor: Actor, key: str) -> UUID | None:
    """Find the account's own visit at this very slot: a line cut while it was being booked leads here again."""
    if actor.kind is not ActorKind.PATIENT:
        return None
    return await run_blocking(my_visit_at, actor, BookingRequest.parse(key).slot)


async def _warn(state: Booking, actor: Actor) -> SlotTerms:
    """Say what to know for the person chosen: how long, that the reason is not for them, or another visit at that time."""
    slot = BookingRequest.parse(state._key).slot
    person, moved = (parse_id(one) if one else None for one in (state.person, state._moved))
    terms = await run_blocking(slot_terms, actor, slot, person, moved)
    state.slot["detail"] = f"{duration(terms.minutes)} · {state.slot['terms']}"
    state.message = terms.refusal
    if not state.person or state.status != "ready" or terms.refusal:
        return terms
    clash = await run_blocking(clash_of_person, actor, parse_id(state.person), slot)
    if clash:
        there = f"{moment(clash.starts_at, clash.zone)}, {clash.practitioner}"
        state.message = f"Un autre rendez-vous est déjà pris à cette heure\u00a0: {there}."
    return terms


async def _show_own(state: Booking, appointment_id: UUID, done: Done) -> EventSpec:
    """Lead to the page of the visit, which says what has just been done."""
    own = await state.get_state(OwnVisit)
    own.fresh, own.done = appointment_id.hex, done
    return rx.redirect(f"/rendez-vous/{appointment_id.hex}", replace=True)


async def _for_whom(state: Booking, actor: Actor, moved: str) -> None:
    """Read the person that the account books for, and the visit to move."""
    address = confirm_href(state._key, moved)
    state.sign_in = f"/connexion?suite={quote(address, safe='')}"
    if actor.kind is not ActorKind.PATIENT:
        return
    people = await run_blocking(my_people, actor)
    state.people, state.person = [person_view(person) for person in people], people[0].id.hex
    if moved:
        own = await run_blocking(my_appointment, actor, parse_id(moved))
        if own.offering_id != BookingRequest.parse(state._key).slot.offering_id:
            raise NotFound("Un rendez-vous se déplace chez le même professionnel, pour le même motif.")
        state.moving, state._moved = moment(own.starts_at, own.zone), own.id.hex
        state.people = [PersonView(value="", label=own.person, detail="")]
        state.person = ""


async def _hold(state: Booking, actor: Actor) -> None:
    """Hold the slot for who looks at it; where the network holds too many it may be booked all the same, if nobody comes first."""
    if actor.kind not in {ActorKind.ANONYMOUS, ActorKind.PATIENT}:
        return
    moved = parse_id(state._moved) if state._moved else None
    try:
        held = await run_blocking(hold_slot, actor, BookingRequest.parse(state._key).slot, visitor_of(state), moved)
    except TooMany as refused:
        state.message = refused.message
        return
    except (Conflict, Invalid) as refused:
        await _taken(state, actor, refused.message)
        return
    if held:
        state._ends = held.held_until
        state.until = clock_time(held.held_until.astimezone(ZoneInfo(state._zone)))
        state.seconds = max(0, ceil((held.held_until - clock.now()).total_seconds()))  # no sooner: taken again it would end at once


async def release(state: rx.State, actor: Actor) -> None:
    """Give back what this tab holds: its person went back to choose."""
    booking = await state.get_state(Booking)
    if booking.until:
        booking.until = ""
        await run_blocking(release_holds, actor, visitor_of(state))


async def _taken(state: Booking, actor: Actor, message: str) -> None:
    """Say that somebody came first, and offer what is nearest."""
    key = BookingRequest.parse(state._key).slot
    begins = max(clock.now(), key.starts_at - timedelta(days=2))
    person, moved = (parse_id(one) if one else None for one in (state.person, state._moved))
    known = (await run_blocking(slot_terms, actor, key, person, moved)).known
    query = FreeSlotQuery(begins, begins + timedelta(days=28), (key.offering_id,), known=known)
    found = await run_blocking(free_slots, actor, query)
    nearest = sorted(found, key=lambda slot: abs(slot.starts_at - key.starts_at))[:OTHERS]
    summary = await run_blocking(slot_summary, actor, state._key)
    state.others = [
        SlotLink(key=slot.key, label=near_moment(slot.starts_at, summary.site.zone, clock.now()), href=confirm_href(slot.key, state._moved))
        for slot in sorted(nearest, key=lambda slot: slot.starts_at)
    ]
    state.status, state.message = "taken", message
