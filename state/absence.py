"""The page of an absence: whose, from when to when; then the visits that it strands."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.exceptions import add_exception
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import announce, field_errors, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.settling import Pending, Settling, close, list_lines
from state.setup_hours import read_exception

NOBODY = "Aucun rendez-vous à venir sur cette période. Le praticien enregistre lui-même son absence dans ses réglages."

NOT_LET = "Personne ne vous a confié «\u00a0Déplacer et annuler\u00a0», qu’il faut ici. Un praticien le donne dans Réglages, Équipe."


class AbsenceForm(rx.State):
    """The form of an absence."""

    status: str = "waiting"
    """waiting, ready, refused or failed."""
    message: str = ""
    practitioners: list[Option] = []
    own: str = ""
    """The actor's own agenda, or nothing: only its owner closes it."""
    practitioner: str = ""
    errors: dict[str, str] = {}
    turn: int = 0
    saved: int = 0
    """Grows with each absence that is saved, so that its draft goes."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Start with an empty form, for one's own agenda or the one that the address names."""
        close(await self.get_state(Settling))
        actor = await current_actor(self)
        try:
            frame = await run_blocking(desk, actor)
        except DomainError as error:
            self.status, self.message = "refused" if isinstance(error, NotAllowed) else "failed", error.message
            return
        self.practitioners = [Option(value=one.id.hex, label=one.name) for one in frame.practitioners if one.changes]
        if not self.practitioners:
            self.status, self.message = "refused", NOT_LET
            return
        self.own = next((one.id.hex for one in frame.practitioners if one.is_self), "")
        asked = self.router.url.query_parameters.get("praticien", "")
        known = [one["value"] for one in self.practitioners]
        self.practitioner = asked if asked in known else self.own
        self.status, self.errors, self.turn = "ready", {}, self.turn + 1

    @rx.event
    @allow(*STAFF)
    async def choose(self, practitioner: str) -> None:
        """Choose whose absence it is."""
        self.practitioner = practitioner
        self.errors = {field: said for field, said in self.errors.items() if field != "practitioner"}

    @rx.event
    @allow(*STAFF)
    async def look(self, form: dict[str, Any]) -> EventSpec | None:
        """List the visits of that time; where there are none, the absence is saved at once."""
        actor = await current_actor(self)
        settling = await self.get_state(Settling)
        if not self.practitioner:
            self.errors = {"practitioner": "Choisissez le praticien absent."}
            return None
        try:
            pending = read_absence(self.practitioner, self.own, form)
            found = await list_lines(settling, actor, pending)
            if not found and pending.save:
                await run_blocking(pending.save, actor, *pending.given)
        except DomainError as error:
            self.errors = field_errors(error)
            return None if self.errors else refusal(error)
        self.errors = {}
        if found:
            return None
        if not pending.save:
            return announce(NOBODY, "info")
        self.saved += 1
        return announce("Absence enregistrée. Aucun rendez-vous n’était prévu sur cette période.", "success")


def read_absence(practitioner: str, own: str, form: dict[str, Any]) -> Pending:
    """Read the form; the time is closed only in one's own agenda. Raises `Invalid` naming the fields."""
    new, whose = read_exception(ExceptionKind.CLOSED, form), parse_id(practitioner)
    return Pending(whose, save=save_absence if practitioner == own else None, given=(whose, new), closing=new)


def save_absence(actor: Actor, *given: Any) -> None:
    """Close the time."""
    add_exception(actor, *given)
