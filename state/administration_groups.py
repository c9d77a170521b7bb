"""The groups of practitioners, as the practice's administrators see to them."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.ids import is_id, parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.groups import delete_group, move_group, practice_groups, save_group
from state.administration import AdministrationCard, here
from state.agenda import STAFF
from state.agenda_views import Choice
from state.rules import allow

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


class Groups(AdministrationCard, rx.State):
    """The groups, the one that is being written, and the one that is about to go."""

    groups: list[GroupLine] = []
    practitioners: list[Choice] = []
    editing: bool = False
    start: GroupLine = NONE
    going: GroupLine = NONE

    @rx.event
    @allow(*STAFF)
    async def edit(self, group: str) -> None:
        """Open the form of a group, or of a new one."""
        self.start, self.editing = self._named(group), True
        self._anew()

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the group; refused, the form stays as typed."""
        ident, said = self.start["id"], "Groupe enregistré\u00a0: on le choisit au-dessus de l’agenda."
        return await self._save(lambda actor: _save(actor, ident, form), said, prefix=PREFIX)

    @rx.event
    @allow(*STAFF)
    async def move(self, group: str, earlier: bool) -> EventSpec | None:
        """Put a group before or after its neighbour."""
        return await self._do(lambda actor: here(actor, move_group, parse_id(group), earlier=bool(earlier)))

    @rx.event
    @allow(*STAFF)
    async def ask_to_delete(self, group: str) -> None:
        """Ask before a group is forgotten."""
        self.going = self._named(group)

    @rx.event
    @allow(*STAFF)
    async def delete(self) -> EventSpec | None:
        """Forget the group that one asked to."""
        ident, name = self.going["id"], self.going["name"]
        self.going = NONE
        return await self._do(lambda actor: here(actor, delete_group, parse_id(ident)), f"Groupe «\u00a0{name}\u00a0» supprimé.")

    def _named(self, group: str) -> GroupLine:
        return next((one for one in self.groups if one["id"] == group), NONE)

    def _close(self) -> None:
        self.editing, self.going = False, NONE

    async def _fill(self, actor: Actor) -> None:
        found = await run_blocking(here, actor, practice_groups)
        names = {ident.hex: name for ident, name in found.practitioners}
        self.practitioners = [Choice(id=ident, name=name) for ident, name in names.items()]
        self.groups = [
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


def _save(actor: Actor, group: str, form: dict[str, Any]) -> None:
    ticked = [name.removeprefix(PREFIX) for name, value in form.items() if name.startswith(PREFIX) and value]
    members = [parse_id(ident) for ident in ticked if is_id(ident)]
    here(actor, save_group, parse_id(group) if group else None, form.get("groupe-name"), members)
