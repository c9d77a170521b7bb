"""The posters at the door of each site: printed, renewed, withdrawn."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.reception.posters import Poster, issue_poster, posters, save_directions, withdraw_poster
from maiia_pro.reception.qr import qr_path
from maiia_pro.settings import get_settings
from state.agenda import STAFF
from state.cards import Card
from state.rules import allow
from state.session import current_actor


class PosterView(TypedDict):
    """A site and its poster; `path` is empty where there is none."""

    id: str
    site: str
    address: str
    practice: str
    directions: str
    since: str
    box: str
    path: str


class Posters(Card, rx.State):
    """The posters of the practice."""

    posters: list[PosterView] = []
    printable: bool = False
    asking: str = ""
    """renew or withdraw: what the dialog asks about."""
    asked: str = ""
    asked_site: str = ""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the posters."""
        await self._read(await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def issue(self, site: str) -> EventSpec | None:
        """Make the first poster of a site."""
        return await self._do(partial(_at, issue_poster, site), "L’affiche est prête à imprimer.")

    @rx.event
    @allow(*STAFF)
    async def ask(self, what: str, site: str) -> None:
        """Ask before posters that hang somewhere stop working."""
        self.asking, self.asked = what, site
        self.asked_site = next((one["site"] for one in self.posters if one["id"] == site), "")

    @rx.event
    @allow(*STAFF)
    async def keep(self) -> None:
        """Change nothing after all."""
        self.asking = ""

    @rx.event
    @allow(*STAFF)
    async def renew(self) -> EventSpec | None:
        """Change the secret of the site that the dialog asked about."""
        self.asking = ""
        return await self._do(
            partial(_at, issue_poster, self.asked), "Le code est changé. Imprimez la nouvelle affiche et retirez l’ancienne."
        )

    @rx.event
    @allow(*STAFF)
    async def withdraw(self) -> EventSpec | None:
        """Take the secret of the site that the dialog asked about away."""
        self.asking = ""
        return await self._do(partial(_at, withdraw_poster, self.asked), "L’affiche ne répond plus.")

    @rx.event
    @allow(*STAFF)
    async def direct(self, form: dict[str, Any]) -> EventSpec | None:
        """Say where those wait who signalled themselves."""
        site, words = form.get("site"), str(form.get("directions", ""))
        return await self._do(
            lambda actor: save_directions(actor, parse_id(site), words), "C’est ce que liront les patients qui signalent leur arrivée."
        )

    async def _fill(self, actor: Actor) -> None:
        self.posters = await run_blocking(_views, actor)
        self.printable = any(one["path"] for one in self.posters)


def _at(act: Callable[[Actor, UUID], None], site: str, actor: Actor) -> None:
    act(actor, parse_id(site))


def _views(actor: Actor) -> list[PosterView]:
    return [_view(one) for one in posters(actor)]


def _view(one: Poster) -> PosterView:
    size, path = qr_path(f"{get_settings().base_url}/arrivee?porte={one.token}") if one.token else (1, "")
    return PosterView(
        id=one.site_id.hex,
        site=one.site,
        address=one.address,
        practice=one.practice,
        directions=one.directions,
        since=long_date(one.created_at.date(), year=True) if one.created_at else "",
        box=f"0 0 {size} {size}",
        path=path,
    )
