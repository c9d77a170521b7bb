"""The settings of a practitioner's visit reasons."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.codes import MODE_LABELS, Audience, Mode
from maiia_pro.agenda.reasons import ReasonForm, retire_reason, save_reason
from maiia_pro.agenda.resources import practice_resources
from maiia_pro.agenda.setup import ReasonView, Setup, opening_week
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import duration, euros
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.next_free import Option
from state.reason_form import read_form
from state.rules import allow
from state.session import current_actor
from state.setup_whose import Whose, sets_up, whose

SHORT_AUDIENCES: Final = {Audience.EVERYBODY: "En ligne", Audience.KNOWN: "En ligne, déjà suivis", Audience.NEW: "En ligne, nouveaux"}


class ReasonLine(TypedDict):
    """A reason as it is listed, and what its form starts from."""

    id: str
    name: str
    hue: str
    detail: str
    mode: str
    video: bool
    online: bool
    audience: str
    places: str


class ReasonStart(TypedDict):
    """What the form of a reason starts from; `mark` changes each time it opens, so that its fields are drawn anew."""

    mark: str
    id: str
    name: str
    duration_minutes: str
    step_minutes: str
    buffer_before_minutes: str
    buffer_after_minutes: str
    fee_cents: str
    mode: str
    hue: str
    audience: str
    """One of `reason_form.AUDIENCES`."""
    sites: list[str]
    new_patient_minutes: str
    notice_hours: str
    horizon_days: str
    same_day: bool
    cancel_hours: str
    new_patients_a_day: str
    open_bookings: str
    instructions: str
    bring: str
    needs: list[str]


BLANK: Final = ReasonStart(
    mark="", id="", name="", duration_minutes="20", step_minutes="", buffer_before_minutes="0", buffer_after_minutes="0", fee_cents="",
    mode=Mode.IN_PERSON.value, hue="azure", audience="everybody", sites=[], new_patient_minutes="", notice_hours="0", horizon_days="366",
    same_day=False, cancel_hours="0", new_patients_a_day="", open_bookings="", instructions="", bring="", needs=[],
)  # fmt: skip


class ReasonsSetup(rx.State):
    """Visit reasons of one's own agenda."""

    reasons: list[ReasonLine] = []
    places: list[Option] = []
    kinds: list[Option] = []
    """Kinds of rooms and equipment that a reason may need."""
    editing: bool = False
    start: ReasonStart = BLANK
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    leaving: str = ""
    """The reason that is about to be retired."""
    leaving_name: str = ""
    _starts: dict[str, ReasonStart] = {}

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the reasons, with no form open; to a secretary the page says whom to ask."""
        self.editing, self.errors, self.summary = False, {}, []
        actor = await current_actor(self)
        if await sets_up(self, actor):
            await read_reasons(self, actor)

    @rx.event
    @allow(*STAFF)
    async def edit(self, reason: str) -> None:
        """Open the form of a reason, or of a new one, with the kinds of rooms as they are now."""
        await read_reasons(self, await current_actor(self))
        fresh = ReasonStart(**{**BLANK, "sites": [place["value"] for place in self.places]})  # type: ignore[typeddict-item]
        self.start = ReasonStart(**{**self._starts.get(reason, fresh), "mark": uuid7().hex})  # type: ignore[typeddict-item]
        self.editing = True
        self.errors, self.summary = {}, []

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the form."""
        self.editing, self.errors, self.summary = False, {}, []

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the reason; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            asked = read_form(form, [place["value"] for place in self.places], [kind["value"] for kind in self.kinds])
            await run_blocking(_save, actor, await whose(self), asked, self.start["id"])
        except DomainError as error:
            self.errors = {"notice_hours" if name == "notice_minutes" else name: words for name, words in field_errors(error).items()}
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.editing, self.errors, self.summary = False, {}, []
        await read_reasons(self, actor)
        return announce(f"Motif « {asked.name} » enregistré.", "success")

    @rx.event
    @allow(*STAFF)
    async def ask(self, reason: str) -> None:
        """Ask before a reason is retired."""
        found = next((one for one in self.reasons if one["id"] == reason), None)
        self.leaving, self.leaving_name = (found["id"], found["name"]) if found else ("", "")

    @rx.event
    @allow(*STAFF)
    async def retire(self) -> EventSpec:
        """Stop offering the reason that was asked about."""
        actor = await current_actor(self)
        try:
            await run_blocking(_retire, actor, await whose(self), self.leaving)
        except DomainError as error:
            return refusal(error)
        self.leaving = ""
        await read_reasons(self, actor)
        return announce("Motif retiré. Les rendez-vous déjà pris restent.", "success")


async def read_reasons(state: ReasonsSetup, actor: Actor) -> None:
    """Read the reasons and show them; an account without an agenda has none."""
    try:
        setup = await run_blocking(_read, actor, await whose(state))
        known = await run_blocking(practice_resources, actor)
    except NotFound:
        return
    state.kinds = [Option(value=kind.id.hex, label=kind.name) for kind in known.kinds]
    names = {ident: name for ident, name, _ in setup.sites}
    state.places = [Option(value=ident.hex, label=name) for ident, name, _ in setup.sites]
    state.reasons = [_line(one, [names[ident] for ident in one.site_ids if ident in names]) for one in setup.reasons]
    state._starts = {one.id.hex: _start(one) for one in setup.reasons}


def _read(actor: Actor, agenda: Whose) -> Setup:
    return opening_week(actor, agenda(actor))


def _line(one: ReasonView, places: list[str]) -> ReasonLine:
    margins = f" · marges {duration(one.buffer_before_minutes)} et {duration(one.buffer_after_minutes)}"
    fee = f" · {euros(one.fee_cents)}" if one.fee_cents is not None else ""
    new = f" ({duration(one.new_patient_minutes)} pour un nouveau patient)" if one.new_patient_minutes else ""
    shown = margins if one.buffer_before_minutes or one.buffer_after_minutes else ""
    return ReasonLine(
        id=one.id.hex,
        name=one.name,
        hue=one.hue,
        detail=f"{duration(one.duration_minutes)}{new}{fee}{shown}",
        mode=MODE_LABELS[one.mode],
        video=one.mode is Mode.VIDEO,
        online=one.online,
        audience=SHORT_AUDIENCES[one.audience] if one.online else "Au cabinet seulement",
        places=", ".join(places) or "Aucun lieu",
    )


def _start(one: ReasonView) -> ReasonStart:
    return ReasonStart(
        mark="",
        id=one.id.hex,
        name=one.name,
        duration_minutes=str(one.duration_minutes),
        step_minutes=str(one.step_minutes),
        buffer_before_minutes=str(one.buffer_before_minutes),
        buffer_after_minutes=str(one.buffer_after_minutes),
        fee_cents=f"{one.fee_cents / 100:.2f}".replace(".", ",") if one.fee_cents is not None else "",
        mode=one.mode.value,
        hue=one.hue,
        audience=one.audience.value if one.online else "nobody",
        sites=[ident.hex for ident in one.site_ids],
        new_patient_minutes=_written(one.new_patient_minutes),
        notice_hours=str(-(-one.notice_minutes // 60)),
        horizon_days=str(one.horizon_days),
        same_day=one.same_day,
        cancel_hours=str(one.cancel_hours),
        new_patients_a_day=_written(one.new_patients_a_day),
        open_bookings=_written(one.open_bookings),
        instructions=one.instructions,
        bring="\n".join(one.bring),
        needs=[ident.hex for ident in one.needs],
    )


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


def _save(actor: Actor, agenda: Whose, asked: ReasonForm, reason: str) -> None:
    save_reason(actor, agenda(actor), asked, parse_id(reason) if reason else None)


def _retire(actor: Actor, agenda: Whose, reason: str) -> None:
    retire_reason(actor, agenda(actor), parse_id(reason))
