"""The page of what an account says of who works with the software: corrected, checked, declared, with its history."""

from collections.abc import Sequence
from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.codes import CodeOver, CodeSpent
from maiia_pro.identity.contact_codes import ask_new_contact, drop_contact_code
from maiia_pro.identity.health import DETAIL_LABELS, confirm_details
from maiia_pro.identity.national_number import number_words
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import PARIS, long_date, moment, phone
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.account_details import Change, Details, confirm_email, my_details, save_details
from maiia_pro.practice.declared_tables import Declared, ProofKind
from maiia_pro.practice.declaring import LABELS, DeclarationForm, DeclarationView, declare, own_declarations
from maiia_pro.practice.proofs import ProofLine, own_proofs, remove_proof
from state.account_notices import AccountNotices
from state.announcements import announce, field_errors, refusal
from state.cards import FormCard
from state.rules import allow
from state.session import current_actor, network

PROFESSIONALS: Final = (ActorKind.PRACTITIONER, ActorKind.SUBSTITUTE, ActorKind.AIDANT)
AT_WORK: Final = (ActorKind.SECRETARY, *PROFESSIONALS, ActorKind.OPERATOR)
KINDS: Final = {ProofKind.PDF: "PDF", ProofKind.IMAGE: "Photo"}
FORMS: Final = frozenset({"details", "email", *Declared})


class DetailsView(TypedDict):
    """What the account says."""

    name: str
    profession: str
    rpps: str
    email: str
    phone: str
    checked_on: str
    due: bool
    unreached: bool
    has_sheet: bool
    """Whether it is a practitioner's: their sheet bears the name."""
    what: str
    """What a change of profession is declared as."""
    role: str
    checked: bool


class ChangeView(TypedDict):
    """A change of the history."""

    title: str
    when: str


class ProofView(TypedDict):
    """A document that was shown."""

    id: str
    label: str
    """« PDF, 320 ko, ajouté le … »."""


class DeclaredView(TypedDict):
    """A change that was declared."""

    title: str
    when: str
    standing: str
    """waiting, accepted or refused."""
    answer: str


NOTHING: Final = DetailsView(
    name="", profession="", rpps="", email="", phone="", checked_on="", due=False, unreached=False, has_sheet=False, what="", role="",
    checked=True,
)  # fmt: skip


class OwnDetails(FormCard, rx.State):
    """What the page shows, and the form that is open."""

    details: DetailsView = NOTHING
    history: list[ChangeView] = []
    declared: list[DeclaredView] = []
    proofs: list[ProofView] = []
    looked_at: bool = False
    """Whether a first look at the profession waits for an operator."""
    awaited: str = ""
    """The new address that waits for its code."""
    changing: str = ""
    """The form that is open: `details`, `email`, what is declared (`Declared`), or none."""

    @rx.event
    @allow(*AT_WORK)
    async def arrive(self) -> None:
        """Read what the account says; where a code is awaited its form is open."""
        self._rest()
        await self._read(await current_actor(self))
        self.changing = "email" if self.awaited else ""

    @rx.event
    @allow(*AT_WORK)
    async def open(self, what: str) -> None:
        """Open a form."""
        self._rest()
        self.changing = what if what in FORMS else ""

    @rx.event
    @allow(*AT_WORK)
    async def close(self) -> None:
        """Change nothing after all; a code that was sent serves no more."""
        actor = await current_actor(self)
        if self.awaited:
            await run_blocking(drop_contact_code, actor)
        self._rest()
        await self._read(actor)

    @rx.event
    @allow(*AT_WORK)
    async def confirm_all(self) -> EventSpec:
        """Say that all is right."""
        actor = await current_actor(self)
        try:
            await run_blocking(confirm_details, actor)
        except DomainError as error:
            return refusal(error)
        await self._read(actor)
        (await self.get_state(AccountNotices)).check_due = False
        return announce("Merci. Nous vous le redemanderons dans six mois.", "success")

    @rx.event
    @allow(*AT_WORK)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Correct name and telephone; refused, what was typed stays."""
        return await self._save(lambda actor: save_details(actor, form), "C’est enregistré.")

    @rx.event
    @allow(*AT_WORK)
    async def check_address(self) -> EventSpec | None:
        """Have a code sent to the present address, which mail did not reach."""
        self._rest()
        return await _send(self, self.details["email"])

    @rx.event
    @allow(*AT_WORK)
    async def send_again(self) -> EventSpec:
        """Have another code sent to where the last one went."""
        return await _send(self, self.awaited) or announce("Un nouveau code part. Le précédent ne sert plus.", "success")

    @rx.event
    @allow(*AT_WORK)
    async def confirm_code(self, form: dict[str, Any]) -> EventSpec | None:
        """Change the address with the code."""
        actor = await current_actor(self)
        try:
            await run_blocking(confirm_email, actor, form.get("code"))
        except (CodeOver, CodeSpent) as error:
            await run_blocking(drop_contact_code, actor)
            await self._read(actor)
            return refusal(error)
        except DomainError as error:
            self.errors = {"code": " ".join(field_errors(error).values()) or error.message}
            return None
        self._rest()
        await self._read(actor)
        (await self.get_state(AccountNotices)).unreached = False
        return announce("Votre adresse est confirmée.", "success")

    @rx.event
    @allow(*PROFESSIONALS)
    async def declare(self, form: dict[str, Any]) -> EventSpec | None:
        """Declare another profession or number, or ask for another look, for an operator to decide."""
        typed = form | {"what": self.changing}
        return await self._save(
            lambda actor: declare(actor, DeclarationForm.read(typed)), "C’est transmis. La réponse vous arrivera par e-mail."
        )

    @rx.event
    @allow(*PROFESSIONALS)
    async def see_proofs(self) -> EventSpec | None:
        """List the document that has just been sent."""
        return await self._done_proofs("La pièce est ajoutée.")

    @rx.event
    @allow(*PROFESSIONALS)
    async def remove_proof(self, proof: str) -> EventSpec | None:
        """Take a document back."""
        try:
            await run_blocking(remove_proof, await current_actor(self), parse_id(proof))
        except DomainError as error:
            return refusal(error)
        return await self._done_proofs("La pièce est retirée.")

    async def _done_proofs(self, said: str) -> EventSpec:
        """List the documents again: what is being typed stays."""
        try:
            self.proofs = proof_views(await run_blocking(own_proofs, await current_actor(self)))
        except DomainError as error:
            return refusal(error)
        return announce(said, "success")

    def _close(self) -> None:
        self.changing, self.mark = "", uuid7().hex

    async def _fill(self, actor: Actor) -> None:
        found = await run_blocking(my_details, actor)
        declared = await run_blocking(own_declarations, actor) if actor.kind in PROFESSIONALS else []
        self.details, self.awaited = _details(found, actor.kind), found.awaited
        self.proofs = proof_views(await run_blocking(own_proofs, actor)) if actor.kind in PROFESSIONALS else []
        self.looked_at = any(one.what is Declared.CHECK and one.accepted is None for one in declared)
        self.history = [_change(one) for one in found.history]
        self.declared = [_declared(one) for one in reversed(declared)]


async def _send(state: OwnDetails, typed: object) -> EventSpec | None:
    actor = await current_actor(state)
    try:
        await run_blocking(ask_new_contact, actor, typed, network(state))
    except DomainError as error:
        state.errors = field_errors(error)
        return None if state.errors else refusal(error)
    state.errors, state.changing, state.mark = {}, "email", uuid7().hex
    await state._read(actor)
    return None


def _details(found: Details, kind: ActorKind) -> DetailsView:
    return DetailsView(
        name=found.name,
        profession=found.profession,
        rpps=number_words(found.rpps),
        email=found.email,
        phone=phone(found.phone) if found.phone else "",
        checked_on=long_date(found.checked_at.astimezone(PARIS).date(), year=True) if found.checked_at else "",
        due=found.due,
        unreached=found.unreached,
        has_sheet=found.has_sheet,
        what=Declared.SPECIALTY if kind is ActorKind.PRACTITIONER else Declared.PROFESSION,
        role=kind,
        checked=found.checked,
    )


def proof_views(found: Sequence[ProofLine]) -> list[ProofView]:
    """Write documents for a screen."""
    return [ProofView(id=one.id.hex, label=_proof_words(one)) for one in found]


def _proof_words(one: ProofLine) -> str:
    size = f"{-(-one.size // 1000)}\u00a0ko" if one.size < 1_000_000 else f"{one.size / 1_000_000:.1f}\u00a0Mo".replace(".", ",")
    return f"{KINDS[one.kind]}, {size}, {moment(one.added_at, PARIS)}"


def _change(one: Change) -> ChangeView:
    title = f"{DETAIL_LABELS[one.what]}\u00a0: {one.before or 'rien'} → {one.after or 'rien'}"
    return ChangeView(title=title, when=f"{moment(one.at, PARIS, year=True)}, par {one.by}")


def _declared(one: DeclarationView) -> DeclaredView:
    return DeclaredView(
        title=f"{LABELS[one.what]}\u00a0: " + " → ".join(value for value in (one.before, one.wanted) if value),
        when=moment(one.declared_at, PARIS, year=True),
        standing="waiting" if one.accepted is None else "accepted" if one.accepted else "refused",
        answer=one.answer,
    )
