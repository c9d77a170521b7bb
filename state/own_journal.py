"""Who saw a patient's file, in words for patients."""

from typing import Any, Final, TypedDict

import reflex as rx

from maiia_pro.journal.labels import told_to_patient
from maiia_pro.journal.own import A_PAGE, OwnLine, own_journal
from maiia_pro.journal.reading import Place
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from state.journal import moment_of
from state.rules import allow
from state.session import current_actor

ROLES: Final = {
    ActorKind.SECRETARY: "secrétariat",
    ActorKind.PRACTITIONER: "professionnel de santé",
    ActorKind.SUBSTITUTE: "remplaçant",
    ActorKind.API_CLIENT: "application du cabinet",
    ActorKind.PATIENT: "patient",
}


class SeenView(TypedDict):
    """Something that somebody did with the file."""

    title: str
    when: str
    detail: str


class OwnJournal(rx.State):
    """The acts that are shown."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    seen: list[SeenView] = []
    more: bool = False
    with_own: bool = False
    _before: Place | None = None

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read the latest acts."""
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PATIENT)
    async def choose(self, with_own: bool) -> None:
        """Show one's own acts too, or only those of others."""
        self.with_own = bool(with_own)
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PATIENT)
    async def go_on(self) -> None:
        """Show what came before."""
        await _read(self, await current_actor(self), further=True)


async def _read(state: OwnJournal, actor: Actor, *, further: bool = False) -> None:
    try:
        lines = await run_blocking(own_journal, actor, state._before if further else None, with_own=state.with_own)
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    shown = [seen_view(line) for line in lines]
    state.seen = [*state.seen, *shown] if further else shown
    state.more, state.status = len(lines) == A_PAGE, "ready"
    state._before = (lines[-1].at, lines[-1].sequence) if lines else None


def seen_view(line: OwnLine) -> Any:
    """Write an act for the patient."""
    said = told_to_patient(line.action)
    by = "Vous" if line.mine else line.by
    if line.mine:
        said = said.replace("a ", "avez ", 1).replace("vous avez ", "vous êtes ", 1)
    role = "" if line.mine else ROLES.get(line.kind, "").capitalize()
    for_whom = f"pour le compte de {line.behalf}" if line.behalf else ""
    return SeenView(
        title=f"{by} {said}",
        when=moment_of(line.at.astimezone(line.zone)),
        detail=" · ".join(part for part in (role, for_whom, line.practice, f"Dossier de {line.whose}" if line.whose else "") if part),
    )
