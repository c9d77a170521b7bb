"""What the two boxes of the public search propose while one types: specialties, people whose page is public, towns."""

from dataclasses import dataclass
from typing import Final

from maiia_pro.agenda.search import DirectoryQuery
from maiia_pro.agenda.search_words import SAYING_NOTHING, specialties_begun
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.exchange import exchange
from maiia_pro.practice.tables import SPECIALTY_LABELS, Offer, Specialty
from maiia_pro.practice.towns import Town, department, town_key, towns_begun, towns_named, towns_of_postcodes

SHORTEST: Final = 2
"""How many letters it takes before anything is proposed."""
MOST: Final = 5
"""Of each kind."""

_PEOPLE: Final = """
    select p.title, p.given_name, p.family_name, p.specialty, p.slug, coalesce((
        select s.city from offering o join site s on s.id = o.site_id
        where o.practitioner_id = p.id and o.active order by s.name, s.id limit 1
    ), '')
    from practitioner p join practice c on c.id = p.practice_id and c.offer = %(offer)s
    where p.published and not exists (select 1 from unnest(%(words)s::text[]) w where ' ' || p.sort_key not like '%% ' || w || '%%')
    order by p.sort_key not like %(first)s, p.sort_key, p.id limit %(most)s
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to choose: its name, a word beside, what it writes in the box, or the page of a person (`slug`)."""

    title: str
    detail: str
    words: str
    slug: str = ""


def suggest_what(actor: Actor, typed: object) -> list[Suggestion]:
    """Propose specialties and people for the beginning of a name; raises `Invalid`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    key = DirectoryQuery.parse(typed, "").what
    if len(key) < SHORTEST:
        return []
    labels = [SPECIALTY_LABELS[one] for one in specialties_begun(key)][:MOST]
    return [Suggestion(label, "Spécialité", label) for label in labels] + _people(key)


def _people(key: str) -> list[Suggestion]:
    words = [word for word in key.split() if word not in SAYING_NOTHING]
    if not any(len(word) >= SHORTEST for word in words):
        return []
    with reading() as session:
        values = {"offer": Offer.PREMIUM.value, "words": words, "first": f"{words[0]}%", "most": MOST}
        rows = exchange(session, _PEOPLE, values).fetchall()
    named = [(f"{title} {given} {family}".strip(), specialty, slug, city) for title, given, family, specialty, slug, city in rows]
    return [
        Suggestion(name, ", ".join(filter(None, (SPECIALTY_LABELS[Specialty(kind)], city))), name, slug) for name, kind, slug, city in named
    ]


def suggest_where(actor: Actor, typed: object) -> list[Suggestion]:
    """Propose the largest towns for the beginning of a name or of a postcode; raises `Invalid`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    key = DirectoryQuery.parse("", typed).where
    if len(key) < SHORTEST:
        return []
    if key.isdigit():
        return [Suggestion(town.name, code, f"{code} {town.name}") for code, town in towns_of_postcodes(key, MOST)]
    return [Suggestion(town.name, department(town.postcodes[0]), _unmistakable(town)) for town in towns_begun(town_key(key), MOST)]


def _unmistakable(town: Town) -> str:
    return town.name if len(towns_named(town.key)) == 1 else town.label
