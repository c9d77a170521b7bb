"""A calendar file becomes busy time: patients find nothing there, staff decide, colleagues read no title, and twice is like once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.day import agenda_window, opening_times
from maiia_pro.agenda.errors import NotOffered
from maiia_pro.agenda.offered import offering_days
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.outside.importing import LineState, Period, forget_imported, import_busy_time, imported_ahead, preview_import
from maiia_pro.outside.tables import OutsideTime
from maiia_pro.outside.times import Written
from tests.api.conftest import call
from tests.factories import House, new_operator, session_token
from tests.outside.test_reading import calendar

pytestmark = pytest.mark.integration


@pytest.fixture
def owner(house: House) -> Actor:
    """Give the practitioner of the first agenda."""
    return house.practitioner_actor()


def event(house: House, hour: int, *, minutes: int = 60, days: int = 1, more: str = "") -> str:
    return f"DTSTART:{house.instant(hour, days=days):%Y%m%dT%H%M%SZ}\r\nDURATION:PT{minutes}M\r\nSUMMARY:Réunion de famille{more}"


def period(house: House, days: int = 7) -> Period:
    today = house.instant(12, days=0).date()
    return Period(today, today + timedelta(days=days))


def bring_in(house: House, owner: Actor, *events: str, **more) -> Written:
    return import_busy_time(owner, house.practitioners[0], calendar(*events), period(house), **more)


def rows() -> list[OutsideTime]:
    with reading() as session:
        return list(session.exec(select(OutsideTime).order_by(OutsideTime.during)))  # type: ignore[arg-type]


def hours_offered(house: House, actor: Actor) -> list[int]:
    (day,) = offering_days(actor, house.offerings[0], house.instant(9).date(), 1).days
    return sorted({slot.starts_at.astimezone(house.instant(9).tzinfo).hour for slot in day.slots})


def test_patients_find_nothing_where_the_practitioner_is_busy(house: House, owner: Actor, patient: Actor):
    free = house.instant(9).hour
    assert free in hours_offered(house, patient)
    bring_in(house, owner, event(house, 9))
    assert free not in hours_offered(house, patient)
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(house.slot(9)))


def test_staff_may_still_book_there_and_are_told_before(house: House, owner: Actor):
    bring_in(house, owner, event(house, 9))
    day = house.instant(9).date()
    opened = opening_times(house.secretary(), house.practitioners[0], house.sites[0], day)
    assert [(one.starts_at, one.ends_at) for one in opened][:2] == [
        (house.instant(8), house.instant(9)), (house.instant(10), house.instant(12)),
    ]  # fmt: skip
    assert book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0])).starts_at == house.instant(9)


def test_no_title_is_written_unless_it_is_asked_for(house: House, owner: Actor):
    bring_in(house, owner, event(house, 9))
    assert [row.title for row in rows()] == [""]
    with reading() as session:
        history = " ".join(str(entry.details) for entry in session.exec(select(AuditEntry)))
    assert "famille" not in history


def test_a_title_that_is_kept_is_shown_to_its_owner_alone(house: House, owner: Actor):
    bring_in(house, owner, event(house, 9), keep_titles=True)
    first = house.instant(9).date()
    seen = [agenda_window(actor, house.practitioners, first).away for actor in (owner, house.secretary())]
    assert [[one.title for one in away] for away in seen] == [["Réunion de famille"], [""]]


def test_a_second_time_adds_nothing_and_changes_what_has_changed(house: House, owner: Actor):
    both = (event(house, 9), event(house, 14))
    assert bring_in(house, owner, *both) == Written(added=2)
    assert bring_in(house, owner, *both) == Written(same=2)
    assert bring_in(house, owner, event(house, 10), event(house, 14)) == Written(changed=1, same=1)
    assert [row.during.lower for row in rows()] == [house.instant(10), house.instant(14)]


def test_of_a_repeated_event_what_is_no_longer_there_goes_and_other_events_stay(house: House, owner: Actor):
    daily = event(house, 9, more="\r\nRRULE:FREQ=DAILY;COUNT=3")
    bring_in(house, owner, daily, event(house, 14))
    assert bring_in(house, owner, daily.replace("COUNT=3", "COUNT=2")) == Written(removed=1, same=2)
    assert len(rows()) == 3


def test_the_preview_says_what_importing_would_do_and_writes_nothing(house: House, owner: Actor):
    bring_in(house, owner, event(house, 9), event(house, 10))
    book_slot(house.secretary(), BookingRequest(house.slot(14), patient_id=house.patients[0]))
    content = calendar(event(house, 9), event(house, 11), event(house, 14))
    seen = preview_import(owner, house.practitioners[0], content, period(house))
    assert [(line.state, line.visits) for line in seen.lines] == [(LineState.KNOWN, 0), (LineState.CHANGED, 0), (LineState.NEW, 1)]
    assert len(rows()) == 2


def test_an_appointment_under_an_imported_event_stays_as_it_is(house: House, owner: Actor):
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    before = house.appointments()[0].model_dump()
    bring_in(house, owner, event(house, 9))
    assert house.appointments()[0].model_dump() == before


def test_all_that_files_filled_goes_at_once(house: House, owner: Actor, patient: Actor):
    bring_in(house, owner, event(house, 9), event(house, 14))
    assert imported_ahead(owner, house.practitioners[0]) == 2
    assert forget_imported(owner, house.practitioners[0]) == 2
    assert rows() == []
    assert house.instant(9).hour in hours_offered(house, patient)


def test_nobody_else_fills_an_agenda(house: House, other_house: House, owner: Actor):
    for actor, refused in (
        (house.secretary(), NotAllowed), (new_operator(), NotAllowed), (Actor.anonymous(), NotSignedIn),
        (other_house.practitioner_actor(), NotFound),
    ):  # fmt: skip
        with pytest.raises(refused):
            import_busy_time(actor, house.practitioners[0], calendar(event(house, 9)), period(house))
    assert rows() == []


@pytest.mark.parametrize(
    ("first", "last"), [("", ""), ("2026-13-01", "2027-01-01"), ("2027-02-02", "2027-02-01"), ("1990-01-01", "1990-02-01")]
)
def test_a_period_that_is_none_is_refused_in_words(first: str, last: str):
    with pytest.raises(Invalid, match=r"jour|deux ans"):
        Period.parse(first, last)


def send(house: House, actor: Actor, step: str, content: bytes, **more: str):
    days = period(house)
    asked = {"du": str(days.first), "au": str(days.last)} | more
    headers = {"cookie": f"maiia_session={session_token(actor)}", "content-type": "text/calendar"}
    return call("POST", f"/api/agenda/calendar/{step}", params=asked, content=content, headers=headers)


def test_the_door_shows_then_imports(house: House, owner: Actor):
    content = calendar(event(house, 9))
    seen = send(house, owner, "preview", content).json()
    assert (seen["total"], seen["lines"][0]["title"], seen["lines"][0]["state"]) == (1, "Réunion de famille", "new")
    assert send(house, owner, "import", content).json() == {"added": 1, "changed": 0, "removed": 0, "same": 0}


def test_the_door_refuses_what_it_cannot_read_and_whoever_it_is_not_for(house: House, owner: Actor):
    broken = send(house, owner, "preview", b"nom;prenom")
    assert (broken.status_code, broken.json()["message"][:34]) == (422, "Ce fichier n’est pas un calendrier"[:34])
    assert send(house, owner, "preview", b" " * (2 * 1024 * 1024 + 1)).status_code == 413
    assert send(house, house.secretary(), "import", calendar(event(house, 9))).status_code == 403
