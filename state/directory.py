"""The public search: practitioners by name or specialty, and place."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, TypedDict
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.directory import PractitionerCard
from maiia_pro.agenda.search import DirectoryQuery, Found, search_practitioners
from maiia_pro.agenda.search_instead import propose_instead
from maiia_pro.agenda.search_places import RADII
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import NBSP, NNBSP
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from state.announcements import announce
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
PROFILE: Final = "/medecin/"
ADVICE: Final = "Vérifiez l’orthographe, cherchez une spécialité plutôt qu’un nom, ou élargissez le lieu."
NEAREST: Final = "Les plus proches sont ci-dessous, avec leur distance."


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
    first_new: str = ""
    """Of those added last, the first, where one reads on."""
    count: str = ""
    instead: str = ""
    """What was answered in place of words that nobody bears."""
    place: str = ""
    """Where they are, and how far around."""
    other_places: list[str] = []

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> AsyncIterator[None]:
        """Search what the address asks for (`quoi`, `ou`); the answer to other words is not shown meanwhile."""
        asked = self.router.url.query_parameters
        what, where = asked.get("quoi", ""), asked.get("ou", "")
        if (what, where) != (self.what, self.where):
            self.what, self.where, self.status = what, where, "waiting"
            yield
        await _search(self, what, where)

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
    async def show_more(self) -> EventSpec | None:
        """Add those who come next at this moment, whoever was shown already left out; a refusal takes away nothing."""
        await _search(self, self.what, self.where, self.cards)
        if self.status == "ready":
            return None
        self.status = "ready"
        return announce(self.message, "warning")


class Instead(rx.State):
    """What helps where nobody was found."""

    title: str = ""
    advice: str = ""
    cards: list[CardView] = []
    specialties: list[str] = []
    spellings: list[str] = []


def go(what: object, where: object) -> EventSpec:
    """Lead to a search by its address, so that it can be reloaded, gone back to, kept and shared."""
    words = {"quoi": what, "ou": where}
    query = urlencode({name: word.strip()[:LONGEST] for name, word in words.items() if isinstance(word, str) and word.strip()})
    return rx.redirect(f"/?{query}" if query else "/")


async def _search(state: Directory, what: object, where: object, shown: Sequence[CardView] = ()) -> None:
    """Find practitioners and show them after those shown already."""
    try:
        query = DirectoryQuery.parse(what, where)
        actor = await current_actor(state)
        count_request(("search", actor.account_id or network(state)), SEARCHES_PER_MINUTE, TOO_MANY)
        found = await run_blocking(search_practitioners, actor, query, PAGE, [card["href"].removeprefix(PROFILE) for card in shown])
        others = list(found.other_places) if found.total else await _help(await state.get_state(Instead), actor, query)
    except DomainError as refusal:
        state.status, state.message = "failed", refusal.message
        return
    cards = [*shown, *(card_view(one.card, one.kilometres) for one in found.cards)]
    state.what, state.where = str(what), str(where)
    state.cards, state.more, state.status = cards, found.left > 0 and len(cards) < MOST, "ready"
    state.first_new = cards[len(shown)]["href"] if shown and found.cards else ""
    state.count, state.instead, state.place = _count(found.total), found.instead, _around(found)
    state.other_places = others


async def _help(state: Instead, actor: Actor, query: DirectoryQuery) -> list[str]:
    """Say who is further away, what else is practised there, and which names are near; gives other towns of the name."""
    found = await run_blocking(propose_instead, actor, query)
    state.cards = [card_view(one.card, one.kilometres) for one in found.further]
    far = any(one.kilometres for one in found.further)
    state.title = f"Personne à moins de {RADII[-1]:.0f}{NBSP}km" if far else "Personne ne correspond"
    state.advice = NEAREST if far else ADVICE
    state.specialties, state.spellings = list(found.specialties), [words.title() for words in found.spellings]
    return list(found.places)


def _count(number: int) -> str:
    if not number:
        return "Aucun résultat"
    written = f"{number:,}".replace(",", NNBSP)
    return f"{written} professionnel" + ("s" if number > 1 else "")


def _around(found: Found) -> str:
    """Say how far the answer reaches: « Lyon », « Lyon et alentours, jusqu’à 14 km », « Brest : le plus proche à 75 km »."""
    if not found.place or not found.furthest:
        return found.place
    if found.nearest:
        return f"{found.place}{NBSP}: le plus proche {_far(found.nearest)}"
    return f"{found.place} et alentours, jusqu’{_far(found.furthest)}"


def _far(kilometres: float | None) -> str:
    return "" if kilometres is None else f"à{NBSP}{max(1, round(kilometres))}{NBSP}km"


def card_view(card: PractitionerCard, kilometres: float | None = None) -> CardView:
    """Write a practitioner for the list of results."""
    now = clock.now()
    sites = {site.id: site for site in card.sites}
    several = len({site.city for site in card.sites}) > 1
    return CardView(
        href=PROFILE + card.slug,
        name=card.name,
        initials=card.initials,
        hue=card.hue,
        specialty=card.specialty,
        places="\n".join(f"{site.street}, {site.postal_code}\u00a0{site.city}" for site in card.sites),
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
