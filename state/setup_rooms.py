"""The settings of a practice's rooms and equipment."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.resources import ResourceForm, ResourceView, practice_resources, retire_resource, save_resource
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor


class RoomLine(TypedDict):
    """A room or equipment as it is listed."""

    id: str
    name: str
    kind: str
    site: str
    retired: bool


NONE: Final = RoomLine(id="", name="", kind="", site="", retired=False)


class RoomsSetup(rx.State):
    """Rooms and equipment of the practice, and the one that is being written."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    rooms: list[RoomLine] = []
    kinds: list[str] = []
    places: list[Option] = []
    editing: bool = False
    start: RoomLine = NONE
    mark: str = ""
    """Changes each time the form opens, so that its fields are drawn anew."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the rooms, with no form open."""
        self.editing, self.errors, self.summary = False, {}, []
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def edit(self, room: str) -> None:
        """Open the form of a room, or of a new one."""
        self.start = next((one for one in self.rooms if one["id"] == room), NONE)
        self.editing, self.errors, self.summary, self.mark = True, {}, [], uuid7().hex

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the form."""
        self.editing = False

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the room; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            await run_blocking(_save, actor, form, self.start["id"])
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, name="champ-room-name", kind="champ-room-kind", site="champ-room-site")
            return None if self.errors else refusal(error)
        self.editing = False
        await _read(self, actor)
        return announce("Salle ou matériel enregistré.", "success")

    @rx.event
    @allow(*STAFF)
    async def retire(self, room: str, retired: bool) -> EventSpec | None:
        """Give a room to no visit any more, or take that back."""
        actor = await current_actor(self)
        try:
            await run_blocking(_retire, actor, room, retired)
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        words = "Retiré\u00a0: les rendez-vous qui l’occupent le gardent." if retired else "Remis en service."
        return announce(words, "success")


async def _read(state: RoomsSetup, actor: Actor) -> None:
    try:
        found = await run_blocking(practice_resources, actor)
    except NotFound:
        return
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    state.rooms = [_line(one) for one in found.resources]
    state.kinds = [kind.name for kind in found.kinds]
    state.places = [Option(value=ident.hex, label=name) for ident, name in found.sites]
    state.status = "ready"


def _line(one: ResourceView) -> RoomLine:
    return RoomLine(id=one.id.hex, name=one.name, kind=one.kind.name, site=one.site, retired=one.retired)


def _save(actor: Actor, form: dict[str, Any], room: str) -> None:
    asked = {name: str(form.get(name) or "") for name in ("name", "kind", "site")}
    known = practice_resources(actor)
    site = parse_id(asked["site"]) if asked["site"] else known.sites[0][0]
    save_resource(actor, ResourceForm(asked["name"], asked["kind"], site), parse_id(room) if room else None)


def _retire(actor: Actor, room: str, retired: bool) -> None:
    retire_resource(actor, parse_id(room), retired=retired)
