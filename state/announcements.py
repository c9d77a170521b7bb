"""Messages for the person at the screen, spoken and shown by the page's own region; never by a script sent from the server."""

import json
from typing import Any, Literal, NotRequired, TypedDict

import reflex as rx
from reflex.event import Event, EventSpec

from maiia_pro.kernel.errors import DomainError, Invalid, NotSignedIn
from maiia_pro.kernel.ids import uuid7
from state.incoming import is_event
from state.rules import Anyone, allow

Kind = Literal["success", "info", "warning", "error"]
KINDS = ("success", "info", "warning", "error")
MOST = 4
LONGEST = 500


class Toast(TypedDict):
    """One message; `action` is the word on its button, "" for none."""

    id: str
    kind: str
    message: str
    action: str


class Announcements(rx.State):
    """The messages that this page still shows."""

    toasts: list[Toast] = []
    _follow: dict[str, str] = {}

    @rx.event
    @allow(Anyone)
    async def tell(self, kind: str, message: str, action: str = "", follow: str = "") -> None:
        """Show a message; the same one again takes the place of the first. Made by `announce`."""
        known = kind if kind in KINDS else "info"
        toast = Toast(id=uuid7().hex, kind=known, message=str(message)[:LONGEST], action=str(action)[:60])
        # What succeeded ends the offer to insist on what was refused before: pressed now, it would undo it.
        past = [shown for shown in self.toasts if known == "success" and shown["kind"] == "error" and shown["action"]]
        others = [shown for shown in self.toasts if shown["message"] != toast["message"] and shown not in past]
        self.toasts = [*others, toast][-MOST:]
        kept = {shown["id"] for shown in self.toasts}
        self._follow = {ident: what for ident, what in (self._follow | {toast["id"]: str(follow)}).items() if ident in kept and what}

    @rx.event
    @allow(Anyone)
    async def dismiss(self, toast_id: str) -> None:
        """Take a message away."""
        self.toasts = [toast for toast in self.toasts if toast["id"] != toast_id]

    @rx.event
    @allow(Anyone)
    async def act(self, toast_id: str) -> EventSpec | Event | None:
        """Do what the button of a message says: go to a page, or fire an event, which passes the guard like any other."""
        what = self._follow.get(toast_id, "")
        self.toasts = [toast for toast in self.toasts if toast["id"] != toast_id]
        if what.startswith("/"):
            return rx.redirect(what)
        if not what:
            return None
        try:
            event = json.loads(what)
        except (ValueError, RecursionError):
            return None
        return Event(name=event["name"], payload=event.get("payload", {})) if is_event(event) else None


def forget_messages(shown: Announcements) -> None:
    """Forget every message: the page that had them is gone."""
    if shown.toasts:
        shown.toasts, shown._follow = [], {}


def announce(message: str, kind: Kind = "info", *, action: str = "", href: str = "", then: EventSpec | None = None) -> EventSpec:
    """Give the event that shows a message; `action` names a button that leads to `href` or fires `then`."""
    return Announcements.tell(kind, message, action, href or _event(then))  # type: ignore[return-value]


def _event(spec: EventSpec | None) -> str:
    if spec is None:
        return ""
    event = Event.from_event_type(spec)[0]
    payload: dict[str, Any] = dict(event.payload)
    return json.dumps({"name": event.name, "payload": payload})


def refusal(error: DomainError) -> EventSpec:
    """Give the event that tells what a use case refused."""
    if isinstance(error, NotSignedIn):
        return announce(error.message, "warning", action="Se connecter", href="/connexion")
    return announce(error.message, "error")


def field_errors(error: DomainError) -> dict[str, str]:
    """Give what is wrong with each field, for the form to show beside it."""
    return dict(error.fields) if isinstance(error, Invalid) else {}


class FieldError(TypedDict):
    """One line of the summary of errors."""

    field: str
    message: str
    mark: NotRequired[str]
    """Which refusal it is of: the summary is told anew where the same is wrong again."""


def lines_of(errors: dict[str, str], *, prefix: str = "champ-", **elements: str) -> list[FieldError]:
    """Sum up what is wrong, each line leading to its field; `elements` names those whose element is called otherwise."""
    mark = uuid7().hex
    return [FieldError(field=elements.get(name, f"{prefix}{name}"), message=words, mark=mark) for name, words in errors.items()]
