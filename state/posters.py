"""The posters at the door of each site: printed, renewed, withdrawn."""

from collections.abc import Callable
from typing import Any, TypedDict
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.reception.posters import Poster, issue_poster, posters, save_directions, withdraw_poster
from maiia_pro.reception.qr import qr_path
from maiia_pro.settings import get_settings
from state.agenda import STAFF
from state.announcements import announce, refusal
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


class Posters(rx.State):
    """The posters of the practice."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
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
        await show(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def issue(self, site: str) -> EventSpec | None:
        """Make the first poster of a site."""
        return await self._act(issue_poster, site, "L’affiche est prête à imprimer.")

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
        return await self._act(issue_poster, self.asked, "Le code est changé. Imprimez la nouvelle affiche et retirez l’ancienne.")

    @rx.event
    @allow(*STAFF)
    async def withdraw(self) -> EventSpec | None:
        """Take the secret of the site that the dialog asked about away."""
        self.asking = ""
        return await self._act(withdraw_poster, self.asked, "L’affiche ne répond plus.")

    @rx.event
    @allow(*STAFF)
    async def direct(self, form: dict[str, Any]) -> EventSpec | None:
        """Say where those wait who signalled themselves."""
        said = str(form.get("directions", ""))
        actor = await current_actor(self)
        try:
            await run_blocking(save_directions, actor, parse_id(form.get("site")), said)
        except DomainError as error:
            return refusal(error)
        await show(self, actor)
        return announce("C’est ce que liront les patients qui signalent leur arrivée.", "success")

    async def _act(self, act: Callable[[Actor, UUID], None], site: str, done: str) -> EventSpec:
        actor = await current_actor(self)
        try:
            await run_blocking(act, actor, parse_id(site))
        except DomainError as error:
            return refusal(error)
        await show(self, actor)
        return announce(done, "success")


async def show(state: Posters, actor: Actor) -> None:
    """Read the posters and draw them."""
    try:
        state.posters = await run_blocking(_views, actor)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.status, state.printable = "ready", any(one["path"] for one in state.posters)


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
