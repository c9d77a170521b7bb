"""What the box « Nom ou spécialité » means: specialties by their everyday names, names of people, and a place typed after them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.typos import nearest
from maiia_pro.practice.tables import SPECIALTY_LABELS, Specialty

EVERYDAY: Final[dict[Specialty, str]] = {
    Specialty.GENERAL_MEDICINE: "généraliste, médecin généraliste, médecin traitant, médecin de famille, omnipraticien",
    Specialty.PAEDIATRICS: "pédiatre, enfant, bébé, nourrisson, médecin pour enfant",
    Specialty.DERMATOLOGY: "dermatologue, dermato, dermatologiste, peau, acné, grain de beauté",
    Specialty.CARDIOLOGY: "cardiologue, cardio, cœur, électrocardiogramme",
    Specialty.GYNAECOLOGY: "gynécologue, gynéco, frottis, contraception, gynécologue obstétricien, gynécologie obstétrique",
    Specialty.OPHTHALMOLOGY: "ophtalmologue, ophtalmo, ophtalmologiste, ophtalmologiste, yeux, œil, vue, lunettes, oculiste",
    Specialty.PSYCHIATRY: "psychiatre, psy, dépression",
    Specialty.MIDWIFERY: "sage-femme, sagefemme, maïeuticien, maïeuticienne, accouchement, grossesse",
    Specialty.PHYSIOTHERAPY: "kinésithérapeute, kiné, masseur kinésithérapeute, masseuse kinésithérapeute, rééducation",
    Specialty.DENTISTRY: "dentiste, chirurgien dentiste, chirurgienne dentiste, dent, dentaire, carie, détartrage",
}
"""Everyday names beside the label; plurals and a last e come by themselves."""
DOCTORS: Final = frozenset({"docteur", "docteure", "doctoresse", "medecin", "toubib"})
"""Alone, they mean general medicine; beside other words they say nothing."""
SAYING_NOTHING: Final = DOCTORS | {
    "dr", "pr", "pour", "chez", "cabinet", "rdv", "rendez", "vous", "consultation",
    "un", "une", "le", "la", "les", "de", "du", "des", "d", "l", "a", "en",
}  # fmt: skip
AT: Final = frozenset({"a", "pres", "vers", "dans", "sur"})
LONGEST_PHRASE: Final = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked: a practitioner of these specialties, or one with a name that begins so."""

    said: str
    specialties: frozenset[Specialty]
    is_specialty: bool
    """Whether the words name a specialty whole, and not by their first letters only."""


def _stem(phrase: str) -> str:
    return " ".join(word.rstrip("sx").removesuffix("e") if len(word) > 3 else word for word in phrase.split())


@lru_cache(maxsize=1)
def _phrases() -> dict[str, frozenset[Specialty]]:
    """Give the specialties that each phrase, reduced to its stem, means."""
    found: dict[str, frozenset[Specialty]] = {}
    for specialty, label in SPECIALTY_LABELS.items():
        for phrase in [label, *EVERYDAY[specialty].split(",")]:
            stem = _stem(name_key(phrase))
            found[stem] = found.get(stem, frozenset()) | {specialty}
    return found


@lru_cache(maxsize=1)
def specialty_words() -> frozenset[str]:
    """Give every word that names a specialty, whole, for who looks for a near one."""
    said = [phrase for specialty, label in SPECIALTY_LABELS.items() for phrase in [label, *EVERYDAY[specialty].split(",")]]
    return frozenset(word for phrase in said for word in name_key(phrase).split())


def specialties_begun(key: str) -> list[Specialty]:
    """List the specialties with a name one of whose words begins what was typed, those named so themselves first."""
    said = {
        specialty: [name_key(phrase) for phrase in [label, *EVERYDAY[specialty].split(",")]]
        for specialty, label in SPECIALTY_LABELS.items()
    }
    found = [specialty for specialty, phrases in said.items() if any(_begins(phrase, key) for phrase in phrases)]
    return sorted(found, key=lambda specialty: not _begins(said[specialty][0], key))


def _begins(phrase: str, key: str) -> bool:
    return phrase.startswith(key) or any(word.startswith(key) for word in phrase.split() if word not in SAYING_NOTHING)


def _begun(word: str) -> frozenset[Specialty]:
    """Give the specialties whose label or a name of one word begins with a word."""
    found: set[Specialty] = set()
    for specialty, label in SPECIALTY_LABELS.items():
        names = [part for phrase in EVERYDAY[specialty].split(",") if len(part := name_key(phrase)) and " " not in part]
        if any(one.startswith(word) for one in [*name_key(label).split(), *names]):
            found.add(specialty)
    return frozenset(found)


def terms_of(key: str) -> tuple[Term, ...]:
    """Read the words of a box, without accents or case (`name_key`)."""
    words = key.split()
    terms: list[Term] = []
    place = 0
    while place < len(words):
        length, term = _longest(words[place : place + LONGEST_PHRASE])
        terms.append(term)
        place += length
    kept = [term for term in terms if term.is_specialty or term.said not in SAYING_NOTHING]
    if not kept and any(term.said in DOCTORS for term in terms):
        return (Term(key, frozenset({Specialty.GENERAL_MEDICINE}), is_specialty=True),)
    return tuple(kept)


def _longest(words: Sequence[str]) -> tuple[int, Term]:
    for length in range(len(words), 0, -1):
        phrase = " ".join(words[:length])
        if specialties := _phrases().get(_stem(phrase)):
            return length, Term(phrase, specialties, is_specialty=True)
    return 1, Term(words[0], _begun(words[0]), is_specialty=False)


def splits(key: str) -> Iterator[tuple[str, str, bool]]:
    """Give each way to read a box as something and then a place; true where a word such as « à » stands between them."""
    words = key.split()
    for place in range(1, len(words)):
        if words[place] in AT and place + 1 < len(words):
            after = words[place + 1 :]
            yield " ".join(words[:place]), " ".join(after[1:] if after[0] in {"de", "d"} and len(after) > 1 else after), True
    for place in range(1, len(words)):
        yield " ".join(words[:place]), " ".join(words[place:]), False


def mended(key: str, known: frozenset[str], more: int = 0) -> list[str]:
    """Give what the words of a box that nobody answers may have been meant to be, among the words that are known; at most three."""
    readings = [""]
    changed = False
    for word in key.split():
        if word in SAYING_NOTHING or any(one.startswith(word) for one in known):
            near = [word]
        else:
            near = nearest(word, known, more)[:3]
            changed = True
        readings = [f"{reading} {one}".strip() for reading in readings for one in near][:3]
    return readings if changed else []
