"""The one table of pages: French address, page, title, and who may enter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from components.account.pages import activation_page, sign_in_page, sign_out_page, sign_up_page
from components.gallery.page import gallery
from components.legal.pages import legal_notice_page, personal_data_page, terms_page
from components.missing import missing_page
from maiia_pro.kernel.actor import ActorKind
from state.gallery import Gallery

EVERYONE = frozenset(ActorKind)


@dataclass(frozen=True)
class Route:
    """A page: what it shows, what it is called, and which kinds of actor it is for."""

    path: str
    page: Callable[[], rx.Component]
    title: str
    who: frozenset[ActorKind] = EVERYONE
    description: str = ""
    on_load: list[Any] = field(default_factory=list)


def _start() -> rx.Component:
    return rx.el.main(rx.el.h1("Maiia Pro"))


ROUTES: tuple[Route, ...] = (
    Route("/", _start, "Maiia Pro"),
    Route("/connexion", sign_in_page, "Se connecter · Maiia Pro"),
    Route("/inscription", sign_up_page, "Créer un compte · Maiia Pro"),
    Route("/activation", activation_page, "Choisir votre mot de passe · Maiia Pro"),
    Route("/deconnexion", sign_out_page, "Déconnexion · Maiia Pro"),
    Route("/mentions-legales", legal_notice_page, "Mentions légales · Maiia Pro"),
    Route("/donnees-personnelles", personal_data_page, "Données personnelles et cookies · Maiia Pro"),
    Route("/conditions", terms_page, "Conditions d’utilisation · Maiia Pro"),
    Route("404", missing_page, "Page introuvable · Maiia Pro"),
    Route("/developpement/composants", gallery, "Composants · Maiia Pro", on_load=[Gallery.open]),
)
