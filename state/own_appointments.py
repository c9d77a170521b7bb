"""A patient's appointments: to come and past, cancelling, and the way to move one."""

from typing import Final, TypedDict
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import STATUS_LABELS, Mode, Status
from maiia_pro.agenda.errors import TooLateOnline
from maiia_pro.agenda.own import OwnAppointment, my_appointments
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import moment, phone
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.notifications.restriction_mail import CALL_FIRST
from maiia_pro.reception.lateness import my_delays
from state.announcements import announce, refusal
from state.doorway import delay_words
from state.rules import Anyone, allow
from state.session import current_actor

EXPECTED: Final = frozenset({Status.PLANNED, Status.CONFIRMED})
"""What a visit was before its hour: once that is past, the word says nothing to its patient."""


class VisitView(TypedDict):
    """An appointment as its patient sees it."""

    id: str
    when: str
    person: str
    practitioner: str
    specialty: str
    hue: str
    initials: str
    reason: str
    video: bool
    place: str
    map: str
    """The place for the device's own map application (RFC 5870); no outside host is called."""
    phone: str
    tel: str
    status: str
    cancelled: bool
    can_change: bool
    again: str
    page: str
    """The visit's own page."""
    file: str
    """The visit as a calendar file."""
    move: str
    """Where it is moved, or nothing."""
    warned: str
    """Why to call before coming, or nothing."""
    locked: str
    """Why it does not change online any more, or nothing."""
    instructions: str
    bring: list[str]
    access: list[str]
    """How one comes in, a line each."""


class PersonOption(TypedDict):
    """Somebody whose appointments may be shown alone."""

    id: str
    name: str


class OwnAppointments(rx.State):
    """The appointments of the account, and the one that is about to be cancelled."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    coming: list[VisitView] = []
    past: list[VisitView] = []
    fresh: str = ""
    """The appointment that was just booked or moved."""
    person: str = ""
    """Whose appointments are shown, by their id; everybody's where nobody is named."""
    persons: list[PersonOption] = []
    """Whom the appointments are for, where they are several."""
    leaving: str = ""
    """The appointment that the dialog asks about."""
    leaving_when: str = ""
    busy: bool = False
    late: dict[str, str] = {}
    """The delay told for a visit of today, by its id."""
    watched: list[str] = []
    """Topics of the live channel: the agendas of today's visits."""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> EventSpec | None:
        """Read the appointments; to who has just signed up, say so."""
        self.leaving = ""
        await read_visits(self)
        return announce("Votre compte est créé.", "success") if "bienvenue" in self.router.url.query_parameters else None

    @rx.event
    @allow(ActorKind.PATIENT)
    async def changed(self) -> None:
        """Read again: a visit or a delay of today has changed."""
        await read_visits(self)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def show(self, person: str) -> None:
        """Show the appointments of one person, or everybody's."""
        self.person = person
        await read_visits(self)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def ask(self, appointment: str) -> None:
        """Ask whether to cancel an appointment."""
        found = next((visit for visit in self.coming if visit["id"] == appointment), None)
        self.leaving, self.leaving_when = (found["id"], found["when"]) if found else ("", "")

    @rx.event
    @allow(Anyone)
    async def keep(self) -> None:
        """Cancel nothing after all."""
        self.leaving = ""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def cancel(self) -> EventSpec | None:
        """Cancel the appointment that the dialog asked about; its slot opens again."""
        appointment, when = self.leaving, self.leaving_when
        self.leaving = ""
        if not appointment:
            return None
        try:
            await run_blocking(cancel_appointment, await current_actor(self), parse_id(appointment))
        except DomainError as refused:
            await read_visits(self)
            return refusal(refused)
        self.fresh = ""
        await read_visits(self)
        return announce(f"Rendez-vous annulé\u00a0: {when}. Le cabinet est prévenu.", "success")


async def read_visits(state: OwnAppointments) -> None:
    """Read the appointments of the account."""
    try:
        actor = await current_actor(state)
        found = await run_blocking(my_appointments, actor)
        delays = await run_blocking(my_delays, actor)
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    people = {own.person_id.hex: own.person for own in found if own.person_id}
    state.persons = [PersonOption(id=ident, name=name) for ident, name in people.items()] if len(people) > 1 else []
    state.person = state.person if state.persons and state.person in people else ""
    found = [own for own in found if not state.person or (own.person_id and own.person_id.hex == state.person)]
    waiting = {one.appointment_id for one in delays}
    coming = [own for own in found if own.coming or own.id in waiting]
    state.coming = [visit_view(own) for own in sorted(coming, key=lambda own: own.starts_at)]
    state.past = [visit_view(own) for own in found if own not in coming]
    state.late = {one.appointment_id.hex: delay_words(one.minutes) for one in delays if one.minutes}
    state.watched = [f"slots:{ident}" for ident in sorted({one.practitioner_id.hex for one in delays})]
    state.status = "ready"


def visit_view(own: OwnAppointment) -> VisitView:
    """Write an appointment for its patient."""
    words = own.practitioner.removeprefix("Dr ").split()
    page = f"/medecin/{own.practitioner_slug}"
    return VisitView(
        id=own.id.hex,
        when=moment(own.starts_at, own.zone),
        person=own.person,
        practitioner=own.practitioner,
        specialty=own.specialty,
        hue=own.hue,
        initials="".join(word[0] for word in words[:2]),
        reason=own.reason,
        video=own.mode is Mode.VIDEO,
        place=own.where,
        map=f"geo:0,0?q={quote(own.address)}",
        phone=phone(own.phone),
        tel=own.phone,
        status=STATUS_LABELS[own.status] if own.coming or own.status not in EXPECTED else "Passé",
        cancelled=own.status is Status.CANCELLED,
        can_change=own.can_change,
        page=f"/rendez-vous/{own.id.hex}",
        file=f"/api/rendez-vous/{own.id.hex}.ics",
        again=f"{page}?motif={own.offering_id.hex}",
        move=f"{page}?deplacer={own.id.hex}" if own.bookable else "",
        warned=CALL_FIRST.format(phone=phone(own.phone)) if own.coming and own.barred else "",
        locked="" if own.can_change or not own.coming else TooLateOnline.calling(own.cancel_hours, own.phone).message,
        instructions=own.instructions,
        bring=list(own.bring),
        access=list(own.access),
    )
