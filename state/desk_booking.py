"""The booking dialog of the desk: for whom, for what, with whom, where and when; nothing typed is lost by a refusal."""

from dataclasses import replace
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import Desk, desk
from maiia_pro.agenda.errors import SlotHeld, SlotTaken
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotDelegated
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF, AgendaState, Answer
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.booking_place import NOWHERE, PlaceView, of_calendar, of_slot, outside_hours, warnings_of
from state.desk_giving import commit_booking, read_request
from state.next_free import NextFree, Option, look, options, reasons_of
from state.patient_picker import PatientPicker, clear, take, take_only_match
from state.rules import allow
from state.series import SeriesForm, open_series
from state.session import current_actor
from state.team import PRESENCES

TIMES: Final = ("day", "time", "length")
BARRED: Final = "{name}\u00a0: {shut}, pas de nouveau rendez-vous."
PROPOSAL: Final = "Premier créneau libre, proposé d’office\u00a0: changez-le ici, ou prenez-en un autre."
SUMMED: Final = ("patient", "family_name", "given_name", "birth_date", "phone", "email", "day", "time", "length")
"""The fields whose errors the summary names."""


class DeskBooking(rx.State):
    """The dialog that gives an appointment."""

    opened: bool = False
    place: PlaceView = NOWHERE
    practitioners: list[Option] = []
    reasons: list[Option] = []
    sites: list[Option] = []
    filled: int = 0
    """Grows when the fields are filled anew, so that they are drawn anew."""
    turn: int = 0
    """Grows each time the dialog opens."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    message: str = ""
    taken: bool = False
    """Whether the time asked for last is taken: only then is an overbooking proposed."""
    held: bool = False
    """Whether it is only held by a visitor: then it can be taken over."""
    chosen: str = ""
    """The free time that was taken, if one was."""
    remark: str = ""
    """What to know of the place: that it is a proposal, or lies outside the practitioner's hours."""
    given: int = 0
    """Grows with each visit that is given, so that its draft goes."""
    resumed: int = 0
    """Grows when a draft is taken up again, so that the browser puts back what was typed."""
    _asked: dict[str, Any] = {}
    """The place that the dialog was opened on."""
    _repeating: bool = False
    """Whether what is sent next is to be repeated."""
    _warned: str = ""
    """What was last said against giving the visit."""

    @rx.event
    @allow(*STAFF)
    async def begin(self, wanted: dict[str, Any]) -> EventSpec | None:
        """Open the dialog on a place of the calendar, or on the next free time where none is named."""
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        clear(picker)
        return await open_dialog(self, actor, wanted)

    @rx.event
    @allow(*STAFF)
    async def pick(self, key: str) -> EventSpec | None:
        """Take a free time; the dialog opens if it is not open."""
        actor = await current_actor(self)
        if not self.opened:
            clear(await self.get_state(PatientPicker))
        return await open_dialog(self, actor, {"slot": key})

    @rx.event
    @allow(*STAFF)
    async def set_choice(self, field: str, value: str) -> None:
        """Choose another practitioner, reason or site; the other two follow as far as they must."""
        if field not in {"practitioner", "reason", "site"}:
            return
        frame = await run_blocking(desk, await current_actor(self))
        self.chosen = ""
        fit(self, frame, PlaceView(**{**self.place, field: value}), keep_length=field == "site")  # type: ignore[typeddict-item]
        await remark(self)

    @rx.event
    @allow(*STAFF)
    async def set_time(self, field: str, value: str) -> None:
        """Note another day, time or length while it is typed, and say whether it lies outside the hours."""
        if field not in TIMES or self.place[field] == value:  # type: ignore[literal-required]
            return
        self.chosen = ""
        self.place = PlaceView(**{**self.place, field: value[:40]})  # type: ignore[typeddict-item]
        await remark(self)

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the dialog and forget what was in it."""
        self.opened, self.errors, self.summary, self.message = False, {}, [], ""
        clear(await self.get_state(PatientPicker))

    @rx.event
    @allow(*STAFF)
    async def resume(self, draft: dict[str, Any]) -> None:
        """Take a draft up again: its patient, and its place unless the dialog was opened on one."""
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        if draft.get("chosen") and not picker.patient["id"]:
            await take(picker, actor, str(draft["chosen"]))
        elif draft.get("creating") and not picker.patient["id"]:
            picker.creating = True
        if not (self._asked.get("slot") or self._asked.get("practitioner")):
            place = PlaceView(**{name: str(draft.get(name, ""))[:80] for name in NOWHERE})  # type: ignore[typeddict-item]
            frame = await run_blocking(desk, actor)
            if place["practitioner"] in {one["value"] for one in self.practitioners}:
                self.chosen = ""
                fit(self, frame, place, keep_length=True)
                self.filled += 1
                await remark(self)
        self.resumed += 1

    @rx.event
    @allow(*STAFF)
    async def start_again(self) -> EventSpec | None:
        """Drop the draft: nobody is chosen, and the place is that of the beginning."""
        clear(await self.get_state(PatientPicker))
        return await open_dialog(self, await current_actor(self), self._asked)

    @rx.event
    @allow(*STAFF)
    async def repeat(self) -> None:
        """Note that the form, which the same button sends next, asks for a series."""
        self._repeating = True

    @rx.event
    @allow(*STAFF)
    async def book(self, form: dict[str, Any]) -> EventSpec | None:
        """Book; a refusal leaves the dialog as it is and says why."""
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        repeating, self._repeating = self._repeating, False
        self.place = PlaceView(**{**self.place, **{name: str(form.get(name, ""))[:40] for name in TIMES}})  # type: ignore[typeddict-item]
        if not picker.creating and not picker.patient["id"] and form.get("patient"):
            await take_only_match(picker, actor, str(form["patient"]))
            self.errors, self.summary, self.message = {}, [], ""
            return None
        try:
            request = read_request(form, self.place, picker.patient["id"], creating=picker.creating)
            if repeating:
                self.errors, self.summary, self.message = {}, [], ""
                await open_series(await self.get_state(SeriesForm), actor, request)
                return None
            request = replace(request, overbook=self.taken and bool(form.get("overbook")))
            if (warning := await run_blocking(warnings_of, actor, request.patient, self.place)) != self._warned:
                self._warned, self.errors, self.summary, self.message = warning, {}, [], warning
                if warning:
                    return None
            done = await run_blocking(commit_booking, actor, request)
        except DomainError as error:
            refuse(self, picker, error)
            return None
        self.opened, self.errors, self.summary, self.message = False, {}, [], ""
        self.given += 1
        clear(picker)
        agenda = await self.get_state(AgendaState)
        agenda.answer = Answer(token=f"pris-{done.block['id']}", id=done.block["id"], block=done.block)
        await look(await self.get_state(NextFree), actor)
        away = done.block["day"] != agenda.day and agenda.view != "semaine"
        href = f"/agenda?jour={done.block['day']}" if away else ""
        return announce(done.sentence, "success", action="Voir ce jour" if away else "", href=href)


def refuse(state: DeskBooking, picker: PatientPicker, error: DomainError) -> None:
    """Say what is wrong, beside the fields and on top."""
    state.errors = field_errors(error)
    picker.errors = state.errors
    state.summary = lines_of({name: state.errors[name] for name in SUMMED if name in state.errors})
    state.message = "" if state.summary else error.message
    state.taken, state.held = isinstance(error, SlotTaken), isinstance(error, SlotHeld)


async def open_dialog(state: DeskBooking, actor: Actor, wanted: dict[str, Any]) -> EventSpec | None:
    """Open the dialog on what is wanted: `slot`, or `practitioner`, `day`, `start`, `length`; `patient` is chosen at once."""
    if wanted.get("patient"):
        await take(await state.get_state(PatientPicker), actor, str(wanted["patient"]))
    free = await state.get_state(NextFree)
    await look(free, actor)
    frame = await run_blocking(desk, actor)
    whose = str(wanted.get("practitioner") or "")
    if not frame.bookable or (whose and whose not in {one.id.hex for one in frame.bookable}):
        return refusal(NotDelegated())
    if not frame.reasons:
        return announce("Aucun motif de consultation n’est ouvert. Le praticien les choisit dans Réglages.", "warning")
    slot, proposed = str(wanted.get("slot") or ""), not wanted.get("slot") and not wanted.get("practitioner") and bool(free.slots)
    if proposed:
        slot = free.slots[0]["key"]
    state.chosen, state.errors, state.summary, state.message, state.taken = slot, {}, [], "", False
    state._warned = ""
    state._asked = {name: value for name, value in wanted.items() if name != "patient"}
    state.practitioners = choices(frame)
    place, length = of_slot(frame, slot) if slot else of_calendar(frame, wanted, free.reason, (await state.get_state(AgendaState)).day)
    fit(state, frame, place, keep_length=length > 0)
    state.filled += 1
    await remark(state)
    state.remark = PROPOSAL if proposed else state.remark
    state.turn += not state.opened
    state.opened = True
    return None


async def follow(state: DeskBooking, actor: Actor) -> EventSpec | None:
    """Leave whom no appointment may be given to any more out of the open dialog, and say who is proposed in their place; the rest stays."""
    if not state.opened:
        return None
    frame, whose = await run_blocking(desk, actor), state.place["practitioner"]
    left = next((one for one in frame.practitioners if one.id.hex == whose), None)
    if left and left.books:
        state.practitioners = choices(frame)
        return None
    shut = PRESENCES.get(left.presence, "").lower() if left else ""
    why = BARRED.format(name=left.name, shut=shut) if left and shut else NotDelegated.message
    if not frame.reasons:
        state.opened = False
        return announce(why, "error")
    wanted = reason_key(state.place["reason"])
    instead = min(frame.reasons, key=lambda one: one.key != wanted)
    state.chosen, state.practitioners = "", choices(frame)
    fit(state, frame, PlaceView(**{**state.place, "practitioner": instead.practitioner_id.hex}), keep_length=True)  # type: ignore[typeddict-item]
    await remark(state)
    name = next(one.name for one in frame.practitioners if one.id == instead.practitioner_id)
    state.message = f"{why} Le rendez-vous est maintenant préparé pour {name}\u00a0: vérifiez le praticien, le jour et l’heure."
    return None


def choices(frame: Desk) -> list[Option]:
    """List whom appointments may be given to."""
    return [Option(value=one.id.hex, label=one.name) for one in frame.bookable]


async def remark(state: DeskBooking) -> None:
    """Say what is to be known of the place."""
    try:
        state.remark = await run_blocking(outside_hours, await current_actor(state), state.place)
    except DomainError:
        state.remark = ""  # a day that no calendar holds: booking says so


def fit(state: DeskBooking, frame: Desk, place: PlaceView, *, keep_length: bool) -> None:
    """Make practitioner, reason and site agree, and list what may be chosen of each."""
    mine = reasons_of(frame, place["practitioner"])
    if not mine:
        state.place = PlaceView(**{**place, "reason": "", "site": ""})  # type: ignore[typeddict-item]
        state.reasons, state.sites = [], []
        return
    alike = sorted((one for one in mine if one.key == reason_key(place["reason"])), key=lambda one: one.name != place["reason"])
    same = [one for one in mine if one.name == (alike or mine)[0].name]
    here = next((one for one in same if one.site_id.hex == place["site"]), same[0])
    names = {site.id: site.name for site in frame.sites}
    length = place["length"] if keep_length and place["length"] else str(here.duration_minutes)
    state.place = PlaceView(**{**place, "reason": here.name, "site": here.site_id.hex, "length": length})  # type: ignore[typeddict-item]
    state.reasons = options([(one.name, one.name) for one in mine])  # type: ignore[assignment]
    state.sites = options([(one.site_id.hex, names[one.site_id]) for one in same])  # type: ignore[assignment]
