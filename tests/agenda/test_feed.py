"""The secret address of an agenda: who makes it, who reads it, what it says, and when it stops."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar, Event
from sqlmodel import select

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.feed import feed_of_token, issue_feed, own_feed, revoke_feed, show_initials
from maiia_pro.agenda.tables import CalendarFeed
from maiia_pro.api.agenda_files import PER_ADDRESS
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from tests.api.conftest import call
from tests.factories import House, clock_at, new_operator

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    forget_requests()


@pytest.fixture
def owner(house: House) -> Actor:
    """Give the practitioner of the first agenda."""
    return house.practitioner_actor()


def book(house: House, hour: int = 9, *, days: int = 1, offering: int = 0) -> BookedAppointment:
    return book_slot(house.secretary(), BookingRequest(house.slot(hour, days=days, offering=offering), patient_id=house.patients[0]))


def read(token: str, **headers: str) -> httpx.Response:
    return call("GET", f"/ical/{token}.ics", headers={name.replace("_", "-"): value for name, value in headers.items()})


def events(answer: httpx.Response) -> list[Event]:
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def audited(*actions: AuditAction) -> list[AuditEntry]:
    with reading() as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.sequence)))  # type: ignore[attr-defined, arg-type]


def test_the_address_says_when_and_where_and_nothing_of_whom_or_why(house: House, owner: Actor):
    booked = book(house)
    answer = read(issue_feed(owner, house.practitioners[0]))
    (event,) = events(answer)
    assert (str(event["UID"]), event["SEQUENCE"]) == (f"{booked.id}@maiia-pro", 1)
    assert (event.start, event.end) == (booked.starts_at, booked.starts_at + timedelta(minutes=20))
    assert event["DTSTART"].to_ical().endswith(b"Z")
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Rendez-vous", "CONFIRMED")
    assert str(event["LOCATION"]) == "Cabinet de Angers, 12 rue des Lices, 49000 Angers"
    assert not any(word in answer.text for word in ("Keller", "Josiane", "Consultation"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"].startswith("private")


def test_a_visit_by_video_says_so(house: House, owner: Actor):
    house.offering(house.reason(house.practitioners[0], mode=Mode.VIDEO, name="Téléconsultation"))
    book(house, offering=1)
    (event,) = events(read(issue_feed(owner, house.practitioners[0])))
    assert str(event["SUMMARY"]) == "Rendez-vous en vidéo"


def test_a_move_keeps_the_event_and_raises_its_sequence_and_stamp_and_a_cancellation_takes_it_away(house: House, owner: Actor):
    booked = book(house)
    token = issue_feed(owner, house.practitioners[0])
    (before,) = events(read(token))
    with clock_at(clock.now() + timedelta(minutes=5)):
        move_appointment(owner, booked.id, MoveRequest(house.instant(10)))
    (after,) = events(read(token))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (1, 2)
    assert after["DTSTAMP"].dt - before["DTSTAMP"].dt >= timedelta(minutes=4)
    assert after.start == house.instant(10)
    cancel_appointment(owner, booked.id)
    assert events(read(token)) == []


def test_it_reaches_from_thirty_days_ago_to_a_year_ahead(house: House, owner: Actor):
    booked = [book(house, days=days) for days in (2, 40, 400)]
    token = issue_feed(owner, house.practitioners[0])
    with clock_at(clock.now() + timedelta(days=31)):
        assert [str(event["UID"])[:36] for event in events(read(token))] == [str(one.id) for one in booked[:2]]
    with clock_at(clock.now() + timedelta(days=45)):
        assert [str(event["UID"])[:36] for event in events(read(token))] == [str(one.id) for one in booked[1:]]


def test_only_this_practitioner_is_in_it(house: House, owner: Actor):
    colleague = house.practitioner("Zeller")
    house.hours(colleague, house.sites[0])
    house.offering(house.reason(colleague))
    book(house, offering=1)
    assert events(read(issue_feed(owner, house.practitioners[0]))) == []


def test_who_holds_the_last_version_is_sent_nothing_until_something_changes(house: House, owner: Actor):
    token = issue_feed(owner, house.practitioners[0])
    tag = read(token).headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}'):
        again = read(token, if_none_match=held)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    book(house)
    changed = read(token, if_none_match=tag)
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


@pytest.mark.parametrize("year", [date(2027, 3, 27), date(2027, 10, 30)])
def test_the_night_that_changes_the_clock_shifts_no_visit(house: House, owner: Actor, year: date):
    with clock_at(datetime(year.year, year.month, year.day, 6, tzinfo=UTC)):
        starts = [book(house, hour, days=days).starts_at for hour, days in ((17, 0), (9, 1))]
        found = [event.start for event in events(read(issue_feed(owner, house.practitioners[0])))]
    assert found == starts
    assert starts[1] - starts[0] == timedelta(hours=15 if year.month == 3 else 17)


def test_the_database_holds_the_hash_of_the_secret_and_never_the_secret(house: House, owner: Actor):
    token = issue_feed(owner, house.practitioners[0])
    assert len(token) * 6 >= 128
    with reading() as session:
        (row,) = session.exec(select(CalendarFeed)).all()
        history = session.exec(select(AuditEntry)).all()
    assert row.token_hash == token_hash(token)
    assert token not in str(row.model_dump()) + str([entry.model_dump() for entry in history])


def dead(house: House, owner: Actor, how: str) -> str:
    """Give an address that answers no more."""
    token = issue_feed(owner, house.practitioners[0])
    if how == "revoked":
        revoke_feed(owner, house.practitioners[0])
    elif how == "renewed":
        issue_feed(owner, house.practitioners[0])
    elif how == "suspended":
        change(Account, Account.id == owner.account_id, status=AccountStatus.SUSPENDED)
    elif how == "left":
        with transaction() as session:
            session.delete(session.exec(select(Membership).where(Membership.account_id == owner.account_id)).one())
    return {"unknown": "x" * 43, "short": "x", "strange": "%00%F0%9F"}.get(how, token)


def change(table, where, **values) -> None:
    with transaction() as session:
        row = session.exec(select(table).where(where)).one()
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("how", ["revoked", "renewed", "suspended", "left", "short", "strange"])
def test_an_address_that_answers_no_more_is_like_one_that_never_was(house: House, owner: Actor, how: str):
    never, gone = read(dead(house, owner, "unknown")), read(dead(house, owner, how))
    assert (gone.status_code, gone.content, gone.headers) == (404, never.content, never.headers)


def test_it_is_issued_changed_renewed_and_revoked_in_the_history(house: House, owner: Actor):
    practitioner = house.practitioners[0]
    issue_feed(owner, practitioner)
    show_initials(owner, practitioner, initials=True)
    issue_feed(owner, practitioner, initials=True)
    revoke_feed(owner, practitioner)
    revoke_feed(owner, practitioner)
    entries = audited(AuditAction.FEED_ISSUED, AuditAction.FEED_CHANGED, AuditAction.FEED_REVOKED)
    assert [(entry.action, entry.details) for entry in entries] == [
        ("feed:issued", {"initials": False}),
        ("feed:changed", {"initials": True}),
        ("feed:issued", {"initials": True}),
        ("feed:revoked", {}),
    ]
    assert {(entry.actor_id, entry.subject_id, entry.practice_id) for entry in entries} == {
        (owner.account_id, practitioner, house.practice_id)
    }


def test_initials_are_shown_by_choice_alone_and_each_answer_with_them_is_audited(house: House, owner: Actor):
    book(house)
    token = issue_feed(owner, house.practitioners[0])
    plain = read(token)
    assert audited(AuditAction.FEED_READ) == []
    show_initials(owner, house.practitioners[0], initials=True)
    answer = read(token, if_none_match=plain.headers["etag"])
    (event,) = events(answer)
    assert str(event["SUMMARY"]) == "Rendez-vous (J.\u00a0K.)"
    assert read(token, if_none_match=answer.headers["etag"]).status_code == 304
    assert [(entry.actor_id, entry.details) for entry in audited(AuditAction.FEED_READ)] == [(owner.account_id, {"count": 1})]


def test_its_owner_sees_when_it_was_last_read(house: House, owner: Actor):
    practitioner = house.practitioners[0]
    assert own_feed(owner, practitioner) is None
    token = issue_feed(owner, practitioner)
    fresh = own_feed(owner, practitioner)
    assert fresh
    assert fresh.last_used_at is None
    read(token)
    used = own_feed(owner, practitioner)
    assert used
    assert used.last_used_at
    assert used.created_at <= used.last_used_at <= clock.now()


def attempts(actor: Actor, practitioner: UUID) -> list[type[Exception] | None]:
    """Try everything that only the owner may do."""
    outcomes: list[type[Exception] | None] = []
    for act in (
        lambda: own_feed(actor, practitioner),
        lambda: issue_feed(actor, practitioner),
        lambda: show_initials(actor, practitioner, initials=True),
        lambda: revoke_feed(actor, practitioner),
    ):
        try:
            act()
            outcomes.append(None)
        except (NotAllowed, NotFound, NotSignedIn) as refusal:
            outcomes.append(type(refusal))
    return outcomes


def test_nobody_but_the_practitioner_makes_or_takes_away_their_address(house: House, other_house: House, owner: Actor, patient: Actor):
    practitioner = house.practitioners[0]
    token = issue_feed(owner, practitioner)
    colleague = house.practitioner_actor(house.practitioner("Zeller"))
    refusals = {
        "secretary": attempts(house.secretary(), practitioner),
        "colleague": attempts(colleague, practitioner),
        "elsewhere": attempts(other_house.practitioner_actor(), practitioner),
        "patient": attempts(patient, practitioner),
        "operator": attempts(new_operator(), practitioner),
        "program": attempts(house.api_client(), practitioner),
        "visitor": attempts(Actor.anonymous(), practitioner),
    }
    assert refusals == {
        "secretary": [NotAllowed] * 4,
        "colleague": [NotAllowed] * 4,
        "elsewhere": [NotFound] * 4,
        "patient": [NotAllowed] * 4,
        "operator": [NotAllowed] * 4,
        "program": [NotAllowed] * 4,
        "visitor": [NotSignedIn] * 4,
    }
    assert feed_of_token(token).entries == ()


def test_an_address_read_too_often_waits_and_another_does_not(house: House, owner: Actor):
    token = issue_feed(owner, house.practitioners[0])
    statuses = [read(token).status_code for _ in range(PER_ADDRESS + 1)]
    assert statuses == [200] * PER_ADDRESS + [429]
    assert int(read(token).headers["retry-after"]) > 0
    assert read("x" * 43).status_code == 404
