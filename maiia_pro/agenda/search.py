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
    """A page of the answer; `total` counts all of it."""

    cards: tuple[FoundCard, ...]
    total: int
    instead: str = ""
    """The words answered in place of those typed, where nobody bears these."""
    place: str = ""
    other_places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    terms: tuple[Term, ...]
    place: Place | None = None
    instead: str = ""


class _Candidate(NamedTuple):
    """Somebody who matches, with a start before which they surely have nothing free; none known sorts first."""

    nearby: bool
    bound: datetime | None
    sort_key: str
    id: UUID
    kilometres: float | None
    sites: list[UUID] | None
    total: int


def find_practitioners(actor: Actor, query: DirectoryQuery, limit: int = 20, offset: int = 0) -> list[PractitionerCard]:
    """Find published practitioners; those with the earliest free slot come first."""
    return [found.card for found in search_practitioners(actor, query, limit, offset).cards]


def search_practitioners(actor: Actor, query: DirectoryQuery, limit: int = 20, offset: int = 0) -> Found:
    """Find published practitioners and tell how the words were understood.

    Those of the place itself come first, then those near it; each by earliest free slot, then by name.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    first, last = max(0, offset), max(0, offset) + max(0, min(limit, MOST_CARDS))
    with reading() as session:
        for asked in _readings(session, query):
            for radius in RADII if asked.place and asked.place.spots else RADII[:1]:
                near = replace(asked, place=asked.place.within(radius)) if asked.place else asked
                candidates = _candidates(session, near, last + 4 * A_BATCH)
                if candidates:
                    return _page(session, near, candidates, first, last)
    return Found((), 0)


def _readings(session: Session, query: DirectoryQuery) -> Iterator[_Asked]:
    """Give what the words may mean, the likeliest first; what comes later is only asked where nobody was found."""
    what, where = query.what, query.where
    terms = terms_of(what)
    if not where:
        yield from _in_one_box(session, what, terms)
        return
    spots = _spots(session)
    places = [place for place in (read_place(where, spots), Place(where, words=tuple(where.split()))) if place]
    yield from (_Asked(terms, place) for place in places)
    part = read_part(where, spots)
    if part:
        yield _Asked(terms, part, instead=part.name if part.mended else "")
    for one in _mended(session, what):
        yield from (_Asked(terms_of(one), place, instead=one) for place in [*places, *([part] if part else [])])


def _in_one_box(session: Session, what: str, terms: tuple[Term, ...]) -> Iterator[_Asked]:
    """Give what one box may mean, a place typed after a specialty or a name too."""
    split: list[tuple[tuple[Term, ...], Place, bool]] = []
    if len(what.split()) > 1 and not all(term.is_specialty for term in terms):
        spots = _spots(session)
        split = [(terms_of(head), place, sure) for head, tail, sure in splits(what) if (place := read_place(tail, spots))]
        yield from (_Asked(head, place) for head, place, sure in split if sure or (head and all(one.is_specialty for one in head)))
    yield _Asked(terms)
    yield from (_Asked(head, place) for head, place, _ in split)
    yield from (_Asked(terms_of(one), instead=one) for one in _mended(session, what))


_SPOTS: Final = "select distinct postal_code, city from site"
_NAMES: Final = "select distinct unnest(string_to_array(sort_key, ' ')) from practitioner where published"


def _spots(session: Session) -> list[Spot]:
    return list(exchange(session, _SPOTS, {}).fetchall())


def _mended(session: Session, what: str) -> list[str]:
    if not what:
        return []
    return mended(what, specialty_words() | {row[0] for row in exchange(session, _NAMES, {})})


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
_WORD_HERE: Final = """p.id in (
    select o.practitioner_id from offering o join site s on s.id = o.site_id where ' ' || s.place_key like %(begins)s
)"""
BOUND: Final = "case when f.until > %(now)s then f.starts_at when f.starts_at is not null then f.then_at end"
"""Before when nothing is free; nothing is known where it is null."""

_CANDIDATES: Final = f"""
    select p.id, p.sort_key, {BOUND} as bound, {{columns}}, count(*) over ()
    from practitioner p {{here}} left join first_free f on f.practitioner_id = p.id
    where {{where}} order by {{order}} bound nulls first, p.sort_key, p.id limit %(most)s
"""  # noqa: S608 - composed of constants; what people typed are values


def _candidates(session: Session, asked: _Asked, most: int) -> list[_Candidate]:
    """List those who match, by the least that their place in the answer can be."""
    asks = _Conditions(values={"now": clock.now(), "most": most})
    for term in asked.terms:
        practised = [str(one) for one in term.specialties]
        asks.add("(p.specialty = any(%(practised)s) or ' ' || p.sort_key like %(named)s)", practised=practised, named=f"% {term.said}%")
    here, columns, order = "", "false, null::float8, null::uuid[]", ""
    if asked.place and asked.place.words:
        for word in asked.place.words:
            asks.add(_WORD_HERE, begins=f"% {word}%")
    elif asked.place:
        spots = asked.place.spots
        asks.values |= {"postals": [spot[0] for spot, _ in spots], "cities": [spot[1] for spot, _ in spots]}
        asks.values["fars"] = [far or 0.0 for _, far in spots]
        here, columns, order = _HERE, "here.far > 0, here.far, here.sites", "here.far > 0, "
    statement = _CANDIDATES.format(columns=columns, here=here, where=" and ".join(asks.where), order=order)
    rows = exchange(session, statement, asks.values)
    return [_Candidate(nearby, bound, key, ident, far or None, sites, total) for ident, key, bound, nearby, far, sites, total in rows]


def _page(session: Session, asked: _Asked, candidates: list[_Candidate], first: int, last: int) -> Found:
    """Compute the exact slots of candidates until nobody left can come before the last of the page."""
    total = candidates[0].total
    slots: dict[UUID, list[FreeSlot]] = {}
    ranked: list[tuple[tuple[bool, datetime, str, UUID], _Candidate]] = []
    done = 0
    while done < total and not (done >= last and done < len(candidates) and ranked[last - 1][0] <= _least(candidates[done])):
        if done >= len(candidates):
            candidates = _candidates(session, asked, min(total, 4 * len(candidates)))
            if len(candidates) <= done:
                break
        batch = candidates[done : done + max(A_BATCH, last - done)]
        slots |= next_slots(session, [one.id for one in batch], {one.id: one.sites for one in batch if one.sites})
        ranked = sorted([*ranked, *((_place(one, slots.get(one.id)), one) for one in batch)])
        done += len(batch)
    shown = [one for _, one in ranked[first:last]]
    cards = cards_of(session, [one.id for one in shown], slots)
    place = asked.place
    found = tuple(FoundCard(card, one.kilometres) for card, one in zip(cards, shown, strict=True))
    return Found(found, total, asked.instead, place.name if place and place.spots else "", place.others if place else ())


def _least(one: _Candidate) -> tuple[bool, datetime, str, UUID]:
    return one.nearby, one.bound or datetime.min.replace(tzinfo=LATEST.tzinfo), one.sort_key, one.id


def _place(one: _Candidate, slots: Sequence[FreeSlot] | None) -> tuple[bool, datetime, str, UUID]:
    return one.nearby, slots[0].starts_at if slots else LATEST, one.sort_key, one.id
