"""What professionals declare of their profession or RPPS, and whom practices ask in, as it waits for an operator's decision."""

from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.declaring import LABELS, DeclarationView, decide, waiting_declarations
from maiia_pro.practice.rpps import key_holds
from state.announcements import announce, field_errors, refusal
from state.rules import allow
from state.session import current_actor

ZONE: Final = ZoneInfo("Europe/Paris")
DOUBT: Final = "La clé du numéro ne correspond pas."


class WaitingView(TypedDict):
    """A declaration that waits."""

    id: str
    who: str
    practice: str
    what: str
    before: str
    wanted: str
    proof: str
    when: str
    doubt: str


class Declarations(rx.State):
    """What waits, and the refusal that is being written."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    waiting: list[WaitingView] = []
    refused: str = ""
    """The declaration whose refusal is being written."""
    errors: dict[str, str] = {"answer": ""}
    mark: str = ""
    """Changes each time the form opens, so that its field is drawn anew."""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def arrive(self) -> None:
        """Read what waits."""
        self.refused, self.errors = "", {"answer": ""}
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def accept(self, declaration: str) -> EventSpec:
        """Accept what was declared: it counts at once."""
        actor = await current_actor(self)
        try:
            await run_blocking(decide, actor, parse_id(declaration), accept=True)
        except DomainError as error:
            await _read(self, actor)
            return refusal(error)
        await _read(self, actor)
        return announce("C’est enregistré. La personne est prévenue.", "success")

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def begin_refusal(self, declaration: str) -> None:
        """Open the form that asks for the reason of a refusal; with nothing, close it."""
        self.refused, self.errors, self.mark = str(declaration), {"answer": ""}, uuid7().hex

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def refuse(self, form: dict[str, Any]) -> EventSpec | None:
        """Refuse what was declared, with the reason."""
        actor = await current_actor(self)
        try:
            await run_blocking(decide, actor, parse_id(self.refused), accept=False, answer=form.get("answer"))
        except DomainError as error:
            self.errors = {"answer": ""} | field_errors(error)
            return None if field_errors(error) else refusal(error)
        self.refused = ""
        await _read(self, actor)
        return announce("Refus enregistré. La personne est prévenue.", "success")


async def _read(state: Declarations, actor: Actor) -> None:
    try:
        state.waiting = [_view(one) for one in await run_blocking(waiting_declarations, actor)]
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.status = "ready"


def _view(one: DeclarationView) -> WaitingView:
    return WaitingView(
        id=one.id.hex,
        who=one.who,
        practice=one.practice,
        what=LABELS[one.what],
        before=one.before,
        wanted=one.wanted,
        proof=one.proof,
        when=moment(one.declared_at, ZONE, year=True),
        doubt=DOUBT if one.number and not key_holds(one.number) else "",
    )
