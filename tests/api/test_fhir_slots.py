"""Slots: what the page offers is what a program finds, bounded as FHIR says, page by page."""

from datetime import datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel import clock
from tests.api.conftest import Program
from tests.api.test_fhir_directory import check
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration
PARIS = ZoneInfo("Europe/Paris")


def day(days: int) -> str:
    return (clock.now().astimezone(PARIS) + timedelta(days=days)).date().isoformat()


def test_a_slot_is_valid_and_reads_as_it_was_found(program):
    slot = program.get("Slot?_count=1").json()["entry"][0]["resource"]
    check(slot)
    assert len(slot["id"]) <= 64
    assert program.get(f"Slot/{slot['id']}").json() == slot


def test_the_pages_hold_every_free_slot_once(house, program):
    ahead = free_slots(program.actor, FreeSlotQuery(clock.now(), clock.now() + timedelta(days=60), practice_ids=(house.practice_id,)))
    begins, ends = house.instant(0, days=1), house.instant(0, days=9)
    expected = [slot.key for slot in ahead if begins <= slot.starts_at < ends]
    found = program.found(f"Slot?start=ge{day(1)}&start=lt{day(9)}&_count=23")
    assert [slot["id"] for slot in found] == expected
    assert len(expected) == 8 * 24


def test_a_bare_date_is_the_day_of_the_site(clean_database):
    reunion = House.ready(zone="Indian/Reunion")
    found = Program.of(reunion).found(f"Slot?start={reunion.instant(9, days=2).astimezone(ZoneInfo(reunion.zone)).date()}")
    starts = [datetime.fromisoformat(slot["start"]) for slot in found]
    assert (starts[0].time(), starts[-1].time()) == (time(8), time(17, 40))
    assert starts[0].utcoffset() == timedelta(hours=4)


def test_each_site_counts_its_own_days(house, program):
    far = house.site(zone="Indian/Reunion", city="Saint-Denis")
    doctor = house.practitioner("Payet")
    house.hours(doctor, far, time(0), time(2))
    house.offering(house.reason(doctor), far)
    found = [slot for slot in program.found(f"Slot?start={day(3)}") if slot["start"].endswith("+04:00")]
    assert [slot["start"][:16] for slot in found] == [f"{day(3)}T0{hour}:{minute}" for hour in (0, 1) for minute in ("00", "20", "40")]


@pytest.mark.parametrize(
    ("bounds", "first", "last"),
    [
        ("start=ge{0}T09:00:00{1}&start=lt{0}T10:00:00{1}", "09:00", "09:40"),
        ("start=gt{0}T09:00:00{1}&start=le{0}T10:00:00{1}", "09:20", "10:00"),
        ("start={0}T09:20:00{1}", "09:20", "09:20"),
        ("start=ge{0}T09:00&start=lt{0}T10:00", "09:00", "09:40"),
        ("start=sa{0}T09:00{1}&start=eb{0}T10:00{1}", "09:20", "09:40"),
    ],
)
@pytest.mark.parametrize("plus", ["%2B", "+"])
def test_bounds_are_instants_with_an_offset(program, bounds, first, last, plus):
    at = program.house.instant(9, days=2).astimezone(PARIS)
    offset = at.strftime("%z")
    written = bounds.format(at.date().isoformat(), f"{offset[:3]}:{offset[3:]}".replace("+", plus))
    found = [slot["start"][11:16] for slot in program.found(f"Slot?{written}")]
    assert (found[0], found[-1]) == (first, last)


@pytest.mark.parametrize(("when", "hours"), [("2027-03-28", 6), ("2027-10-31", 8)])
def test_a_day_of_23_or_25_hours_has_each_of_its_hours_once(clean_database, when, hours):
    house = House.ready(practitioners=0)
    doctor = house.practitioner()
    house.hours(doctor, house.sites[0], time(0), time(7), weekdays=(6,))
    house.offering(house.reason(doctor), house.sites[0])
    with clock_at(datetime.fromisoformat(f"{when}T12:00:00+00:00") - timedelta(days=20)):
        found = Program.of(house).found(f"Slot?start={when}&_count=5")
    assert len(found) == len({slot["start"] for slot in found}) == hours * 3


def test_a_slot_is_found_by_schedule_reason_and_actor(clean_database):
    house = House.ready(practitioners=2)
    program = Program.of(house)
    schedules, services = program.found("Schedule"), program.found("HealthcareService")
    bounds = f"start={day(2)}"
    everything = program.found(f"Slot?{bounds}")
    for schedule in schedules:
        own = program.found(f"Slot?{bounds}&schedule=Schedule/{schedule['id']}&status=free")
        assert {slot["schedule"]["reference"] for slot in own} == {f"Schedule/{schedule['id']}"}
        assert own == program.found(f"Slot?{bounds}&schedule.actor={schedule['actor'][0]['reference']}")
    both = ",".join(f"Schedule/{schedule['id']}" for schedule in schedules)
    assert program.found(f"Slot?{bounds}&schedule={both}") == everything
    for service in services:
        code = service["type"][0]["coding"][0]
        own = program.found(f"Slot?{bounds}&service-type={quote(code['system'] + '|' + code['code'])}")
        assert {slot["serviceType"][0]["coding"][0]["code"] for slot in own} == {code["code"]}
    assert program.found(f"Slot?{bounds}&schedule=Schedule/nothing") == []


def test_the_agendas_of_the_slots_can_be_joined(program):
    page = program.get("Slot?_count=3&_include=Slot:schedule").json()
    assert [entry["search"]["mode"] for entry in page["entry"]] == ["match"] * 3 + ["include"]
    check(page["entry"][-1]["resource"])


def test_a_booked_slot_is_no_longer_found_and_reads_busy(house, program):
    program.post("Appointment", program.booking(9))
    key = str(house.slot(9))
    assert key not in {slot["id"] for slot in program.found(f"Slot?start={day(1)}")}
    assert program.get(f"Slot/{key}").json()["status"] == "busy"


def test_a_past_slot_reads_unavailable(house, program):
    key = house.slot(9, days=-1)
    assert program.get(f"Slot/{key}").json()["status"] == "busy-unavailable"


def test_a_start_that_no_opening_knows_is_no_slot(house, program, other_house):
    assert program.get(f"Slot/{house.slot(9, 7)}").status_code == 404
    assert program.get(f"Slot/{house.slot(22)}").status_code == 404
    assert program.get(f"Slot/{other_house.slot(9)}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "start=soon",
        "start=ge2026-02-31",
        "start=ne2026-10-01",
        "status=busy",
        "_include=Slot:patient",
        "start=ge2026-13",
        "start=ge2026-10-01T25:00",
    ],
)
def test_what_makes_no_sense_is_refused(program, query):
    answer = program.get(f"Slot?{query}")
    assert answer.status_code == 400
    check(answer.json())


@pytest.mark.parametrize(
    "query", ["start=lt9999-12-31", "start=ge0001-01-01&start=lt9999", "start=gt9999-12-31", "start=lt2001&start=gt2030"]
)
def test_bounds_beyond_all_time_are_no_error(program, query):
    assert program.get(f"Slot?{query}&_count=5").status_code == 200
