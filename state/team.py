"""The people of the practice, and what a practitioner lets each of them do."""

from datetime import date, datetime
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.identity.presence import Presence
from maiia_pro.identity.tables import DelegateKind
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.french import long_date, moment, period
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import day_or_none
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.delegating import Delegate, Terms, delegate, delegates, end_delegation, rights_of
from state.cards import SettingsCard
from state.rules import allow
from state.session import initials

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
PRESENCES: Final = {
    Presence.INVITED: "Invitation envoyée",
    Presence.BLOCKED: "Compte bloqué par son titulaire",
    Presence.SUSPENDED: "Compte suspendu",
    Presence.DEACTIVATED: "Compte désactivé",
    Presence.UNCHECKED: "En attente de vérification",
}
"""What stops somebody of the practice from working there."""
COMING: Final = "Accès fermé jusqu’à sa venue et la vérification de sa profession."
"""Of a substitute who was asked in: true whether they had an account or not."""
NOTHING: Final = "Aucun accès à votre agenda"


class Person(TypedDict):
    """Somebody of the practice, and what they are let do."""

    account: str
    delegation: str
    name: str
    initials: str
    role: str
    presence: str
    """A `Presence`."""
    substitute: bool
    rights: list[str]
    """The values of `Right`."""
    says: str
    when: str
    coming: str
    used: str


NOBODY: Final = Person(
    account="",
    delegation="",
    name="",
    initials="",
    role="",
    presence="",
    substitute=False,
    rights=[],
    says="",
    when="",
    coming="",
    used="",
)


class Team(SettingsCard, rx.State):
    """The people, and the rights that are being written."""

    people: list[Person] = []
    chosen: Person = NOBODY
    editing: bool = False
    substitute: bool = False
    """Whether what is written is a substitute's access."""
    adding: bool = False
    kind: str = ActorKind.SECRETARY.value
    """Who is being added."""
    ending: Person = NOBODY
    """Whose access one is about to take back."""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def edit(self, account: str, delegation: str) -> None:
        """Open the form of what somebody is let do."""
        known = (one for one in self.people if (one["account"], one["delegation"]) == (account, delegation))
        self.chosen = next(known, NOBODY)
        self.substitute, self.editing = self.chosen["substitute"], bool(self.chosen["account"])
        self._anew()

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_kind(self, substitute: bool) -> None:
        """Choose between a standing access and a replacement."""
        self.substitute = bool(substitute)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Let them do what is ticked; refused, the form stays as typed."""
        account, substitute = self.chosen["account"], self.substitute
        said = f"Enregistré\u00a0: cela vaut dès le prochain geste de {self.chosen['name']}."
        return await self._save(lambda actor: _save(actor, account, form, substitute), said, prefix="droits-")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def add(self) -> None:
        """Open the form of a new person."""
        self.adding, self.kind = True, ActorKind.SECRETARY.value
        self._anew()

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def choose_role(self, kind: str) -> None:
        """Choose who is added; what was typed stays."""
        self.kind, self.errors, self.summary = kind if kind in KINDS else self.kind, {}, []

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        """Ask somebody in; refused, the form stays as typed."""
        typed = {name.removeprefix("equipe-"): value for name, value in form.items()} | {"role": self.kind}
        return await self._save(lambda actor: _invite(actor, typed), str, prefix="equipe-")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def ask_to_end(self, delegation: str) -> None:
        """Ask before what was let is taken back."""
        self.ending = next((one for one in self.people if delegation and one["delegation"] == delegation), NOBODY)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def end(self) -> EventSpec | None:
        """Take back what one asked to."""
        name, delegation = self.ending["name"], self.ending["delegation"]
        self.ending = NOBODY
        return await self._do(lambda actor: end_delegation(actor, parse_id(delegation)), f"{name} n’a plus accès à votre agenda.")

    def _close(self) -> None:
        self.editing, self.adding, self.ending = False, False, NOBODY

    async def _fill(self, actor: Actor) -> None:
        self.people = await run_blocking(_people, actor)


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
        presence=one.presence.value,
        substitute=one.kind is DelegateKind.SUBSTITUTE,
        rights=[right.value for right in Right if right in one.rights],
        says=", ".join(LABELS[right][0].lower() for right in Right if right in one.rights).capitalize() or NOTHING,
        when=_when(one.starts_at, one.ends_at, zone),
        coming=COMING if one.presence is Presence.INVITED and one.role is ActorKind.SUBSTITUTE else "",
        used=f"Dernier geste pour vous\u00a0: {moment(one.last_used_at, zone)}" if one.last_used_at else "",
    )


def _when(starts_at: datetime | None, ends_at: datetime | None, zone: ZoneInfo) -> str:
    """Say from which day to which, where it is not always."""
    ahead = starts_at is not None and starts_at > clock.now()
    first = starts_at.astimezone(zone).date() if starts_at and ahead else None
    last = date.fromordinal(ends_at.astimezone(zone).date().toordinal() - 1) if ends_at else None
    if first and last:
        return period(first, last)
    return f"À partir du {long_date(first)}" if first else f"Jusqu’au {long_date(last)}" if last else ""


def _save(actor: Actor, account: str, form: dict[str, Any], substitute: bool) -> None:
    typed = {name.removeprefix("droits-"): value for name, value in form.items()}
    first, last = (day_or_none(name, typed.get(name)) for name in ("first", "last"))
    delegate(actor, parse_id(account), Terms(rights_of(typed), substitute, first, last))


def _invite(actor: Actor, typed: dict[str, Any]) -> str:
    new = Invitation.read(typed)
    ask_in(actor, new)
    return f"L’invitation part à {new.email}.{without_rights(new)}"


def without_rights(new: Invitation) -> str:
    """Say that a secretary was let do nothing yet, and where that changes."""
    nothing = " Vous n’avez coché aucun droit\u00a0: «\u00a0Donner un accès\u00a0», dans Réglages, Équipe, en donne."
    return nothing if new.role is ActorKind.SECRETARY and not new.rights else ""
