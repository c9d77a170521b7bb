"""The panel of one appointment: what it holds, its history, and the two acts on it, moving and cancelling."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.codes import MODE_LABELS, ORIGIN_LABELS, STATUS_LABELS, Mode, Status
from maiia_pro.agenda.day import appointment_view
from maiia_pro.agenda.detail import AppointmentDetail, read_appointment
from maiia_pro.agenda.errors import Over, SlotTaken
from maiia_pro.agenda.frames import Block, block
from maiia_pro.agenda.status import restore_appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import age, clock_time, duration, long_date, phone, short_date, today_in
from maiia_pro.kernel.ids import is_id, parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.notifications.reaching import channel_of
from maiia_pro.patients.preferences import Channel
from state.agenda import STAFF, AgendaState, Answer, insist
from state.agenda_moves import commit_move
from state.announcements import announce, field_errors, refusal
from state.history import HistoryView, history_views
from state.put_form import read_put
from state.rules import allow
from state.series_list import NO_SERIES, SeriesView, series_view
from state.session import SessionState, current_actor, initials

ICONS: Final = {
    Status.PLANNED: "circle-dashed",
    Status.CONFIRMED: "circle-check",
    Status.ARRIVED: "door-open",
    Status.IN_PROGRESS: "circle-play",
    Status.FULFILLED: "check-check",
    Status.MISSED: "user-x",
    Status.CANCELLED: "ban",
}


class DetailView(TypedDict):
    """An appointment in full, ready to show."""

    id: str
    patient: str
    name: str
    initials: str
    hue: str
    who: str
    phone: str
    tel: str
    email: str
    told: str
    """How a change is told, or nothing where no message reaches the patient."""
    unreminded: bool
    """The patient wants no reminder."""
    when: str
    reason: str
    mode: str
    video: bool
    status: str
    code: str
    """The status itself, as `Status` writes it."""
    icon: str
    active: bool
    changes: bool
    """Whether the viewer may change it, and then whether they may know how to reach the patient."""
    contact: bool
    origin: str
    practitioner: str
    practitioner_id: str
    site: str
    rooms: str
    """Rooms and equipment that the visit has, behind the name of its site."""
    note: str
    cancellation: str
    day: str
    time: str
    length: str


NONE: Final = DetailView(
    id="", patient="", name="", initials="", hue="teal", who="", phone="", tel="", email="", told="", when="", reason="", mode="",
    video=False,     unreminded=False, status="",
    code="", icon="circle-dashed", active=False, changes=False, contact=False, origin="", practitioner="", practitioner_id="",
    site="", rooms="", note="", cancellation="",
    day="", time="", length="",
)  # fmt: skip


class AppointmentState(rx.State):
    """The appointment whose panel is open."""

    selected: str = ""
    status: str = ""
    """Empty while no panel is open, else waiting, ready or failed."""
    message: str = ""
    shown: DetailView = NONE
    history: list[HistoryView] = []
    series: SeriesView = NO_SERIES
    asking: str = ""
    """cancel or move: the dialog that is open."""
    errors: dict[str, str] = {}
    busy: bool = False
    _arrival: int = 0

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Open the appointment that the address names; close the panel from before, and that of one that the days now shown do not hold."""
        agenda = await self.get_state(AgendaState)
        if self._arrival != (arrival := (await self.get_state(SessionState))._arrivals):
            self._arrival = arrival
            clear_panel(self)
        if (named := self.router.url.query_parameters.get("visite", "")) and named != self.selected and is_id(named):
            await open_panel(self, await current_actor(self), named)
        if self.selected not in {one["id"] for one in agenda.window["blocks"]}:
            clear_panel(self)

    @rx.event
    @allow(*STAFF)
    async def show(self, appointment: str) -> None:
        """Open the panel of an appointment; reading it is audited."""
        await open_panel(self, await current_actor(self), appointment)

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the panel."""
        clear_panel(self)

    @rx.event
    @allow(*STAFF)
    async def ask(self, what: str, appointment: str = "") -> EventSpec | None:
        """Open the dialog of an act, on the appointment shown or on another one; refused where it took place."""
        if appointment and appointment != self.shown["id"]:
            await open_panel(self, await current_actor(self), appointment)
        self.errors = {}
        if self.shown["code"] == Status.FULFILLED:
            return refusal(Over())
        self.asking = what if what in {"cancel", "move"} and self.status == "ready" and self.shown["active"] else ""
        return None

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self.asking = ""

    @rx.event
    @allow(*STAFF)
    async def cancel(self, form: dict[str, Any]) -> EventSpec:
        """Cancel the appointment; the patient is told, with the word that was written."""
        actor = await current_actor(self)
        try:
            after = await run_blocking(_cancel, actor, self.shown["id"], form.get("words"))
        except DomainError as error:
            self.errors = field_errors(error)
            return refusal(error)
        await done(self, actor, after)
        words = f"Rendez-vous annulé. {told(self.shown)}"
        return announce(words, "success", action="Défaire", then=AppointmentState.restore(after["id"]))  # type: ignore[arg-type]

    @rx.event
    @allow(*STAFF)
    async def restore(self, appointment: str = "") -> EventSpec:
        """Take a cancellation back; the patient is told."""
        actor = await current_actor(self)
        try:
            after = await run_blocking(_restore, actor, appointment or self.selected)
        except DomainError as error:
            return refusal(error)
        await done(self, actor, after)
        return announce(f"Le rendez-vous de {after['name']} est rétabli.", "success")

    @rx.event
    @allow(*STAFF)
    async def move(self, form: dict[str, Any]) -> EventSpec | None:
        """Move the appointment to what the form says: the way without a drag."""
        actor = await current_actor(self)
        try:
            moved = await run_blocking(commit_move, actor, read_put(form) | {"id": self.shown["id"]})
        except SlotTaken as error:
            return announce(error.message, "error", action=insist(error), then=AppointmentState.move(form | {"overbook": True}))  # type: ignore[arg-type]
        except DomainError as error:
            self.errors = field_errors(error)
            return None if self.errors else refusal(error)
        await done(self, actor, moved.after)
        return announce(moved.sentence, "success", action="Défaire", then=AgendaState.move(moved.back))  # type: ignore[arg-type]


def clear_panel(state: AppointmentState) -> None:
    """Show no appointment."""
    state.selected, state.status, state.shown, state.history, state.asking = "", "", NONE, [], ""
    state.series = NO_SERIES


async def done(state: AppointmentState, actor: Actor, after: Block) -> None:
    """Close the dialog, draw the appointment where it is now, read its panel again."""
    state.asking, state.errors = "", {}
    agenda = await state.get_state(AgendaState)
    agenda.answer = Answer(token=f"fait-{after['version']}", id=after["id"], block=after)
    await open_panel(state, actor, after["id"])


async def open_panel(state: AppointmentState, actor: Actor, appointment: str) -> None:
    """Read an appointment and show it."""
    state.selected, state.message = appointment, ""
    try:
        detail = await run_blocking(read_appointment, actor, parse_id(appointment))
    except DomainError as error:
        state.status, state.message, state.shown, state.history = "failed", error.message, NONE, []
        state.series = NO_SERIES
        return
    state.selected, state.shown, state.history = detail.view.id.hex, detail_view(detail), history_views(detail)
    state.series = series_view(detail, clock.now())
    state.status = "ready"


def told(shown: DetailView) -> str:
    """Say whether a change reaches the patient by itself."""
    return shown["told"] or f"{shown['name']} ne reçoit aucun message\u00a0: prévenez par téléphone."


def _told(detail: AppointmentDetail) -> str:
    if not detail.told_at:
        return ""
    ways = [channel_of(one) for one in detail.told_at]
    by = "Un e-mail et un SMS partent" if len(ways) > 1 else "Un e-mail part" if Channel.EMAIL in ways else "Un SMS part"
    return f"{by} à {detail.view.patient_name}."


def _cancel(actor: Actor, appointment: str, words: object) -> Block:
    cancel_appointment(actor, parse_id(appointment), words if isinstance(words, str) else "")
    with after_commit():
        return block_of(actor, appointment)


def _restore(actor: Actor, appointment: str) -> Block:
    restore_appointment(actor, parse_id(appointment))
    with after_commit():
        return block_of(actor, appointment)


def block_of(actor: Actor, appointment: str) -> Block:
    """Read the visit as the calendar draws it; raises `NotFound`."""
    view = appointment_view(actor, parse_id(appointment))
    if view is None:
        raise NotFound
    return block(view)


def detail_view(detail: AppointmentDetail) -> DetailView:
    """Put an appointment in the words of the panel."""
    view = detail.view
    begins, ends = view.starts_at.astimezone(view.zone), view.ends_at.astimezone(view.zone)
    born = f"{age(born_on, today_in(view.zone, clock.now()))} · {short_date(born_on)}" if (born_on := detail.birth_date) else ""
    minutes = int((view.ends_at - view.starts_at).total_seconds()) // 60
    return DetailView(
        id=view.id.hex,
        patient=view.patient_id.hex,
        name=view.patient_name,
        initials=initials(view.patient_name),
        hue=view.hue,
        who=born,
        phone=phone(detail.phone),
        tel=f"tel:{detail.phone}",
        email=detail.email,
        told=_told(detail),
        unreminded=detail.refuses_reminders,
        when=f"{long_date(begins.date()).capitalize()}, {clock_time(begins)} à {clock_time(ends)}",
        reason=f"{view.reason} · {duration(minutes)}",
        mode=MODE_LABELS[view.mode],
        video=view.mode is Mode.VIDEO,
        status=STATUS_LABELS[view.status],
        code=view.status.value,
        icon=ICONS[view.status],
        active=view.status is not Status.CANCELLED,
        changes=detail.changes,
        contact=detail.contact,
        origin=ORIGIN_LABELS[view.origin],
        practitioner=detail.practitioner,
        practitioner_id=view.practitioner_id.hex,
        site=detail.site,
        rooms="".join(f" · {room}" for room in detail.rooms),
        note=detail.note,
        cancellation=detail.cancellation_note,
        day=begins.date().isoformat(),
        time=f"{begins.hour}h{begins.minute:02d}",
        length=str(minutes),
    )
