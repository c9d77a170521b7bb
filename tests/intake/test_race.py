"""Two people bring in the same file at once: it comes in once."""

import threading
from functools import partial

import psycopg
import pytest
from sqlalchemy import text

from maiia_pro.intake import calendar as intake_calendar
from maiia_pro.intake import events, importing, patients, visits
from maiia_pro.intake.calendar import run_calendar
from maiia_pro.intake.decisions import CalendarFile
from maiia_pro.intake.importing import IntakeFile, run_intake
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url, reading
from tests.concurrency.racing import race
from tests.factories import House
from tests.intake.files import csv_of
from tests.outside.test_reading import calendar

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

PEOPLE = 40
ROWS = [(f"Nom{chr(65 + number // 20)}{chr(65 + number % 20)}", "Léa", "12/03/1981") for number in range(PEOPLE)]
FILE = IntakeFile(Kind.PATIENTS, csv_of(ROWS, ("Nom", "Prénom", "DDN")))


@pytest.fixture
def doctor(house: House) -> Actor:
    return house.practitioner_actor()


@pytest.fixture
def without_turns(monkeypatch) -> None:
    """Let everybody look before anybody has written: no lock, and all meet once they have made their plan."""
    meeting = threading.Barrier(2)

    def together(planned):
        def plan(*asked):
            made = planned(*asked)
            meeting.wait(30)
            return made

        return plan

    monkeypatch.setattr(intake_calendar, "lock_intake", lambda *_asked: None)
    monkeypatch.setattr(intake_calendar, "plan_events", together(events.plan_events))
    monkeypatch.setattr(importing, "lock_intake", lambda *_asked: None)
    monkeypatch.setattr(importing, "plan_patients", together(patients.plan_patients))
    monkeypatch.setattr(importing, "plan_visits", together(visits.plan_visits))


def people(house: House) -> int:
    with reading() as session:
        query = text("select count(*) from patient where practice_id = :id and given_name = 'Léa'")
        return int(session.connection().execute(query, {"id": house.practice_id}).scalar_one())


def twice(house: House, doctor: Actor, file: IntakeFile = FILE):
    return race([partial(run_intake, doctor, house.practice_id, file)] * 2)


def test_two_imports_of_one_file_at_once_bring_it_in_once(house, doctor):
    assert twice(house, doctor) == {"done": 2}
    assert people(house) == PEOPLE


def test_without_turns_the_key_of_each_line_still_lets_it_in_once(house, doctor, without_turns):
    assert twice(house, doctor) == {"done": 1, "TakenOverMeanwhile": 1}
    assert people(house) == PEOPLE


def test_without_the_key_either_everybody_comes_in_twice(house, doctor, without_turns, clean_database):
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute("alter table intake_line drop constraint intake_line_once")
        try:
            assert twice(house, doctor) == {"done": 2}
            assert people(house) == 2 * PEOPLE
        finally:
            owner.execute("delete from intake_line")
            owner.execute("alter table intake_line add constraint intake_line_once unique (practice_id, kind, key)")


def test_without_turns_the_agenda_still_holds_each_visit_once(house, doctor, without_turns):
    day = house.instant(12).strftime("%d/%m/%Y")
    rows = [(day, f"{hour}h00", *ROWS[hour]) for hour in range(8, 20)]
    file = IntakeFile(Kind.VISITS, csv_of(rows, ("Date", "Heure", "Nom", "Prénom", "DDN")))
    assert twice(house, doctor, file) == {"done": 1, "SlotTaken": 1}
    assert len(house.appointments()) == len(rows)


def calendar_of(house: House) -> CalendarFile:
    content = calendar(
        *(f"DTSTART:{house.instant(hour):%Y%m%dT%H%M%SZ}\r\nDURATION:PT20M\r\nSUMMARY:Nom Léa 12/03/1981" for hour in (9, 10))
    )
    return CalendarFile(content, house.practitioners[0])


def test_two_imports_of_one_calendar_at_once_bring_it_in_once(house, doctor):
    assert race([partial(run_calendar, doctor, house.practice_id, calendar_of(house))] * 2) == {"done": 2}
    assert (len(house.appointments()), people(house)) == (2, 1)


def test_without_turns_a_calendar_that_two_people_bring_in_still_fills_the_agenda_once(house, doctor, without_turns):
    assert race([partial(run_calendar, doctor, house.practice_id, calendar_of(house))] * 2) == {"done": 1, "SlotTaken": 1}
    assert (len(house.appointments()), people(house)) == (2, 1)
