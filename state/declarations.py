"""What professionals declare of their profession or RPPS, and whom practices ask in, as it waits for an operator's decision."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import PARIS, moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.declaring import LABELS, DeclarationView, decide, waiting_declarations
from maiia_pro.practice.rpps import key_holds
from state.announcements import refusal
from state.cards import FormCard
from state.own_details import ProofView, proof_views
from state.rules import allow
from state.session import current_actor

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
    proofs: list[ProofView]


class Declarations(FormCard, rx.State):
    """What waits, and the refusal that is being written."""

    waiting: list[WaitingView] = []
    refused: str = ""
    """The declaration whose refusal is being written."""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def arrive(self) -> None:
        """Read what waits."""
        self._rest()
        await self._read(await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def accept(self, declaration: str) -> EventSpec | None:
        """Accept what was declared: it counts at once."""
        actor = await current_actor(self)
        try:
            await run_blocking(decide, actor, parse_id(declaration), accept=True)
        except DomainError as error:
            await self._read(actor)
            return refusal(error)
        return await self._done(actor, None, "C’est enregistré. La personne est prévenue.")

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def begin_refusal(self, declaration: str) -> None:
        """Open the form that asks for the reason of a refusal; with nothing, close it."""
        self.refused = str(declaration)
        self._anew()

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def refuse(self, form: dict[str, Any]) -> EventSpec | None:
        """Refuse what was declared, with the reason."""
        ident, words = self.refused, form.get("answer")
        return await self._save(
            lambda actor: decide(actor, parse_id(ident), accept=False, answer=words), "Refus enregistré. La personne est prévenue."
        )

    def _close(self) -> None:
        self.refused = ""

    async def _fill(self, actor: Actor) -> None:
        self.waiting = [_view(one) for one in await run_blocking(waiting_declarations, actor)]


def _view(one: DeclarationView) -> WaitingView:
    return WaitingView(
        id=one.id.hex,
        who=one.who,
        practice=one.practice,
        what=LABELS[one.what],
        before=one.before,
        wanted=one.wanted,
        proof=one.proof,
        when=moment(one.declared_at, PARIS, year=True),
        doubt=DOUBT if one.number and not key_holds(one.number) else "",
        proofs=proof_views(one.proofs),
    )
