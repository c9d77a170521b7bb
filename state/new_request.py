"""The dialog that notes a request, from the list or from an appointment; nothing typed is lost by a refusal."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.day import appointment_view
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.requests.creating import NewRequest, create_request
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.next_free import Option
from state.patient_picker import PatientPicker, clear, practice_of, take, take_only_match
from state.requests import RequestBadge, RequestList, count, read_page, refresh
from state.rules import allow
from state.session import current_actor


class NewRequestForm(rx.State):
    """The dialog of a new request."""

    opened: bool = False
    practitioners: list[Option] = []
    staff: list[Option] = []
    appointment: str = ""
    practitioner: str = ""
    """Of the appointment it is about, else of nobody."""
    visit: str = ""
    about: str = ""
    """Whose appointment it is: a request for another patient is not about it."""
    turn: int = 0
    """Grows when what was typed belongs to something saved, or to another appointment: the form starts anew."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> EventSpec | None:
        """Open the dialog where the address asks for it."""
        if not self.router.url.query_parameters.get("nouvelle"):
            return None
        return await open_dialog(self, await current_actor(self), "")

    @rx.event
    @allow(*STAFF)
    async def begin(self, appointment: str) -> EventSpec | None:
        """Open the dialog, about an appointment if one is named."""
        return await open_dialog(self, await current_actor(self), appointment)

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the dialog; what was typed waits in it."""
        self.opened, self.errors, self.summary = False, {}, []

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Note the request; a refusal leaves the dialog as it is and says why."""
        if not self.opened:
            return None  # the second of two clicks: the first has saved it
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        if not picker.patient["id"] and form.get("patient") and not form.get("caller_name"):
            await take_only_match(picker, actor, str(form["patient"]))
            if picker.patient["id"] or picker.found:
                return None  # Enter chose the only record found, or asks to choose
            picker.errors = {}
        try:
            patient = picker.patient["id"]
            visit = self.appointment if patient == self.about else ""
            request = await run_blocking(_save, actor, form | {"patient": patient, "appointment": visit})
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, prefix="demande-")
            return None if self.errors else refusal(error)
        self.opened, self.errors, self.summary, self.turn = False, {}, [], self.turn + 1
        clear(picker)
        await count(await self.get_state(RequestBadge), actor)
        page = await self.get_state(RequestList)
        if page.status == "ready":
            await refresh(page, actor)
        return announce("Demande notée.", "success", action="Voir", href=f"/demandes?demande={request}")


async def open_dialog(state: NewRequestForm, actor: Actor, appointment: str) -> EventSpec | None:
    """Open the dialog with the lists it chooses from; another appointment than before starts it anew."""
    picker = await state.get_state(PatientPicker)
    try:
        page = await run_blocking(read_page, actor, "open", "")
        about = await run_blocking(appointment_view, actor, parse_id(appointment)) if appointment else None
    except DomainError as error:
        return refusal(error)
    if appointment != state.appointment or about is not None:
        clear(picker)
    if appointment != state.appointment:
        state.turn += 1
    state.appointment, state.visit, state.about, state.practitioner = "", "", "", ""
    if about is not None:
        await take(picker, actor, about.patient_id.hex)
        state.appointment, state.about, state.practitioner = about.id.hex, about.patient_id.hex, about.practitioner_id.hex
        state.visit = f"{about.reason}, {moment(about.starts_at, about.zone)}"
    state.practitioners = page.practitioners
    state.staff = [Option(value=one.account_id.hex, label=one.name) for one in page.board.staff]
    state.errors, state.summary, state.opened = {}, [], True
    return None


def _save(actor: Actor, form: dict[str, Any]) -> str:
    return create_request(actor, practice_of(actor), NewRequest.parse(form)).hex
