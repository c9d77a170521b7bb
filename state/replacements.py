"""The replacements of one's agenda and those that one does, each with its handover sheet."""

from datetime import UTC, datetime
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import long_date, moment
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.handover import Replacement, Sheet, read_handover, replacements, write_handover
from state.agenda import STAFF
from state.announcements import announce, field_errors, refusal
from state.rules import allow
from state.session import current_actor

STANDS: Final = {"on": "En cours", "ahead": "À venir", "over": "Terminé"}


class ReplacementView(TypedDict):
    """A replacement, ready to show."""

    id: str
    title: str
    when: str
    stands: str
    """on, ahead or over."""
    label: str
    before: str
    after: str
    opens: bool
    """Whether the viewer may open its sheet now."""
    why: str
    """Why not."""


NOTHING: Final = ReplacementView(id="", title="", when="", stands="", label="", before="", after="", opens=False, why="")


class Replacements(rx.State):
    """What the page of replacements shows."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    lines: list[ReplacementView] = []
    opened: ReplacementView = NOTHING
    """Whose sheet is open."""
    mine: str = ""
    """What the viewer wrote on it, and what the other one did."""
    theirs: str = ""
    writes: str = ""
    error: str = ""
    mark: str = ""
    """Changes each time a sheet opens, so that its field is drawn anew."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """List the replacements, with no sheet open."""
        self.opened, self.mine, self.theirs, self.error = NOTHING, "", "", ""
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def open(self, replacement: str) -> EventSpec | None:
        """Open a sheet; reading it is audited."""
        actor = await current_actor(self)
        try:
            sheet = await run_blocking(_sheet, actor, replacement)
        except DomainError as error:
            return refusal(error)
        await _read(self, actor)
        self.opened = next((one for one in self.lines if one["id"] == replacement), NOTHING)
        self.writes, self.error, self.mark = sheet.writes, "", uuid7().hex
        self.mine, self.theirs = (sheet.before, sheet.after) if sheet.writes == "before" else (sheet.after, sheet.before)
        return None

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the sheet."""
        self.opened, self.mine, self.theirs, self.error = NOTHING, "", "", ""

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Write one's side; refused, it stays as typed."""
        actor = await current_actor(self)
        try:
            await run_blocking(_write, actor, self.opened["id"], form.get("words"), self.mine)
        except DomainError as error:
            self.error = next(iter(field_errors(error).values()), "")
            return None if self.error else refusal(error)
        self.opened, self.mine, self.theirs, self.error = NOTHING, "", "", ""
        await _read(self, actor)
        return announce("La fiche est enregistrée.", "success")


async def _read(state: Replacements, actor: Actor) -> None:
    try:
        found = await run_blocking(replacements, actor)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.lines, state.status = [_view(one, clock.now()) for one in found], "ready"


def _view(one: Replacement, now: datetime) -> ReplacementView:
    zone = ZoneInfo(one.zone)
    stands = "on" if one.is_on(now) else "ahead" if now < one.starts_at else "over"
    last = (one.ends_at.astimezone(UTC) - one.ends_at.resolution).astimezone(zone).date()
    return ReplacementView(
        id=one.delegation_id.hex,
        title=f"{one.substitute} vous remplace" if one.mine else f"Vous remplacez {one.practitioner}",
        when=f"Du {long_date(one.starts_at.astimezone(zone).date())} au {long_date(last)}",
        stands=stands,
        label=STANDS[stands],
        before=_side("Consignes", one.before_at, one.before_read_at, zone),
        after=_side("Compte rendu", one.after_at, one.after_read_at, zone),
        opens=one.mine or stands == "on",
        why="La fiche s’ouvrira le premier jour." if stands == "ahead" else "La fiche est rendue avec l’agenda.",
    )


def _side(what: str, at: datetime | None, read_at: datetime | None, zone: ZoneInfo) -> str:
    """Say when one side was written, and when it was read."""
    if at is None:
        return f"{what}\u00a0: rien d’écrit"
    read = f", lu {moment(read_at, zone)}" if read_at else ", pas encore lu"
    return f"{what}\u00a0: écrit {moment(at, zone)}{read}"


def _sheet(actor: Actor, replacement: str) -> Sheet:
    return read_handover(actor, parse_id(replacement))


def _write(actor: Actor, replacement: str, words: object, seen: object) -> None:
    write_handover(actor, parse_id(replacement), words, seen)
