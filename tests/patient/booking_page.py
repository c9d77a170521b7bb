"""The pages on which a patient books: their addresses, a slot on them; and what the practitioner and visitors see."""

from uuid import UUID

from playwright.sync_api import Page, expect
from sqlmodel import select

from maiia_pro.agenda.day import agenda_window, appointment_view
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Practitioner
from tests.factories import House

VISITOR = Actor.anonymous()


def slug(house: House, number: int = 0) -> str:
    with reading() as session:
        return session.exec(select(Practitioner.slug).where(Practitioner.id == house.practitioners[number])).one()


def page_of(house: House) -> str:
    return f"/medecin/{slug(house)}"


def slot(page: Page, house: House, hour: int = 9):
    """The link of tomorrow's slot at this hour."""
    return page.locator(f'[data-slot="{house.slot(hour)}"]')


def confirmation(house: House, hour: int = 9) -> str:
    return f"/rendez-vous/confirmer?creneau={house.slot(hour)}"


def tomorrow(page: Page) -> None:
    page.get_by_role("tab").nth(1).tap()
    expect(page.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")


def practitioners_day(house: House) -> list:
    actor = house.practitioner_actor()
    blocks = agenda_window(actor, house.practitioners, house.instant(12).date()).blocks
    return [appointment_view(actor, UUID(block["id"])) for block in blocks]


def seen_by_the_practitioner(house: House) -> list[tuple]:
    return [(one.starts_at, one.status) for one in practitioners_day(house)]


def offered(house: House) -> list:
    return free_slots(VISITOR, FreeSlotQuery(house.instant(0), house.instant(0, days=3), practice_ids=(house.practice_id,)))
