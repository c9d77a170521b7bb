"""The roles of whoever is signed in, and the invitations that wait for an answer."""

from typing import Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.hats import answer, hats
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor

SIGNED_IN: Final = (ActorKind.PATIENT, *sorted(MEMBERS), ActorKind.OPERATOR)
TITLES: Final = {
    ActorKind.PATIENT: "Patient",
    ActorKind.SECRETARY: "Secrétariat",
    ActorKind.PRACTITIONER: "Professionnel de santé",
    ActorKind.SUBSTITUTE: "En remplacement",
    ActorKind.AIDANT: "Professionnel aidant",
    ActorKind.OPERATOR: "Exploitant",
}
FOR_ONESELF: Final = "Prendre et suivre vos propres rendez-vous"


class HatView(TypedDict):
    """A role, and where it is worn."""

    where: str
    worn: bool
    asks: bool
    """Whether the password is asked first."""


class InvitationView(TypedDict):
    """Somewhere one is asked in."""

    id: str
    title: str
    practice: str
    rpps: str


class Hats(rx.State):
    """What one may act as."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    roles: dict[str, HatView] = {}
    """By role, those that are theirs."""
    asked: list[InvitationView] = []

    @rx.event
    @allow(*SIGNED_IN)
    async def arrive(self) -> None:
        """Read the roles and the invitations."""
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*SIGNED_IN)
    async def answer(self, invitation: str, accepts: bool) -> EventSpec:
        """Accept or decline to work somewhere."""
        actor = await current_actor(self)
        practice = next((one["practice"] for one in self.asked if one["id"] == invitation), "")
        try:
            await run_blocking(_answer, actor, invitation, bool(accepts))
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        words = (
            f"C’est accepté. Choisissez ce rôle pour travailler avec {practice}."
            if accepts
            else f"L’invitation de {practice} est déclinée."
        )
        return announce(words, "success")


async def _read(state: Hats, actor: Actor) -> None:
    try:
        found, asked = await run_blocking(hats, actor)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.roles = {
        one.role.value: HatView(
            where=", ".join(one.practices) or (FOR_ONESELF if one.role is ActorKind.PATIENT else ""),
            worn=one.worn,
            asks=actor.kind is ActorKind.PATIENT and not one.worn,
        )
        for one in found
    }
    state.asked = [InvitationView(id=one.membership_id.hex, title=TITLES[one.role], practice=one.practice, rpps=one.rpps) for one in asked]
    state.status = "ready"


def _answer(actor: Actor, invitation: str, accepts: bool) -> None:
    answer(actor, parse_id(invitation), accepts=accepts)
