"""What the frames need to know, given as values: who looks, where one can go."""

from dataclasses import dataclass, field
from typing import Any, Final

from components.ui.icons import IconName
from components.ui.kinds import Flag, Handler, Text


@dataclass(frozen=True)
class NavEntry:
    """One place of the navigation; `count` draws a red number, `shown` hides what one may not see."""

    href: str
    label: str
    icon: IconName
    count: Any = None
    """A state var of a number."""
    shown: Flag = True
    end: bool = False
    keys: str = ""


@dataclass(frozen=True)
class Viewer:
    """Who looks at the page; every value may be a state var."""

    signed_in: Flag = False
    open_to_all: bool = True
    """Whether visitors see the page too: only there is the way in drawn, until it is known who looks."""
    name: Text = ""
    detail: Text = ""
    """Specialty, or « Secrétariat »."""
    initials: Text = ""
    hue: Text = "teal"
    place: Text = ""
    """Name of the practice."""
    home: Text = "/"
    sign_out: Handler = None
    """Handler that ends the session; without it the menu leads to the page `/deconnexion`."""
    entries: tuple[NavEntry, ...] = field(default=())
    """Where one can go, in the bar and in the account menu."""
    account: tuple[NavEntry, ...] = field(default=())
    """Pages of the account, in its menu alone."""


PRO_NAVIGATION: Final = (
    NavEntry("/agenda", "Agenda", "calendar-days", keys="g"),
    NavEntry("/agenda/attente", "Attente", "hourglass", keys="w"),
    NavEntry("/demandes", "Demandes", "inbox", keys="q"),
    NavEntry("/chiffres", "Chiffres", "chart-column"),
    NavEntry("/reglages", "Réglages", "settings", end=True),
)
PLAN: Final = "/plan-du-site"
LEGAL_LINKS: Final = (
    ("Mentions légales", "Mentions légales", "/mentions-legales"),
    ("Données personnelles", "Données", "/donnees-personnelles"),
    ("Conditions d’utilisation", "Conditions", "/conditions"),
    ("État du service", "État", "/etat"),
    ("Plan du site", "Plan du site", PLAN),
    ("Accessibilité\u00a0: partiellement conforme", "Accessibilité", "/accessibilite"),
)
"""Name, name where there is little room, address."""
