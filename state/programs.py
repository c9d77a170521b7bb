"""The programs that a practice lets in: the list, the form of a new one, and a secret that is shown once."""

from datetime import timedelta
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.programs import Draft, Program, let_in, programs, renew_secret, turn_away
from state.cards import SecretCard
from state.rules import allow

SCOPE_WORDS: Final = {
    "directory.read": ("Voir ce qui se réserve", "Les praticiens, les lieux, les motifs et les créneaux libres."),
    "appointments.read": ("Lire l’agenda", "Les rendez-vous, avec leurs patients et leurs motifs."),
    "appointments.write": ("Donner, déplacer et annuler des rendez-vous", "Le patient en est prévenu comme d’habitude."),
    "patients.read": ("Lire les fiches des patients", "Leur identité et leurs coordonnées."),
    "patients.write": ("Créer et corriger des fiches", "L’identité et les coordonnées des patients."),
    "callers.read": ("Reconnaître qui appelle", "Le nom du patient, à partir de son numéro de téléphone."),
}
"""What each scope of the interface lets do, as people say it."""
OVERLAPS: Final = [("0", "Tout de suite"), ("1", "Dans un jour"), ("7", "Dans sept jours")]


class ProgramView(TypedDict):
    """A program as the list shows it."""

    id: str
    name: str
    client_id: str
    says: str
    alone: bool
    addresses: str
    used: str
    overlap: str


NONE: Final = ProgramView(id="", name="", client_id="", says="", alone=False, addresses="", used="", overlap="")


class Programs(SecretCard, rx.State):
    """The programs."""

    listed: list[ProgramView] = []
    chosen: ProgramView = NONE
    secret_of: str = ""
    """Whose it is: name and identifier."""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Let the program in; refused, the form stays as typed."""
        return await self._save(lambda actor: let_in(actor, _draft(form)), lambda given: self._show(*given), prefix="app-")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def ask(self, program: str, what: str) -> None:
        """Ask before a secret is renewed (`renew`) or a program turned away (`remove`)."""
        self.chosen = next((one for one in self.listed if one["id"] == program), NONE)
        self.asking = what if self.chosen["id"] else ""
        self._anew()

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def renew(self, form: dict[str, Any]) -> EventSpec | None:
        """Give the chosen program another secret."""
        ident, client, days = self.chosen["id"], self.chosen["client_id"], str(form.get("app-overlap", ""))
        return await self._save(lambda actor: _renew(actor, ident, days), lambda secret: self._show(client, secret))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def remove(self) -> EventSpec | None:
        """Turn the chosen program away."""
        ident = self.chosen["id"]
        return await self._save(
            lambda actor: turn_away(actor, parse_id(ident)), lambda name: f"{name} n’entre plus\u00a0: ses accès sont coupés."
        )

    def _show(self, client: str, secret: str) -> str:
        self.secret_of, self.secret = client, secret
        return ""

    async def _fill(self, actor: Actor) -> None:
        self.listed = await run_blocking(_listed, actor)


def _listed(actor: Actor) -> list[ProgramView]:
    found = programs(actor)
    zone = desk(actor).zone
    return [_view(one, zone) for one in found]


def _view(one: Program, zone: ZoneInfo) -> ProgramView:
    return ProgramView(
        id=one.id.hex,
        name=one.name,
        client_id=one.client_id,
        says=scopes_said(one.scopes),
        alone=one.acts_alone,
        addresses=", ".join(one.addresses),
        used=f"Dernier accès\u00a0: {moment(one.last_used_at, zone)}" if one.last_used_at else "Jamais encore utilisée",
        overlap=f"L’ancien secret reste bon jusqu’au {moment(one.overlaps_until, zone)}." if one.overlaps_until else "",
    )


def scopes_said(scopes: frozenset[str]) -> str:
    """Say in one line what scopes let do."""
    return ", ".join(words[0].lower() for scope, words in SCOPE_WORDS.items() if scope in scopes).capitalize()


def _draft(form: dict[str, Any]) -> Draft:
    return Draft(
        name=str(form.get("app-name", "")),
        scopes=[scope for scope in SCOPE_WORDS if form.get(f"app-{scope}")],
        addresses=str(form.get("app-addresses", "")).splitlines(),
        acts_alone=bool(form.get("app-alone")),
    )


def _renew(actor: Actor, program: str, days: str) -> str:
    return renew_secret(actor, parse_id(program), timedelta(days=int(days) if days.isdecimal() and len(days) < 3 else -1))
