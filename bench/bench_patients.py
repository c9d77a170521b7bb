"""A patient among 200,000 of one practice, as the desk asks: beginnings, faults, dates, telephones and their mixes, against a plain scan.

The practice has 20 agendas with two weeks of visits to come, half of them of these patients; another practice stands in the same tables.
"""

import random
from collections.abc import Callable, Iterator
from time import perf_counter
from uuid import UUID

import psycopg

from bench.agendas import MONDAY, book_weeks, bulk, hire
from bench.ground import Figure, database, quantile, write
from bench.people import Someone, town
from maiia_pro.agenda.people import search_patients
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import engine, reading
from maiia_pro.kernel.french import name_key, phone, short_date
from maiia_pro.kernel.ids import uuid7
from maiia_pro.launcher.postgres import DatabaseUrls
from maiia_pro.patients.search_words import PatientSearch
from tests.factories import House, clock_at

PATIENTS, ELSEWHERE = 200_000, 20_000
ASKED, UNCOUNTED = 300, 30
GOAL = 50.0
SCAN = "select id from patient where practice_id = %s and (' ' || sort_key) like %s order by sort_key limit 8"
_COPY = "copy patient (id, practice_id, given_name, family_name, sort_key, birth_date, phone, email, created_at) from stdin"
_COMING = """
    update appointment a set patient_id = p.id
    from (select id, row_number() over (order by md5(id::text)) n from patient where practice_id = %(practice)s and phone <> '') p,
         (select id, row_number() over (order by id) n from appointment where practice_id = %(practice)s) v
    where a.id = v.id and p.n = v.n and v.n %% 2 = 0
"""


def people(connection: psycopg.Connection, practice: UUID, count: int, seed: int) -> list[Someone]:
    """Write a town's records."""
    made = list(town(count, seed))
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for one in made:
            copy.write_row((
                uuid7(), practice, one.given, one.family, name_key(f"{one.family} {one.given}"), one.born, one.phone, "", MONDAY,
            ))  # fmt: skip
    return made


def house(urls: DatabaseUrls) -> tuple[Actor, UUID, list[Someone]]:
    """Make the practice that is asked, and another one."""
    ours, others = House(), House()
    site = ours.site()
    secretary = ours.secretary()
    with bulk(urls.admin) as connection:
        made = people(connection, ours.practice_id, PATIENTS, 4)
        people(connection, others.practice_id, ELSEWHERE, 5)
        book_weeks(connection, ours.practice_id, site, range(2), hire(connection, ours.practice_id, site, 20))
        connection.execute(_COMING, {"practice": ours.practice_id})
    engine().dispose()
    return secretary, ours.practice_id, made


def wrong(word: str, picks: random.Random) -> str:
    """Type a word with one fault: a letter swapped, missing, twice or another."""
    at = picks.randrange(1, len(word) - 1)
    return picks.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
        word[:at] + picks.choice("aeinrst") + word[at + 1 :],
    ))  # fmt: skip


Way = Callable[[Someone, random.Random], str]
WAYS: dict[str, Way] = {
    "deux lettres": lambda one, _: one.family[:2],
    "trois ou quatre lettres": lambda one, picks: one.family[: picks.choice((3, 4))],
    "nom et début du prénom": lambda one, _: f"{one.family} {one.given[:2]}",
    "prénom nom": lambda one, _: f"{one.given} {one.family}",
    "nom fautif": lambda one, picks: wrong(one.family if len(one.family) > 3 else "Martin", picks),
    "nom et prénom fautifs": lambda one, picks: " ".join(
        wrong(word if len(word) > 3 else "Thomas", picks) for word in (one.family, one.given)
    ),
    "personne de ce nom": lambda one, picks: wrong(one.family if len(one.family) > 3 else "Martin", picks) + "xkq",
    "date de naissance": lambda one, _: short_date(one.born),
    "nom et année": lambda one, _: f"{one.family[:5]} {one.born.year % 100:02d}",
    "année seule": lambda one, _: str(one.born.year),
    "téléphone entier": lambda one, _: phone(one.phone) or "06 12 34 56 78",
    "quatre derniers chiffres": lambda one, _: one.phone[-4:] or "5678",
    "nom et début du téléphone": lambda one, _: f"{one.family[:4]} {phone(one.phone)[:5] or '06 12'}",
}


def questions(made: list[Someone]) -> Iterator[tuple[str, list[str]]]:
    """List what is typed, in each way."""
    picks = random.Random(8)
    for name, way in WAYS.items():
        yield name, [way(picks.choice(made), picks) for _ in range(ASKED)]


def scan(practice: UUID, typed: str) -> None:
    """Look through every record, as one would without an index."""
    with reading() as session:
        session.connection().exec_driver_sql(SCAN, (practice, f"% {name_key(typed)}%")).fetchall()


def timed(work: Callable[[str], object], many: list[str]) -> list[float]:
    """Ask everything once; milliseconds."""
    took = []
    for typed in many:
        began = perf_counter()
        work(typed)
        took.append((perf_counter() - began) * 1000)
    return took


def main() -> None:
    """Run the bench."""
    figures: list[Figure] = []
    every: list[float] = []
    with database() as urls, clock_at(MONDAY):
        secretary, practice, made = house(urls)

        def ask(typed: str) -> object:
            return search_patients(secretary, practice, PatientSearch.parse(typed), limit=8)

        timed(ask, [one.family for one in made[:UNCOUNTED]])
        for name, many in questions(made):
            took = timed(ask, many)
            every += took
            late = quantile(took, 0.99)
            figures += [
                Figure(f"{name}, médiane", quantile(took, 0.5), "ms"),
                Figure(f"{name}, p99", late, "ms", f"≤ {GOAL:g}", late <= GOAL),
            ]
        figures.append(Figure("toutes ensemble, p99", quantile(every, 0.99), "ms", f"≤ {GOAL:g}", quantile(every, 0.99) <= GOAL))
        took = timed(lambda typed: scan(practice, typed), [one.family[:3] for one in made[:60]])
        figures.append(Figure("balayage de la table, trois lettres, médiane", quantile(took, 0.5), "ms"))
        write("patients", figures, patients=PATIENTS, asked=ASKED)


if __name__ == "__main__":
    main()
