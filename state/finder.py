"""The search of the desk: patients by name, birth date or telephone, and what may be done at once for the one found."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import refusal
from state.desk_booking import DeskBooking, open_dialog
from state.patient_picker import SHORTEST, PatientCard, PatientPicker, clear, find_patients, started
from state.rules import allow
from state.session import current_actor

NEW: Final = "nouveau"


class Finder(rx.State):
    """What the palette found."""

    groups: list[dict[str, Any]] = []
    typed: str = ""

    @rx.event
    @allow(*STAFF)
    async def search(self, typed: str) -> EventSpec | None:
        """Find patients while somebody types."""
        self.typed = typed[:80]
        if len(typed.strip()) < SHORTEST:
            self.groups = []
            return None
        try:
            found = await run_blocking(find_patients, await current_actor(self), typed)
        except DomainError as error:
            self.groups = []
            return refusal(error)
        self.groups = groups_of(found, typed.strip())
        return None

    @rx.event
    @allow(*STAFF)
    async def pick(self, option: str) -> EventSpec | None:
        """Open the booking dialog for the patient that was picked, on the next free time; or with the form of a new record."""
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        booking = await self.get_state(DeskBooking)
        clear(picker)
        if option == NEW:
            answer = await open_dialog(booking, actor, {})
            picker.creating, picker.start = True, await run_blocking(started, actor, self.typed)
            return answer
        return await open_dialog(booking, actor, {"patient": option})


def groups_of(found: list[PatientCard], typed: str) -> list[dict[str, Any]]:
    """List patients, then the way to a new record."""
    people = [
        {
            "id": patient["id"],
            "title": patient["name"],
            "aside": patient["detail"],
            "detail": patient["phone"],
            "initials": patient["initials"],
            "hue": patient["hue"],
        }
        for patient in found
    ]
    create = {"id": NEW, "title": "Créer une fiche", "aside": f"« {typed} »", "icon": "user-plus"}
    groups = [{"label": "Donner un rendez-vous à", "options": people}] if people else []
    return [*groups, {"label": "Nouveau patient", "options": [create]}]
