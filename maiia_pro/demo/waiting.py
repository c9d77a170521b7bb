"""The demonstration's waiting list: around today at each run, as long as nobody touched it.

Its holder waits for what is seldom cancelled, so that most cancelled places are free again at once.
"""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from maiia_pro.demo.ids import PRACTICE_ID, demo_id
from maiia_pro.demo.requests import SECRETARY
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import name_key
from maiia_pro.practice.tables import Specialty
from maiia_pro.waiting.tables import Standing, Wish


@dataclass(frozen=True, slots=True)
class DemoWish:
    """A wish of the demonstration; `patient` by number, `days` since it was made, `weeks` that it holds."""

    patient: int
    reason: str
    days: int
    practitioner: str = ""
    specialty: Specialty | None = None
    weekdays: tuple[int, ...] = ()
    hours: tuple[time, time] = (time(0), time(23, 59))
    weeks: int = 6


WISHES = (
    DemoWish(0, "Dépistage", 12, "okafor", weekdays=(1, 3), hours=(time(9), time(12))),
    DemoWish(17, "Consultation", 9, specialty=Specialty.GENERAL_MEDICINE, hours=(time(17), time(23, 59)), weeks=3),
    DemoWish(42, "Première consultation", 6, "vasseur", weekdays=(0, 1, 3)),
    DemoWish(88, "Examen du nourrisson", 3, "marchand", hours=(time(0), time(12)), weeks=4),
    DemoWish(131, "Suivi de grossesse", 1, "ferrand", weekdays=(2,)),
)


def seed_waiting(session: Session, accounts: dict[str, UUID], patients: list[UUID]) -> None:
    """Add the wishes that are missing; those that nobody changed move along with today."""
    adding = insert(Wish).values([_row(number, demo, accounts, patients) for number, demo in enumerate(WISHES)])
    moving = {name: adding.excluded[name] for name in ("until", "created_at")}
    session.connection().execute(adding.on_conflict_do_update(index_elements=["id"], set_=moving, where=col(Wish.version) == 1))


def _row(number: int, demo: DemoWish, accounts: dict[str, UUID], patients: list[UUID]) -> dict[str, Any]:
    now = clock.now()
    return {
        "id": demo_id(f"wish:{number}"),
        "practice_id": PRACTICE_ID,
        "patient_id": patients[demo.patient],
        "practitioner_id": demo_id(f"practitioner:{demo.practitioner}") if demo.practitioner else None,
        "specialty": demo.specialty,
        "reason": demo.reason,
        "reason_key": name_key(demo.reason),
        "weekdays": list(demo.weekdays),
        "begins": demo.hours[0],
        "ends": demo.hours[1],
        "until": (now + timedelta(weeks=demo.weeks)).date(),
        "standing": Standing.ACTIVE,
        "created_by_id": accounts[SECRETARY],
        "created_at": now - timedelta(days=demo.days),
        "version": 1,
    }
