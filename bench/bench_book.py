"""Whole bookings a second (`book_slot` by patients: rule, lock, insert, audit, job, notification, durable commit) beside bare inserts.

The bare insert writes three columns under the same exclusion constraint on the same server, in rounds that take turns.
Eight clients are eight threads of one process, as `make run` serves them; eight processes are told besides. Bare inserts come from
eight processes, which is the stronger limit.
"""

import multiprocessing
import statistics
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from multiprocessing.connection import Connection
from time import perf_counter
from uuid import UUID

import psycopg
from sqlalchemy import text

from bench.ground import Figure, database, full, write
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import engine, libpq_url, transaction
from maiia_pro.kernel.ids import uuid7
from maiia_pro.launcher.postgres import DatabaseUrls
from tests.factories import House, new_patient_account

CLIENTS = 8
GOAL = 0.10
LENGTH = timedelta(minutes=10)
ORIGIN = datetime(2027, 1, 1, tzinfo=UTC)
RAW = "insert into bare (id, practitioner_id, blocked) values (%s, %s, tstzrange(%s, %s)) on conflict do nothing returning id"
Span = tuple[float, float]


class Client:
    """One who books: an own agenda, an own account, an own connection."""

    def __init__(self, url: str, patient: Actor, offering: UUID, slots: Iterator[SlotKey]) -> None:
        self.patient, self.offering, self.slots = patient, offering, slots
        self.connection = psycopg.connect(url, autocommit=True)
        self.made = 0

    def insert(self, count: int) -> Span:
        """Insert bare rows, one durable commit each."""
        began = perf_counter()
        for _ in range(count):
            self.made += 1
            starts_at = ORIGIN + self.made * LENGTH
            values = (uuid7(), self.offering, starts_at, starts_at + LENGTH)
            assert self.connection.execute(RAW, values, prepare=True).fetchone()
        return began, perf_counter()

    def book(self, count: int) -> Span:
        """Book, one slot after the other."""
        began = perf_counter()
        for _ in range(count):
            book_slot(self.patient, BookingRequest(next(self.slots)))
        return began, perf_counter()


def serve(line: Connection, url: str, patient: Actor, offering: UUID, slots: Sequence[SlotKey]) -> None:
    """Do in a process of its own what the line asks for, until it asks for nothing."""
    client = Client(url, patient, offering, iter(slots))
    while task := line.recv():
        line.send(getattr(client, task[0])(task[1]))


def rate_of(spans: Sequence[Span], count: int) -> float:
    """Give what all did together in a second."""
    return len(spans) * count / (max(end for _, end in spans) - min(begin for begin, _ in spans))


def ask(lines: Sequence[Connection], what: str, count: int) -> float:
    """Let some clients work at once and give their rate."""
    for line in lines:
        line.send((what, count))
    return rate_of([line.recv() for line in lines], count)


def in_threads(clients: Sequence[Client], count: int) -> float:
    """Let clients book at once from threads of this process, as the server does."""
    spans: list[Span] = []
    threads = [threading.Thread(target=lambda client=client: spans.append(client.book(count))) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rate_of(spans, count)


def measure(lines: Sequence[Connection], clients: Sequence[Client], rounds: int, count: int) -> dict[str, list[float]]:
    """Take turns, so that whatever else the machine does falls on all alike."""
    found: dict[str, list[float]] = {"raw 1": [], "book 1": [], "raw 8": [], "processes 8": [], "threads 8": []}
    for number in range(rounds + 1):
        turn = {
            "raw 1": ask(lines[:1], "insert", count * 4),
            "book 1": ask(lines[:1], "book", count),
            "raw 8": ask(lines, "insert", count * 2),
            "processes 8": ask(lines, "book", count // 2),
            "threads 8": in_threads(clients, count // 4),
        }
        if number:  # the first round warms caches and connections
            for name, rate in turn.items():
                found[name].append(rate)
    return found


def agendas(house: House, count: int, days: int) -> list[list[SlotKey]]:
    """Give each of `count` practitioners an agenda of slots to book."""
    site = house.site()
    keys = []
    for _ in range(count):
        practitioner = house.practitioner()
        for opens in (8, 14):
            house.hours(practitioner, site, time(opens), time(opens + 4))
        house.offering(house.reason(practitioner))
        hours = (8, 9, 10, 11, 14, 15, 16, 17)
        keys.append([house.slot(hour, at, days=day, offering=-1) for day in range(1, days) for hour in hours for at in (0, 20, 40)])
    return keys


def prepare(urls: DatabaseUrls) -> None:
    """Make the bare table, with the very constraint."""
    with psycopg.connect(libpq_url(urls.owner), autocommit=True) as owner:
        owner.execute(
            "create table bare (id uuid primary key, practitioner_id uuid not null, blocked tstzrange not null,"
            " exclude using gist (practitioner_id with =, blocked with &&))"
        )


def figures_of(found: dict[str, list[float]]) -> list[Figure]:
    """Compare each rate with the bare insert of its own round."""
    figures = [Figure(f"{name}, bookings a second", statistics.median(rates), "/s") for name, rates in found.items()]
    for name, bare in (("book 1", "raw 1"), ("processes 8", "raw 8"), ("threads 8", "raw 8")):
        share = statistics.median(rate / limit for rate, limit in zip(found[name], found[bare], strict=True))
        judged = name != "processes 8"
        figures.append(
            Figure(f"{name} ÷ {bare}", round(share, 4), "", f"≥ {GOAL}" if judged else "", share >= GOAL if judged else None)
        )  # fmt: skip
    return figures


def main() -> None:
    """Run the bench."""
    rounds, count = (15, 200) if full() else (7, 80)
    with database() as urls:
        prepare(urls)
        house = House()
        keys = agendas(house, CLIENTS * 2, 180)
        url = libpq_url(urls.app)
        lines, processes = [], []
        context = multiprocessing.get_context("fork")
        people = [new_patient_account() for _ in range(CLIENTS * 2)]
        engine().dispose()
        for number in range(CLIENTS):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, url, people[number], keys[number][0].offering_id, keys[number]))
            process.start()
            lines.append(ours)
            processes.append(process)
        clients = [Client(url, people[n], keys[n][0].offering_id, iter(keys[n])) for n in range(CLIENTS, CLIENTS * 2)]
        try:
            found = measure(lines, clients, rounds, count)
        finally:
            for line in lines:
                line.send(None)
            for process in processes:
                process.join(10)
        with transaction() as session:
            booked = session.connection().execute(text("select count(*), count(distinct id) from appointment")).one()
        write(
            "book",
            figures_of(found),
            rounds=rounds,
            bookings=booked[0],
            clients="8 fils d’un processus, comme le sert make run ; 8 processus à part",
        )


if __name__ == "__main__":
    main()
