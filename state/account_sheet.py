"""One account as the operator reads it, and what they decide of it."""

import re
from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.national_number import number_words
from maiia_pro.identity.restriction_tables import RestrictionKind
from maiia_pro.identity.tables import PROFESSION_LABELS, AccountStatus, Profession
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import PARIS, moment, phone
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import day_or_none
from maiia_pro.kernel.work import run_blocking
from maiia_pro.operations.accounts import AccountSheet, account_sheet
from maiia_pro.operations.resetting import reset_factors
from maiia_pro.operations.restricting import Decision, restore_account, restrict_account
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty
from state.account_words import DONE, KINDS, RESET_DONE, decision_words, factor_words, opened_words, reset_words, state_of
from state.cards import FormCard
from state.rules import allow
from state.session import current_actor, initials

RESTORE: Final = "restored"
"""What is decided where an account is opened again."""
RESET: Final = "reset"
"""What is decided where its second factors are taken away."""


CAUTION: Final = (
    "Un mot de passe choisi par un lien, une nouvelle adresse ou un nouveau numéro, le {}\u00a0: "
    "quelqu’un d’autre tient peut-être ce compte ou sa messagerie. "
    "Rappelez un numéro connu d’avant ce jour."
)


class SheetView(TypedDict):
    """An account; `open_to` lists what may be decided of it."""

    id: str
    name: str
    initials: str
    kind: str
    identifier: str
    places: str
    rpps: str
    specialty: str
    since: str
    last: str
    sessions: str
    factors: str
    caution: str
    """Why to look twice before second factors are taken away."""
    state: str
    tone: str
    warning: str
    """Who will be told, where patients are to come."""
    open_to: list[str]
    own: bool
    opened: list[str]
    """What it opened for its practices in the last thirty days."""


class DecisionView(TypedDict):
    """A decision of the history, or a reset of the second factors."""

    title: str
    when: str
    more: list[str]


NOBODY: Final = SheetView(
    id="", name="", initials="", kind="", identifier="", places="", rpps="", specialty="", since="", last="", sessions="", factors="",
    caution="", state="", tone="neutral", warning="", open_to=[], own=False, opened=[],
)  # fmt: skip


class AccountPage(FormCard, rx.State):
    """The account that the address names; `missing` where there is none."""

    sheet: SheetView = NOBODY
    decisions: list[DecisionView] = []
    deciding: str = ""
    """What is being decided: a `RestrictionKind`, `restored`, `reset`, or nothing."""
    _seen: str = ""
    """The decision that stood when the page was read."""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def arrive(self) -> None:
        """Read the account."""
        self._rest()
        await self._read(await current_actor(self))

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def decide(self, what: str) -> None:
        """Open the form of a decision."""
        self.deciding = what if what in self.sheet["open_to"] else ""
        self._anew()

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def leave(self) -> None:
        """Close the form without deciding."""
        self._rest()

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Decide; refused, the form stays as typed. Nothing is decided where no form was opened."""
        if not self.deciding:
            return None
        actor, what = await current_actor(self), self.deciding
        try:
            await run_blocking(_decide, actor, self.sheet["id"], what, form, self._seen)
        except DomainError as error:
            said = self._refused(error, f"{RESET if what == RESET else 'decision'}-")
            if not self.errors:
                self._rest()
                await self._read(actor)
            return said
        self._rest()
        done = {RESTORE: "Compte rétabli", RESET: RESET_DONE}.get(what) or DONE[RestrictionKind(what)]
        return await self._done(actor, None, f"{done}. La personne en est informée.")

    def _unread(self, error: DomainError) -> str:
        return "missing" if isinstance(error, NotFound) else "failed"

    def _close(self) -> None:
        self.deciding = ""

    async def _fill(self, actor: Actor) -> None:
        named = re.match(r"/operateur/comptes/([0-9a-f-]{1,40})", self.router.url.path)
        self.sheet = NOBODY
        found = await run_blocking(_found, actor, named[1] if named else "")
        self._seen = found.standing.id.hex if found.standing else ""
        self.sheet = sheet_view(found)
        told = [(one.at, decision_words(one)) for one in found.decisions] + [(one.at, reset_words(one)) for one in found.resets]
        latest = sorted(told, key=lambda line: line[0], reverse=True)
        self.decisions = [DecisionView(title=title, when=when, more=more) for _, (title, when, more) in latest]


def _decide(actor: Actor, ident: str, what: str, form: dict[str, Any], seen: str) -> None:
    stood = parse_id(seen) if seen else None
    if what == RESTORE:
        restore_account(actor, parse_id(ident), stood, form.get("decision-note"))
        return
    if what == RESET:
        reset_factors(actor, parse_id(ident), form.get("reset-checked"), form.get("reset-reference"))
        return
    shown, last = bool(form.get("decision-shown")), day_or_none("last", form.get("decision-last"))
    decision = Decision(RestrictionKind(what), form.get("decision-ground"), form.get("decision-note"), shown, last)
    restrict_account(actor, parse_id(ident), decision, stood)


def _found(actor: Actor, ident: str) -> AccountSheet:
    return account_sheet(actor, parse_id(ident))


def open_to(found: AccountSheet) -> list[str]:
    """List what may be decided of an account: never of one's own."""
    return [] if found.own else [*_shutting(found), *([RESET] if found.held.any else [])]


def _shutting(found: AccountSheet) -> list[str]:
    if found.standing is None:
        return (
            [RestrictionKind.REFUSED]
            if found.line.status is AccountStatus.PENDING and not found.line.blocked
            else [RestrictionKind.SUSPENDED, RestrictionKind.DEACTIVATED]
        )
    further = [RestrictionKind.DEACTIVATED.value] if found.standing.kind is RestrictionKind.SUSPENDED else []
    return [RESTORE, *further]


def sheet_view(found: AccountSheet) -> SheetView:
    """Write an account for the screen."""
    line, (state, tone) = found.line, state_of(found.line)
    to_come = (
        f"{found.to_come}\u00a0patients qui ont un rendez-vous à venir seront invités"
        if found.to_come > 1
        else "Un patient qui a un rendez-vous à venir sera invité"
    )
    return SheetView(
        id=line.id.hex,
        name=line.name,
        initials=initials(line.name),
        kind=KINDS[line.kind],
        identifier=line.identifier if "@" in line.identifier else phone(line.identifier),
        places=", ".join(line.places),
        rpps=number_words(found.rpps),
        specialty=_practised(found),
        since=moment(found.created_at, PARIS, year=True),
        last=moment(found.last_sign_in, PARIS, year=True) if found.last_sign_in else "Jamais",
        sessions=str(found.sessions) if found.sessions else "Aucune",
        factors=factor_words(found.held),
        caution=CAUTION.format(moment(found.reopened_at, PARIS, year=True)) if found.reopened_at else "",
        state=state,
        tone=tone,
        warning=f"{to_come} à appeler le cabinet avant de venir." if found.to_come else "",
        open_to=[str(one) for one in open_to(found)],
        own=found.own,
        opened=[opened_words(one) for one in found.opened],
    )


def _practised(found: AccountSheet) -> str:
    """Say what somebody practises, with whether it was checked where that counts."""
    if found.profession:
        since = f"vérifié le {moment(found.checked_at, PARIS, year=True)}" if found.checked_at else "à vérifier"
        return f"{PROFESSION_LABELS[Profession(found.profession)]}, {since}"
    return SPECIALTY_LABELS[Specialty(found.specialty)] if found.specialty else ""
