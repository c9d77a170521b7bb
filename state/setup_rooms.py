"""The settings of a practice's rooms and equipment."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.resources import ResourceForm, ResourceView, practice_resources, retire_resource, save_resource
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.cards import StaffCard
from state.next_free import Option
from state.rules import allow


class RoomLine(TypedDict):
    """A room or equipment as it is listed."""

    id: str
    name: str
    kind: str
    site: str
    retired: bool


NONE: Final = RoomLine(id="", name="", kind="", site="", retired=False)


class RoomsSetup(StaffCard, rx.State):
    """Rooms and equipment of the practice, and the one that is being written."""

    rooms: list[RoomLine] = []
    kinds: list[str] = []
    places: list[Option] = []
    editing: bool = False
    start: RoomLine = NONE

    @rx.event
    @allow(*STAFF)
    async def edit(self, room: str) -> None:
        """Open the form of a room, or of a new one."""
        self.start = next((one for one in self.rooms if one["id"] == room), NONE)
        self.editing = True
        self._anew()

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the room; refused, the form stays as typed."""
        ident = self.start["id"]
        return await self._save(lambda actor: _save(actor, form, ident), "Salle ou matériel enregistré.", prefix="room-")

    @rx.event
    @allow(*STAFF)
    async def retire(self, room: str, retired: bool) -> EventSpec | None:
        """Give a room to no visit any more, or take that back."""
        said = "Retiré\u00a0: les rendez-vous qui l’occupent le gardent." if retired else "Remis en service."
        return await self._do(lambda actor: retire_resource(actor, parse_id(room), retired=retired), said)

    def _unread(self, error: DomainError) -> str:
        return "waiting" if isinstance(error, NotFound) else "failed"

    def _close(self) -> None:
        self.editing = False

    async def _fill(self, actor: Actor) -> None:
        found = await run_blocking(practice_resources, actor)
        self.rooms = [_line(one) for one in found.resources]
        self.kinds = [kind.name for kind in found.kinds]
        self.places = [Option(value=ident.hex, label=name) for ident, name in found.sites]


def _line(one: ResourceView) -> RoomLine:
    return RoomLine(id=one.id.hex, name=one.name, kind=one.kind.name, site=one.site, retired=one.retired)


def _save(actor: Actor, form: dict[str, Any], room: str) -> None:
    asked = {name: str(form.get(name) or "") for name in ("name", "kind", "site")}
    known = practice_resources(actor)
    site = parse_id(asked["site"]) if asked["site"] else known.sites[0][0]
    save_resource(actor, ResourceForm(asked["name"], asked["kind"], site), parse_id(room) if room else None)
