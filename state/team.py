"""The people of the practice, and what a practitioner lets each of them do."""

from datetime import date, datetime
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.identity.tables import DelegateKind
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import long_date, moment
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import picked_day
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.delegating import Delegate, Terms, delegate, delegates, end_delegation
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor, initials

LABELS: Final = {
    Right.AGENDA: ("Voir l’agenda", "L’afficher, l’imprimer, l’exporter\u00a0; traiter les demandes."),
    Right.BOOK: ("Donner des rendez-vous", "Avec la liste d’attente, et les coordonnées des patients."),
    Right.CHANGE: ("Déplacer et annuler", "Noter aussi les arrivées, les absences et les retards."),
    Right.FILE: ("Ouvrir le dossier des patients", "Leur identité, et ce que vous y écrivez."),
    Right.DOCUMENTS: ("Documents et ordonnances", "Les lire, les classer, les envoyer."),
    Right.MESSAGES: ("Messagerie", "Lire et écrire en votre nom."),
    Right.PAYMENTS: ("Paiements", "Encaisser, rembourser, voir ce qui est dû."),
    Right.FIGURES: ("Chiffres", "L’activité de votre agenda, mois par mois."),
    Right.SETTINGS: ("Réglages", "Changer vos horaires, vos absences et vos motifs."),
}
ROLES: Final = {ActorKind.SECRETARY: "Secrétariat", ActorKind.PRACTITIONER: "Praticien", ActorKind.SUBSTITUTE: "Remplaçant"}
KINDS: Final = {
    ActorKind.SECRETARY.value: "Secrétariat",
    ActorKind.SUBSTITUTE.value: "Remplaçant",
    ActorKind.AIDANT.value: "Aidant",
}
"""Whom a practitioner adds here; a colleague with an agenda is added where practices are set up."""
NOTHING: Final = "Aucun accès à votre agenda"


class Person(TypedDict):
    """Somebody of the practice, and what they are let do."""

    account: str
    delegation: str
    name: str
    initials: str
    role: str
    waiting: bool
    unchecked: bool
    """Whether a substitute still waits for the operator."""
    substitute: bool
    rights: list[str]
    """The values of `Right`."""
    says: str
    when: str
    used: str


NOBODY: Final = Person(
    account="",
    delegation="",
    name="",
    initials="",
    role="",
    waiting=False,
    unchecked=False,
    substitute=False,
    rights=[],
    says="",
    when="",
    used="",
)


class Team(rx.State):
    """The people, and the rights that are being written."""

    status: str = "waiting"
    """waiting, ready, none (an account without an agenda) or failed."""
    message: str = ""
    people: list[Person] = []
    chosen: Person = NOBODY
    editing: bool = False
    substitute: bool = False
    """Whether what is written is a substitute's access."""
    mark: str = ""
    """Changes each time the form opens, so that its fields are drawn anew."""
    adding: bool = False
    kind: str = ActorKind.SECRETARY.value
    """Who is being added."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def arrive(self) -> None:
        """Read who works here, with no form open."""
        self.editing, self.errors, self.summary = False, {}, []
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def edit(self, account: str, delegation: str) -> None:
        """Open the form of what somebody is let do."""
        known = (one for one in self.people if (one["account"], one["delegation"]) == (account, delegation))
        self.chosen = next(known, NOBODY)
        self.substitute = self.chosen["substitute"]
        self.editing, self.errors, self.summary, self.mark = bool(self.chosen["account"]), {}, [], uuid7().hex

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def close(self) -> None:
        """Close the form."""
        self.editing = False

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_kind(self, substitute: bool) -> None:
        """Choose between a standing access and a replacement."""
        self.substitute = bool(substitute)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Let them do what is ticked; refused, the form stays as typed."""
        actor, who = await current_actor(self), self.chosen
        try:
            await run_blocking(_save, actor, who["account"], form, self.substitute)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, **{name: f"champ-droits-{name}" for name in self.errors})
            return None if self.errors else refusal(error)
        self.editing, self.errors, self.summary = False, {}, []
        await _read(self, actor)
        return announce(f"Enregistré\u00a0: cela vaut dès le prochain geste de {who['name']}.", "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def add(self, opened: bool) -> None:
        """Open or close the form of a new person."""
        self.adding, self.kind, self.errors, self.summary, self.mark = bool(opened), ActorKind.SECRETARY.value, {}, [], uuid7().hex

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_role(self, kind: str) -> None:
        """Choose who is added; what was typed stays."""
        self.kind, self.errors, self.summary = kind if kind in KINDS else self.kind, {}, []

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        """Ask somebody in; refused, the form stays as typed."""
        actor = await current_actor(self)
        typed = {name.removeprefix("equipe-"): value for name, value in form.items()} | {"role": self.kind}
        try:
            new = Invitation.read(typed)
            await run_blocking(ask_in, actor, new)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, **{name: f"champ-equipe-{name}" for name in self.errors})
            return None if self.errors else refusal(error)
        self.adding, self.errors, self.summary = False, {}, []
        await _read(self, actor)
        return announce(f"L’invitation part à {new.email}.", "success")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def end(self, delegation: str) -> EventSpec:
        """Take back what was let."""
        actor = await current_actor(self)
        try:
            await run_blocking(_end, actor, delegation)
        except DomainError as error:
            return refusal(error)
        name = next((one["name"] for one in self.people if one["delegation"] == delegation), "")
        self.editing = False
        await _read(self, actor)
        return announce(f"{name} n’a plus accès à votre agenda.", "success")


async def _read(state: Team, actor: Actor) -> None:
    try:
        state.people = await run_blocking(_people, actor)
    except NotFound as nowhere:
        state.status, state.message = "none", nowhere.message
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
    else:
        state.status = "ready"


def _people(actor: Actor) -> list[Person]:
    found = delegates(actor)
    zone = desk(actor).zone
    return [_person(one, zone) for one in found]


def _person(one: Delegate, zone: ZoneInfo) -> Person:
    return Person(
        account=one.account_id.hex,
        delegation=one.delegation_id.hex if one.delegation_id else "",
        name=one.name,
        initials=initials(one.name),
        role=ROLES.get(one.role, ""),
        waiting=one.waiting,
        unchecked=not one.checked,
        substitute=one.kind is DelegateKind.SUBSTITUTE,
        rights=[right.value for right in Right if right in one.rights],
        says=", ".join(LABELS[right][0].lower() for right in Right if right in one.rights).capitalize() or NOTHING,
        when=_when(one.starts_at, one.ends_at, zone),
        used=f"Dernier geste pour vous\u00a0: {moment(one.last_used_at, zone)}" if one.last_used_at else "",
    )


def _when(starts_at: datetime | None, ends_at: datetime | None, zone: ZoneInfo) -> str:
    """Say from which day to which, where it is not always."""
    ahead = starts_at is not None and starts_at > clock.now()
    first = long_date(starts_at.astimezone(zone).date()) if starts_at and ahead else ""
    last = long_date(date.fromordinal(ends_at.astimezone(zone).date().toordinal() - 1)) if ends_at else ""
    if first and last:
        return f"Du {first} au {last}"
    return f"À partir du {first}" if first else f"Jusqu’au {last}" if last else ""


def _save(actor: Actor, account: str, form: dict[str, Any], substitute: bool) -> None:
    rights = [right for right in Right if form.get(f"droits-{right.value}")]
    first, last = _day(form, "first"), _day(form, "last")
    delegate(actor, parse_id(account), Terms(rights, substitute, first, last))


def _day(form: dict[str, Any], name: str) -> date | None:
    typed = form.get(f"droits-{name}")
    try:
        return picked_day(typed) if typed else None
    except ValueError:
        raise Invalid(fields={name: "Choisissez un jour du calendrier."}) from None


def _end(actor: Actor, delegation: str) -> None:
    end_delegation(actor, parse_id(delegation))
