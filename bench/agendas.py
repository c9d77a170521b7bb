"""Agendas by the thousand: practitioners with sixty visits a week, each visit with its patient and its line of history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from maiia_pro.kernel.db import libpq_url

ZONE = ZoneInfo("Europe/Paris")
MONDAY = datetime(2027, 1, 4, tzinfo=ZONE).astimezone(UTC)
VISITS_A_WEEK = 60
VISITS_A_PATIENT = 10

_PRACTITIONERS = """
    insert into practitioner (id, practice_id, title, given_name, family_name, sort_key, specialty, rpps, slug, hue)
    select gen_random_uuid(), %(practice)s, 'Dr', 'Anne', 'Bernard ' || n, 'bernard ' || n, 'general_medicine',
           right(%(practice)s::text, 12) || n, right(%(practice)s::text, 12) || '-' || n, 'teal'
    from generate_series(1, %(count)s) n returning id
"""
_CONSENTS = """
    with given as (
        insert into licence_consent (id, practitioner_id, licence, given_by, at)
        select gen_random_uuid(), id, 'bench', 'Dr A', now() from practitioner where id = any(%(ids)s) returning id, practitioner_id
    )
    update practitioner set consent_id = given.id from given where practitioner.id = given.practitioner_id
"""
_REASONS = """
    insert into visit_reason (id, practice_id, practitioner_id, name, duration_minutes, step_minutes, buffer_before_minutes,
                              buffer_after_minutes, mode, hue, online, position, active)
    select gen_random_uuid(), practice_id, id, 'Consultation', 20, 20, 0, 0, 'in_person', 'teal', true, 1, true
    from practitioner where id = any(%(ids)s)
"""
_OFFERINGS = """
    insert into offering (id, practice_id, practitioner_id, site_id, reason_id, active)
    select gen_random_uuid(), practice_id, practitioner_id, %(site)s, id, true from visit_reason where practitioner_id = any(%(ids)s)
"""
_HOURS = """
    insert into opening_rule (id, practitioner_id, site_id, weekday, opens, closes)
    select gen_random_uuid(), p.id, %(site)s, day, half.opens, half.closes from practitioner p, generate_series(0, 4) day,
           (values (time '08:30', time '12:30'), (time '14:00', time '18:00')) half (opens, closes)
    where p.id = any(%(ids)s)
"""
_POOL = "create temporary table pool as select n as number, gen_random_uuid() as id from generate_series(0, %(patients)s - 1) n"
_PATIENTS = """
    insert into patient (id, practice_id, given_name, family_name, sort_key, birth_date, phone, email, created_at)
    select id, %(practice)s, 'Josiane', 'Keller ' || number, 'keller ' || number, date '1953-04-17', '', '', now() from pool
"""
_VISITS = """
    with made as (
        insert into appointment (id, practice_id, practitioner_id, site_id, reason_id, patient_id, starts_at, ends_at, blocked, status,
                                 mode, origin, deliberate_overbooking, note, version, created_at, cancellation_note)
        select gen_random_uuid(), p.practice_id, p.id, %(site)s, r.id, pool.id, at, at + interval '20 minutes',
               tstzrange(at, at + interval '20 minutes'), 'planned', 'in_person', 'online', false, '', 1, now(), ''
        from (select *, row_number() over (order by id) as number from practitioner where id = any(%(ids)s)) p
        join visit_reason r on r.practitioner_id = p.id
        cross join generate_series(%(first_week)s, %(last_week)s - 1) week
        cross join generate_series(0, 4) day
        cross join generate_series(0, 11) place
        cross join lateral (
            select %(monday)s + (week * 7 + day) * interval '1 day' + interval '8 hours 30 minutes'
                   + (place / 6) * interval '5 hours 30 minutes' + (place %% 6) * interval '40 minutes' as at
        ) visit
        join pool on pool.number = (((p.number * 1009 + week + 1000) * 5 + day) * 12 + place) %% %(patients)s
        returning id, practice_id, practitioner_id, starts_at, ends_at
    )
    insert into audit_entry (id, practice_id, at, action, actor_kind, actor_name, subject_type, subject_id, details)
    select gen_random_uuid(), practice_id, now(), 'appointment:booked', 'secretary', 'Sylvie Moreau', 'appointment', id,
           jsonb_build_object('version', 1, 'starts_at', starts_at, 'ends_at', ends_at, 'practitioner_id', practitioner_id)
    from made
"""


@contextmanager
def bulk(admin: str) -> Iterator[psycopg.Connection]:
    """Load rows right by construction: no reference is checked, and the wall against overlaps is built again at the end, over all."""
    with psycopg.connect(libpq_url(admin), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set maintenance_work_mem = '256MB'")
        wall = connection.execute("select pg_get_constraintdef(oid) from pg_constraint where conname = 'appointment_no_overlap'").fetchone()
        assert wall
        connection.execute("alter table appointment drop constraint appointment_no_overlap")
        yield connection
        connection.execute("alter table appointment add constraint appointment_no_overlap " + wall[0])
        connection.execute("vacuum analyze")


def hire(connection: psycopg.Connection, practice: UUID, site: UUID, count: int) -> list[UUID]:
    """Give a practice practitioners who receive at a site every working day, one reason each."""
    values: dict[str, object] = {"practice": practice, "site": site, "count": count}
    ids = [row[0] for row in connection.execute(_PRACTITIONERS, values).fetchall()]
    for statement in (_CONSENTS, _REASONS, _OFFERINGS, _HOURS):
        connection.execute(statement, values | {"ids": ids})
    return ids


def book_weeks(connection: psycopg.Connection, practice: UUID, site: UUID, weeks: range, ids: list[UUID]) -> int:
    """Fill half the time of weeks counted from `MONDAY` for practitioners, with patients of their own; gives how many visits."""
    visits = len(ids) * len(weeks) * VISITS_A_WEEK
    values = {
        "practice": practice, "site": site, "ids": ids, "monday": MONDAY, "first_week": weeks.start, "last_week": weeks.stop,
        "patients": max(1, visits // VISITS_A_PATIENT),
    }  # fmt: skip
    for statement in (_POOL, _PATIENTS, _VISITS, "drop table pool"):
        connection.execute(statement, values if "%(" in statement else None)
    return visits
