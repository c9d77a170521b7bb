"""Tomorrow's list by e-mail: what the practice chose, and how the last one went."""

from datetime import timedelta
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.evening.choosing import Chosen, choose_evening, evening_choice
from maiia_pro.evening.sending import try_evening_list
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import clock_time, moment
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor

TRIED: Final = timedelta(hours=10)
"""For how long a message is tried again."""


class EveningSetup(rx.State):
    """The card of the settings; the password is written, never read back."""

    status: str = "waiting"
    """waiting, ready or failed."""
    enabled: bool = False
    recipient: str = ""
    at: str = "19h00"
    has_password: bool = False
    last: str = ""
    late: bool = False
    """The latest message waits to leave."""
    failed: str = ""
    """When the latest could last not be made or sent; empty once it has left."""
    failure: str = ""
    gone: bool = False
    """It is tried no longer."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    turn: int = 0

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what is chosen."""
        actor = await current_actor(self)
        self.errors, self.summary = {}, []
        if actor.kind is not ActorKind.PRACTITIONER:
            return
        try:
            _show(self, await run_blocking(_read, actor))
        except DomainError:
            self.status = "failed"

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Write what was filled in; refused, the form stays as it is."""
        actor = await current_actor(self)
        try:
            await run_blocking(_save, actor, form)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.errors, self.summary = {}, []
        chosen = await run_blocking(_read, actor)
        _show(self, chosen)
        told = (
            f"Enregistré\u00a0: la liste de demain partira chaque soir à {clock_time(chosen.at)}."
            if self.enabled
            else "Enregistré\u00a0: aucune liste ne partira."
        )
        return announce(told, "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def send_now(self) -> EventSpec | None:
        """Send the list at once, to see whether it arrives and opens."""
        actor = await current_actor(self)
        try:
            await run_blocking(_try, actor)
            _show(self, await run_blocking(_read, actor))
        except DomainError as error:
            return refusal(error)
        return announce("La liste de demain part maintenant. Vérifiez qu’elle arrive et que le mot de passe l’ouvre.", "success")


def _show(state: EveningSetup, chosen: Chosen) -> None:
    state.status, state.turn = "ready", state.turn + 1
    state.enabled, state.recipient, state.has_password = chosen.enabled, chosen.recipient, chosen.has_password
    state.at = f"{chosen.at.hour}h{chosen.at.minute:02d}"
    state.late = chosen.made_at is not None and chosen.sent_at is None
    latest = chosen.sent_at or chosen.made_at
    state.last = moment(latest, chosen.zone) if latest else ""
    state.failed, state.failure = moment(chosen.failed_at, chosen.zone) if chosen.failed_at else "", chosen.failure
    state.gone = chosen.made_at is not None and clock.now() - chosen.made_at > TRIED


def _read(actor: Actor) -> Chosen:
    return evening_choice(actor, desk(actor).practice_id)


def _save(actor: Actor, form: dict[str, Any]) -> None:
    choose_evening(actor, desk(actor).practice_id, form)


def _try(actor: Actor) -> None:
    try_evening_list(actor, desk(actor).practice_id)
