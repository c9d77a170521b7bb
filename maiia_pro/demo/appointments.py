"""The demonstration's patients and appointments: six weeks before today and six after, the same at each run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from maiia_pro.agenda.codes import CompanionMeans, EntitlementMeans, IdentityMeans, Mode, Origin, Status
from maiia_pro.agenda.days_off import public_holiday
from maiia_pro.agenda.openings import minute_of_day
from maiia_pro.agenda.tables import Appointment, blocked_range
from maiia_pro.demo.ids import HOLDER_ID, PRACTICE_ID, demo_id
from maiia_pro.demo.people import FAMILY_NAMES, GIVEN_NAMES, MEN, PRACTITIONERS, SITES, DemoPractitioner, DemoReason
from maiia_pro.demo.practice import AFTERNOON, MORNING, SATURDAY, WORKING_DAYS, add_missing, reason_id, site_of_day
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import PARIS, name_key
from maiia_pro.patients.tables import Patient

PATIENTS = 300
WEEKS = 6
BUSY_SHARE = 0.45
"""Of the twenty-minute steps: enough to look alive, and more than forty free ones a week stay."""
MISSED_SHARE = 0.05
ONLINE_SHARE = 0.4
NOTES = ("", "", "", "", "Apporte ses radios", "Arrive de Rennes", "À jeun", "Carnet de santé demandé")


class DemoPatient(NamedTuple):
    """Somebody who comes to the demonstration's practice."""

    id: UUID
    born: date
    woman: bool


@dataclass(frozen=True, eq=False)
class DemoPatients:
    """All of them, the account's holder first."""

    everybody: tuple[DemoPatient, ...]

    @cache  # noqa: B019 - one object a run
    def who_come_for(self, reason: DemoReason, year: int) -> list[DemoPatient]:
        """Keep those of an age and a sex to come for a reason."""
        youngest, oldest = reason.ages
        return [one for one in self.everybody if youngest <= year - one.born.year <= oldest and (one.woman or not reason.women)]


def seed_patients(session: Session) -> DemoPatients:
    """Add the patients that are missing and tell of all."""
    picks = random.Random("patients")  # noqa: S311 - the same people at each run
    rows = [_patient(picks, index) for index in range(PATIENTS)]
    add_missing(session, Patient, rows)
    return DemoPatients(tuple(DemoPatient(row["id"], row["birth_date"], row["given_name"] not in MEN) for row in rows))


def _patient(picks: random.Random, index: int) -> dict[str, Any]:
    given, family = picks.choice(GIVEN_NAMES), picks.choice(FAMILY_NAMES)
    born = date(1932, 1, 1) + timedelta(days=picks.randrange(94 * 365))
    number = f"+3363998{picks.randrange(10_000):04d}"
    email = f"patient{index}@demonstration.example" if picks.random() < 0.8 else ""
    if index == 0:
        given, family, born, number, email = "Josiane", "Keller", date(1955, 6, 2), "+33639985714", "josiane.keller@demonstration.example"
    return {
        "id": demo_id(f"patient:{index}"),
        "practice_id": PRACTICE_ID,
        "person_id": HOLDER_ID if index == 0 else None,
        "given_name": given,
        "family_name": family,
        "sort_key": name_key(f"{family} {given}"),
        "birth_date": born,
        "phone": number,
        "email": email,
        "created_at": clock.now(),
    }


def seed_appointments(session: Session, patients: DemoPatients) -> None:
    """Add the appointments that are missing from six weeks before today to six weeks after."""
    now = clock.now()
    today = now.astimezone(PARIS).date()
    days = [today + timedelta(days=offset) for offset in range(-7 * WEEKS, 7 * WEEKS + 1)]
    worked = [day for day in days if day.weekday() in WORKING_DAYS and not public_holiday(SITES[0].postal_code, day)]
    rows = [row for demo in PRACTITIONERS for day in worked for row in _day(demo, day, patients, now)]
    session.connection().execute(insert(Appointment).on_conflict_do_nothing(), rows)


def _day(demo: DemoPractitioner, day: date, patients: DemoPatients, now: datetime) -> Iterator[dict[str, Any]]:
    picks = random.Random(f"{demo.key}:{day}")  # noqa: S311 - the same day at each run
    for opens, closes in (MORNING,) if day.weekday() == SATURDAY else (MORNING, AFTERNOON):
        minute, end = minute_of_day(opens), minute_of_day(closes)
        while minute < end:
            reason = picks.choices(demo.reasons, weights=range(2 * len(demo.reasons), len(demo.reasons), -1))[0]
            if picks.random() >= BUSY_SHARE or minute + reason.minutes > end:
                minute += 20
                continue
            starts_at = datetime.combine(day, datetime.min.time(), PARIS) + timedelta(minutes=minute)
            yield appointment_row(demo, reason, starts_at, picks, patients, now)
            minute += reason.minutes


def _course(starts_at: datetime, ends_at: datetime, picks: random.Random, *, fulfilled: bool) -> dict[str, Any]:
    """Tell how a visit that is over went: some minutes of waiting, the identity checked."""
    columns = ("arrived_at", "seen_at", "fulfilled_at", "identity_means", "companion_means", "entitlement_means", "identity_checked_at")
    if not fulfilled:
        return dict.fromkeys(columns)
    arrived, seen = (starts_at + timedelta(minutes=picks.randrange(low, high)) for low, high in ((-12, 5), (5, 15)))
    means = picks.choice([IdentityMeans.KNOWN, IdentityMeans.IDENTITY_CARD, IdentityMeans.PASSPORT])
    values = (arrived, seen, max(seen, ends_at), means, CompanionMeans.NONE, EntitlementMeans.VITALE_CARD, seen)
    return dict(zip(columns, values, strict=True))


def appointment_row(  # noqa: PLR0917 - a row has that many sides
    demo: DemoPractitioner, reason: DemoReason, starts_at: datetime, picks: random.Random, patients: DemoPatients, now: datetime
) -> dict[str, Any]:
    """Make a visit that went, or will go, as most do."""
    ends_at = starts_at + timedelta(minutes=reason.minutes)
    planned = Status.CONFIRMED if picks.random() < 0.5 else Status.PLANNED
    over = Status.MISSED if picks.random() < MISSED_SHARE else Status.FULFILLED
    online = reason.online and picks.random() < ONLINE_SHARE
    return {
        "id": demo_id(f"appointment:{demo.key}:{starts_at.isoformat()}"),
        "practice_id": PRACTICE_ID,
        "practitioner_id": demo_id(f"practitioner:{demo.key}"),
        "site_id": demo_id(f"site:{site_of_day(demo, starts_at.weekday())}"),
        "reason_id": reason_id(demo, reason),
        "patient_id": picks.choice(patients.who_come_for(reason, starts_at.year)).id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "blocked": blocked_range(starts_at, ends_at),
        "status": over if ends_at < now else planned,
        "mode": Mode.VIDEO if reason.video else Mode.IN_PERSON,
        "origin": Origin.ONLINE if online else Origin.DESK,
        "deliberate_overbooking": False,
        "note": picks.choice(NOTES),
        "cancellation_note": "",
        "version": 1,
        "told_version": 1,
        **_course(starts_at, ends_at, picks, fulfilled=ends_at < now and over is Status.FULFILLED),
        "created_at": min(now, starts_at) - timedelta(days=picks.randrange(1, 30)),
    }
