"""The groups of practitioners, as the practice's administrators see to them."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.ids import is_id, parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.groups import Groups as Found
from maiia_pro.practice.groups import delete_group, move_group, practice_groups, save_group
from state.administration import here
from state.agenda import STAFF
from state.agenda_views import Choice
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor

PREFIX: Final = "groupe-"


class GroupLine(TypedDict):
    """A group as it is listed."""

    id: str
    name: str
    members: list[str]
    says: str
    first: bool
    last: bool


NONE: Final = GroupLine(id="", name="", members=[], says="", first=False, last=False)


class Groups(rx.State):
    """The groups, the one that is being written, and the one that is about to go."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    groups: list[GroupLine] = []
    practitioners: list[Choice] = []
    editing: bool = False
    start: GroupLine = NONE
    mark: str = ""
    """Changes each time the form opens, so that its fields are drawn anew."""
    going: GroupLine = NONE
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the groups, with nothing open."""
        self.editing, self.going, self.errors, self.summary = False, NONE, {}, []
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def edit(self, group: str) -> None:
        """Open the form of a group, or of a new one."""
        self.start = self._named(group)
        self.editing, self.errors, self.summary, self.mark = True, {}, [], uuid7().hex

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the form."""
        self.editing = False

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the group; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            await run_blocking(_save, actor, self.start["id"], form)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, name="champ-groupe-name", members="champ-groupe-members")
            return None if self.errors else refusal(error)
        self.editing, self.errors, self.summary = False, {}, []
        await _read(self, actor)
        return announce("Groupe enregistré\u00a0: on le choisit au-dessus de l’agenda.", "success")

    @rx.event
    @allow(*STAFF)
    async def move(self, group: str, earlier: bool) -> EventSpec | None:
        """Put a group before or after its neighbour."""
        actor = await current_actor(self)
        try:
            await run_blocking(_move, actor, group, earlier)
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        return None

    @rx.event
    @allow(*STAFF)
    async def ask_to_delete(self, group: str) -> None:
        """Ask before a group is forgotten."""
        self.going = self._named(group)

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Leave the group as it is."""
        self.going = NONE

    @rx.event
    @allow(*STAFF)
    async def delete(self) -> EventSpec:
        """Forget the group that one asked to."""
        actor, group = await current_actor(self), self.going
        self.going = NONE
        try:
            await run_blocking(_delete, actor, group["id"])
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        return announce(f"Groupe «\u00a0{group['name']}\u00a0» supprimé.", "success")

    def _named(self, group: str) -> GroupLine:
        return next((one for one in self.groups if one["id"] == group), NONE)


async def _read(state: Groups, actor: Actor) -> None:
    try:
        found = await run_blocking(_groups, actor)
    except NotAllowed:
        state.status = "waiting"  # the page says it in their place
        return
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    names = {ident.hex: name for ident, name in found.practitioners}
    state.practitioners = [Choice(id=ident, name=name) for ident, name in names.items()]
    state.groups = [
        GroupLine(
            id=one.id.hex,
            name=one.name,
            members=[ident.hex for ident in one.practitioner_ids],
            says=", ".join(names[ident.hex] for ident in one.practitioner_ids) or "Aucun praticien",
            first=number == 0,
            last=number == len(found.groups) - 1,
        )
        for number, one in enumerate(found.groups)
    ]
    state.status = "ready"


def _groups(actor: Actor) -> Found:
    return here(actor, practice_groups)


def _save(actor: Actor, group: str, form: dict[str, Any]) -> None:
    ticked = [name.removeprefix(PREFIX) for name, value in form.items() if name.startswith(PREFIX) and value]
    members = [parse_id(ident) for ident in ticked if is_id(ident)]
    here(actor, save_group, parse_id(group) if group else None, form.get("groupe-name"), members)


def _move(actor: Actor, group: str, earlier: bool) -> None:
    here(actor, move_group, parse_id(group), earlier=bool(earlier))


def _delete(actor: Actor, group: str) -> None:
    here(actor, delete_group, parse_id(group))
