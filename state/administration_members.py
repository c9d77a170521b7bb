"""The people of the practice, as its administrators see to them."""

from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.administration.leaving import bring_back, remove_member
from maiia_pro.administration.members import MAY_ADMINISTER, Member, ask_member_in, choose_administrator, members, send_link_again
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import PARIS, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.team import Invitation
from state.administration import Administration, AdministrationCard, here
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import SessionState, current_actor, initials
from state.team import KINDS, ROLES

PREFIX: Final = "membre-"


class MemberLine(TypedDict):
    """Somebody of the practice, or who was."""

    id: str
    name: str
    email: str
    initials: str
    role: str
    administers: bool
    may: bool
    """Whether they may be named administrator."""
    waiting: bool
    presence: str
    seen: str
    own: bool
    """Whether it is oneself."""
    mine: bool
    """Whether one may see to them: secretaries are practitioners' affair."""


NOBODY: Final = MemberLine(
    id="", name="", email="", initials="", role="", administers=False, may=False, waiting=False, presence="", seen="", own=False,
    mine=False,
)  # fmt: skip


class Members(AdministrationCard, rx.State):
    """The people, who was removed, and whom one is about to remove or to ask in."""

    people: list[MemberLine] = []
    former: list[MemberLine] = []
    leaving: MemberLine = NOBODY
    asking: bool = False
    role: str = ActorKind.PRACTITIONER.value

    @rx.event
    @allow(*STAFF)
    async def name_administrator(self, account: str, administers: bool) -> EventSpec | None:
        """Have somebody administer the practice, or no more."""
        who, practice = self._named(account), await self.get_state(Administration)
        words = f"{who['name']} administre le cabinet" if administers else f"{who['name']} n’administre plus le cabinet"
        said = f"{words}\u00a0: un message l’en prévient."
        if not who["own"] or administers:
            return await self._do(lambda actor: _choose(actor, account, administers), said)
        try:
            await run_blocking(_choose, await current_actor(self), account, administers)
        except DomainError as error:
            return refusal(error)
        (await self.get_state(SessionState)).administers = False
        await practice._read(await current_actor(self))
        return announce("Vous n’administrez plus ce cabinet.", "success")

    @rx.event
    @allow(*STAFF)
    async def send_again(self, account: str) -> EventSpec | None:
        """Send a fresh activation link."""
        return await self._do(
            lambda actor: here(actor, send_link_again, parse_id(account)), lambda address: f"Un nouveau lien part à {address}."
        )

    @rx.event
    @allow(*STAFF)
    async def ask_to_remove(self, account: str) -> None:
        """Ask before somebody is removed."""
        self.leaving = self._named(account)

    @rx.event
    @allow(*STAFF)
    async def remove(self) -> EventSpec | None:
        """Remove whom one asked to."""
        ident, name, waiting = self.leaving["id"], self.leaving["name"], self.leaving["waiting"]
        self.leaving = NOBODY
        gone = f"{name} ne fait plus partie du cabinet. Un message l’en prévient."
        said = f"L’invitation de {name} est retirée." if waiting else gone
        return await self._do(lambda actor: here(actor, remove_member, parse_id(ident)), said)

    @rx.event
    @allow(*STAFF)
    async def bring_back(self, account: str) -> EventSpec | None:
        """Have somebody who was removed work here again."""
        words = f"{self._named(account)['name']} fait de nouveau partie du cabinet."
        said = f"{words} Chaque praticien lui rend son accès dans Réglages, Équipe."
        return await self._do(lambda actor: here(actor, bring_back, parse_id(account)), said)

    @rx.event
    @allow(*STAFF)
    async def begin(self) -> None:
        """Open the form of somebody to ask in."""
        self.asking, self.role = True, ActorKind.PRACTITIONER.value
        self._anew()

    @rx.event
    @allow(*STAFF)
    async def choose_role(self, role: str) -> None:
        """Choose between a colleague and a secretary; what was typed stays."""
        self.errors, self.summary = {}, []
        self.role = role if role in MAY_ADMINISTER else self.role

    @rx.event
    @allow(*STAFF)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        """Make an account of the practice; its link leaves by e-mail. Refused, the form stays as typed."""
        typed = {name.removeprefix(PREFIX): value for name, value in form.items()} | {"role": self.role}
        return await self._save(lambda actor: _invite(actor, typed), str, prefix=PREFIX)

    def _named(self, account: str) -> MemberLine:
        return next((one for one in [*self.people, *self.former] if one["id"] == account), NOBODY)

    def _close(self) -> None:
        self.asking, self.leaving = False, NOBODY

    async def _fill(self, actor: Actor) -> None:
        found = await run_blocking(here, actor, members)
        self.people = [_line(one, actor) for one in found if one.left_at is None]
        self.former = [_line(one, actor) for one in found if one.left_at is not None]


def _line(one: Member, actor: Actor) -> MemberLine:
    return MemberLine(
        id=one.account_id.hex,
        name=one.name,
        email=one.email,
        initials=initials(one.name),
        role=(ROLES | {ActorKind.AIDANT: KINDS[ActorKind.AIDANT]}).get(one.role, ""),
        administers=one.administers,
        may=one.role in MAY_ADMINISTER and not one.waiting,
        waiting=one.waiting,
        presence=one.presence.value,
        seen=_seen(one),
        own=one.account_id == actor.account_id,
        mine=actor.kind is ActorKind.PRACTITIONER or one.role not in {ActorKind.SECRETARY, ActorKind.SUBSTITUTE},
    )


def _seen(one: Member) -> str:
    if one.left_at:
        return f"A quitté le cabinet le {_day(one.left_at)}"
    if one.waiting:
        return "N’est pas encore venu"
    return f"Dernière connexion\u00a0: {_day(one.last_seen_at)}" if one.last_seen_at else "Aucune connexion ces trente derniers jours"


def _day(instant: datetime) -> str:
    return long_date(instant.astimezone(PARIS).date(), year=True)


def _choose(actor: Actor, account: str, administers: bool) -> None:
    here(actor, choose_administrator, parse_id(account), administers=administers)


def _invite(actor: Actor, typed: dict[str, Any]) -> str:
    new = Invitation.read(typed)
    _: UUID = here(actor, ask_member_in, new)
    sent = f"Un message part à {new.email}."
    return sent if new.colleague else f"{sent} Chaque praticien donne ses droits dans Réglages, Équipe."
