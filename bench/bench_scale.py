"""The same questions with few and with very many appointments in the table: 20 agendas of 8 weeks, then years of them and others'.

Two databases of one server, the big one a copy of the small one that grew; asked in turns within one run, so that only the ratio counts.
`MAIIA_BENCH=full` grows to a million appointments, each with its line of history.
"""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from time import perf_counter
from uuid import UUID

import psycopg

from bench.agendas import MONDAY, VISITS_A_WEEK, book_weeks, bulk, hire
from bench.ground import Figure, database, full, write
from maiia_pro.agenda.booked import BookedQuery, find_appointments
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.day import agenda_window
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.listing import lines_of_days
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.own import my_appointments
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import engine, libpq_url, reading
from maiia_pro.launcher.postgres import DatabaseUrls
from maiia_pro.launcher.roles import APP, DATABASE
from maiia_pro.settings import get_settings
from tests.factories import House, clock_at, new_patient_account

PRACTITIONERS = 20
WEEKS = range(-4, 4)
HISTORY = range(-204, -4)
CALLS, UNCOUNTED = 10, 6
GOAL = 1.5
BIG = "maiia_big"
Work = Callable[[], object]


@contextmanager
def using(url: str) -> Iterator[None]:
    """Send the software to another database."""
    os.environ["DATABASE_URL"] = url
    get_settings.cache_clear()
    engine.cache_clear()
    try:
        yield
    finally:
        engine().dispose()


def grown(urls: DatabaseUrls, house: House, ids: list[UUID], wanted: int) -> tuple[str, int]:
    """Copy the database and let the copy grow: the past of the same agendas, then those of other practices."""
    with psycopg.connect(libpq_url(urls.admin), autocommit=True, dbname="postgres") as connection:
        connection.execute(f"create database {BIG} template {DATABASE}")
        connection.execute(f"grant connect on database {BIG} to {APP}")
    admin, app = (url.replace(f"/{DATABASE}?", f"/{BIG}?") for url in (urls.admin, urls.app))
    a_week = PRACTITIONERS * VISITS_A_WEEK
    past = min(len(HISTORY), wanted // 3 // a_week)
    with using(app):
        others = [House() for _ in range(10)]
        places = [other.site() for other in others]
    with bulk(admin) as connection:
        made = book_weeks(connection, house.practice_id, house.sites[0], range(WEEKS.start - past, WEEKS.start), ids)
        weeks = max(1, (wanted - made) // (len(others) * a_week))
        for other, place in zip(others, places, strict=True):
            hired = hire(connection, other.practice_id, place, PRACTITIONERS)
            made += book_weeks(connection, other.practice_id, place, range(WEEKS.stop - weeks, WEEKS.stop), hired)
    return app, made


class Questions:
    """What people ask, of the same agendas whatever else the table holds."""

    def __init__(self, house: House, secretary: Actor, patient: Actor, ids: Sequence[UUID], offerings: Sequence[UUID]) -> None:
        self.house, self.secretary, self.patient, self.ids, self.offerings = house, secretary, patient, ids, offerings
        with reading() as session:
            self.visit = session.connection().exec_driver_sql(
                "select id from appointment where practitioner_id = %s and starts_at >= %s order by starts_at limit 1", (ids[0], MONDAY)
            ).scalar_one()  # fmt: skip
        self.free = (
            MONDAY + timedelta(days=day, hours=8, minutes=50 + 40 * (place % 6) + 330 * (place // 6))
            for day in (0, 1, 2, 3, 4)
            for place in range(12)
        )
        self.who = count()

    def all(self) -> dict[str, Work]:
        """Name each question."""
        day = (MONDAY + timedelta(days=1)).date()
        monday, until = MONDAY, MONDAY + timedelta(days=14)
        one, every = tuple(self.ids[:1]), tuple(self.ids)
        anyone = Actor.anonymous()
        return {
            "agenda, un jour, 20 praticiens": lambda: agenda_window(self.secretary, every, day),
            "agenda, une semaine, 20 praticiens": lambda: agenda_window(self.secretary, every, day, 7),
            "agenda, une semaine, 1 praticien": lambda: agenda_window(self.secretary, one, day, 7),
            "créneaux libres, 14 j, 1 praticien": lambda: free_slots(anyone, FreeSlotQuery(monday, until, practitioner_ids=one)),
            "créneaux libres, 14 j, 20 praticiens": lambda: free_slots(anyone, FreeSlotQuery(monday, until, practitioner_ids=every)),
            "recherche de rendez-vous, une semaine": lambda: find_appointments(
                self.secretary, BookedQuery(within=lambda _zone: (monday, monday + timedelta(days=7)))
            ),
            "recherche de rendez-vous, un praticien, sans dates": lambda: find_appointments(
                self.secretary, BookedQuery(practitioner_ids=one, after=(monday, UUID(int=0)))
            ),
            "liste imprimée, un jour, 20 praticiens": lambda: self.listing(day),
            "fiche d’un rendez-vous et son historique": lambda: read_appointment(self.secretary, self.visit),
            "rendez-vous d’un patient": lambda: my_appointments(self.patient),
            "réservation": self.book,
        }

    def listing(self, day: date) -> object:
        """Read the lines of a printed day."""
        with reading() as session:
            return lines_of_days(session, self.ids, day, day)

    def book(self) -> object:
        """Book the next free time of the next agenda."""
        number = next(self.who)
        if number % PRACTITIONERS == 0:
            self.at = next(self.free)
        slot = SlotKey(self.offerings[number % PRACTITIONERS], self.at)
        return book_slot(self.patient, BookingRequest(slot))


def asked(questions: Questions) -> dict[str, float]:
    """Ask each question a few times and keep its best time, in milliseconds: what others do on the machine only adds to it.

    The first calls are not counted: the driver prepares a statement at its sixth use.
    """
    found = {}
    for name, work in questions.all().items():
        for _ in range(UNCOUNTED):
            work()
        times = []
        for _ in range(CALLS):
            began = perf_counter()
            work()
            times.append((perf_counter() - began) * 1000)
        found[name] = min(times)
    return found


def small(urls: DatabaseUrls) -> tuple[House, Actor, Actor, list[UUID], list[UUID], int]:
    """Make the practice that is asked about."""
    house, site = (made := House()), made.site()
    secretary, patient = house.secretary(), new_patient_account()
    with bulk(urls.admin) as connection:
        visits = book_weeks(connection, house.practice_id, site, WEEKS, hire(connection, house.practice_id, site, PRACTITIONERS))
        connection.execute(
            "update patient set person_id = (select id from person limit 1) where id = (select patient_id from appointment limit 1)"
        )
        rows = connection.execute("select practitioner_id, id from offering order by practitioner_id").fetchall()
    engine().dispose()
    return house, secretary, patient, [row[0] for row in rows], [row[1] for row in rows], visits


def figures_of(turns: dict[str, list[tuple[float, float]]]) -> list[Figure]:
    """Hold every question against itself."""
    figures = []
    for name, pairs in turns.items():
        ratio = statistics.median(many / few for few, many in pairs)
        figures.append(Figure(f"{name}, grande table", statistics.median(many for _, many in pairs), "ms"))
        figures.append(Figure(f"{name}, grande ÷ petite", round(ratio, 2), "", f"≤ {GOAL}", ratio <= GOAL))
    return figures


def main() -> None:
    """Run the bench."""
    rounds = 5
    with database() as urls, clock_at(MONDAY - timedelta(days=1)):
        house, secretary, patient, ids, offerings, few = small(urls)
        began = perf_counter()
        big, more = grown(urls, house, ids, 990_000 if full() else 90_000)
        loaded = perf_counter() - began
        turns: dict[str, list[tuple[float, float]]] = {}
        sides = []
        for url in (urls.app, big):
            with using(url):
                sides.append((url, Questions(house, secretary, patient, ids, offerings)))
        for _ in range(rounds):
            both = []
            for url, questions in sides:
                with using(url):
                    both.append(asked(questions))
            for name, took in both[0].items():
                turns.setdefault(name, []).append((took, both[1][name]))
        write("scale", figures_of(turns), rounds=rounds, calls=CALLS, few=few, many=few + more, loading_seconds=round(loaded))


if __name__ == "__main__":
    main()
