"""What the desk's states read and refuse: addresses, drags, forms, whatever is sent."""

from datetime import date
from typing import Any

import pytest

from maiia_pro.agenda.day import appointment_view
from maiia_pro.agenda.detail import read_appointment
from maiia_pro.agenda.frames import block
from maiia_pro.agenda.setup import opening_week
from maiia_pro.kernel.errors import DomainError, DoneUnread, Invalid, NotAllowed, NotFound, Unavailable
from maiia_pro.practice.own_agenda import own_agenda
from maiia_pro.practice.tables import Specialty
from state import desk_giving
from state.agenda_moves import commit_move
from state.agenda_views import Asked, read_page
from state.appointment import NONE, told
from state.booking_place import PlaceView, outside_hours
from state.desk_giving import commit_booking, read_request
from state.finder import find_all
from state.history import history_views
from state.next_free import find_next
from state.patient_picker import find_patients, guess, started
from state.reason_form import read_form
from state.setup_exceptions import read_exception
from tests.desk.world import World

pytestmark = pytest.mark.integration
HUGE = "x" * 1_000_000


def put(world: World, **more: Any) -> dict[str, Any]:
    """A drag to ten o'clock of the day after."""
    return {"day": world.day().isoformat(), "start": 600, "practitioner": world.first.hex, "length": 20, "token": "1"} | more


def test_a_secretary_sees_every_practitioner_and_a_practitioner_their_own_agenda(world: World):
    everyone = read_page(world.secretary.actor, Asked())
    own = read_page(world.practitioner.actor, Asked())
    assert [column["name"] for column in everyone.window["columns"]] == ["Dr Claire Vasseur", "Dr Claire Zeller"]
    assert [column["practitioner"] for column in own.window["columns"]] == [world.first.hex]


def test_a_day_shows_visits_hours_and_the_clock_of_the_site(world: World):
    world.book(9)
    window = read_page(world.secretary.actor, Asked(day=world.day().isoformat())).window
    assert [(one["start"], one["length"], one["name"]) for one in window["blocks"]] == [(540, 20, "Josiane Keller")]
    assert [(span["start"], span["end"]) for span in window["columns"][0]["spans"]] == [(480, 720), (840, 1080)]


def test_the_week_of_all_has_a_column_for_each_practitioner_and_day_and_weekends_only_where_somebody_works(world: World):
    world.house.exception(world.second, world.at(0, days=-30), world.at(0, days=30))
    page = read_page(world.secretary.actor, Asked("2027-01-04", "semaine", "tous"))
    columns = page.window["columns"]
    assert page.practitioner == "tous"
    assert {column["practitioner"] for column in columns} == {world.first.hex, world.second.hex}
    assert len(columns) == 2 * len({column["day"] for column in columns})
    assert "praticien=tous" in page.links["after"]


def test_a_specialty_that_several_but_not_all_have_is_a_group_of_the_agenda(world: World):
    world.house.practitioner("Okafor", specialty=Specialty.DERMATOLOGY)
    page = read_page(world.secretary.actor, Asked(world.day().isoformat(), "semaine", "Médecine générale"))
    assert {column["practitioner"] for column in page.window["columns"]} == {world.first.hex, world.second.hex}
    assert [one["name"] for one in page.whose][:2] == ["Tous les praticiens", "Tous\u00a0: Médecine générale"]


def test_a_window_s_blocks_are_those_of_the_live_channel(world: World):
    booked = world.book(9)
    view = appointment_view(world.secretary.actor, booked.id)
    assert view
    assert read_page(world.secretary.actor, Asked(world.day().isoformat())).window["blocks"] == [block(view)]


@pytest.mark.parametrize("day", ["", "2026-02-31", "demain", "0001-01-01", "9999-12-31", "\x00", HUGE])
@pytest.mark.parametrize("view", ["", "mois", HUGE])
def test_an_address_that_says_nothing_shows_today(world: World, day: str, view: str):
    page = read_page(world.secretary.actor, Asked(day, view, "pas-un-identifiant"))
    assert (page.day, page.window["view"]) == (world.day(0), "jour")


def test_a_week_that_changes_its_clock_shows_walls_clocks(world: World):
    page = read_page(world.secretary.actor, Asked("2027-03-28", "semaine"))
    assert [(span["start"], span["end"]) for span in page.window["columns"][-1]["spans"]] == [(480, 720), (840, 1080)]


def test_a_drag_moves_and_says_what_would_undo_it(world: World):
    booked = world.book(9)
    moved = commit_move(world.secretary.actor, put(world, id=booked.id.hex, practitioner=world.second.hex, length=40))
    assert (moved.after["start"], moved.after["practitioner"], moved.after["length"]) == (600, world.second.hex, 40)
    back = commit_move(world.secretary.actor, moved.back)
    assert (back.after["start"], back.after["practitioner"], back.after["length"], back.after["version"]) == (540, world.first.hex, 20, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2026-02-31"},
        {"day": HUGE},
        {"day": None},
        {"start": "dix heures"},
        {"start": -5},
        {"start": 1440},
        {"start": True},
        {"length": 0},
        {"length": 1000},
        {"length": "vingt"},
        {"id": "x"},
        {"id": None},
        {"practitioner": "x"},
        {"day": "2020-01-01"},
    ],
)
def test_a_drag_to_nowhere_is_refused_with_a_sentence(world: World, wrong: dict[str, Any]):
    booked = world.book(9)
    with pytest.raises(DomainError) as refused:
        commit_move(world.secretary.actor, put(world, id=booked.id.hex) | wrong)
    assert refused.value.message
    assert world.house.appointments()[0].version == 1


def test_a_stranger_moves_nothing(world: World):
    booked = world.book(9)
    with pytest.raises(NotFound):
        commit_move(world.stranger.actor, put(world, id=booked.id.hex))


def place(world: World) -> PlaceView:
    """Where the dialog stands."""
    return PlaceView(
        practitioner=world.first.hex,
        reason="Consultation",
        site=world.house.sites[0].hex,
        day=world.day().isoformat(),
        time="9h",
        length="20",
    )


def test_every_wrong_field_of_the_dialog_is_named_at_once(world: World):
    form = {"day": "31/02/2026", "time": "25h", "length": "long", "family_name": "", "given_name": "", "birth_date": "hier", "phone": "12"}
    with pytest.raises(Invalid) as refused:
        read_request(form, place(world), "", creating=True)
    assert set(refused.value.fields) == {"day", "time", "length", "family_name", "given_name", "birth_date", "phone"}


def test_a_booking_needs_somebody(world: World):
    form = {"day": world.day().isoformat(), "time": "9h", "length": "20"}
    with pytest.raises(Invalid) as refused:
        read_request(form, place(world), "", creating=False)
    assert set(refused.value.fields) == {"patient"}


def test_a_reason_that_is_not_offered_there_is_refused(world: World):
    form = {"day": world.day().isoformat(), "time": "9h", "length": "20"}
    elsewhere = PlaceView(**{**place(world), "reason": "Chirurgie"})  # type: ignore[typeddict-item]
    with pytest.raises(Invalid):
        commit_booking(world.secretary.actor, read_request(form, elsewhere, world.house.patients[0].hex, creating=False))


@pytest.mark.parametrize(
    ("time", "length", "outside"),
    [
        ("8h", "20", False),
        ("11h40", "20", False),
        ("11h50", "20", True),
        ("12h", "20", True),
        ("13h50", "240", True),
        ("7h55", "5", True),
        ("19h30", "20", True),
        ("", "20", False),
        ("25h", "20", False),
        ("19h30", "long", False),
    ],
)
def test_a_place_outside_the_hours_of_the_practitioner_is_said_in_words(world: World, time: str, length: str, outside: bool):
    said = outside_hours(world.secretary.actor, PlaceView(**{**place(world), "time": time, "length": length}))  # type: ignore[typeddict-item]
    assert said.startswith("En dehors des horaires de Dr Claire Vasseur") is outside
    assert ("8\u00a0h\u00a000 – 12\u00a0h\u00a000, 14\u00a0h\u00a000 – 18\u00a0h\u00a000" in said) is outside


def test_hours_of_another_place_do_not_count(world: World):
    elsewhere = world.house.site(city="Nantes")
    world.house.offering(world.house.reasons[0], elsewhere)
    said = outside_hours(world.secretary.actor, PlaceView(**{**place(world), "site": elsewhere.hex}))  # type: ignore[typeddict-item]
    assert "Cabinet de Nantes" in said
    assert "fermé" in said


def test_a_closed_day_is_outside_the_hours(world: World):
    world.house.exception(world.first, world.at(0), world.at(0, days=2))
    assert "fermé" in outside_hours(world.secretary.actor, place(world))


def test_staff_book_outside_the_hours_all_the_same(world: World):
    form = {"day": world.day().isoformat(), "time": "19h30", "length": "20"}
    done = commit_booking(world.secretary.actor, read_request(form, place(world), world.house.patients[0].hex, creating=False))
    assert done.block["start"] == 19 * 60 + 30


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"start": 540, "length": 30}, "Durée changée\u00a0: 20 → 30\u00a0min"),
        ({"start": 600}, "Rendez-vous déplacé"),
        ({"start": 600, "length": 30}, "Rendez-vous déplacé, durée changée\u00a0: 20 → 30\u00a0min"),
        ({"start": 540, "length": 80, "colleague": True}, "Rendez-vous déplacé, durée changée\u00a0: 20 → 80\u00a0min"),
    ],
)
def test_the_history_says_what_a_move_changed(world: World, more: dict[str, Any], said: str):
    booked = world.book(9)
    practitioner = world.second if more.pop("colleague", False) else world.first
    commit_move(world.secretary.actor, put(world, id=booked.id.hex, practitioner=practitioner.hex) | more)
    history = history_views(read_appointment(world.secretary.actor, booked.id))
    assert [line["title"] for line in history] == [said, "Rendez-vous pris"]


def test_the_next_free_times_leave_out_what_is_taken(world: World):
    before = find_next(world.secretary.actor, "Consultation", "")
    world.book(9, days=1)
    assert before.reason == "Consultation"
    assert len(before.slots) == 6
    assert find_next(world.secretary.actor, "Consultation", "video").slots == []


def test_the_next_free_times_and_those_of_the_box_are_of_whom_and_where_the_page_shows(world: World):
    actor, other, away = world.secretary.actor, world.house.site(city="Cholet"), world.second.hex
    names = {line["who"].split(" · ")[0] for line in find_next(actor, "Consultation", "", away).slots}
    assert names == {"Dr Claire Zeller"}
    assert find_next(actor, "Consultation", "", away, other.hex).slots == []
    box = [group for group in find_all(actor, "demain matin", away) if group["label"] == "Créneaux libres"]
    assert {option["detail"].split(" · ")[0] for group in box for option in group["options"]} == {"Dr Claire Zeller"}


@pytest.mark.parametrize(
    ("typed", "count"), [("kel", 2), ("KELLER josiane", 2), ("17/04/1953", 2), ("personne", 0), ("%", 0), ("\x00", -1)]
)
def test_patients_are_found_by_what_people_type(world: World, typed: str, count: int):
    if count < 0:
        with pytest.raises(Invalid):
            find_patients(world.secretary.actor, typed)
    else:
        assert len(find_patients(world.secretary.actor, typed)) == count


def test_what_was_searched_begins_the_new_record():
    assert guess("06 39 98 57 14")["phone"] == "06 39 98 57 14"
    assert guess("12/03/81")["birth_date"] == "12/03/1981"
    assert (guess("moulin inès")["family_name"], guess("moulin inès")["given_name"]) == ("Moulin", "Inès")
    assert (guess("Inès MOULIN")["family_name"], guess("Inès MOULIN")["given_name"]) == ("Moulin", "Inès")


def test_a_booking_whose_block_cannot_be_read_is_not_called_undone(world: World, monkeypatch):
    def unanswered(*_asked: object) -> None:
        raise Unavailable

    monkeypatch.setattr(desk_giving, "appointment_view", unanswered)
    form = {"day": world.day().isoformat(), "time": "9h", "length": "20"}
    with pytest.raises(DoneUnread):
        commit_booking(world.secretary.actor, read_request(form, place(world), world.house.patients[0].hex, creating=False))
    assert len(world.house.appointments()) == 1


def test_a_given_name_that_the_practice_knows_may_come_first(world: World):
    made = started(world.secretary.actor, "josiane le goff")
    assert (made["family_name"], made["given_name"]) == ("Le Goff", "Josiane")


def test_nobody_else_reads_the_settings_of_a_practitioner(world: World):
    for actor in (world.secretary.actor, world.stranger.actor):
        with pytest.raises(NotAllowed):
            opening_week(actor, world.first)
    with pytest.raises(NotAllowed):
        opening_week(world.practitioner.actor, world.second)
    assert own_agenda(world.practitioner.actor) == world.first


def test_an_exception_without_times_covers_whole_days():
    new = read_exception("closed", {"first": "2026-12-24", "last": "2026-12-31", "label": "Congés"})
    assert (new.first, new.last, new.opens, new.closes) == (date(2026, 12, 24), date(2027, 1, 1), new.closes, new.opens)


@pytest.mark.parametrize(
    ("kind", "form", "fields"),
    [
        ("closed", {"first": "31/02/2026"}, {"first"}),
        ("closed", {"first": "2026-12-24", "opens": "9h"}, {"closes"}),
        ("closed", {"first": "2026-12-24", "opens": "26h", "closes": "27h"}, {"opens", "closes"}),
        ("open", {"first": "2026-12-24"}, {"opens", "site_id"}),
        ("closed", {}, {"first"}),
    ],
)
def test_a_wrong_exception_names_its_fields(kind: str, form: dict[str, Any], fields: set[str]):
    with pytest.raises(Invalid) as refused:
        read_exception(kind, form)
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": HUGE}, ""),
        ({"duration_minutes": "4"}, "duration_minutes"),
        ({"duration_minutes": "vingt"}, "duration_minutes"),
        ({"fee_cents": "-3"}, "fee_cents"),
        ({"fee_cents": "99999999"}, "fee_cents"),
        ({"hue": "#ff0000"}, "hue"),
        ({"buffer_after_minutes": "999"}, "buffer_after_minutes"),
        ({"audience": "tous"}, "audience"),
        ({"new_patient_minutes": "2"}, "new_patient_minutes"),
        ({"notice_hours": "9999"}, "notice_minutes"),
        ({"horizon_days": "0"}, "horizon_days"),
        ({"cancel_hours": "un jour"}, "cancel_hours"),
        ({"new_patients_a_day": "999"}, "new_patients_a_day"),
        ({"open_bookings": "0"}, "open_bookings"),
    ],
)
def test_a_wrong_reason_names_its_field(wrong: dict[str, str], field: str):
    site = "0190b5a0000070008000000000000001"
    form = {"name": "Consultation", "duration_minutes": "20", "hue": "azure", "mode": "video", "audience": "known", f"site-{site}": "oui"}
    with pytest.raises(Invalid) as refused:
        read_form(form | wrong, [site], [])
    assert refused.value.message
    assert not field or field in refused.value.fields


def test_a_fee_is_read_as_people_write_it():
    site = "0190b5a0000070008000000000000001"
    form = {
        "name": "Consultation",
        "duration_minutes": "20",
        "hue": "azure",
        "audience": "nobody",
        f"site-{site}": "oui",
        "fee_cents": "30,5 €",
    }
    asked = read_form(form, [site], [])
    assert (asked.fee_cents, asked.online, asked.mode) == (3050, False, "in_person")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2199-12-31", "9999-12-31"])
@pytest.mark.parametrize("field", ["first", "last"])
def test_a_day_too_far_away_is_refused_in_french(day: str, field: str):
    with pytest.raises(Invalid) as refused:
        read_exception("closed", {"first": "2026-12-24", "last": "2026-12-26"} | {field: day})
    assert refused.value.fields == {field: "Choisissez un jour entre 2000 et 2199."}


@pytest.mark.parametrize("message", ["Un SMS part à Josiane Keller.", ""])
def test_a_cancellation_promises_a_message_only_where_one_reaches_the_patient(message: str):
    said = told(NONE | {"name": "Josiane Keller", "told": message})
    assert said == (message or "Josiane Keller ne reçoit aucun message\u00a0: prévenez par téléphone.")
