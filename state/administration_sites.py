"""The places of the practice, as its administrators see to them."""

from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.administration.sites import SiteLine, close_site, keep_site, open_site_again, practice_sites
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import NBSP, long_date, phone
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.sites import ZONES, SiteForm
from maiia_pro.practice.towns import towns_of
from state.administration import AdministrationCard, here
from state.agenda import STAFF
from state.rules import allow

FIELDS: Final = ("site_name", "street", "postal_code", "city", "phone", "zone")


class PlaceLine(TypedDict):
    """A place as it is listed, with what its form starts from."""

    id: str
    site_name: str
    street: str
    postal_code: str
    city: str
    phone: str
    zone: str
    clock: str
    """The name of its time zone where it is not that of Paris."""
    used: str
    closed: str
    """Since when, of a closed one."""


NOWHERE: Final = PlaceLine(
    id="", site_name="", street="", postal_code="", city="", phone="", zone="", clock="", used="", closed=""
)  # fmt: skip


class Places(AdministrationCard, rx.State):
    """The places, the one that is being written, and the one that is about to close."""

    sites: list[PlaceLine] = []
    towns: list[str] = []
    """Those of the postcode that was typed, to choose from."""
    editing: bool = False
    start: PlaceLine = NOWHERE
    ident: str = ""
    """The id under which a new place is made, however often the form is sent."""
    closing: PlaceLine = NOWHERE

    @rx.event
    @allow(*STAFF)
    async def edit(self, site: str) -> None:
        """Open the form of a place, or of a new one."""
        self.start, self.editing, self.towns = self._named(site), True, []
        self.ident = self.start["id"] or uuid7().hex
        self._anew()

    @rx.event
    @allow(*STAFF)
    async def look_at_postcode(self, typed: str) -> None:
        """Propose the towns of a postcode as soon as it is whole."""
        self.towns = [town.name for town in await run_blocking(towns_of, "".join(str(typed).split()))]

    @rx.event
    @allow(*STAFF)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the place; refused, the form stays as typed."""
        ident, typed = self.ident, {name: form.get(name) for name in FIELDS}
        return await self._save(
            lambda actor: here(actor, keep_site, parse_id(ident), SiteForm.read(typed)), "Lieu enregistré. Les pages publiques suivent."
        )

    @rx.event
    @allow(*STAFF)
    async def ask_to_close(self, site: str) -> None:
        """Ask before a place is closed."""
        self.closing = self._named(site)

    @rx.event
    @allow(*STAFF)
    async def shut(self) -> EventSpec | None:
        """Close the place that one asked to."""
        ident, name = self.closing["id"], self.closing["site_name"]
        self.closing = NOWHERE
        return await self._do(lambda actor: here(actor, close_site, parse_id(ident)), f"{name} est fermé.")

    @rx.event
    @allow(*STAFF)
    async def reopen(self, site: str) -> EventSpec | None:
        """Receive somewhere again."""
        said = "Lieu rouvert. Chaque praticien y remet ses horaires et ses motifs, dans Réglages."
        return await self._do(lambda actor: here(actor, open_site_again, parse_id(site)), said)

    def _named(self, site: str) -> PlaceLine:
        return next((one for one in self.sites if one["id"] == site), NOWHERE)

    def _close(self) -> None:
        self.editing, self.closing = False, NOWHERE

    async def _fill(self, actor: Actor) -> None:
        self.sites = [_line(one) for one in await run_blocking(here, actor, practice_sites)]


def _line(one: SiteLine) -> PlaceLine:
    site = one.site
    closed = site.closed_at.astimezone(ZoneInfo(site.zone)).date() if site.closed_at else None
    return PlaceLine(
        id=site.id.hex,
        site_name=site.name,
        street=site.street,
        postal_code=site.postal_code,
        city=site.city,
        phone=phone(site.phone),
        zone=site.zone,
        clock="" if site.zone == "Europe/Paris" else f"Heure de{NBSP}: {ZONES.get(site.zone, site.zone)}",
        used=_used(one),
        closed=f"Fermé depuis le {long_date(closed, year=True)}" if closed else "",
    )


def _used(one: SiteLine) -> str:
    counts = ((one.practitioners, "praticien"), (one.visits, "rendez-vous à venir"), (one.rooms, "salle ou matériel"))
    plurals = {"praticien": "praticiens", "salle ou matériel": "salles et matériels"}
    said = [f"{count}{NBSP}{plurals.get(what, what) if count > 1 else what}" for count, what in counts if count]
    return " · ".join(said) or "Rien n’y est encore prévu"
