"""A patient's own visits: read in a few statements, and given as a calendar to nobody else."""

import pytest
from icalendar import Calendar
from sqlalchemy import event

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.own import my_appointment, my_appointments, my_calendar
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import exchange as exchanges
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import engine, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn
from maiia_pro.notifications.outbox import tell_appointment
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.practice.profile_tables import ProfilePage
from maiia_pro.practice.profile_terms import Wheelchair
from maiia_pro.practice.profiles import Profile, SiteAccess
from maiia_pro.practice.tables import Practitioner
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration


def test_many_visits_are_read_in_as_few_statements_as_one(house: House, patient, monkeypatch):
    asked: list[str] = []
    run = exchanges.exchange
    monkeypatch.setattr("maiia_pro.agenda.own.exchange", lambda session, sql, values: (asked.append(sql), run(session, sql, values))[1])
    counted = lambda _conn, _cursor, statement, *_more: asked.append(statement)  # noqa: E731 - the listener that is taken away again
    event.listen(engine(), "before_cursor_execute", counted)
    try:
        lengths = []
        for hour in (9, 10, 11):
            book_slot(patient, BookingRequest(house.slot(hour)))
            asked.clear()
            assert len(my_appointments(patient)) == hour - 8
            lengths.append(len(asked))
    finally:
        event.remove(engine(), "before_cursor_execute", counted)
    assert lengths == [2, 2, 2]


def test_a_visit_is_given_as_a_calendar_under_the_identity_of_its_messages(house: House, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    (found,) = Calendar.from_ical(my_calendar(patient, booked.id)).walk("VEVENT")
    assert (found["UID"], found["DTSTART"].dt, found["DTEND"].dt) == (f"{booked.id}@maiia-pro", booked.starts_at, booked.ends_at)
    assert "Consultation" not in str(found)


def test_nobody_else_gets_the_calendar(house: House, patient):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    for actor, refusal in ((new_patient_account(), NotFound), (house.secretary(), NotAllowed), (Actor.anonymous(), NotSignedIn)):
        with pytest.raises(refusal):
            my_calendar(actor, booked.id)


def say_how_one_comes_in(house: House) -> None:
    access = SiteAccess(directions="Interphone 12B.", floor="3e", lift="Jusqu’au 3e", wheelchair=Wheelchair.YES)
    with transaction() as session:
        session.add(ProfilePage(practitioner_id=house.practitioners[0], shown=Profile(access={house.sites[0]: access}).kept()))


def test_the_visit_and_its_message_say_how_one_comes_in_as_long_as_the_page_is_public(house: House, patient):
    say_how_one_comes_in(house)
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    lines = my_appointment(patient, booked.id).access
    assert lines == ("Accessible en fauteuil roulant", "Étage\u00a0: 3e", "Ascenseur\u00a0: Jusqu’au 3e", "Interphone 12B.")
    email_id = tell_appointment(WORKER, booked.id, "booked", 1)
    with transaction() as session:
        assert "Accès\u00a0: " + "\n".join(lines) + "\n" in session.get_one(OutgoingEmail, email_id).body
        session.get_one(Practitioner, house.practitioners[0]).consent_id = None
    assert my_appointment(patient, booked.id).access == ()
