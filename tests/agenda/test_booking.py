"""Booking, moving and cancelling on the real database: what is refused, and what is kept."""

import pytest

from maiia_pro.agenda.booking import BookingRequest, book_slot

pytestmark = pytest.mark.integration


def test_a_patient_books_what_is_offered(house, patient):
    booked = book_slot(patient, BookingRequest.parse(str(house.slot(9))))
    assert [row.id for row in house.appointments()] == [booked.id]
