"""A call: the window that a telephone system opens leads to the caller's booking, or lists who shares the number."""

from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import phone
from maiia_pro.kernel.ids import is_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.calling import find_callers, read_caller
from state.agenda import STAFF
from state.announcements import refusal
from state.desk_booking import DeskBooking, open_dialog
from state.patient_picker import PatientCard, PatientPicker, card, clear, guess
from state.rules import allow
from state.session import current_actor


class Call(rx.State):
    """Who may be calling."""

    status: str = "waiting"
    """waiting, hidden (no number), several or failed."""
    number: str = ""
    people: list[PatientCard] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> EventSpec | None:
        """Find who has the number; go on where there is no choice to make."""
        asked = self.router.url.query_parameters.get("numero", "")
        dialled = read_caller(asked)
        self.status, self.number, self.people = "waiting", phone(dialled), []
        if not dialled:
            self.status = "hidden"
            return None
        try:
            found = await run_blocking(find_callers, await current_actor(self), asked)
        except DomainError as error:
            self.status = "failed"
            return refusal(error)
        if len(found) > 1:
            self.status, self.people = "several", [card(one) for one in found]
            return None
        whom = f"patient={found[0].id.hex}" if found else f"appel={quote(dialled)}"
        return rx.redirect(f"/agenda?{whom}", replace=True)

    @rx.event
    @allow(*STAFF)
    async def take(self) -> EventSpec | None:
        """On the agenda, open the dialog for the patient that the address names, or with a new record that has the caller's number."""
        asked = self.router.url.query_parameters
        patient, dialled = asked.get("patient", ""), read_caller(asked.get("appel", ""))
        if not patient and not dialled:
            return None
        if patient and not is_id(patient):
            return None
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        clear(picker)
        answer = await open_dialog(await self.get_state(DeskBooking), actor, {"patient": patient} if patient else {})
        if not patient:
            picker.creating, picker.start = True, guess(phone(dialled))
        return answer
