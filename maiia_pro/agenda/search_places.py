"""What the box « Où » means: a department, a postcode, a town and what is near it, or words of an address. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from maiia_pro.kernel.typos import nearest
from maiia_pro.practice.towns import Town, centre_of, department, kilometres, town_key, town_keys, towns_named, towns_of

RADII: Final = (15.0, 40.0, 100.0)
"""How far around a town one looks, in kilometres, each next one where nobody was found."""
MOST_OTHERS: Final = 3
_CODE: Final = re.compile(r"\d{5}")
_BEGINNING: Final = re.compile(r"\d{2,5}|2[ab]")

Spot = tuple[str, str]
"""Postcode and town of an address where somebody receives."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one looks: spots with their distance in kilometres (None within the place itself), or words that addresses hold."""

    name: str
    spots: tuple[tuple[Spot, float | None], ...] = ()
    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Other towns of that name, as they may be asked for."""
    mended: bool = False
    """Whether the name was typed with a slip."""

    def within(self, radius: float) -> "Place":
        """Give the same place with what is no further."""
        return replace(self, spots=tuple((spot, far) for spot, far in self.spots if far is None or far <= radius))


def read_place(key: str, spots: Sequence[Spot]) -> Place | None:
    """Read the box (`name_key`), knowing where people receive; None where it names neither a town nor a postcode."""
    if _BEGINNING.fullmatch(key):
        return _by_postcode(key, spots)
    code = _CODE.search(key)
    key = town_key(key.replace(code[0], "") if code else key)
    dept = re.fullmatch(r"(.+) (\d{2,3}|2[ab])", key)
    found = towns_named(key)
    if not found and dept and (found := [town for town in towns_named(dept[1]) if department(town.postcodes[0]).lower() == dept[2]]):
        return _town(found[0], found, spots, others=False)
    if code:
        there = [town for town in found if code[0] in town.postcodes]
        return _town(there[0], there, spots, others=False) if there else _by_postcode(code[0], spots) if not key else None
    return _town(_likeliest(found, spots), found, spots) if found else None


def read_part(key: str, spots: Sequence[Spot]) -> Place | None:
    """Read the first letters of a town where people receive, else a town typed with a slip."""
    typed = town_key(key)
    practised = {town_key(city) for _, city in spots}
    begun = sorted(city for city in practised if city.startswith(typed)) if len(typed) >= 3 else []
    near = begun or nearest(typed, practised) or nearest(typed, [one for one in town_keys() if one[:1] == typed[:1]])
    found = read_place(near[0], spots) if near else None
    return replace(found, mended=not begun) if found else None


def _here(town: Town, spot: Spot) -> bool:
    return spot[0] in town.postcodes and (len(town.postcodes) > 1 or town.key[-1].isdigit() or town_key(spot[1]) == town.key)


def _likeliest(found: Sequence[Town], spots: Sequence[Spot]) -> Town:
    """Prefer the largest town where people receive; where they do in none, the largest."""
    return next((town for town in found if any(_here(town, spot) for spot in spots)), found[0])


def _town(town: Town, found: Sequence[Town], spots: Sequence[Spot], *, others: bool = True) -> Place:
    named = tuple(f"{one.name} {department(one.postcodes[0])}" for one in found if one is not town)[:MOST_OTHERS] if others else ()
    name = town.label if len(found) > 1 or not others else town.name
    return Place(name, _around(town.centre, spots, lambda spot: _here(town, spot)), others=named)


def _by_postcode(code: str, spots: Sequence[Spot]) -> Place:
    if code in {"2a", "2b"}:
        return Place(code.upper(), tuple((spot, None) for spot in spots if department(spot[0]).lower() == code))
    if len(code) < 5:
        return Place(code, tuple((spot, None) for spot in spots if spot[0].startswith(code)))
    towns = towns_of(code)
    centre = next((town.centre for town in towns if town.centre), None)
    return Place(code, _around(centre, spots, lambda spot: spot[0] == code))


def _around(
    centre: tuple[float, float] | None, spots: Sequence[Spot], is_here: Callable[[Spot], bool]
) -> tuple[tuple[Spot, float | None], ...]:
    """Give the spots of a place, and all others with their distance."""
    found: list[tuple[Spot, float | None]] = []
    for spot in spots:
        if is_here(spot):
            found.append((spot, None))
        elif centre and (there := centre_of(*spot)):
            found.append((spot, kilometres(centre, there)))
    return tuple(found)
