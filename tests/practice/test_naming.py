"""The bar of the professionals' pages names the practice that they work in."""

import pytest

from maiia_pro.kernel.db import transaction
from maiia_pro.practice.naming import practice_name
from maiia_pro.practice.tables import Practice
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration


def test_a_secretary_reads_the_name_of_their_practice_and_that_it_is_a_demonstration(house: House):
    actor = house.secretary()
    with transaction() as session:
        practice = session.get_one(Practice, house.practice_id)
        practice.name, practice.is_demo = "Cabinet du Port", False
    assert practice_name(actor) == "Cabinet du Port"
    with transaction() as session:
        session.get_one(Practice, house.practice_id).is_demo = True
    assert practice_name(actor) == "Cabinet du Port (démonstration)"


def test_a_patient_works_in_no_practice(clean_database):
    assert practice_name(new_patient_account()) == ""
