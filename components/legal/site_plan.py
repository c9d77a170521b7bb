"""The plan of the site: every page that one can go to, by whom it is for."""

from typing import Final

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.layout.values import LEGAL_LINKS, PLAN
from components.ui.buttons import link

Pages = tuple[tuple[str, str], ...]

PARTS: Final[tuple[tuple[str, str, Pages], ...]] = (
    (
        "Pour tous",
        "",
        (
            ("Prendre rendez-vous", "/"),
            ("Se connecter ou créer un compte", "/connexion"),
            ("Mot de passe oublié", "/mot-de-passe-oublie"),
            ("Identifiants perdus ou volés", "/identifiants-perdus"),
            ("Changer de mot de passe", "/compte/mot-de-passe"),
            *((name, href) for name, _, href in LEGAL_LINKS),
            ("Sécurité de votre compte", "/compte/securite"),
            ("Nouveautés", "/nouveautes"),
        ),
    ),
    (
        "Votre compte de patient",
        "Connectez-vous d’abord.",
        (
            ("Mes rendez-vous", "/rendez-vous"),
            ("Mon compte", "/compte"),
            ("Mes proches", "/compte/proches"),
            ("Mes messages", "/compte/preferences"),
            ("Qui a vu mon dossier", "/compte/journal"),
        ),
    ),
    (
        "Tout compte",
        "",
        (("Mes rôles", "/compte/role"), ("Téléconsultation assistée (aidants)", "/assistance")),
    ),
    (
        "Cabinets",
        "Ces pages sont celles des professionnels et de leur secrétariat.",
        (
            ("Agenda", "/agenda"),
            ("Noter une absence", "/agenda/absence"),
            ("Affiche d’arrivée", "/agenda/affiche"),
            ("Liste à imprimer", "/agenda/impression"),
            ("Liste d’attente", "/agenda/attente"),
            ("Demandes", "/demandes"),
            ("Chiffres", "/chiffres"),
            ("Réglages", "/reglages"),
            ("Cabinet", "/cabinet"),
            ("Journal des accès", "/journal"),
            ("Ma page publique", "/reglages/profil"),
            ("Reprise de données", "/reglages/reprise"),
            ("Remplacements", "/remplacements"),
            ("Ouvrir mon agenda", "/demarrage"),
            ("Code PIN", "/compte/code-pin"),
            ("Mes informations", "/compte/informations"),
            ("Applications autorisées", "/autorisation"),
        ),
    ),
)
"""Title, a word under it, pages."""


def site_plan_page() -> rx.Component:
    """List the pages by whom they are for."""
    parts = [part for title, word, pages in PARTS for part in _part(title, word, pages)]
    return public_page("Plan du site", rx.el.div(*parts, class_name="prose"), viewer=viewer(), active=PLAN, narrow=True)


def _part(title: str, word: str, pages: Pages) -> list[rx.Component]:
    listed = rx.el.ul(*[rx.el.li(link(name, href)) for name, href in pages])
    return [rx.el.h2(title), *([rx.el.p(word, class_name="soft")] if word else []), listed]
