"""Opens the developers' pages where the settings say so, and lets each component be tried there."""

from typing import Any

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.settings import get_settings
from state.announcements import announce
from state.rules import Anyone, allow


class Gallery(rx.State):
    """What the gallery needs to show components at work."""

    developer: bool = False
    asked: bool = False
    waiting: bool = False
    tab: str = "jour"
    page: int = 2
    done: int = 0
    errors: list[dict[str, str]] = []

    @rx.event
    @allow(Anyone)
    async def open(self) -> None:
        """Show the page only where developers are at home."""
        self.developer = get_settings().developer

    @rx.event
    @allow(Anyone)
    async def show(self, tab: str) -> None:
        """Choose a tab."""
        self.tab = tab

    @rx.event
    @allow(Anyone)
    async def turn(self, page: int) -> None:
        """Go to a page of a list."""
        self.page = min(max(page, 1), 12)

    @rx.event
    @allow(Anyone)
    async def ask(self, asked: bool) -> None:
        """Open or close the dialog driven by the server."""
        self.asked = asked

    @rx.event
    @allow(Anyone)
    async def wait(self) -> None:
        """Toggle the waiting state of a button."""
        self.waiting = not self.waiting

    @rx.event
    @allow(Anyone)
    async def refuse(self, _form: dict[str, Any]) -> None:
        """Refuse a form to show its errors, found in another order than that of its fields."""
        self.errors = [
            {"field": "champ-essai-naissance", "message": "Le 31 février n’existe pas."},
            {"field": "champ-essai-email", "message": "Indiquez une adresse e-mail, comme nom@exemple.fr."},
        ]

    @rx.event
    @allow(Anyone)
    async def finish(self) -> None:
        """Act as if the form had been saved."""
        self.errors = []
        self.done += 1

    @rx.event
    @allow(Anyone)
    async def tell(self, kind: str) -> EventSpec:
        """Show a message of a kind."""
        match kind:
            case "error":
                return announce("Ce créneau vient d’être réservé. Choisissez-en un autre.", "error")
            case "warning":
                return announce("L’e-mail n’est pas parti. Nouvel essai dans une minute.", "warning")
            case "info":
                return announce("Sylvie Moreau vient de déplacer Guy Besson à 11 h 50.", "info")
            case _:
                return announce("Rendez-vous annulé.", "success", action="Défaire", then=Gallery.tell("info"))
