"""Which public and school holidays a place follows, by its postal code. Pure."""

from functools import lru_cache
from typing import Final

_SUBDIVISIONS: Final = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976",
    "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip
"""By département or territory, the names that the library `holidays` gives them; anywhere else the eleven days of the Code du travail."""
_FORMERLY_OF_GUADELOUPE: Final = {"97133": "977", "97150": "978"}
"""Saint-Barthélemy and Saint-Martin kept the postal codes that they had as communes of Guadeloupe."""
_CLOCKS: Final = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
    "975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
    "986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip
"""IANA names of the clocks overseas, by territory; anywhere else it is Paris."""
_MARQUESAS: Final = frozenset({"98731", "98741", "98742", "98743", "98744", "98745", "98746", "98796"})
_GAMBIER: Final = frozenset({"98755", "98792", "98793"})
"""Postal codes of French Polynesia whose islands do not keep the clock of Tahiti."""
SCHOOL_ZONES: Final = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
"""Arrêté du 22 octobre 2025 (calendrier scolaire), by the départements of each zone's académies; Corsica and overseas set their own."""
_ZONE_OF: Final = {department: zone for zone, departments in SCHOOL_ZONES.items() for department in departments.split()}


def department(postal_code: str) -> str:
    """Tell the département or the overseas territory of a postal code."""
    if postal_code in _FORMERLY_OF_GUADELOUPE:
        return _FORMERLY_OF_GUADELOUPE[postal_code]
    return postal_code[:3] if postal_code.startswith(("97", "98")) else postal_code[:2]


@lru_cache(maxsize=4096)
def subdivision(postal_code: str) -> str:
    """Tell whose public holidays a place keeps besides the nation's; nothing where it keeps no other."""
    return _SUBDIVISIONS.get(department(postal_code), "")


@lru_cache(maxsize=4096)
def school_zone(postal_code: str) -> str:
    """Tell the zone of school holidays, A, B or C; nothing in Corsica and overseas."""
    return _ZONE_OF.get(department(postal_code), "")


def clock_of(postal_code: str) -> str:
    """Name the clock that a place keeps, as IANA does."""
    if postal_code in _MARQUESAS:
        return "Pacific/Marquesas"
    return "Pacific/Gambier" if postal_code in _GAMBIER else _CLOCKS.get(department(postal_code), "Europe/Paris")
