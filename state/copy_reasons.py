"""Taking visit reasons over from a colleague: whose, then which."""

from typing import Any, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.reason_copies import Colleague, Copied, colleagues_reasons, copy_reasons
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import duration
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.next_free import Option
from state.rules import allow
from state.session import current_actor
from state.setup_reasons import ReasonsSetup, read_reasons
from state.setup_whose import Whose, whose


class TheirReason(TypedDict):
    """A reason of a colleague's."""

    value: str
    label: str


class CopyReasons(rx.State):
    """The colleague chosen, and what may be taken over from them."""

    opened: bool = False
    colleagues: list[Option] = []
    colleague: str = ""
    reasons: list[TheirReason] = []
    error: str = ""
    _all: dict[str, list[TheirReason]] = {}

    @rx.event
    @allow(*STAFF)
    async def open(self) -> EventSpec | None:
        """Read the colleagues who have reasons and open the dialog."""
        actor = await current_actor(self)
        try:
            found = await run_blocking(_colleagues, actor, await whose(self))
        except DomainError as error:
            return refusal(error)
        self._all = {one.id.hex: [_line(one, index) for index in range(len(one.reasons))] for one in found}
        self.colleagues = [Option(value=one.id.hex, label=one.name) for one in found]
        self.colleague = self.colleagues[0]["value"] if self.colleagues else ""
        self.reasons, self.error, self.opened = self._all.get(self.colleague, []), "", True
        return None

    @rx.event
    @allow(*STAFF)
    async def choose(self, colleague: str) -> None:
        """Show the reasons of another colleague."""
        if colleague in self._all:
            self.colleague, self.reasons, self.error = colleague, self._all[colleague], ""

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close the dialog; nothing is taken over."""
        self.opened = False

    @rx.event
    @allow(*STAFF)
    async def copy(self, form: dict[str, Any]) -> EventSpec | None:
        """Take over the reasons ticked, and say which were left."""
        actor = await current_actor(self)
        chosen = [one["value"] for one in self.reasons if form.get(f"reason-{one['value']}")]
        try:
            copied = await run_blocking(_copy, actor, await whose(self), self.colleague, chosen)
        except DomainError as error:
            self.error = error.message
            return None
        self.opened = False
        await read_reasons(await self.get_state(ReasonsSetup), actor)
        return announce(said(copied), "success" if copied.taken else "info")


def _line(one: Colleague, index: int) -> TheirReason:
    reason = one.reasons[index]
    return TheirReason(value=reason.id.hex, label=f"{reason.name} ({duration(reason.duration_minutes)})")


def said(copied: Copied) -> str:
    """Say what was taken over and what was left."""
    taken = f"Motifs copiés\u00a0: {', '.join(copied.taken)}." if copied.taken else "Aucun motif copié."
    left = f" Vous aviez déjà\u00a0: {', '.join(copied.left)}." if copied.left else ""
    return taken + left


def _colleagues(actor: Actor, agenda: Whose) -> tuple[Colleague, ...]:
    return colleagues_reasons(actor, agenda(actor))


def _copy(actor: Actor, agenda: Whose, colleague: str, reasons: list[str]) -> Copied:
    return copy_reasons(actor, agenda(actor), parse_id(colleague), [parse_id(one) for one in reasons])
