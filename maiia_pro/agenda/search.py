"""The public search: practitioners by name, specialty and place, those with the earliest free slot first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.directory import PractitionerCard, cards_of, next_slots
from maiia_pro.agenda.offered import FreeSlot
from maiia_pro.agenda.search_places import RADII, Place, Spot, read_part, read_place
from maiia_pro.agenda.search_words import Term, mended, specialty_words, splits, terms_of
from maiia_pro.agenda.slots import LATEST
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import one_line

LONGEST: Final = 80
"""Of each box, in characters, as typed and as compared."""
MOST_CARDS: Final = 50
A_BATCH: Final = 16


@dataclass(frozen=True, slots=True)
class DirectoryQuery:
    """What somebody typed: a name or a specialty, and a place; words are compared without accents or case."""

    what: str = ""
    where: str = ""

    @classmethod
    def parse(cls, what: object, where: object) -> Self:
        """Clean the two boxes; raises `Invalid`."""
        return cls(_key(what), _key(where))


def _key(typed: object) -> str:
    """Reduce what was typed; a letter may decompose into eighteen, so the key is bounded too: each of its words costs a condition."""
    return name_key(one_line(typed, longest=LONGEST))[:LONGEST].strip()


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A practitioner found; `kilometres` from the place asked for, where they are outside it."""

    card: PractitionerCard
    kilometres: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the answer; `total` counts all of it, `left` those who come after this page."""

    cards: tuple[FoundCard, ...]
    total: int
    left: int = 0
    instead: str = ""
    """The words answered in place of those typed, where nobody bears these."""
    place: str = ""
    other_places: tuple[str, ...] = ()
    nearest: float | None = None
    """Kilometres to the nearest of all, 0 in the place itself."""
    furthest: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that what was typed may mean."""

    terms: tuple[Term, ...]
    place: Place | None = None
    instead: str = ""


class Candidate(NamedTuple):
    """Somebody who matches, with a start before which they surely have nothing free; none known sorts first."""

    id: UUID
    sort_key: str
    bound: datetime | None
    nearby: bool
    far: float | None
    sites: list[UUID] | None
    total: int
    left: int
    nearest: float | None
    furthest: float | None


def find_practitioners(actor: Actor, query: DirectoryQuery, limit: int = 20, seen: Sequence[str] = ()) -> list[PractitionerCard]:
    """Find published practitioners; those with the earliest free slot come first."""
    return [found.card for found in search_practitioners(actor, query, limit, seen).cards]


def search_practitioners(actor: Actor, query: DirectoryQuery, limit: int = 20, seen: Sequence[str] = ()) -> Found:
    """Find published practitioners and tell how the words were understood.

    Those of the place itself come first, then those near it; each by earliest free slot, then by name. Who was shown already (`seen`, by
    slug) is left out: agendas move between two pages, and so nobody comes twice and nobody is passed over.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    limit = max(1, min(limit, MOST_CARDS))
    with reading() as session:
        for asked in readings_of(session, query):
            for radius in RADII if asked.place and asked.place.spots else RADII[:1]:
                near = replace(asked, place=asked.place.within(radius)) if asked.place else asked
                candidates = candidates_of(session, near, limit + 4 * A_BATCH, seen)
                if candidates:
                    return _page(session, near, candidates, limit, seen)
    return Found((), 0)


def readings_of(session: Session, query: DirectoryQuery) -> Iterator[Asked]:
    """Give what the words may mean, the likeliest first; what comes later is only asked where nobody was found."""
    what, where = query.what, query.where
    terms = terms_of(what)
    if not where:
        yield from _in_one_box(session, what, terms)
        return
    spots = _spots(session)
    places = [place for place in (read_place(where, spots), Place(where, words=tuple(where.split()))) if place]
    yield from (Asked(terms, place) for place in places)
    part = read_part(where, spots)
    if part:
        yield Asked(terms, part, instead=part.name if part.mended else "")
    for one in mended_words(session, what):
        yield from (Asked(terms_of(one), place, instead=one) for place in [*places, *([part] if part else [])])


def _in_one_box(session: Session, what: str, terms: tuple[Term, ...]) -> Iterator[Asked]:
    """Give what one box may mean: a specialty or a name, a place typed after it, or a place alone."""
    split: list[tuple[tuple[Term, ...], Place, bool]] = []
    if len(what.split()) > 1 and not all(term.is_specialty for term in terms):
        spots = _spots(session)
        split = [(terms_of(head), place, sure) for head, tail, sure in splits(what) if (place := read_place(tail, spots))]
        yield from (Asked(head, place) for head, place, sure in split if sure or (head and all(one.is_specialty for one in head)))
    yield Asked(terms)
    yield from (Asked(head, place) for head, place, _ in split)
    if what and (alone := read_place(what, _spots(session))):
        yield Asked((), alone)
    yield from (Asked(terms_of(one), instead=one) for one in mended_words(session, what))


_SPOTS: Final = "select distinct postal_code, city from site"
_NAMES: Final = "select string_agg(sort_key, ' ') from practitioner where published having count(*) > 0"


def _spots(session: Session) -> list[Spot]:
    return list(exchange(session, _SPOTS, {}).fetchall())


def mended_words(session: Session, what: str, more: int = 0) -> list[str]:
    """Give the words of specialties and people that those typed may have been meant to be; `more` slips than usual are forgiven."""
    if not what:
        return []
    return mended(what, specialty_words().union(*(row[0].split() for row in exchange(session, _NAMES, {}))), more)


@dataclass(slots=True)
class _Conditions:
    """What is asked, as SQL."""

    where: list[str] = field(default_factory=lambda: ["p.published"])
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, sql: str, **values: object) -> None:
        """Ask one thing more; `%(name)s` stands for a value of this condition alone."""
        for name, value in values.items():
            own = f"{name}{len(self.values)}"
            sql = sql.replace(f"%({name})s", f"%({own})s")
            self.values[own] = value
        self.where.append(sql)


_HERE: Final = """
    join (
        select o.practitioner_id, min(n.far) as far, array_agg(distinct o.site_id) as sites
        from unnest(%(postals)s::text[], %(cities)s::text[], %(fars)s::float8[]) as n (postal_code, city, far)
        join site s on s.postal_code = n.postal_code and s.city = n.city
        join offering o on o.site_id = s.id and o.active
        group by o.practitioner_id
    ) here on here.practitioner_id = p.id
"""
_COUNTS: Final = "count(*) over (), count(*) filter (where p.slug <> all(%(seen)s)) over ()"
_WORD_HERE: Final = """p.id in (
    select o.practitioner_id from offering o join site s on s.id = o.site_id where o.active and ' ' || s.place_key like %(begins)s
)"""
BOUND: Final = "case when f.until > %(now)s then f.starts_at when f.starts_at is not null then f.then_at end"
"""Before when nothing is free; nothing is known where it is null."""

_CANDIDATES: Final = f"""
    select p.id, p.sort_key, {BOUND} as bound, {{columns}}
    from practitioner p {{here}} left join first_free f on f.practitioner_id = p.id
    where {{where}} order by p.slug = any(%(seen)s), {{order}} bound nulls first, p.sort_key, p.id limit %(most)s
"""  # noqa: S608 - composed of constants; what people typed are values


def candidates_of(session: Session, asked: Asked, most: int, seen: Sequence[str] = (), *, by_distance: bool = False) -> list[Candidate]:
    """List those who match, by the least that their place in the answer can be, or the nearest first; those seen already come last."""
    asks = _Conditions(values={"now": clock.now(), "most": most, "seen": list(seen)})
    for term in asked.terms:
        practised = [str(one) for one in term.specialties]
        asks.add("(p.specialty = any(%(practised)s) or ' ' || p.sort_key like %(named)s)", practised=practised, named=f"% {term.said}%")
    here, columns, order = "", f"false, null::float8, null::uuid[], {_COUNTS}, null::float8, null::float8", ""
    if asked.place and asked.place.words:
        for word in asked.place.words:
            asks.add(_WORD_HERE, begins=f"% {word}%")
    elif asked.place:
        spots = asked.place.spots
        asks.values |= {"postals": [spot[0] for spot, _ in spots], "cities": [spot[1] for spot, _ in spots]}
        asks.values["fars"] = [far or 0.0 for _, far in spots]
        columns = f"here.far > 0, here.far, here.sites, {_COUNTS}, min(here.far) over (), max(here.far) over ()"
        here, order = _HERE, "here.far, " if by_distance else "here.far > 0, "
    statement = _CANDIDATES.format(columns=columns, here=here, where=" and ".join(asks.where), order=order)
    return [Candidate(*row) for row in exchange(session, statement, asks.values)]


def _page(session: Session, asked: Asked, candidates: list[Candidate], limit: int, seen: Sequence[str]) -> Found:
    """Compute the exact slots of candidates until nobody left can come before the last of the page."""
    head = candidates[0]
    slots: dict[UUID, list[FreeSlot]] = {}
    ranked: list[tuple[tuple[bool, datetime, str, UUID], Candidate]] = []
    done = 0
    while done < head.left and not (done >= limit and done < len(candidates) and ranked[limit - 1][0] <= _least(candidates[done])):
        if done >= len(candidates):
            candidates = candidates_of(session, asked, 4 * len(candidates), seen)
            if len(candidates) <= done:
                break
        batch = candidates[done : min(head.left, done + max(A_BATCH, limit - done))]
        slots |= next_slots(session, [one.id for one in batch], {one.id: one.sites for one in batch if one.sites})
        ranked = sorted([*ranked, *((_place(one, slots.get(one.id)), one) for one in batch)])
        done += len(batch)
    shown = [one for _, one in ranked[:limit]]
    cards = cards_of(session, [one.id for one in shown], slots)
    place = asked.place
    found = tuple(FoundCard(card, one.far or None) for card, one in zip(cards, shown, strict=True))
    named, others = (place.name if place.spots else "", place.others) if place else ("", ())
    return Found(found, head.total, head.left - len(found), asked.instead, named, others, head.nearest, head.furthest)


def _least(one: Candidate) -> tuple[bool, datetime, str, UUID]:
    return one.nearby, one.bound or datetime.min.replace(tzinfo=LATEST.tzinfo), one.sort_key, one.id


def _place(one: Candidate, slots: Sequence[FreeSlot] | None) -> tuple[bool, datetime, str, UUID]:
    return one.nearby, slots[0].starts_at if slots else LATEST, one.sort_key, one.id
