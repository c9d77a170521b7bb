"""A call: the window that a telephone system opens shows who has the number, with their visits, or begins a new record with it."""

from typing import TypedDict
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.callers import CallerVisit, CallerVisits, visits_of_callers
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import phone
from maiia_pro.kernel.ids import is_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.calling import find_callers, read_caller
from maiia_pro.patients.records import PatientView
from state.agenda import STAFF
from state.announcements import refusal
from state.desk_booking import DeskBooking, open_dialog
from state.patient_picker import PatientPicker, card, clear, guess
from state.rules import allow
from state.session import current_actor
from state.slots import near_moment


class CallerView(TypedDict):
    """Somebody who may be calling."""

    id: str
    number: str
    """The key that leads to them, where several share the number."""
    name: str
    initials: str
    hue: str
    detail: str
    last: str
    following: str
    """The next visit; empty where there is none."""
    href: str
    """The next visit in the agenda, else the last one."""


class Call(rx.State):
    """Who may be calling."""

    status: str = "waiting"
    """waiting, hidden (no number), known or failed."""
    number: str = ""
    people: list[CallerView] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> EventSpec | None:
        """Find who has the number; nobody's is that of a new record."""
        asked = self.router.url.query_parameters.get("numero", "")
        dialled = read_caller(asked)
        self.status, self.number, self.people = "waiting", phone(dialled), []
        if not dialled:
            self.status = "hidden"
            return None
        try:
            people = await run_blocking(callers_of, await current_actor(self), asked)
        except DomainError as error:
            self.status = "failed"
            return refusal(error)
        if not people:
            return rx.redirect(f"/agenda?appel={quote(dialled)}", replace=True)
        self.status, self.people = "known", people  # type: ignore[assignment]
        return None

    @rx.event
    @allow(*STAFF)
    async def show(self) -> EventSpec | None:
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


def callers_of(actor: Actor, number: str) -> list[CallerView]:
    """List who has the number, each with the last visit and the next one."""
    found = find_callers(actor, number)
    visits = visits_of_callers(actor, found)
    return [caller_view(one, visits[one.id], place) for place, one in enumerate(found, 1)]


def caller_view(one: PatientView, visits: CallerVisits, place: int) -> CallerView:
    """Put a caller in the words of the page."""
    shown, near = card(one), visits.following or visits.last
    href = f"/agenda?jour={_day(near)}&visite={near.id.hex}" if near else ""
    return CallerView(
        id=shown["id"], number=str(place), name=shown["name"], initials=shown["initials"], hue=shown["hue"], detail=shown["detail"],
        last=_said(visits.last), following=_said(visits.following), href=href,
    )  # fmt: skip


def _day(visit: CallerVisit) -> str:
    return visit.starts_at.astimezone(visit.zone).date().isoformat()


def _said(visit: CallerVisit | None) -> str:
    return f"{near_moment(visit.starts_at, visit.zone, clock.now()).lower()}, {visit.who}" if visit else ""
