"""The public search: practitioners by name or specialty, and place."""

from typing import Any, Final, TypedDict
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.directory import PractitionerCard
from maiia_pro.agenda.search import DirectoryQuery, search_practitioners
from maiia_pro.kernel import clock
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import NBSP, NNBSP
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from state.rules import Anyone, allow
from state.session import current_actor, network
from state.slots import SlotLink, confirm_href, near_moment

PAGE: Final = 10
MOST: Final = 200
"""How many results one may go through; further on, other words find better."""
SEARCHES_PER_MINUTE: Final = 120
"""Of an account, or of all the visitors of one network together: a hospital's or a town's may share an address."""
TOO_MANY: Final = "Trop de recherches en peu de temps depuis ce réseau ou ce compte. Patientez une minute, puis recommencez."
LONGEST: Final = 80


class CardView(TypedDict):
    """A practitioner as a result shows them; `online` tells whether anything can be booked here."""

    href: str
    name: str
    initials: str
    hue: str
    specialty: str
    places: str
    phone: str
    demo: bool
    online: bool
    reason: str
    slots: list[SlotLink]
    far: str
    """How far from the place asked for; empty within it."""


class Directory(rx.State):
    """What is looked for, and what was found."""

    what: str = ""
    where: str = ""
    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    cards: list[CardView] = []
    more: bool = False
    count: str = ""
    instead: str = ""
    """What was answered in place of words that nobody bears."""
    place: str = ""
    other_places: list[str] = []

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> None:
        """Search what the address asks for (`quoi`, `ou`)."""
        asked = self.router.url.query_parameters
        await _search(self, asked.get("quoi", ""), asked.get("ou", ""), 0)

    @rx.event
    @allow(Anyone)
    async def search(self, form: dict[str, Any]) -> EventSpec:
        """Go to the address of what was typed."""
        return go(form.get("quoi"), form.get("ou"))

    @rx.event
    @allow(Anyone)
    async def practised(self, specialty: str) -> EventSpec:
        """Go to the address of a specialty at the same place; pressed again, of everybody there."""
        return go("" if specialty == self.what else specialty, self.where)

    @rx.event
    @allow(Anyone)
    async def elsewhere(self, place: str) -> EventSpec:
        """Go to the address of the same words at another place; of no place where none is named."""
        return go(self.what, place)

    @rx.event
    @allow(Anyone)
    async def show_more(self) -> None:
        """Add the next results."""
        await _search(self, self.what, self.where, len(self.cards))


def go(what: object, where: object) -> EventSpec:
    """Lead to a search by its address, so that it can be reloaded, gone back to, kept and shared."""
    words = {"quoi": what, "ou": where}
    query = urlencode({name: word.strip()[:LONGEST] for name, word in words.items() if isinstance(word, str) and word.strip()})
    return rx.redirect(f"/?{query}" if query else "/")


async def _search(state: Directory, what: object, where: object, after: int) -> None:
    """Find practitioners and show them after the first `after` results."""
    try:
        query = DirectoryQuery.parse(what, where)
        actor = await current_actor(state)
        count_request(("search", actor.account_id or network(state)), SEARCHES_PER_MINUTE, TOO_MANY)
        found = await run_blocking(search_practitioners, actor, query, PAGE, after)
    except DomainError as refusal:
        state.status, state.message = "failed", refusal.message
        return
    known = {card["href"] for card in state.cards[:after]}
    new = [view for one in found.cards if (view := card_view(one.card, one.kilometres))["href"] not in known]
    shown = state.cards[:after] + new
    state.what, state.where = str(what), str(where)
    state.cards, state.more, state.status = shown, bool(new) and len(shown) < min(found.total, MOST), "ready"
    state.count, state.instead, state.place = _count(found.total), found.instead, found.place
    state.other_places = list(found.other_places)


def _count(number: int) -> str:
    if not number:
        return "Aucun résultat"
    written = f"{number:,}".replace(",", NNBSP)
    return f"{written} professionnel" + ("s" if number > 1 else "")


def _far(kilometres: float | None) -> str:
    if kilometres is None:
        return ""
    return f"à{NBSP}{max(1, round(kilometres))}{NBSP}km"


def card_view(card: PractitionerCard, kilometres: float | None = None) -> CardView:
    """Write a practitioner for the list of results."""
    now = clock.now()
    sites = {site.id: site for site in card.sites}
    several = len({site.city for site in card.sites}) > 1
    return CardView(
        href=f"/medecin/{card.slug}",
        name=card.name,
        initials=card.initials,
        hue=card.hue,
        specialty=card.specialty,
        places=" · ".join(f"{site.street}, {site.postal_code} {site.city}" for site in card.sites),
        phone=card.sites[0].phone if card.sites else "",
        demo=card.is_demo,
        online=card.has_online_booking,
        reason=card.first_reason,
        far=_far(kilometres),
        slots=[
            SlotLink(
                key=slot.key,
                label=near_moment(slot.starts_at, sites[slot.site_id].zone, now) + (f" · {sites[slot.site_id].city}" if several else ""),
                href=confirm_href(slot.key),
            )
            for slot in card.next_slots
        ],
    )
