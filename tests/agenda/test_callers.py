"""Who calls, with their last visit and the next one."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.callers import CallerVisits, visits_of_callers
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.calling import find_callers
from tests.factories import House

pytestmark = pytest.mark.integration

NUMBER = "+33612345678"


def test_a_caller_is_shown_with_the_last_visit_and_the_next_that_stand_and_is_written_down_as_read(house: House):
    desk = house.secretary()
    aline, paul = (house.patient("Roux", name, phone=NUMBER) for name in ("Aline", "Paul"))
    days = [book_slot(desk, BookingRequest(house.slot(9, days=day), patient_id=aline)) for day in (1, 2, 4, 5)]
    cancel_appointment(desk, days[2].id, "")
    with clock.shifted(timedelta(days=3)):
        found = visits_of_callers(desk, find_callers(desk, NUMBER))
    last, following = found[aline].last, found[aline].following
    assert last is not None
    assert following is not None
    assert (last.id, following.id) == (days[1].id, days[3].id)
    assert found[paul] == CallerVisits()
    with reading() as session:
        read = session.exec(select(AuditEntry.subject_id).where(AuditEntry.action == AuditAction.PATIENT_READ)).all()
    assert {aline, paul} <= set(read)


def test_the_visits_of_another_practice_s_patient_are_nobody_else_s(house: House):
    house.patient("Roux", "Aline", phone=NUMBER)
    callers = find_callers(house.secretary(), NUMBER)
    with pytest.raises((NotAllowed, NotFound)):
        visits_of_callers(House.ready().secretary(), callers)
