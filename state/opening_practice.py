"""The operator opens a practice, and sends the link once more to who has not come yet."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.inviting import send_links_again
from maiia_pro.onboarding.practices import NewPractice, open_practice
from maiia_pro.practice.rpps import DOUBTFUL, key_holds
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.operations import OperatorDesk
from state.rules import allow
from state.session import current_actor


class OpenPractice(rx.State):
    """The form of a new practice."""

    opened: bool = False
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    doubt: str = ""
    saved: str = ""
    """Changes with each practice that is opened, so that the draft goes."""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def show(self, opened: bool) -> None:
        """Open or close the form."""
        self.opened, self.errors, self.summary, self.doubt = bool(opened), {}, [], ""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def look_at_number(self, typed: str) -> None:
        """Warn as soon as a whole number has a wrong key."""
        digits = "".join(sign for sign in str(typed) if sign.isdigit())
        self.doubt = DOUBTFUL if len(digits) == 11 and not key_holds(digits) else ""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def save(self, form: dict[str, Any]) -> list[EventSpec] | EventSpec | None:
        """Open the practice; its practitioner's link leaves by e-mail. Refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            new = NewPractice.read(form)
            await run_blocking(open_practice, actor, new)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.opened, self.errors, self.summary, self.saved = False, {}, [], uuid7().hex
        said = f"{new.name} est ouvert. Le lien d’activation part à {new.email}."
        return [announce(said, "success"), OperatorDesk.arrive()]  # type: ignore[list-item]

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def send_again(self, practice: str) -> EventSpec:
        """Send fresh links to the people of a practice who have not come yet."""
        try:
            sent = await run_blocking(send_links_again, await current_actor(self), parse_id(practice))
        except DomainError as error:
            return refusal(error)
        return announce("Un nouveau lien est parti." if sent == 1 else f"{sent} nouveaux liens sont partis.", "success")
