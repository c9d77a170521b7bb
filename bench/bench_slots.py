"""Free starts of 1, 50 and 1000 practitioners over 28 days: from rows in memory, through the database, and what a cache would win.

The limit is one big integer a practitioner (`bench.limits`), built from the same rows in the same run; every answer is compared with
the slow loop of `naive_free_starts`.
"""

import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import text

from bench.ground import Figure, database, full, write
from bench.limits import Bits
from maiia_pro.agenda.free_time import VisitShape, free_starts, naive_free_starts
from maiia_pro.agenda.hours import OpeningHours, hours_and_busy_time
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.openings import Interval, to_minutes
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url, reading
from maiia_pro.launcher.postgres import DatabaseUrls
from tests.factories import House, clock_at

ZONE = ZoneInfo("Europe/Paris")
FIRST = datetime(2027, 1, 4, tzinfo=ZONE).astimezone(UTC)
LAST = FIRST + timedelta(days=28)
SHAPE = VisitShape(20, 20)
SIZES = (1, 50, 1000)
GOAL = 3.0

PRACTITIONERS = """
    insert into practitioner (id, practice_id, title, given_name, family_name, sort_key, specialty, rpps, slug, hue)
    select gen_random_uuid(), %(practice)s, 'Dr', 'A', 'B' || n, 'b' || n, 'general_medicine', n::text, 'bench-' || n, 'teal'
    from generate_series(1, %(count)s) n
"""
CONSENTS = """
    with given as (
        insert into licence_consent (id, practitioner_id, licence, given_by, at)
        select gen_random_uuid(), id, 'bench', 'Dr A', now() from practitioner returning id, practitioner_id
    )
    update practitioner set consent_id = given.id from given where practitioner.id = given.practitioner_id
"""
REASONS = """
    insert into visit_reason (id, practice_id, practitioner_id, name, duration_minutes, step_minutes, buffer_before_minutes,
                              buffer_after_minutes, mode, hue, online, position, active)
    select gen_random_uuid(), practice_id, id, 'Consultation', 20, 20, 0, 0, 'in_person', 'teal', true, 1, true from practitioner
"""
OFFERINGS = """
    insert into offering (id, practice_id, practitioner_id, site_id, reason_id, active)
    select gen_random_uuid(), practice_id, practitioner_id, %(site)s, id, true from visit_reason
"""
HOURS = """
    insert into opening_rule (id, practitioner_id, site_id, weekday, opens, closes)
    select gen_random_uuid(), p.id, %(site)s, day, half.opens, half.closes from practitioner p, generate_series(0, 4) day,
           (values (time '08:30', time '12:30'), (time '14:00', time '18:00')) half (opens, closes)
"""
VISITS = """
    insert into appointment (id, practice_id, practitioner_id, site_id, reason_id, patient_id, starts_at, ends_at, blocked, status, mode,
                             origin, deliberate_overbooking, note, version, created_at, cancellation_note)
    select gen_random_uuid(), p.practice_id, p.id, %(site)s, r.id, %(patient)s, at, at + interval '20 minutes',
           tstzrange(at, at + interval '20 minutes'), 'planned', 'in_person', 'online', false, '', 1, now(), ''
    from (select *, row_number() over () as number from practitioner) p
    join visit_reason r on r.practitioner_id = p.id
    cross join generate_series(0, 27) day
    cross join lateral (
        select %(first)s + day * interval '1 day' + (half * interval '5 hours 30 minutes') + slot * interval '20 minutes'
               + interval '8 hours 30 minutes' as at, half * 12 + slot as place
        from generate_series(0, 1) half, generate_series(0, 11) slot
    ) visit
    where day %% 7 < 5 and (p.number * 7919 + day * 31 + place * 104729) %% 10 < 6
"""


def fill(urls: DatabaseUrls) -> House:
    """Make a thousand agendas, six visits in ten taken; references are right by construction, so that they need no check."""
    house = House()
    site, patient = house.site(), house.patient()
    values = {"practice": house.practice_id, "count": max(SIZES), "site": site, "patient": patient, "first": FIRST}
    with psycopg.connect(libpq_url(urls.admin), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("alter table appointment drop constraint appointment_no_overlap")
        for statement in (PRACTITIONERS, CONSENTS, REASONS, OFFERINGS, HOURS, VISITS):
            connection.execute(statement, values)
        connection.execute("create table mask (practitioner_id uuid primary key, bits bytea not null)")
        connection.execute("grant select, insert on mask to maiia_app")
        connection.execute("vacuum analyze")
    return house


def practitioners() -> list[UUID]:
    """List them in a stable order."""
    with reading() as session:
        return [row[0] for row in session.connection().execute(text("select id from practitioner order by length(slug), slug"))]


class Memory:
    """The rows of every agenda, as the database gave them."""

    def __init__(self, site: UUID, ids: Sequence[UUID]) -> None:
        with reading() as session:
            self.hours: OpeningHours
            self.hours, self.busy = hours_and_busy_time(session, ids, FIRST, LAST)
        self.site = site
        self.earliest, self.until = to_minutes(FIRST), to_minutes(LAST)
        self.openings: dict[UUID, list[Interval]] = {}
        for practitioner in ids:
            laid = self.hours.openings(practitioner, site, ZONE, FIRST, LAST)
            self.openings[practitioner] = [interval for interval in laid if interval[0] < self.until]
        self.busy = {known: [interval for interval in visits if interval[1] > self.earliest] for known, visits in self.busy.items()}


def sweep(memory: Memory, ids: Sequence[UUID]) -> list[list[int]]:
    """Answer as the software does."""
    return [free_starts(memory.openings[one], memory.busy[one], SHAPE, memory.earliest) for one in ids]


def naive(memory: Memory, ids: Sequence[UUID]) -> list[list[int]]:
    """Answer by trying everything."""
    return [naive_free_starts(memory.openings[one], memory.busy[one], SHAPE, memory.earliest) for one in ids]


def bitset(memory: Memory, ids: Sequence[UUID]) -> list[list[int]]:
    """Answer by big integers built from the rows."""
    bits = Bits(memory.earliest, SHAPE)
    return [bits.starts(bits.free(memory.openings[one], memory.busy[one]), bits.grid(memory.openings[one])) for one in ids]


def seconds(work: Callable[[], object], least: float = 0.05) -> float:
    """Time one run of something, repeated until it takes long enough to be told from noise."""
    count, began = 0, perf_counter()
    while (took := perf_counter() - began) < least or not count:
        work()
        count += 1
    return took / count


def in_memory(memory: Memory, ids: Sequence[UUID], rounds: int) -> list[Figure]:
    """Compare the sweep with the limit, in turns, and both with the slow loop."""
    found: dict[int, list[tuple[float, float]]] = {size: [] for size in SIZES}
    equal = True
    for size in SIZES:
        chosen = ids[:size]
        few = chosen[: None if full() else 50]
        equal = equal and sweep(memory, chosen) == bitset(memory, chosen) and sweep(memory, few) == naive(memory, few)
        for _ in range(rounds):
            found[size].append(
                (seconds(lambda chosen=chosen: sweep(memory, chosen)), seconds(lambda chosen=chosen: bitset(memory, chosen)))
            )
    figures = [Figure("réponses égales à la boucle naïve et au champ de bits", float(equal), "", "= 1", equal)]
    for size, turns in found.items():
        ratio = statistics.median(ours / limit for ours, limit in turns)
        figures.append(Figure(f"{size} praticiens × 28 j, lignes en mémoire", statistics.median(ours for ours, _ in turns) * 1000, "ms"))
        figures.append(Figure(f"{size} praticiens ÷ limite (champ de bits)", round(ratio, 3), "", f"≤ {GOAL}", ratio <= GOAL))
    slow = seconds(lambda: naive(memory, ids[:1]), 0.3) / seconds(lambda: sweep(memory, ids[:1]), 0.3)
    return [*figures, Figure("1 praticien, boucle naïve ÷ nous", round(slow, 1), "")]


def through_database(house: House, ids: Sequence[UUID], rounds: int) -> list[Figure]:
    """Time reading and answering, and the whole search with its keys, in turns."""

    def read(chosen: Sequence[UUID]) -> object:
        return sweep(Memory(house.sites[0], chosen), chosen)

    def search(chosen: Sequence[UUID]) -> object:
        query = FreeSlotQuery(FIRST, LAST, practitioner_ids=tuple(chosen), practice_ids=(house.practice_id,))
        return free_slots(Actor.anonymous(), query)

    figures = []
    for size in SIZES:
        chosen = ids[:size]
        times = [(seconds(lambda chosen=chosen: read(chosen)), seconds(lambda chosen=chosen: search(chosen))) for _ in range(rounds)]
        for name, column in (("lecture et calcul", 0), ("recherche entière, créneaux et clés", 1)):
            figures.append(
                Figure(f"{size} praticiens × 28 j, base : {name}", statistics.median(turn[column] for turn in times) * 1000, "ms")
            )  # fmt: skip
    return figures


def cached(urls: DatabaseUrls, memory: Memory, ids: Sequence[UUID], rounds: int) -> list[Figure]:
    """Time what a stored mask of free time a practitioner would cost to read and to answer from, beside the rows."""
    bits = Bits(memory.earliest, SHAPE)
    size = 28 * 24 * 60 // 5 // 8
    figures = []
    with psycopg.connect(libpq_url(urls.app), autocommit=True) as connection:
        rows = [(one, bits.free(memory.openings[one], memory.busy[one]).to_bytes(size + 8, "little")) for one in ids]
        connection.cursor().executemany("insert into mask values (%s, %s)", rows)

        def from_masks(chosen: Sequence[UUID]) -> list[list[int]]:
            found = dict(connection.execute("select practitioner_id, bits from mask where practitioner_id = any(%s)", [list(chosen)]))
            grid = bits.grid(memory.openings[chosen[0]])
            return [bits.starts(int.from_bytes(found[one], "little"), grid) for one in chosen]

        assert from_masks(ids[:50]) == sweep(memory, ids[:50])
        for count in SIZES:
            chosen = ids[:count]
            turns = [
                (
                    seconds(lambda chosen=chosen: from_masks(chosen)),
                    seconds(lambda chosen=chosen: sweep(Memory(memory.site, chosen), chosen)),
                )
                for _ in range(rounds)
            ]
            gain = statistics.median(rows_took / mask_took for mask_took, rows_took in turns)
            figures.append(Figure(f"{count} praticiens, masque gardé en base", statistics.median(took for took, _ in turns) * 1000, "ms"))
            figures.append(Figure(f"{count} praticiens, lignes ÷ masque gardé", round(gain, 1), ""))
    return figures


def main() -> None:
    """Run the bench."""
    rounds = 15 if full() else 5
    with database() as urls:
        house = fill(urls)
        ids = practitioners()
        memory = Memory(house.sites[0], ids)
        with clock_at(FIRST - timedelta(days=1)):
            figures = in_memory(memory, ids, rounds) + through_database(house, ids, rounds) + cached(urls, memory, ids, rounds)
        write("slots", figures, rounds=rounds, visits=sum(map(len, memory.busy.values())), unit_minutes=5)


if __name__ == "__main__":
    main()
