"""What a patient waits for: the places kept for them, to accept or leave, and their wishes."""

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.waiting.answering import accept_offer, decline_offer
from maiia_pro.waiting.listing import my_wishes
from maiia_pro.waiting.wishing import withdraw_wish
from state.announcements import announce, refusal
from state.own_appointments import OwnAppointments, read_visits
from state.rules import allow
from state.session import current_actor
from state.waiting_views import WishView, wish_view


class OwnWaiting(rx.State):
    """The wishes of the account; those with a place kept come first, apart."""

    offers: list[WishView] = []
    wishes: list[WishView] = []
    message: str = ""
    """What went wrong, or nothing."""
    joined: bool = False
    """The list was joined on the page before."""
    said: bool = False
    """The page says that the list was joined."""
    leaving: str = ""
    """The wish that the dialog asks about."""
    leaving_what: str = ""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read the wishes."""
        self.leaving, self.said, self.joined = "", self.joined, False
        await _refresh(self)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def accept(self, offer: str) -> EventSpec | None:
        """Book the place that is kept; a second click finds it booked."""
        found = next((one for one in self.offers if one["offer"] == offer), None)
        if found is None:
            return None
        try:
            booked = await run_blocking(accept_offer, await current_actor(self), parse_id(offer))
        except DomainError as refused:
            await _refresh(self)
            return refusal(refused)
        visits = await self.get_state(OwnAppointments)
        visits.fresh = booked.id.hex
        await read_visits(visits)
        await _refresh(self)
        return announce(f"Rendez-vous confirmé\u00a0: {found['offered']}.", "success")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def decline(self, offer: str) -> EventSpec | None:
        """Leave the place to the next; the wish stays."""
        try:
            await run_blocking(decline_offer, await current_actor(self), parse_id(offer))
        except DomainError as refused:
            await _refresh(self)
            return refusal(refused)
        await _refresh(self)
        return announce("Place refusée. Vous restez sur la liste d’attente.", "success")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def ask(self, wish: str) -> None:
        """Ask whether to take a wish off the list."""
        found = next((one for one in [*self.offers, *self.wishes] if one["id"] == wish), None)
        self.leaving, self.leaving_what = (found["id"], f"{found['reason']}, {found['whom']}") if found else ("", "")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def keep(self) -> None:
        """Stay on the list after all."""
        self.leaving = ""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def withdraw(self) -> EventSpec | None:
        """Take the wish that the dialog asked about off the list."""
        wish, self.leaving = self.leaving, ""
        if not wish:
            return None
        try:
            await run_blocking(withdraw_wish, await current_actor(self), parse_id(wish))
        except DomainError as refused:
            await _refresh(self)
            return refusal(refused)
        await _refresh(self)
        return announce("Vous n’êtes plus sur cette liste d’attente.", "success")


async def _refresh(state: OwnWaiting) -> None:
    try:
        found = [wish_view(line) for line in await run_blocking(my_wishes, await current_actor(state))]
    except DomainError as refused:
        state.message = refused.message
        return
    state.message = ""
    state.offers = [wish for wish in found if wish["offer"]]
    state.wishes = [wish for wish in found if not wish["offer"]]
