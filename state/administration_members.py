"""The people of the practice, as its administrators see to them."""

from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.administration.leaving import bring_back, remove_member
from maiia_pro.administration.members import MAY_ADMINISTER, Member, ask_member_in, choose_administrator, members, send_link_again
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.team import Invitation
from state.administration import Administration, here
from state.administration import show as show_practice
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import SessionState, current_actor, initials
from state.team import KINDS, ROLES

ZONE: Final = ZoneInfo("Europe/Paris")
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
    suspended: bool
    seen: str
    own: bool
    """Whether it is oneself."""
    mine: bool
    """Whether one may see to them: secretaries are practitioners' affair."""


NOBODY: Final = MemberLine(
    id="", name="", email="", initials="", role="", administers=False, may=False, waiting=False, suspended=False, seen="", own=False,
    mine=False,
)  # fmt: skip


class Members(rx.State):
    """The people, who was removed, and whom one is about to remove or to ask in."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    people: list[MemberLine] = []
    former: list[MemberLine] = []
    leaving: MemberLine = NOBODY
    asking: bool = False
    role: str = ActorKind.PRACTITIONER.value
    mark: str = ""
    """Changes each time the form opens, so that its fields are drawn anew."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read who works here, with nothing open."""
        self.asking, self.leaving, self.errors, self.summary = False, NOBODY, {}, []
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def name_administrator(self, account: str, administers: bool) -> EventSpec:
        """Have somebody administer the practice, or no more."""
        actor = await current_actor(self)
        who = self._named(account)
        try:
            await run_blocking(_choose, actor, account, administers)
        except DomainError as error:
            return refusal(error)
        if who["own"] and not administers:
            (await self.get_state(SessionState)).administers = False
            await show_practice(await self.get_state(Administration), await current_actor(self))
            return announce("Vous n’administrez plus ce cabinet.", "success")
        await _read(self, actor)
        words = f"{who['name']} administre le cabinet" if administers else f"{who['name']} n’administre plus le cabinet"
        return announce(f"{words}\u00a0: un message l’en prévient.", "success")

    @rx.event
    @allow(*STAFF)
    async def send_again(self, account: str) -> EventSpec:
        """Send a fresh activation link."""
        try:
            address = await run_blocking(_send_again, await current_actor(self), account)
        except DomainError as error:
            return refusal(error)
        return announce(f"Un nouveau lien part à {address}.", "success")

    @rx.event
    @allow(*STAFF)
    async def ask_to_remove(self, account: str) -> None:
        """Ask before somebody is removed."""
        self.leaving = self._named(account)

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Leave them where they are."""
        self.leaving = NOBODY

    @rx.event
    @allow(*STAFF)
    async def remove(self) -> EventSpec:
        """Remove whom one asked to."""
        actor, who = await current_actor(self), self.leaving
        self.leaving = NOBODY
        try:
            await run_blocking(_remove, actor, who["id"])
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        if who["waiting"]:
            return announce(f"L’invitation de {who['name']} est retirée.", "success")
        return announce(f"{who['name']} ne fait plus partie du cabinet. Un message l’en prévient.", "success")

    @rx.event
    @allow(*STAFF)
    async def bring_back(self, account: str) -> EventSpec:
        """Have somebody who was removed work here again."""
        actor, who = await current_actor(self), self._named(account)
        try:
            await run_blocking(_bring_back, actor, account)
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        words = f"{who['name']} fait de nouveau partie du cabinet."
        return announce(f"{words} Chaque praticien lui rend son accès dans Réglages, Équipe.", "success")

    @rx.event
    @allow(*STAFF)
    async def begin(self) -> None:
        """Open the form of somebody to ask in."""
        self.asking, self.errors, self.summary, self.mark = True, {}, [], uuid7().hex
        self.role = ActorKind.PRACTITIONER.value

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the form."""
        self.asking = False

    @rx.event
    @allow(*STAFF)
    async def choose_role(self, role: str) -> None:
        """Choose between a colleague and a secretary."""
        self.role = role if role in MAY_ADMINISTER else self.role

    @rx.event
    @allow(*STAFF)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        """Make an account of the practice; its link leaves by e-mail. Refused, the form stays as typed."""
        actor = await current_actor(self)
        typed = {name.removeprefix(PREFIX): value for name, value in form.items()} | {"role": self.role}
        try:
            address = await run_blocking(_invite, actor, typed)
        except DomainError as error:
            self.errors = {f"{PREFIX}{name}": words for name, words in field_errors(error).items()}
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.asking, self.errors, self.summary = False, {}, []
        await _read(self, actor)
        return announce(f"Un message part à {address}.", "success")

    def _named(self, account: str) -> MemberLine:
        return next((one for one in [*self.people, *self.former] if one["id"] == account), NOBODY)


async def _read(state: Members, actor: Actor) -> None:
    try:
        found = await run_blocking(_members, actor)
    except NotAllowed:
        state.status = "waiting"  # the page says it in their place
        return
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    state.people = [_line(one, actor) for one in found if one.left_at is None]
    state.former = [_line(one, actor) for one in found if one.left_at is not None]
    state.status = "ready"


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
        suspended=one.suspended,
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
    return long_date(instant.astimezone(ZONE).date(), year=True)


def _members(actor: Actor) -> list[Member]:
    return here(actor, members)


def _choose(actor: Actor, account: str, administers: bool) -> None:
    here(actor, choose_administrator, parse_id(account), administers=administers)


def _send_again(actor: Actor, account: str) -> str:
    return here(actor, send_link_again, parse_id(account))


def _remove(actor: Actor, account: str) -> None:
    here(actor, remove_member, parse_id(account))


def _bring_back(actor: Actor, account: str) -> None:
    here(actor, bring_back, parse_id(account))


def _invite(actor: Actor, typed: dict[str, Any]) -> str:
    new = Invitation.read(typed)
    _: UUID = here(actor, ask_member_in, new)
    return new.email
