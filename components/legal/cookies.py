"""What is kept in the browser: the cookies that the service sets, and the rest."""

import re
from typing import Final

import reflex as rx

from components.ui.surfaces import row, table
from maiia_pro.identity.cookies import (
    browser_cookie_name,
    code_cookie_name,
    cookie_name,
    device_cookie_name,
    known_cookie_name,
    psc_cookie_name,
)

STORED: Final = (
    (
        "draft:…",
        "Votre navigateur (stockage de l’onglet)",
        "Garde ce que vous êtes en train de taper dans un formulaire",
        "Jusqu’à son envoi, la déconnexion, le verrouillage ou la fermeture de l’onglet",
    ),
    (
        "derniere-activite",
        "Votre navigateur (stockage local)",
        "Au cabinet seulement : verrouille l’écran qui n’a pas servi depuis quelques minutes",
        "Jusqu’au verrouillage",
    ),
    (
        "printed-list",
        "Votre navigateur (stockage de l’onglet)",
        "Au cabinet seulement\u00a0: n’ouvre pas deux fois l’impression de la liste du jour",
        "Jusqu’à la fermeture de l’onglet",
    ),
    (
        "psc:suite",
        "Votre navigateur (stockage de l’onglet)",
        "Professionnels seulement\u00a0: retient la page que vous vouliez, si Pro Santé Connect ne vous identifie pas du premier coup",
        "Jusqu’à la fermeture de l’onglet",
    ),
    (
        "react-router-scroll-positions",
        "Votre navigateur (stockage de l’onglet)",
        "Retrouve l’endroit où vous lisiez quand vous revenez en arrière",
        "Jusqu’à la fermeture de l’onglet",
    ),
    (
        "reflex_last_reloaded_on_error",
        "Votre navigateur (stockage de l’onglet)",
        "Ne recharge pas la page deux fois de suite quand une nouvelle version est en ligne",
        "Jusqu’à la fermeture de l’onglet",
    ),
    (
        "single-key-shortcuts",
        "Votre navigateur (stockage local)",
        "Au cabinet seulement\u00a0: se souvient que vous avez coupé les raccourcis d’une seule touche",
        "Jusqu’à ce que vous l’effaciez",
    ),
    (
        "theme",
        "Votre navigateur (stockage local)",
        "Se souvient de votre choix d’affichage clair ou sombre",
        "Jusqu’à ce que vous l’effaciez",
    ),
    ("token", "Votre navigateur (stockage de l’onglet)", "Relie l’onglet ouvert au serveur", "Jusqu’à la fermeture de l’onglet"),
)


def _breaking(name: str) -> rx.Component:
    """Draw a name that may go on in the next line after each of its words, so that it leaves room for what is said of it."""
    words = re.split(r"(?<=[-_])", name)
    return rx.el.code(words[0], *[part for word in words[1:] for part in (rx.el.wbr(), word)])


def cookies_table() -> rx.Component:
    """List every cookie that the service sets, and what it keeps in the browser besides."""
    cookie = (
        cookie_name(),
        "Cookie",
        "Vous garde connecté ; illisible pour les scripts de la page",
        "7 jours au plus, 12\u00a0heures sans activité",
    )
    code = (
        code_cookie_name(),
        "Cookie",
        "Lie à ce navigateur le code que vous avez demandé pour vous connecter",
        "30 minutes, ou jusqu’à la connexion",
    )
    device = (
        device_cookie_name(),
        "Cookie",
        "Au cabinet seulement : reconnaît un poste que plusieurs personnes partagent, pour le déverrouiller par un code",
        "7 jours au plus",
    )
    known = (
        known_cookie_name(),
        "Cookie",
        "Reconnaît le navigateur où vous vous êtes déjà connecté\u00a0: vous y entrez même si un inconnu essaie ailleurs à votre place",
        "Un an",
    )
    psc = (
        psc_cookie_name(),
        "Cookie",
        "Professionnels seulement\u00a0: lie à ce navigateur l’identification que vous demandez à Pro Santé Connect",
        "10 minutes, ou jusqu’à la connexion",
    )
    browser = (
        browser_cookie_name(),
        "Cookie",
        "Reconnaît ce navigateur quand vous revenez\u00a0: nous vous prévenons d’une connexion depuis un autre",
        "Un an",
    )
    columns = ["Nom", "Où", "Pourquoi", "Durée"]
    lines = [row(columns, _breaking(name), *told) for name, *told in (cookie, code, known, browser, device, psc, *STORED)]
    return table("Cookies et stockage du navigateur", columns, *lines)
