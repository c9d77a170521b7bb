"""What helps where a search answers nobody: who is further away, a specialty near the one asked for, another spelling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from maiia_pro.agenda.directory import cards_of, next_slots
from maiia_pro.agenda.search import Asked, DirectoryQuery, FoundCard, candidates_of, mended_words, readings_of
from maiia_pro.agenda.search_places import RADII
from maiia_pro.agenda.search_words import terms_of
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.french import name_key
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty

FURTHER: Final = 3
"""How many people further away are shown."""
FURTHEST: Final = 1_000.0
"""In kilometres: across the country, but not across an ocean."""
NEIGHBOURS: Final[dict[Specialty, tuple[Specialty, ...]]] = {
    Specialty.PAEDIATRICS: (Specialty.GENERAL_MEDICINE,),
    Specialty.DERMATOLOGY: (Specialty.GENERAL_MEDICINE,),
    Specialty.CARDIOLOGY: (Specialty.GENERAL_MEDICINE,),
    Specialty.GYNAECOLOGY: (Specialty.MIDWIFERY, Specialty.GENERAL_MEDICINE),
    Specialty.MIDWIFERY: (Specialty.GYNAECOLOGY, Specialty.GENERAL_MEDICINE),
    Specialty.PSYCHIATRY: (Specialty.GENERAL_MEDICINE,),
    Specialty.PHYSIOTHERAPY: (Specialty.GENERAL_MEDICINE,),
}
"""Who may see one first, or instead; for eyes and teeth nobody does."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What to try; all but another town finds somebody for sure."""

    further: tuple[FoundCard, ...] = ()
    """The nearest first; without a distance where the place is not known."""
    specialties: tuple[str, ...] = ()
    """Near the one asked for, at the same place."""
    spellings: tuple[str, ...] = ()
    """Words like those typed that somebody bears, anywhere."""
    places: tuple[str, ...] = ()
    """Other towns of the name that was typed."""


def propose_instead(actor: Actor, query: DirectoryQuery) -> Instead:
    """Propose what helps, for a search that found nobody."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        asked = list(readings_of(session, query))
        spellings = tuple(one for one in mended_words(session, query.what, more=1) if _anybody(session, Asked(terms_of(one))))
        places = next((one.place.others for one in asked if one.place), ())
        return Instead(_further(session, asked), tuple(_neighbours(session, asked)), spellings, places)


def _further(session: Session, asked: list[Asked]) -> tuple[FoundCard, ...]:
    """Take the nearest of all; whoever there is where the place is not known."""
    placed = [replace(one, place=one.place.within(FURTHEST)) for one in asked if one.place and one.place.spots]
    anywhere = [replace(one, place=None) for one in asked if one.place and not one.place.spots and one.terms]
    for one in placed + anywhere:
        found = candidates_of(session, one, FURTHER, by_distance=True)
        if found:
            slots = next_slots(session, [each.id for each in found], {each.id: each.sites for each in found if each.sites})
            cards = cards_of(session, [each.id for each in found], slots)
            return tuple(FoundCard(card, each.far or None) for card, each in zip(cards, found, strict=True))
    return ()


def _neighbours(session: Session, asked: list[Asked]) -> Iterator[str]:
    """Name the specialties near the one asked for that somebody practises there."""
    for one in asked:
        practised = [specialty for term in one.terms if term.is_specialty for specialty in term.specialties]
        near = dict.fromkeys(other for specialty in sorted(practised) for other in NEIGHBOURS.get(specialty, ()))
        place = one.place.within(RADII[-1]) if one.place else None
        labels = [SPECIALTY_LABELS[other] for other in near]
        found = [label for label in labels if _anybody(session, Asked(terms_of(name_key(label)), place))]
        if found:
            yield from found
            return


def _anybody(session: Session, asked: Asked) -> bool:
    return bool(candidates_of(session, asked, 1))
