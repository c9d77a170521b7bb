"""The trail on the screen: a practitioner's practice, or everybody's acts for the operator."""

from datetime import datetime
from typing import Any, Final, TypedDict

import reflex as rx

from maiia_pro.agenda.desk import desk
from maiia_pro.journal.export import KINDS
from maiia_pro.journal.labels import label_of
from maiia_pro.journal.reading import A_PAGE, JournalLine, JournalQuery, Place, journal
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import clock_time, long_date
from maiia_pro.kernel.work import run_blocking
from state.announcements import field_errors
from state.next_free import Option
from state.rules import allow
from state.session import current_actor

READERS: Final = (ActorKind.PRACTITIONER, ActorKind.OPERATOR)
ASKED: Final = {"first": "du", "last": "au", "group": "genre", "person": "personne", "patient": "patient", "practitioner": "praticien"}
"""Fields of the form, with their names where the file is asked for."""
MINE: Final = "moi"
"""Stands for what others did for the practitioner who asks."""


class ActView(TypedDict):
    """An act as the list shows it."""

    act: str
    who: str
    on: str
    when: str
    place: str


class Journal(rx.State):
    """What is asked of the trail, and what it answers."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    asked: dict[str, str] = {}
    practitioners: list[Option] = []
    acts: list[ActView] = []
    more: bool = False
    file: list[dict[str, str]] = []
    """What asks for the same acts as a table: no address, which would be written down with a patient's name in it."""
    errors: dict[str, str] = {}
    _before: Place | None = None
    _own: str = ""
    """The practitioner who asks."""

    @rx.event
    @allow(*READERS)
    async def arrive(self) -> None:
        """Show the last thirty days, or what was asked before."""
        actor = await current_actor(self)
        try:
            query = JournalQuery.parse(self.asked)
            self.practitioners, self._own = await run_blocking(_practitioners, actor)  # type: ignore[assignment]
        except DomainError as refused:
            self.status, self.message = "failed", refused.message
            return
        self.asked = {"first": query.first.isoformat(), "last": query.last.isoformat()} | self.asked
        await _read(self, actor)

    @rx.event
    @allow(*READERS)
    async def ask(self, field: str, value: str) -> None:
        """Narrow the trail by one more thing, or by one less."""
        if field not in ASKED:
            return
        self.asked = self.asked | {field: str(value)[:120]}
        await _read(self, await current_actor(self))

    @rx.event
    @allow(*READERS)
    async def go_on(self) -> None:
        """Show what came before."""
        await _read(self, await current_actor(self), further=True)


def _practitioners(actor: Actor) -> tuple[list[Any], str]:
    if actor.kind is ActorKind.OPERATOR or actor.practitioner_id is None:
        return [], ""
    first = [Option(value="", label="Tous"), Option(value=MINE, label="Fait pour moi par d’autres")]
    return [*first, *(Option(value=one.id.hex, label=one.name) for one in desk(actor).practitioners)], actor.practitioner_id.hex


async def _read(state: Journal, actor: Actor, *, further: bool = False) -> None:
    """Read the trail anew, or further; wrong words leave what is shown."""
    asked: dict[str, Any] = dict(state.asked)
    if asked.get("practitioner") == MINE:
        asked |= {"practitioner": state._own, "for_them": "1"}
    state.errors = {}
    try:
        query = JournalQuery.parse(asked)
        lines = await run_blocking(journal, actor, query, state._before if further else None)
    except DomainError as refused:
        state.errors = field_errors(refused)
        if not state.errors:
            state.status, state.message = "failed", refused.message
        return
    shown = [act_view(line, places=actor.kind is ActorKind.OPERATOR) for line in lines]
    state.acts = [*state.acts, *shown] if further else shown
    state.more, state.status = len(lines) == A_PAGE, "ready"
    state._before = (lines[-1].at, lines[-1].sequence) if lines else None
    state.file = file_of(asked)


def file_of(asked: dict[str, Any]) -> list[dict[str, str]]:
    """Give the fields that ask for the same acts as a table."""
    named = {name: str(asked[field]) for field, name in ASKED.items() if asked.get(field)} | (
        {"pour": "1"} if asked.get("for_them") else {}
    )
    return [{"name": name, "value": value} for name, value in named.items()]


def act_view(line: JournalLine, *, places: bool) -> Any:
    """Write an act for the screen, with the practice's name where there are several."""
    kind = KINDS[line.actor_kind]
    known = line.actor_kind is ActorKind.SYSTEM or line.actor_name in {kind, "Un patient"}
    who = line.actor_name if known else f"{line.actor_name}, {kind.lower()}"
    return ActView(
        act=label_of(line.action),
        who=who + (f", pour le compte de {line.behalf}" if line.behalf else ""),
        on=" · ".join(part for part in (line.subject, line.practice if places else "") if part),
        when=moment_of(line.when),
        place=" · ".join(part for part in (line.network, line.browser) if part),
    )


def moment_of(local: datetime) -> str:
    """Write when something was done, as the clock there showed it."""
    return f"{long_date(local.date(), year=True)}, {clock_time(local)}"
