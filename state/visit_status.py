"""Where visits stand: one act a status, each with its undo; the identity check that closes a visit; the practice's note."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans, Status
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.errors import ChangedMeanwhile, IdentityNotChecked
from maiia_pro.agenda.frames import Block
from maiia_pro.agenda.status import IdentityCheck, save_note, set_status
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF, AgendaState, Answer
from state.announcements import announce, field_errors, refusal
from state.appointment import AppointmentState, block_of, open_panel
from state.rules import allow
from state.session import current_actor

Means = TypeVar("Means", bound=StrEnum)

SENTENCES: Final = {
    Status.PLANNED: "{name}\u00a0: rendez-vous de nouveau prévu.",
    Status.CONFIRMED: "{name} a confirmé.",
    Status.ARRIVED: "{name}\u00a0: arrivée notée.",
    Status.IN_PROGRESS: "{name}\u00a0: consultation commencée.",
    Status.FULFILLED: "{name}\u00a0: rendez-vous honoré.",
    Status.MISSED: "{name}\u00a0: absence notée.",
}


class VisitStatus(rx.State):
    """The acts on the status and the note of the visit whose panel is open, or of one named."""

    checking: str = ""
    """The visit whose identity check is asked for."""
    errors: dict[str, str] = {}
    note_error: str = ""
    noted: int = 0
    """Grows with each note that is saved, so that its draft goes."""
    _seen: dict[str, str] = {}
    """By visit, the note as it was last read, once somebody else changed it."""

    @rx.event
    @allow(*STAFF)
    async def mark(self, status: str, appointment: str = "") -> EventSpec | None:
        """Set a status; closing a visit asks for the identity check first if there was none."""
        actor = await current_actor(self)
        panel = await self.get_state(AppointmentState)
        wanted = appointment or panel.selected
        if not wanted:
            return announce("Choisissez d’abord un rendez-vous dans l’agenda.", "info")
        try:
            done = await run_blocking(commit_mark, actor, wanted, status, None)
        except IdentityNotChecked:
            if panel.selected != wanted:
                await open_panel(panel, actor, wanted)
            self.checking, self.errors = wanted, {}
            return None
        except DomainError as error:
            return refusal(error)
        return await self._done(panel, actor, done)

    @rx.event
    @allow(*STAFF)
    async def check(self, form: dict[str, Any]) -> EventSpec | None:
        """Write the identity check and close the visit."""
        actor = await current_actor(self)
        panel = await self.get_state(AppointmentState)
        try:
            done = await run_blocking(commit_mark, actor, self.checking, Status.FULFILLED.value, read_check(form))
        except DomainError as error:
            self.errors = field_errors(error)
            return None if self.errors else refusal(error)
        self.checking, self.errors = "", {}
        return await self._done(panel, actor, done)

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Close the dialog of the identity check; nothing changes."""
        self.checking, self.errors = "", {}

    @rx.event
    @allow(*STAFF)
    async def save_note(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the note of the visit shown; where somebody else wrote meanwhile, say what, and keep both texts."""
        actor = await current_actor(self)
        panel = await self.get_state(AppointmentState)
        seen = self._seen.get(panel.selected, str(form.get("seen", panel.shown["note"])))
        try:
            await run_blocking(save_note, actor, parse_id(panel.selected), form.get("note"), seen)
        except ChangedMeanwhile as error:
            view = await run_blocking(noted_by_others, actor, panel.selected)
            self._seen = {panel.selected: view}
            self.note_error = f"{error.message} Note actuelle\u00a0: «\u00a0{view}\u00a0»."
            return None
        except DomainError as error:
            self.note_error = error.message
            return None
        self._seen, self.note_error, self.noted = {}, "", self.noted + 1
        after = await run_blocking(block_after, actor, panel.selected)
        await drawn(self, panel, actor, after)
        return announce("La note est enregistrée.", "success")

    async def _done(self, panel: AppointmentState, actor: Actor, done: "Marked") -> EventSpec:
        await drawn(self, panel, actor, done.after)
        undo = VisitStatus.mark(done.before, done.after["id"])
        return announce(done.sentence, "success", action="Défaire", then=undo)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Marked:
    """A status that was set: the block, how to say it, the status it had."""

    after: Block
    sentence: str
    before: str


async def drawn(state: VisitStatus, panel: AppointmentState, actor: Actor, after: Block) -> None:
    """Draw the visit as it is now, in the calendar and in its panel if that is open."""
    agenda = await state.get_state(AgendaState)
    agenda.answer = Answer(token=f"fait-{after['version']}", id=after["id"], block=after)
    if panel.selected == after["id"]:
        await open_panel(panel, actor, after["id"])


def commit_mark(actor: Actor, appointment: str, status: str, check: IdentityCheck | None) -> Marked:
    """Set the status; raises what `set_status` raises."""
    try:
        wanted = Status(status)
    except ValueError:
        raise Invalid from None
    ident = parse_id(appointment)
    marked = set_status(actor, ident, wanted, check)
    after = block_after(actor, appointment)
    return Marked(after, SENTENCES[wanted].format(name=after["name"]), marked.before.value)


def block_after(actor: Actor, appointment: str) -> Block:
    """Read the visit that was just changed; raises `DoneUnread`."""
    with after_commit():
        return block_of(actor, appointment)


def noted_by_others(actor: Actor, appointment: str) -> str:
    """Read the note as it is now; audited like any reading."""
    return read_appointment(actor, parse_id(appointment)).note


def read_check(form: dict[str, Any]) -> IdentityCheck:
    """Read the form of the identity check; raises `Invalid` naming the fields left open."""
    errors = FieldErrors()
    means = _choice(errors, form, "means", IdentityMeans, "Indiquez comment l’identité a été vérifiée.")
    companion = _choice(errors, form, "companion", CompanionMeans, "Indiquez si quelqu’un accompagne le patient.")
    entitlements = _choice(errors, form, "entitlements", EntitlementMeans, "Indiquez comment les droits ont été vérifiés.")
    errors.check()
    return IdentityCheck(means, companion, entitlements)


def _choice(errors: FieldErrors, form: dict[str, Any], name: str, kind: type[Means], message: str) -> Means:
    try:
        return kind(str(form.get(name, "")))
    except ValueError:
        errors.add(name, message)
        return next(iter(kind))
