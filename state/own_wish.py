"""The page where a patient asks to be told when a place becomes free."""

from datetime import timedelta
from typing import Any, Final, TypedDict
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.directory import OfferSummary, offer_summary
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.own import my_people
from maiia_pro.waiting.wishing import When, wish_for_myself
from state.announcements import FieldError, lines_of, refusal
from state.booking_views import PersonView, person_view
from state.own_waiting import OwnWaiting
from state.rules import allow
from state.session import current_actor
from state.waiting_views import wish_errors

WEEKS: Final = 8


class Target(TypedDict):
    """What the patient waits for."""

    practitioner: str
    specialty: str
    initials: str
    hue: str
    reason: str
    back: str


NOTHING: Final = Target(practitioner="", specialty="", initials="", hue="teal", reason="", back="/")


class OwnWish(rx.State):
    """What the patient would come for, and the form that says when."""

    status: str = "waiting"
    """waiting, ready, none (no reason is named), missing or failed."""
    message: str = ""
    target: Target = NOTHING
    people: list[PersonView] = []
    person: str = ""
    """Whom the place is for: an id of `people`."""
    until: str = ""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    _offering: str = ""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read what the address names (`motif`)."""
        self.errors, self.summary = {}, []
        self._offering = self.router.url.query_parameters.get("motif", "")
        actor = await current_actor(self)
        if not self._offering:
            self.status = "none"
            return
        try:
            found = await run_blocking(offer_summary, actor, parse_id(self._offering))
            self.people = [person_view(person) for person in await run_blocking(my_people, actor)]
        except NotFound as refused:
            self.status, self.message = "missing", refused.message
            return
        except DomainError as refused:
            self.status, self.message = "failed", refused.message
            return
        _show(self, found)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def choose_person(self, person: str) -> None:
        """Choose whom the place is for."""
        if any(known["value"] == person for known in self.people):
            self.person = person

    @rx.event
    @allow(ActorKind.PATIENT)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Put the wish on the list; a refusal leaves the form as it is and says why."""
        try:
            await run_blocking(_wish, await current_actor(self), self._offering, form | {"person": self.person})
        except DomainError as refused:
            self.errors = wish_errors(refused)
            self.summary = lines_of(self.errors, prefix="souhait-")
            return None if self.errors else refusal(refused)
        (await self.get_state(OwnWaiting)).joined = True
        return rx.redirect("/rendez-vous")


def _wish(actor: Actor, offering: str, form: dict[str, Any]) -> None:
    person = form.get("person")
    wish_for_myself(
        actor, parse_id(offering), When.parse(form), parse_id(person) if person else None, anyone=form.get("whom") == "specialty"
    )


def _show(state: OwnWish, found: OfferSummary) -> None:
    card = found.practitioner
    state.target = Target(
        practitioner=card.name,
        specialty=card.specialty,
        initials=card.initials,
        hue=card.hue,
        reason=found.reason.name,
        back=f"/medecin/{card.slug}?motif={quote(state._offering)}",
    )
    state.person = state.people[0]["value"]
    state.until = (clock.now() + timedelta(weeks=WEEKS)).date().isoformat()
    state.status, state.message = "ready", ""
