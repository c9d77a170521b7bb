"""The page of one visit of the account: what to know of it, and what may be done about it."""

import re
from typing import Final, Literal

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.own import my_appointment
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.announcements import announce, refusal
from state.own_appointments import VisitView, visit_view
from state.rules import Anyone, allow
from state.session import current_actor

NO_VISIT: Final = VisitView(
    id="", when="", person="", practitioner="", specialty="", hue="teal", initials="", reason="", video=False, place="", map="",
    phone="", tel="", status="", cancelled=False, can_change=False, again="", page="", file="", move="", warned="", locked="",
    instructions="", bring=[], access=[],
)  # fmt: skip


Done = Literal["booked", "moved", "known"]


class OwnVisit(rx.State):
    """The visit that the address names."""

    status: str = "waiting"
    """waiting, ready, missing or failed."""
    message: str = ""
    visit: VisitView = NO_VISIT
    coming: bool = False
    fresh: str = ""
    """The visit that the account was just led to."""
    done: Done = "booked"
    """What led there: it was booked, moved, or had been the account’s already."""
    asking: bool = False
    """The page asks whether to cancel."""
    watched: str = ""
    """Whose agenda the page keeps up with: the practitioner's id, or nothing."""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read the visit."""
        self.asking = False
        named = re.match(r"/rendez-vous/([^/?#]{1,40})", self.router.url.path)
        ident = named[1] if named else ""
        self.fresh = ident if ident == self.fresh else ""
        if self.visit["id"] != ident:
            self.status, self.visit = "waiting", NO_VISIT
        await _read(self, ident)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def changed(self) -> None:
        """Read again: something changed in the practitioner's agenda."""
        if self.status == "ready":
            await _read(self, self.visit["id"])

    @rx.event
    @allow(ActorKind.PATIENT)
    async def ask(self) -> None:
        """Ask before the visit is cancelled."""
        self.asking = self.visit["can_change"]

    @rx.event
    @allow(Anyone)
    async def keep(self) -> None:
        """Cancel nothing after all."""
        self.asking = False

    @rx.event
    @allow(ActorKind.PATIENT)
    async def cancel(self) -> EventSpec | None:
        """Cancel the visit; its slot opens again."""
        if not self.asking:
            return None
        self.asking = False
        ident = self.visit["id"]
        try:
            await run_blocking(cancel_appointment, await current_actor(self), parse_id(ident))
        except DomainError as refused:
            await _read(self, ident)
            return refusal(refused)
        self.fresh = ""
        await _read(self, ident)
        return announce("Rendez-vous annulé. Le cabinet est prévenu.", "success")


async def _read(state: OwnVisit, ident: str) -> None:
    try:
        own = await run_blocking(my_appointment, await current_actor(state), parse_id(ident))
    except NotFound as refused:
        state.status, state.message = "missing", refused.message
        return
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    state.visit, state.coming, state.status = visit_view(own), own.coming, "ready"
    state.watched = own.practitioner_id.hex if own.coming else ""
