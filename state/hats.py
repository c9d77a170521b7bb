"""The roles of whoever is signed in, and the invitations that wait for an answer."""

from typing import Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.hats import hats
from maiia_pro.identity.national_number import number_words
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.answering import answer
from state.announcements import announce
from state.cards import Card
from state.rules import allow
from state.session import DETAILS, SessionState, current_actor

SIGNED_IN: Final = (ActorKind.PATIENT, *sorted(MEMBERS), ActorKind.OPERATOR)
NOT_YET: Final = "Votre service n’est pas encore ouvert\u00a0: nous vous écrirons à son ouverture."
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
    role: str
    title: str
    practice: str
    rpps: str


class Hats(Card, rx.State):
    """What one may act as."""

    roles: dict[str, HatView] = {}
    """By role, those that are theirs."""
    asked: list[InvitationView] = []

    @rx.event
    @allow(*SIGNED_IN)
    async def arrive(self) -> None:
        """Read the roles and the invitations."""
        await self._read(await current_actor(self))

    @rx.event
    @allow(*SIGNED_IN)
    async def answer(self, invitation: str, accepts: bool) -> EventSpec | list[EventSpec] | None:
        """Accept or decline to work somewhere; accepted in the role that is worn, one goes on to work."""
        asked = next((one for one in self.asked if one["id"] == invitation), None)
        practice = next((one["practice"] for one in self.asked if one["id"] == invitation), "")
        aidant = asked is not None and asked["role"] == ActorKind.AIDANT
        words = f"C’est accepté. {NOT_YET}" if aidant else f"C’est accepté. Choisissez ce rôle pour travailler avec {practice}."
        words = words if accepts else f"L’invitation de {practice} est déclinée."
        said = await self._do(lambda actor: answer(actor, parse_id(invitation), accepts=bool(accepts)), words)
        left = {one["id"] for one in self.asked}
        if asked is None or not accepts or invitation in left or not self.roles[asked["role"]]["worn"]:
            return said
        frame = await self.get_state(SessionState)
        return [
            SessionState.enter(""),
            rx.redirect(frame.home),
            announce(words if aidant else f"C’est accepté\u00a0: vous travaillez avec {practice}.", "success"),
        ]

    async def _fill(self, actor: Actor) -> None:
        found, asked = await run_blocking(hats, actor)
        self.roles = {
            one.role.value: HatView(
                where=", ".join(one.practices) or (FOR_ONESELF if one.role is ActorKind.PATIENT else ""),
                worn=one.worn,
                asks=actor.kind is ActorKind.PATIENT and not one.worn,
            )
            for one in found
        }
        self.asked = [
            InvitationView(
                id=one.membership_id.hex,
                role=one.role.value,
                title=DETAILS[one.role],
                practice=one.practice,
                rpps=number_words(one.rpps),
            )
            for one in asked
        ]
