"""Files of another software, made by the tests: from a seed, with faults of every kind at lines that are known."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEAD = ("Date", "Heure", "Durée", "Praticien", "Motif", "Nom", "Prénom", "Date de naissance", "Téléphone", "Note", "Statut", "ID")
BEGINS = 480
ENDS = 1080
STEP = 20


def csv_of(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    """Write a file as other software does."""
    return "\r\n".join(";".join(row) for row in [head, *rows]).encode("cp1252") + b"\r\n"


@dataclass(frozen=True)
class Book:
    """Visits of a file, and the sentence that each faulty line must get, by its number in the file."""

    rows: tuple[tuple[str, ...], ...]
    faults: dict[int, str]

    @property
    def content(self) -> bytes:
        """The whole file."""
        return csv_of(self.rows)

    @property
    def corrected(self) -> bytes:
        """The file without its faulty lines."""
        return csv_of([row for line, row in enumerate(self.rows, 2) if line not in self.faults])


def _visit(number: int, first: date, practitioners: Sequence[str]) -> list[str]:
    """Give the visit of a number: no two of them overlap."""
    per_day = (ENDS - BEGINS) // STEP
    whose, place = number % len(practitioners), number // len(practitioners)
    day, minute = first + timedelta(days=place // per_day), BEGINS + place % per_day * STEP
    person = number % 300
    return [
        day.strftime("%d/%m/%Y"), f"{minute // 60}h{minute % 60:02d}", "20", practitioners[whose], "Consultation",
        f"Nom{chr(65 + person % 26)}{chr(97 + person // 26)}", f"Prénom{chr(97 + person % 7)}",
        f"{1 + person % 28:02d}/03/{1930 + person % 80}",
        f"06{number:08d}", "", "", f"rdv-{number}",
    ]  # fmt: skip


FAULTS: dict[str, tuple[int, str, str]] = {
    "no such day": (0, "31/02/2027", "Écrivez une date qui existe, par exemple 12/03/1981."),
    "too far": (0, "12/03/2199", "Cette date est trop loin\u00a0: écrivez un jour entre 2000 et dans deux ans."),
    "no such time": (1, "25h00", "Écrivez une heure, par exemple 14h30."),
    "too long": (2, "500", "Une visite dure de 5 minutes à 8 heures."),
    "stranger": (3, "Dr Inconnu", "Ce praticien n’est pas du cabinet. Écrivez son prénom et son nom comme dans l’agenda."),
    "no such reason": (4, "Chirurgie", "Ce praticien n’a pas ce motif ici. Créez-le dans ses réglages, ou laissez la case vide."),
    "nobody": (5, "", "Écrivez le nom."),
    "not born yet": (7, "12/03/2099", "La date de naissance doit être passée, et pas avant 1900."),
    "no number": (8, "12", "Écrivez un numéro à dix chiffres, par exemple 06 12 34 56 78, ou commencez par + et l’indicatif du pays."),
    "no such status": (
        10,
        "peut-être",
        "Statut inconnu\u00a0: écrivez prévu, confirmé, honoré, absent ou annulé, ou laissez la case vide.",
    ),
}
"""Column, what is written there, and what is told."""


def book(practitioners: Sequence[str], first: date, *, visits: int = 1000, faults: int = 50, seed: int = 3) -> Book:
    """Make a file of visits from a day on, `faults` of them wrong: a cell as in `FAULTS`, an overlap, or a line said twice."""
    chance = random.Random(seed)
    rows = [_visit(number, first, practitioners) for number in range(visits)]
    told: dict[int, str] = {}
    kinds = [*FAULTS, "overlap", "twice"]
    for index, number in enumerate(sorted(chance.sample(range(len(practitioners) * 2, visits), faults))):
        kind = kinds[index % len(kinds)]
        if kind in FAULTS:
            column, cell, told[number + 2] = FAULTS[kind]
            rows[number][column] = cell
            continue
        other = next(one for one in range(number - len(practitioners), -1, -len(practitioners)) if one + 2 not in told)
        if kind == "overlap":
            rows[number][:2] = rows[other][:2]
            told[number + 2] = f"Ce rendez-vous en chevauche un autre du fichier, ligne {other + 2}."
        else:
            rows[number] = list(rows[other])
            told[number + 2] = f"Cette ligne répète la ligne {other + 2}."
    return Book(tuple(map(tuple, rows)), told)
