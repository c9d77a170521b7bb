"""The step of the reasons: the template of one's specialty, changed before it is taken."""

from dataclasses import replace
from typing import Any, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.codes import Audience, Mode
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.reasons import BOUNDS, ReasonForm
from maiia_pro.agenda.setup import opening_week
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.progress import first_run
from maiia_pro.onboarding.tables import Step
from maiia_pro.onboarding.taking import take_reasons
from maiia_pro.onboarding.template_reasons import TEMPLATES
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty
from state.agenda import STAFF
from state.announcements import FieldError, field_errors, lines_of, refusal
from state.onboarding import PRACTITIONER, Onboarding, advance
from state.reason_form import read_cents, read_number
from state.rules import allow
from state.session import current_actor

WHOM = {Audience.KNOWN: "patients déjà suivis", Audience.NEW: "nouveaux patients"}


class Proposal(TypedDict):
    """A reason of the template as its line shows it."""

    key: str
    name: str
    detail: str
    hue: str
    minutes: str
    fee: str
    online: bool
    known: bool
    """There is one of this name already."""


class ReasonsStep(rx.State):
    """The template of one's specialty."""

    specialty: str = ""
    proposals: list[Proposal] = []
    known: bool = False
    """Whether each of them is there already."""
    wrong: dict[str, str] = {}
    faults: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the template."""
        actor = await current_actor(self)
        if actor.kind is PRACTITIONER:
            self.wrong, self.faults = {}, []
            await _show(self, actor)

    @rx.event
    @allow(PRACTITIONER)
    async def take(self, form: dict[str, Any]) -> EventSpec | None:
        """Take the reasons that are ticked, as they were changed; refused, everything stays as typed."""
        actor = await current_actor(self)
        try:
            await run_blocking(_take, actor, form)
        except DomainError as error:
            self.wrong = field_errors(error)
            self.faults = lines_of(self.wrong)
            return None if self.wrong else refusal(error)
        self.wrong, self.faults = {}, []
        await _show(self, actor)
        return await advance(await self.get_state(Onboarding), actor, Step.REASONS)


async def _show(state: ReasonsStep, actor: Actor) -> None:
    try:
        state.specialty, state.proposals = await run_blocking(_read, actor)
        state.known = all(one["known"] for one in state.proposals)
    except DomainError:
        state.proposals = []  # the page itself says why


def _read(actor: Actor) -> tuple[str, list[Proposal]]:
    own = first_run(actor).practitioner
    known = {reason_key(one.name) for one in opening_week(actor, own.id).reasons}
    forms = TEMPLATES[Specialty(own.specialty)]
    return SPECIALTY_LABELS[Specialty(own.specialty)], [_proposal(place, form, known) for place, form in enumerate(forms)]


def _proposal(place: int, form: ReasonForm, known: set[str]) -> Proposal:
    words = [
        "en vidéo" if form.mode is Mode.VIDEO else "au cabinet",
        WHOM.get(form.audience, "") if form.online else "",
        "le jour même" if form.same_day else "",
        f"{form.new_patients_a_day} par jour au plus" if form.new_patients_a_day else "",
        f"marge de {form.buffer_after_minutes}\u00a0min" if form.buffer_after_minutes else "",
    ]
    said = " · ".join(word for word in words if word)
    return Proposal(
        key=str(place), name=form.name, detail=said[:1].upper() + said[1:], hue=form.hue, minutes=str(form.duration_minutes),
        fee=f"{form.fee_cents / 100:.2f}".replace(".", ",") if form.fee_cents is not None else "", online=form.online,
        known=reason_key(form.name) in known,
    )  # fmt: skip


def _take(actor: Actor, form: dict[str, Any]) -> None:
    errors, chosen = FieldErrors(), []
    for place, one in enumerate(TEMPLATES[Specialty(first_run(actor).practitioner.specialty)]):
        if not form.get(f"take-{place}"):
            continue
        minutes = read_number(errors, f"minutes-{place}", form.get(f"minutes-{place}"), "de minutes") or 0
        least, most, words = BOUNDS["duration_minutes"]
        if not least <= minutes <= most:
            errors.add(f"minutes-{place}", words)
        fee = _fee(errors, f"fee-{place}", form.get(f"fee-{place}"))
        chosen.append(replace(one, duration_minutes=minutes, fee_cents=fee, online=bool(form.get(f"online-{place}"))))
    errors.check()
    take_reasons(actor, chosen)


def _fee(errors: FieldErrors, field: str, typed: object) -> int | None:
    own = FieldErrors()
    fee = read_cents(own, typed)
    least, most, words = BOUNDS["fee_cents"]
    if fee is not None and not least <= fee <= most:
        own.add("fee_cents", words)
    try:
        own.check()
    except Invalid as refused:
        errors.add(field, refused.message)
    return fee
