"""The relatives of a patient's account: adding, correcting and removing them."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.own import my_appointments
from maiia_pro.agenda.relatives import Relative, correct_relative, my_relatives, remove_relative
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, DomainError
from maiia_pro.kernel.french import moment, short_date
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.records import Identity
from state.announcements import announce, field_errors, refusal
from state.rules import Anyone, allow
from state.session import current_actor

NO_ERRORS: Final = {"given_name": "", "family_name": "", "birth_date": ""}


class RelativeView(TypedDict):
    """Somebody that the account books for; `visits` are theirs to come."""

    id: str
    name: str
    given_name: str
    family_name: str
    born: str
    is_self: bool
    checked: bool
    visits: list[str]


class OwnRelatives(rx.State):
    """The people of the account, and what is being done about one of them."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    people: list[RelativeView] = []
    editing: str = ""
    """Whom the form is about: an id, `new`, or nobody."""
    mark: str = ""
    """Changes each time the form opens, so that its fields are drawn anew."""
    start: RelativeView = RelativeView(id="", name="", given_name="", family_name="", born="", is_self=False, checked=False, visits=[])
    errors: dict[str, str] = NO_ERRORS
    leaving: str = ""
    """Whom the dialog asks about."""
    leaving_name: str = ""
    leaving_visits: list[str] = []

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read the people of the account."""
        self.editing, self.leaving = "", ""
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PATIENT)
    async def edit(self, person: str) -> None:
        """Open the form of somebody, or of somebody new."""
        blank = RelativeView(id="", name="", given_name="", family_name="", born="", is_self=False, checked=False, visits=[])
        self.start = next((one for one in self.people if one["id"] == person), blank)
        self.editing, self.mark, self.errors = self.start["id"] or "new", uuid7().hex, NO_ERRORS

    @rx.event
    @allow(Anyone)
    async def close(self) -> None:
        """Close the form."""
        self.editing, self.errors = "", NO_ERRORS

    @rx.event
    @allow(ActorKind.PATIENT)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Add or correct the person of the form; refused, what was typed stays."""
        actor = await current_actor(self)
        try:
            identity = Identity.parse(
                given_name=form.get("given_name"), family_name=form.get("family_name"), birth_date=form.get("birth_date")
            )
            if self.editing == "new":
                await run_blocking(add_relative, actor, identity)
            else:
                await run_blocking(correct_relative, actor, parse_id(self.editing), identity)
        except Conflict as refused:
            self.errors = NO_ERRORS | {"given_name": refused.message}
            return None
        except DomainError as refused:
            self.errors = NO_ERRORS | field_errors(refused)
            return None if field_errors(refused) else refusal(refused)
        self.editing, self.errors = "", NO_ERRORS
        await _read(self, actor)
        return announce(f"{identity.given_name} {identity.family_name}\u00a0: c’est enregistré.", "success")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def ask(self, person: str) -> None:
        """Ask before somebody is removed, and say which visits they have."""
        await _read(self, await current_actor(self))
        found = next((one for one in self.people if one["id"] == person and not one["is_self"]), None)
        self.leaving = found["id"] if found else ""
        self.leaving_name, self.leaving_visits = (found["name"], found["visits"]) if found else ("", [])

    @rx.event
    @allow(Anyone)
    async def keep(self) -> None:
        """Remove nobody after all."""
        self.leaving = ""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def remove(self) -> EventSpec | None:
        """Remove the person that the dialog asked about."""
        person, name, self.leaving = self.leaving, self.leaving_name, ""
        if not person:
            return None
        actor = await current_actor(self)
        try:
            await run_blocking(remove_relative, actor, parse_id(person))
        except DomainError as refused:
            return refusal(refused)
        await _read(self, actor)
        return announce(f"{name} ne fait plus partie de votre compte.", "success")


async def _read(state: OwnRelatives, actor: Actor) -> None:
    try:
        people = await run_blocking(my_relatives, actor)
        coming = [own for own in await run_blocking(my_appointments, actor) if own.coming]
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    visits = {
        one.id: [f"{moment(own.starts_at, own.zone)}, {own.practitioner}" for own in coming if own.person_id == one.id] for one in people
    }
    state.people, state.status = [_view(one, visits[one.id]) for one in people], "ready"


def _view(one: Relative, visits: list[str]) -> RelativeView:
    return RelativeView(
        id=one.id.hex,
        name=f"{one.given_name} {one.family_name}".strip(),
        given_name=one.given_name,
        family_name=one.family_name,
        born=short_date(one.birth_date),
        is_self=one.is_self,
        checked=one.checked,
        visits=visits,
    )
