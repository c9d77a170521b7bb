"""The page of a patient's account: its address and its number, changed by a code sent to the new one."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.codes import CodeOver, CodeSpent
from maiia_pro.identity.contact_codes import ask_new_contact, drop_contact_code
from maiia_pro.identity.identifiers import is_phone, read_identifier
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, Invalid
from maiia_pro.kernel.french import phone
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.own_contact import confirm_contact, my_contact
from state.account_notices import AccountNotices
from state.announcements import announce, field_errors, refusal
from state.rules import allow
from state.session import current_actor, network

NO_ERRORS: Final = {"identifier": "", "code": ""}
WRITE: Final = {
    "email": "Écrivez une adresse e-mail complète, par exemple prenom.nom@exemple.fr.",
    "phone": "Écrivez un numéro de mobile français, par exemple 06 12 34 56 78.",
}


class OwnContact(rx.State):
    """How the account is reached, and the change that is under way."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    unproven: bool = False
    """The number was written down, and no code has shown that it is the holder's."""
    unreached: bool = False
    """Mail does not arrive at the address."""
    changing: str = ""
    """What the form asks for: `email`, `phone` or nothing."""
    awaited: str = ""
    """Where the code went that the page waits for."""
    errors: dict[str, str] = NO_ERRORS
    mark: str = ""
    """Changes each time a form opens, so that its fields are drawn anew."""

    @rx.event
    @allow(ActorKind.PATIENT)
    async def arrive(self) -> None:
        """Read how the account is reached; where a code is awaited its form is open, for who comes back from reading it."""
        self.errors = NO_ERRORS
        await _read(self, await current_actor(self))
        self.changing = "" if not self.awaited else "email" if "@" in self.awaited else "phone"

    @rx.event
    @allow(ActorKind.PATIENT)
    async def change(self, what: str) -> None:
        """Open the form of the address or of the number."""
        self.changing, self.errors, self.mark = what if what in {"email", "phone"} else "", NO_ERRORS, uuid7().hex

    @rx.event
    @allow(ActorKind.PATIENT)
    async def close(self) -> None:
        """Change nothing after all; a code that was sent serves no more."""
        actor = await current_actor(self)
        if self.awaited:
            await run_blocking(drop_contact_code, actor)
        self.changing, self.errors = "", NO_ERRORS
        await _read(self, actor)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def ask(self, form: dict[str, Any]) -> EventSpec | None:
        """Have the code sent to the new address or number; refused, what was typed stays."""
        typed, what = form.get("identifier"), "phone" if self.changing == "phone" else "email"
        if not _fits(what, typed):
            self.errors = NO_ERRORS | {"identifier": WRITE[what]}
            return None
        return await _send(self, typed)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def check_address(self) -> EventSpec | None:
        """Have a code sent to the present address, which mail did not reach."""
        self.changing = "email"
        return await _send(self, self.email)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def send_again(self) -> EventSpec:
        """Have another code sent to where the last one went."""
        return await _send(self, self.awaited) or announce("Un nouveau code part. Le précédent ne sert plus.", "success")

    @rx.event
    @allow(ActorKind.PATIENT)
    async def confirm(self, form: dict[str, Any]) -> EventSpec | None:
        """Change the address or number with the code."""
        actor = await current_actor(self)
        try:
            await run_blocking(confirm_contact, actor, form.get("code"))
        except (CodeOver, CodeSpent) as refused:
            await run_blocking(drop_contact_code, actor)
            await _read(self, actor)
            return refusal(refused)
        except DomainError as refused:
            self.errors = NO_ERRORS | {"code": " ".join(field_errors(refused).values()) or refused.message}
            return None
        self.changing, self.errors = "", NO_ERRORS
        checked = self.awaited == self.email
        await _read(self, actor)
        (await self.get_state(AccountNotices)).unreached = self.unreached
        if checked:
            return announce("Votre adresse est confirmée.", "success")
        return announce("C’est changé. Nous prévenons aussi l’ancienne adresse ou l’ancien numéro.", "success")


def _fits(what: str, typed: object) -> bool:
    """Tell whether what was typed is what the form asks for."""
    try:
        return is_phone(read_identifier(typed)) == (what == "phone")
    except Invalid:
        return False


async def _send(state: OwnContact, typed: object) -> EventSpec | None:
    """Have a code sent; gives what was refused apart from the field."""
    actor = await current_actor(state)
    try:
        await run_blocking(ask_new_contact, actor, typed, network(state))
    except DomainError as refused:
        state.errors = NO_ERRORS | field_errors(refused)
        return None if field_errors(refused) else refusal(refused)
    state.errors, state.mark = NO_ERRORS, uuid7().hex
    await _read(state, actor)
    return None


async def _read(state: OwnContact, actor: Actor) -> None:
    try:
        found = await run_blocking(my_contact, actor)
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
        return
    state.name, state.email, state.phone = found.name, found.email, phone(found.phone) if found.phone else ""
    state.unreached = found.unreached
    state.unproven = found.phone != "" and not found.proven
    state.awaited = found.awaited if "@" in found.awaited else phone(found.awaited) if found.awaited else ""
    state.status = "ready"
