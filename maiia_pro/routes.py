"""The one table of pages: French address, page, title, and who may enter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from components.gallery.page import gallery
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
    Route("/developpement/composants", gallery, "Composants · Maiia Pro", on_load=[Gallery.open]),
)
