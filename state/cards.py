"""What the cards of pages share: they are read, something is done, they are read again; what is refused is said where it was asked."""

from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor

Answer = TypeVar("Answer")
Said = str | Callable[[Any], str]
"""What is said of something that was done, or what makes it of the answer; nothing for no message."""


class Card(rx.State, mixin=True):
    """Something that is read when a page opens."""

    status: str = "waiting"
    """waiting, ready, failed, or what `_unread` says."""
    message: str = ""
    """Why it is not ready."""

    async def _fill(self, actor: Actor) -> None:
        """Read what is shown; raises what is refused."""
        raise NotImplementedError

    def _unread(self, error: DomainError) -> str:  # noqa: ARG002 - for those to whom not every refusal is a failure
        """Give the status where it cannot be read."""
        return "failed"

    async def _read(self, actor: Actor) -> None:
        """Read what is shown, or why it is not."""
        try:
            await self._fill(actor)
        except DomainError as error:
            self.status, self.message = self._unread(error), error.message
        else:
            self.status = "ready"

    async def _do(self, act: Callable[[Actor], Answer], said: Said = "") -> EventSpec | None:
        """Do something and read again; a refusal is told in a message."""
        actor = await current_actor(self)
        try:
            answer = await run_blocking(act, actor)
        except DomainError as error:
            return refusal(error)
        return await self._done(actor, answer, said)

    async def _done(self, actor: Actor, answer: object, said: Said) -> EventSpec | None:
        await self._read(actor)
        words = said if isinstance(said, str) else said(answer)
        return announce(words, "success") if words else None


class FormCard(Card, mixin=True):
    """A card from which a form opens."""

    mark: str = ""
    """Changes each time a form opens, so that its fields are drawn anew."""
    errors: dict[str, str] = {}
    """What is wrong, by field."""
    summary: list[FieldError] = []

    def _close(self) -> None:
        """Close what is open."""

    def _rest(self) -> None:
        """Close what is open, and forget what was wrong there."""
        self.errors, self.summary = {}, []
        self._close()

    def _anew(self) -> None:
        """Begin a form: nothing is wrong yet."""
        self.errors, self.summary, self.mark = {}, [], uuid7().hex

    async def _save(self, act: Callable[[Actor], Answer], said: Said = "", *, prefix: str = "") -> EventSpec | None:
        """Do what the open form asks for, close it and read again; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            answer = await run_blocking(act, actor)
        except DomainError as error:
            return self._refused(error, prefix)
        self._rest()
        return await self._done(actor, answer, said)

    def _refused(self, error: DomainError, prefix: str = "") -> EventSpec | None:
        """Show what is wrong beside the fields, whose names begin with `prefix`, and summed up; give what concerns none of them."""
        self.errors = {f"{prefix}{name}": words for name, words in field_errors(error).items()}
        self.summary = lines_of(self.errors)
        return None if self.errors else refusal(error)


class StaffCard(FormCard, mixin=True):
    """A card for all who work in a practice."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what is shown, with nothing open."""
        self._rest()
        await self._read(await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def close(self) -> None:
        """Close what is open."""
        self._rest()


class SettingsCard(FormCard, mixin=True):
    """A card of the settings of one's own agenda; `none` for an account without one, nothing for those who set up others' agendas."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what is shown, with nothing open."""
        self._rest()
        actor = await current_actor(self)
        if actor.kind is ActorKind.PRACTITIONER:
            await self._read(actor)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def close(self) -> None:
        """Close what is open."""
        self._rest()

    def _unread(self, error: DomainError) -> str:
        return "none" if isinstance(error, NotFound) else "failed"


class SecretCard(SettingsCard, mixin=True):
    """A card of what has a secret, which is here only until it is put away or the page is left."""

    adding: bool = False
    asking: str = ""
    """What is shown or asked of the chosen one, if anything."""
    secret: str = ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def add(self) -> None:
        """Open the form of a new one."""
        self.adding = True
        self._anew()

    def _close(self) -> None:
        self.adding, self.asking, self.secret = False, "", ""
