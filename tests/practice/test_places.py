"""The places of a practice: added, changed, closed, opened again by its administrators alone."""

from datetime import time
from uuid import UUID

import pytest
from sqlmodel import delete

from maiia_pro.administration.errors import LastSite, SiteInUse
from maiia_pro.administration.sites import close_site, keep_site, open_site_again, practice_sites
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.agenda.opening_tables import OpeningRule
from maiia_pro.agenda.resources import practice_resources
from maiia_pro.agenda.setup import save_weekly_hours
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.onboarding.sites import SamePlace, SiteForm
from maiia_pro.practice.tables import Practitioner, Site
from tests.factories import House
from tests.onboarding.conftest import SITE


@pytest.fixture
def two(clean_database) -> tuple[House, Actor, UUID]:
    """A practice, who administers it, and its second place, where nothing is planned but a reason is offered and a room stands."""
    house = House.ready()
    second = house.site(city="Trélazé", postal_code="49800")
    house.offering(house.reasons[0], second)
    house.rooms(site_id=second)
    return house, house.practitioner_actor(), second


def place(house: House, site_id: UUID) -> Site:
    with reading() as session:
        return session.get_one(Site, site_id)


def slug(house: House) -> str:
    with reading() as session:
        return session.get_one(Practitioner, house.practitioners[0]).slug


def test_a_place_is_added_and_changed_and_the_public_page_follows(two):
    house, actor, second = two
    keep_site(actor, house.practice_id, second, SiteForm.read(SITE | {"site_name": "Annexe", "street": "4 place des Lilas"}))
    shown = {site.name: site.street for site in practitioner_page(Actor.anonymous(), slug(house)).card.sites}
    assert shown["Annexe"] == "4 place des Lilas"
    assert place(house, second).place_key == "angers 49100 4 place des lilas"
    far = SITE | {"site_name": "Là-bas", "postal_code": "97400", "city": "Saint-Denis", "phone": "0262 12 34 56"}
    added = keep_site(actor, house.practice_id, uuid7(), SiteForm.read(far))
    assert place(house, added).zone == "Indian/Reunion"


def test_a_place_where_hours_or_visits_hang_is_not_closed_and_they_are_counted(two):
    house, actor, second = two
    house.hours(house.practitioners[0], second, time(8), time(12))
    visit = book_slot(actor, BookingRequest(house.slot(9, offering=1), house.patients[0]))
    with pytest.raises(SiteInUse, match="1\u00a0praticien y a des horaires et 1\u00a0rendez-vous y est à venir"):
        close_site(actor, house.practice_id, second)
    with transaction() as session:
        session.exec(delete(OpeningRule).where(OpeningRule.site_id == second))
    with pytest.raises(SiteInUse, match="Déplacez ces rendez-vous, puis fermez-le"):
        close_site(actor, house.practice_id, second)
    cancel_appointment(actor, visit.id)
    close_site(actor, house.practice_id, second)
    assert place(house, second).closed_at is not None


def test_a_closed_place_is_shown_to_nobody_takes_no_hours_and_opens_again(two):
    house, actor, second = two
    close_site(actor, house.practice_id, second)
    assert {site.id for site in desk(actor).sites} == {house.sites[0]}
    assert [site.name for site in practitioner_page(Actor.anonymous(), slug(house)).card.sites] == ["Cabinet de Angers"]
    assert [one.retired for one in practice_resources(actor).resources] == [True]
    with pytest.raises(NotFound):
        save_weekly_hours(actor, house.practitioners[0], second, [])
    with pytest.raises(NotFound):
        keep_site(actor, house.practice_id, second, SiteForm.read(SITE))
    open_site_again(actor, house.practice_id, second)
    assert {site.id for site in desk(actor).sites} == {house.sites[0], second}


def test_a_practice_keeps_a_place(two):
    house, actor, second = two
    close_site(actor, house.practice_id, second)
    with transaction() as session:
        session.exec(delete(OpeningRule))
    with pytest.raises(LastSite):
        close_site(actor, house.practice_id, house.sites[0])
    assert [line.site.closed_at is None for line in practice_sites(actor, house.practice_id)] == [True, False]


def test_two_open_places_never_bear_one_name_at_one_address_capitals_and_accents_alike(house):
    actor, ids = house.practitioner_actor(), [uuid7(), uuid7()]
    keep_site(actor, house.practice_id, ids[0], SiteForm.read(SITE | {"site_name": "Annexe", "street": "4 allée des Tilleuls"}))
    again = SiteForm.read(SITE | {"site_name": "ANNEXE", "street": "4 Allee des tilleuls"})
    with pytest.raises(SamePlace) as refused:
        keep_site(actor, house.practice_id, ids[1], again)
    assert list(refused.value.fields) == ["site_name"]
    with pytest.raises(SamePlace):
        keep_site(actor, house.practice_id, house.sites[0], again)
    keep_site(actor, house.practice_id, ids[0], again)
    close_site(actor, house.practice_id, ids[0])
    keep_site(actor, house.practice_id, ids[1], again)
    with pytest.raises(SamePlace):
        open_site_again(actor, house.practice_id, ids[0])
