"""By which channels a patient wants which messages."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.preferences import CHOICES, Channel, Kind, my_preferences, save_preferences
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor

LABELS: Final = {
    Kind.CHANGES: ("Confirmations et changements", "Quand un rendez-vous est pris, déplacé ou annulé."),
    Kind.REMINDERS: ("Rappels", "Avant le rendez-vous."),
    Kind.OFFERS: ("Liste d’attente", "Quand une place se libère. Sans message, elle ne s’affiche que dans «\u00a0Mes rendez-vous\u00a0»."),
    Kind.DELAYS: ("Retards", "Quand le praticien prend du retard le jour même."),
}
"""What each kind of message is called, and when it leaves."""


class KindView(TypedDict):
    """A kind of message, with the channels that are on."""

    kind: str
    label: str
    when: str
    fixed: bool
    """Whether e-mail cannot be turned off."""
    email: bool
    sms: bool


class OwnPreferences(rx.State):
    """The preferences of the account."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    kinds: list[KindView] = []
    has_email: bool = True
    has_phone: bool = True
    """Whether its number was proven: no other gets an SMS."""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read the preferences."""
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PATIENT)
    async def save(self, form: dict[str, Any]) -> EventSpec:
        """Save the preferences."""
        actor = await current_actor(self)
        try:
            await run_blocking(save_preferences, actor, {choice: bool(form.get("_".join(choice))) for choice in CHOICES})
        except DomainError as refused:
            return refusal(refused)
        await _read(self, actor)
        return announce("Vos préférences sont enregistrées.", "success")


async def _read(state: OwnPreferences, actor: Actor) -> None:
    try:
        found = await run_blocking(my_preferences, actor)
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    state.kinds = [
        KindView(
            kind=kind.value,
            label=label,
            when=when,
            fixed=kind is Kind.CHANGES,
            email=found.wanted.get((kind, Channel.EMAIL), found.has_email),
            sms=found.wanted[kind, Channel.SMS],
        )
        for kind, (label, when) in LABELS.items()
    ]
    state.has_email, state.has_phone, state.status = found.has_email, found.has_phone, "ready"
