"""The demonstration: complete around today, the same after a second run."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.setup import DayRange, opening_week, save_weekly_hours
from maiia_pro.agenda.tables import Appointment
from maiia_pro.demo.ids import PRACTICE_ID
from maiia_pro.demo.seed import demo_logins, seed_demo
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.requests.changing import take_request
from maiia_pro.requests.detail import read_request
from maiia_pro.requests.listing import RequestQuery, Which, request_board
from maiia_pro.settings import get_settings

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("seeded")]

VISITOR = Actor.anonymous()


def disjoint(begins: datetime, ends: datetime) -> dict[UUID, int]:
    """Count, by practitioner, the free slots that can all be booked together."""
    counts: dict[UUID, int] = defaultdict(int)
    free_from: dict[UUID, datetime] = {}
    for slot in sorted(free_slots(VISITOR, FreeSlotQuery(begins, ends)), key=lambda slot: slot.ends_at):
        if slot.starts_at >= free_from.get(slot.practitioner_id, begins):
            counts[slot.practitioner_id] += 1
            free_from[slot.practitioner_id] = slot.ends_at
    return counts


@pytest.mark.parametrize("days_later", [0, 5, 40])
def test_each_of_the_next_three_weeks_has_forty_disjoint_free_slots_for_four_practitioners(days_later: int) -> None:
    with clock.shifted(timedelta(days=days_later)):
        seed_demo()
        now = clock.now()
        for week in range(3):
            begins = now + timedelta(days=7 * week)
            counts = disjoint(begins, begins + timedelta(days=7))
            assert sum(count >= 40 for count in counts.values()) >= 4


def test_another_data_folder_gives_working_logins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = demo_logins()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
    get_settings.cache_clear()
    seed_demo()
    after = demo_logins()
    assert after != before
    account = after["accounts"][0]
    assert sign_in(VISITOR, account["email"], account["password"], "127.0.0.1").token


def test_a_second_run_leaves_the_hours_that_a_practitioner_saved() -> None:
    login = next(one for one in demo_logins()["accounts"] if one["role"] == "practitioner")
    actor = sign_in(VISITOR, login["email"], login["password"], "127.0.0.1").actor
    own = next(one.id for one in desk(actor).practitioners if one.is_self)
    site = opening_week(actor, own).sites[0][0]
    save_weekly_hours(actor, own, site, [DayRange(2, time(9), time(11))])
    before = opening_week(actor, own).hours
    seed_demo()
    assert opening_week(actor, own).hours == before


def test_later_untouched_requests_come_along_and_the_others_stay_as_people_left_them() -> None:
    login = next(one for one in demo_logins()["accounts"] if one["role"] == "secretary")
    actor = sign_in(VISITOR, login["email"], login["password"], "127.0.0.1").actor
    free, other, *_ = request_board(actor, RequestQuery(PRACTICE_ID, Which.UNASSIGNED)).lines
    take_request(actor, free.id, 1)
    with clock.shifted(timedelta(days=10)):
        seed_demo()
    assert read_request(actor, free.id).line.due_at == free.due_at
    assert read_request(actor, free.id).line.owner == "Sylvie Moreau"
    assert read_request(actor, other.id).line.due_at - other.due_at > timedelta(days=9)


def test_a_series_is_half_past_and_half_to_come_and_a_later_run_begins_the_next_one() -> None:
    def ahead() -> list[bool]:
        with reading() as session:
            starts = session.exec(select(Appointment.starts_at).where(Appointment.series_id.is_not(None))).all()  # type: ignore[union-attr]
        return [start > clock.now() for start in starts]

    assert ahead().count(True) in {4, 5}
    assert len(ahead()) == 10
    with clock.shifted(timedelta(weeks=12)):
        seed_demo()
        assert ahead().count(True) >= 4
