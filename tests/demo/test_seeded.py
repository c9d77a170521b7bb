"""The demonstration as it is seeded once, looked at from all sides."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from maiia_pro.agenda.codes import Origin
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.agenda.tables import Appointment
from maiia_pro.demo.ids import PRACTICE_ID
from maiia_pro.demo.seed import demo_logins, seed_demo
from maiia_pro.identity.api_clients import authenticate_client
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice
from maiia_pro.requests.tables import Kind, PracticeRequest, Progress
from maiia_pro.settings import get_settings

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("seeded_once")]

VISITOR = Actor.anonymous()


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


def test_every_printed_login_opens() -> None:
    logins = demo_logins()
    for account in logins["accounts"]:
        assert sign_in(VISITOR, account["email"], account["password"], "127.0.0.1").token
    client = logins["api_client"]
    assert authenticate_client(client["id"], client["secret"]).scopes == frozenset(client["scopes"])


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


def test_there_are_requests_of_every_kind_around_today() -> None:
    with reading() as session:
        found = session.exec(select(PracticeRequest)).all()
    assert {one.kind for one in found} == set(Kind)
    assert {one.progress for one in found} == set(Progress)
    assert len(found) >= 15
    assert all(abs(one.due_at - clock.now()) < timedelta(days=6) for one in found)
