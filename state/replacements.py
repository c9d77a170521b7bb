"""The replacements of one's agenda and those that one does, each with its handover sheet."""

from datetime import UTC, datetime
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.french import moment, period
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.handover import Replacement, Sheet, read_handover, replacements, write_handover
from state.agenda import STAFF
from state.announcements import refusal
from state.cards import StaffCard
from state.rules import allow
from state.session import current_actor
from state.team import PRESENCES

STANDS: Final = {"on": "En cours", "ahead": "À venir", "over": "Terminé"}


class ReplacementView(TypedDict):
    """A replacement, ready to show."""

    id: str
    title: str
    when: str
    stands: str
    """on, ahead, over, or the `Presence` of a substitute whom something keeps from it."""
    label: str
    before: str
    after: str
    opens: bool
    """Whether the viewer may open its sheet now."""
    why: str
    """Why not."""


NOTHING: Final = ReplacementView(id="", title="", when="", stands="", label="", before="", after="", opens=False, why="")


class Replacements(StaffCard, rx.State):
    """What the page of replacements shows."""

    lines: list[ReplacementView] = []
    opened: ReplacementView = NOTHING
    """Whose sheet is open."""
    mine: str = ""
    """What the viewer wrote on it, and what the other one did."""
    theirs: str = ""
    writes: str = ""

    @rx.event
    @allow(*STAFF)
    async def open(self, replacement: str) -> EventSpec | None:
        """Open a sheet; reading it is audited."""
        actor = await current_actor(self)
        try:
            sheet = await run_blocking(_sheet, actor, replacement)
        except DomainError as error:
            return refusal(error)
        await self._read(actor)
        self._anew()
        self.opened = next((one for one in self.lines if one["id"] == replacement), NOTHING)
        self.writes = sheet.writes
        self.mine, self.theirs = (sheet.before, sheet.after) if sheet.writes == "before" else (sheet.after, sheet.before)
        return None

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Write one's side; refused, it stays as typed."""
        ident, seen = self.opened["id"], self.mine
        return await self._save(lambda actor: write_handover(actor, parse_id(ident), form.get("words"), seen), "La fiche est enregistrée.")

    def _unread(self, error: DomainError) -> str:
        return "refused" if isinstance(error, NotAllowed) else "failed"

    def _close(self) -> None:
        self.opened, self.mine, self.theirs = NOTHING, "", ""

    async def _fill(self, actor: Actor) -> None:
        self.lines = [_view(one, clock.now()) for one in await run_blocking(replacements, actor)]


def _view(one: Replacement, now: datetime) -> ReplacementView:
    zone = ZoneInfo(one.zone)
    stands = "on" if one.is_on(now) else "ahead" if now < one.starts_at else "over"
    shown = one.presence.value if one.presence in PRESENCES and stands != "over" else stands
    last = (one.ends_at.astimezone(UTC) - one.ends_at.resolution).astimezone(zone).date()
    return ReplacementView(
        id=one.delegation_id.hex,
        title=f"{one.substitute} vous remplace" if one.mine else f"Vous remplacez {one.practitioner}",
        when=period(one.starts_at.astimezone(zone).date(), last),
        stands=shown,
        label=STANDS.get(shown, ""),
        before=_side("Consignes", "es", one.before_at, one.before_read_at, zone),
        after=_side("Compte rendu", "", one.after_at, one.after_read_at, zone),
        opens=one.mine or stands == "on",
        why="La fiche s’ouvrira le premier jour." if stands == "ahead" else "La fiche est rendue avec l’agenda.",
    )


def _side(what: str, ending: str, at: datetime | None, read_at: datetime | None, zone: ZoneInfo) -> str:
    """Say when one side was written, and when it was read; `ending` is that of a participle which agrees with `what`."""
    if at is None:
        return f"{what}\u00a0: rien d’écrit"
    then = f"lu{ending} {moment(read_at, zone)}" if read_at else f"pas encore lu{ending}"
    return f"{what}\u00a0: écrit{ending} {moment(at, zone)}, {then}"


def _sheet(actor: Actor, replacement: str) -> Sheet:
    return read_handover(actor, parse_id(replacement))
