"""The dialog that puts a patient on the waiting list, or changes when a wish may be met."""

from datetime import timedelta
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import Desk, desk
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.tables import SPECIALTY_LABELS
from maiia_pro.waiting.listing import read_wanted
from maiia_pro.waiting.wishing import NewWish, When, add_wish, change_wish
from state.agenda import STAFF
from state.announcements import FieldError, announce, lines_of, refusal
from state.next_free import Option
from state.patient_picker import PatientPicker, clear, practice_of, take, take_only_match
from state.rules import allow
from state.session import current_actor
from state.waiting import WaitingPage, refresh
from state.waiting_views import WhenForm, when_form, wish_errors

WEEKS: Final = 8
ANY_TIME: Final = WhenForm(days=[], begins="", ends="", until="")


class NewWishForm(rx.State):
    """The dialog of a wish; `editing` is the wish that is changed, or nothing."""

    opened: bool = False
    editing: str = ""
    what: str = ""
    """Of the wish that is changed: who waits for what."""
    version: int = 0
    start: WhenForm = ANY_TIME
    whom: list[Option] = []
    wanted: str = ""
    reasons: list[Option] = []
    turn: int = 0
    """Grows when the form starts anew."""
    saved: int = 0
    """Grows with each wish that is saved, so that its draft goes."""
    resumed: int = 0
    """Grows when a draft is taken up again, so that the browser puts back what was typed."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    _reasons: dict[str, list[str]] = {}

    @rx.event
    @allow(*STAFF)
    async def begin(self) -> EventSpec | None:
        """Open the dialog for somebody to put on the list."""
        actor = await current_actor(self)
        try:
            frame = await run_blocking(desk, actor)
        except DomainError as error:
            return refusal(error)
        self.whom, self._reasons = choices(frame)
        self.wanted, self.reasons = "", []
        clear(await self.get_state(PatientPicker))
        until = (clock.now() + timedelta(weeks=WEEKS)).date().isoformat()
        _open(self, "", WhenForm(days=[], begins="", ends="", until=until))
        return None

    @rx.event
    @allow(*STAFF)
    async def edit(self, wish: str, version: int) -> EventSpec | None:
        """Open the dialog to say anew when a wish may be met."""
        page = await self.get_state(WaitingPage)
        row = next((one for one in page.rows if one["id"] == wish), None)
        if row is None:
            return None
        try:
            found = await run_blocking(read_wanted, await current_actor(self), parse_id(wish))
        except DomainError as error:
            return refusal(error)
        self.version, self.what = version, f"{row['patient']}, {row['reason']}, {row['whom']}"
        _open(self, wish, when_form(found))
        return None

    @rx.event
    @allow(*STAFF)
    async def choose_whom(self, wanted: str) -> None:
        """Choose a practitioner or a specialty: the reasons are theirs."""
        _choose(self, wanted)

    @rx.event
    @allow(*STAFF)
    async def resume(self, draft: dict[str, Any]) -> None:
        """Take a draft up again: its patient, and whom it asks for."""
        picker = await self.get_state(PatientPicker)
        if not self.editing:
            if draft.get("chosen") and not picker.patient["id"]:
                await take(picker, await current_actor(self), str(draft["chosen"]))
            if draft.get("with") in self._reasons:
                _choose(self, str(draft["with"]))
        self.resumed += 1

    @rx.event
    @allow(*STAFF)
    async def start_again(self) -> None:
        """Drop the draft: nobody is chosen, nothing is asked for."""
        if not self.editing:
            clear(await self.get_state(PatientPicker))
            self.wanted, self.reasons = "", []

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the dialog."""
        self.opened, self.errors, self.summary = False, {}, []

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Write the wish; a refusal leaves the dialog as it is and says why."""
        if not self.opened:
            return None  # the second of two clicks: the first has saved it
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        if not self.editing and not picker.patient["id"] and form.get("patient"):
            await take_only_match(picker, actor, str(form["patient"]))
            return None  # Enter chose the only record found, or asks to choose
        try:
            await run_blocking(_save, actor, self.editing, self.version, form | {"patient": picker.patient["id"]})
        except DomainError as error:
            self.errors = picker.errors = wish_errors(error)
            self.summary = lines_of(self.errors, prefix="souhait-")
            return None if self.errors else refusal(error)
        words = "Souhait modifié." if self.editing else "Patient ajouté à la liste d’attente."
        self.opened, self.errors, self.summary = False, {}, []
        self.saved += 1
        clear(picker)
        await refresh(await self.get_state(WaitingPage), actor)
        return announce(words, "success")


def _choose(state: NewWishForm, wanted: str) -> None:
    state.wanted = wanted
    state.reasons = [Option(value=name, label=name) for name in state._reasons.get(wanted, [])]


def _open(state: NewWishForm, editing: str, start: WhenForm) -> None:
    state.editing, state.start, state.turn = editing, start, state.turn + 1
    state.errors, state.summary, state.opened = {}, [], True


def _save(actor: Actor, editing: str, version: int, form: dict[str, Any]) -> None:
    if editing:
        change_wish(actor, parse_id(editing), version, When.parse(form))
    else:
        add_wish(actor, practice_of(actor), NewWish.parse(form))


def choices(frame: Desk) -> tuple[list[Option], dict[str, list[str]]]:
    """List whom one may wish for, practitioners then specialties that several have, each with the names of their reasons."""
    whom = [Option(value=one.id.hex, label=one.name) for one in frame.bookable]
    reasons = {one.id.hex: _names(frame, {one.id}) for one in frame.bookable}
    for specialty, label in SPECIALTY_LABELS.items():
        having = {one.id for one in frame.bookable if one.specialty == label}
        if len(having) > 1:
            whom.append(Option(value=specialty.value, label=f"{label}\u00a0: tous les praticiens"))
            reasons[specialty.value] = _names(frame, having)
    return whom, reasons


def _names(frame: Desk, practitioners: set[Any]) -> list[str]:
    names = {name_key(one.name): one.name for one in frame.reasons if one.practitioner_id in practitioners}
    return sorted(names.values(), key=name_key)
