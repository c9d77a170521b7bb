"""The communes of France: names, postcodes, centres. Read from a packed file on first use; where it comes from is in LICENCE.md."""

import gzip
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from importlib.resources import files
from itertools import islice, takewhile
from math import asin, cos, radians, sin, sqrt

from maiia_pro.kernel.french import name_key

EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Town:
    """A commune, or a district of Paris, Lyon or Marseille; `centre` is latitude and longitude in degrees, where they are known."""

    key: str
    name: str
    postcodes: tuple[str, ...]
    centre: tuple[float, float] | None
    inhabitants: int

    @property
    def label(self) -> str:
        """How it is told from another of its name: « Saint-Denis (93) »."""
        return f"{self.name} ({department(self.postcodes[0])})"


def department(postcode: str) -> str:
    """Give the department of a postcode: three digits overseas, 2A and 2B in Corsica."""
    if postcode.startswith("20"):
        return "2A" if postcode < "202" else "2B"
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


def town_key(text: str) -> str:
    """Reduce a town as people type it to its key: « St-Étienne », « Lyon 3e »."""
    short = {"st": "saint", "ste": "sainte", "s": "sur"}
    words = [short.get(word, word) for word in name_key(text).split()]
    if len(words) == 2 and words[0] in {"paris", "lyon", "marseille"}:
        words[1] = words[1].removesuffix("eme").removesuffix("er").removesuffix("e")
    return " ".join(words)


@lru_cache(maxsize=1)
def _lines() -> list[str]:
    packed = files(__package__).joinpath("towns.tsv.gz").read_bytes()
    return gzip.decompress(packed).decode().split("\n")


@lru_cache(maxsize=1)
def _by_postcode() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, line in enumerate(_lines()):
        for postcode in line.split("\t")[2].split(" "):
            found.setdefault(postcode, []).append(index)
    return found


@lru_cache(maxsize=1)
def town_keys() -> frozenset[str]:
    """Give every key, for who looks for a near one."""
    return frozenset(line.partition("\t")[0] for line in _lines())


def _town(line: str) -> Town:
    key, name, postcodes, latitude, longitude, inhabitants = line.split("\t")
    return Town(key, name, tuple(postcodes.split(" ")), (float(latitude), float(longitude)) if latitude else None, int(inhabitants))


def towns_named(key: str) -> list[Town]:
    """List the communes of exactly that key, the largest first."""
    lines = _lines()
    index = bisect_left(lines, key + "\t")
    found = []
    while index < len(lines) and lines[index].startswith(key + "\t"):
        found.append(_town(lines[index]))
        index += 1
    return sorted(found, key=lambda town: -town.inhabitants)


def towns_of(postcode: str) -> list[Town]:
    """List the communes of a postcode, the largest first."""
    return sorted((_town(_lines()[index]) for index in _by_postcode().get(postcode, ())), key=lambda town: -town.inhabitants)


def towns_begun(beginning: str, most: int) -> list[Town]:
    """List the largest communes whose key begins so."""
    lines = _lines()
    first = bisect_left(lines, beginning)
    begun = takewhile(lambda line: line.startswith(beginning), islice(lines, first, None))
    return [_town(line) for line in nlargest(most, begun, key=_inhabitants)]


def towns_of_postcodes(beginning: str, most: int) -> list[tuple[str, Town]]:
    """List the largest communes with a postcode that begins so, each with the first such."""
    found: dict[int, str] = {}
    for code in sorted(code for code in _by_postcode() if code.startswith(beginning)):
        for index in _by_postcode()[code]:
            found.setdefault(index, code)
    return [(found[index], _town(_lines()[index])) for index in nlargest(most, found, key=lambda index: _inhabitants(_lines()[index]))]


def _inhabitants(line: str) -> int:
    return int(line.rpartition("\t")[2])


@lru_cache(maxsize=20_000)
def centre_of(postcode: str, city: str) -> tuple[float, float] | None:
    """Tell where an address lies: the centre of its commune, or of the largest one of its postcode."""
    there = [town for town in towns_of(postcode) if town.centre]
    key = town_key(city)
    same = [town for town in there if town.key == key] or there or [town for town in towns_named(key) if town.centre]
    return same[0].centre if same else None


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Measure between two points as the crow flies."""
    (lat, lon), (to_lat, to_lon) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
