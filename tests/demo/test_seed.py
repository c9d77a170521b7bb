"""The demonstration: complete around today, the same after a second run."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import func, select

from maiia_pro.agenda.codes import Origin
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.agenda.setup import DayRange, opening_week, save_weekly_hours
from maiia_pro.agenda.tables import Appointment
from maiia_pro.demo.ids import PRACTICE_ID
from maiia_pro.demo.seed import demo_logins, seed_demo
from maiia_pro.identity.api_clients import authenticate_client
from maiia_pro.identity.sessions import sign_in
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice
from maiia_pro.requests.changing import take_request
from maiia_pro.requests.detail import read_request
from maiia_pro.requests.listing import RequestQuery, Which, request_board
from maiia_pro.requests.tables import Kind, PracticeRequest, Progress
from maiia_pro.settings import get_settings

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("seeded")]

VISITOR = Actor.anonymous()


@pytest.fixture
def seeded(clean_database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    seed_demo()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


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


def test_the_practitioners_are_of_three_specialties_on_two_sites() -> None:
    cards = find_practitioners(VISITOR, DirectoryQuery())
    demo = [card for card in cards if card.is_demo]
    assert len({card.specialty for card in demo}) >= 3
    assert len({site.id for card in demo for site in card.sites}) >= 2


def test_there_are_three_hundred_patients_and_six_weeks_each_side() -> None:
    now = clock.now()
    with reading() as session:
        assert session.exec(select(func.count()).select_from(Patient)).one() >= 300
        earliest, latest = session.exec(select(func.min(Appointment.starts_at), func.max(Appointment.starts_at))).one()
    assert earliest < now - timedelta(days=39)
    assert latest > now + timedelta(days=39)


def test_the_practice_is_marked_as_a_demonstration() -> None:
    with reading() as session:
        assert session.get_one(Practice, PRACTICE_ID).is_demo


def test_a_second_run_adds_nothing() -> None:
    def count() -> int:
        with reading() as session:
            return session.exec(select(func.count()).select_from(Appointment)).one()

    before = count()
    seed_demo()
    assert count() == before


def test_every_appointment_says_once_who_took_it_and_when() -> None:
    seed_demo()
    with reading() as session:
        taken = {
            one.id: ("patient" if one.origin == Origin.ONLINE else "secretary", one.created_at) for one in session.exec(select(Appointment))
        }
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.APPOINTMENT_BOOKED)).all()
    assert len(entries) == len(taken)
    assert {entry.subject_id: (entry.actor_kind, entry.at) for entry in entries} == taken


def test_no_appointment_was_taken_after_it_began() -> None:
    with reading() as session:
        assert session.exec(select(Appointment).where(Appointment.created_at >= Appointment.starts_at)).all() == []


def test_a_seeded_appointment_shows_its_history_at_the_desk() -> None:
    login = next(one for one in demo_logins()["accounts"] if one["role"] == "secretary")
    actor = sign_in(VISITOR, login["email"], login["password"], "127.0.0.1").actor
    with reading() as session:
        ident = session.exec(select(Appointment.id).where(Appointment.origin == Origin.DESK)).first()
    assert ident
    (line,) = read_appointment(actor, ident).history
    assert (line.action, line.actor_name) == (AuditAction.APPOINTMENT_BOOKED, "Sylvie Moreau")
    assert line.on_behalf_of


def test_every_printed_login_opens(seeded: None) -> None:
    logins = demo_logins()
    for account in logins["accounts"]:
        assert sign_in(VISITOR, account["email"], account["password"], "127.0.0.1").token
    client = logins["api_client"]
    assert authenticate_client(client["id"], client["secret"]).scopes == frozenset(client["scopes"])


def test_another_data_folder_gives_working_logins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = demo_logins()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
    get_settings.cache_clear()
    seed_demo()
    after = demo_logins()
    assert after != before
    account = after["accounts"][0]
    assert sign_in(VISITOR, account["email"], account["password"], "127.0.0.1").token


def test_the_passwords_are_readable_by_their_owner_only() -> None:
    assert (get_settings().data_dir / "demo-secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.requirement(66)
def test_the_practice_on_the_initial_offer_is_found_and_shows_no_slot() -> None:
    (card,) = find_practitioners(VISITOR, DirectoryQuery.parse("ferry", ""))
    assert not card.has_online_booking
    assert card.next_slots == ()


def test_the_program_of_the_demonstration_is_let_in_once_and_audited() -> None:
    seed_demo()
    with reading() as session:
        entries = session.exec(select(AuditEntry.practice_id).where(AuditEntry.action == AuditAction.API_CLIENT_REGISTERED)).all()
    assert entries == [PRACTICE_ID]


def test_a_second_run_leaves_the_hours_that_a_practitioner_saved() -> None:
    login = next(one for one in demo_logins()["accounts"] if one["role"] == "practitioner")
    actor = sign_in(VISITOR, login["email"], login["password"], "127.0.0.1").actor
    own = next(one.id for one in desk(actor).practitioners if one.is_self)
    site = opening_week(actor, own).sites[0][0]
    save_weekly_hours(actor, own, site, [DayRange(2, time(9), time(11))])
    before = opening_week(actor, own).hours
    seed_demo()
    assert opening_week(actor, own).hours == before


def test_there_are_requests_of_every_kind_around_today() -> None:
    with reading() as session:
        found = session.exec(select(PracticeRequest)).all()
    assert {one.kind for one in found} == set(Kind)
    assert {one.progress for one in found} == set(Progress)
    assert len(found) >= 15
    assert all(abs(one.due_at - clock.now()) < timedelta(days=6) for one in found)


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
