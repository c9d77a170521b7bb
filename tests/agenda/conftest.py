"""What several tests of the agenda start from."""

import pytest

from maiia_pro.practice.tables import Specialty
from tests.factories import House


@pytest.fixture
def france(clean_database) -> None:
    """Four practitioners: a dermatologist and a dentist in Lyon, a dermatologist in Villeurbanne, a general practitioner in Angers."""
    for name, specialty, city, postcode in (
        ("Lefèvre", Specialty.DERMATOLOGY, "Lyon", "69003"),
        ("Vasseur", Specialty.DENTISTRY, "Lyon", "69007"),
        ("Okonkwo", Specialty.DERMATOLOGY, "Villeurbanne", "69100"),
        ("Guérin", Specialty.GENERAL_MEDICINE, "Angers", "49000"),
    ):
        house = House()
        site = house.site(city=city, postal_code=postcode)
        one = house.practitioner(name, specialty=specialty)
        house.hours(one, site)
        house.offering(house.reason(one), site)
