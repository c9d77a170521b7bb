"""The address at which a practitioner's own calendar reads their agenda: issued, shown once, renewed, revoked."""

from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.feed import FeedView, issue_feed, own_feed, revoke_feed, show_initials
from maiia_pro.agenda.setup import opening_week
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.own_agenda import own_agenda
from maiia_pro.settings import get_settings
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor


class FeedSetup(rx.State):
    """The address of one's own agenda; the secret itself is here only until the page is left or it is hidden."""

    status: str = "waiting"
    """waiting, none (no address yet) or active."""
    address: str = ""
    """The address that was just made, to be copied now."""
    created: str = ""
    used: str = ""
    initials: bool = False

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what there is; an address that was shown before is not shown again."""
        self.address = ""
        actor = await current_actor(self)
        if actor.kind is ActorKind.PRACTITIONER:
            await _read(self, actor)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def issue(self, form: dict[str, Any]) -> EventSpec | None:
        """Make the first address."""
        return await _issue(self, initials=bool(form.get("initials")))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def renew(self) -> EventSpec | None:
        """Make another address; the one before answers no more."""
        return await _issue(self, initials=self.initials)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def hide(self) -> None:
        """Put the address away once it is copied."""
        self.address = ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_initials(self, initials: bool) -> EventSpec | None:
        """Show the patients' initials in the calendar, or no longer."""
        actor = await current_actor(self)
        try:
            await run_blocking(_choose, actor, bool(initials))
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        return announce("Votre calendrier le montrera à sa prochaine lecture.", "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def revoke(self) -> EventSpec | None:
        """Take the address away."""
        actor = await current_actor(self)
        try:
            await run_blocking(_revoke, actor)
        except DomainError as error:
            return refusal(error)
        self.address = ""
        await _read(self, actor)
        return announce("Adresse supprimée : elle ne répond plus.", "success")


async def _issue(state: FeedSetup, *, initials: bool) -> EventSpec | None:
    actor = await current_actor(state)
    try:
        token = await run_blocking(_new_token, actor, initials)
    except DomainError as error:
        return refusal(error)
    await _read(state, actor)
    state.address = f"{get_settings().base_url}/ical/{token}.ics"
    return None


async def _read(state: FeedSetup, actor: Actor) -> None:
    try:
        feed, zone = await run_blocking(_find, actor)
    except NotFound:
        return
    state.status = "active" if feed else "none"
    state.created = moment(feed.created_at, zone, year=True) if feed else ""
    state.used = moment(feed.last_used_at, zone, year=True) if feed and feed.last_used_at else ""
    state.initials = feed.shows_initials if feed else False


def _find(actor: Actor) -> tuple[FeedView | None, ZoneInfo]:
    practitioner = own_agenda(actor)
    return own_feed(actor, practitioner), opening_week(actor, practitioner).zone


def _new_token(actor: Actor, initials: bool) -> str:
    return issue_feed(actor, own_agenda(actor), initials=initials)


def _choose(actor: Actor, initials: bool) -> None:
    show_initials(actor, own_agenda(actor), initials=initials)


def _revoke(actor: Actor) -> None:
    revoke_feed(actor, own_agenda(actor))
