"""The public search: who has the earliest free slot comes first, found without reading everybody's month; not too often."""

import asyncio
import random
from collections.abc import Collection
from datetime import date, time, timedelta
from uuid import UUID

import pytest
import reflex as rx
from reflex.istate.data import RouterData

from maiia_pro.agenda import offered
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.context import load_offerings
from maiia_pro.agenda.directory import NEXT_SLOTS
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import FreeSlot, slots_of
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.rates import forget_requests
from state import directory
from tests.factories import House, clock_at, new_patient_account, session_token

pytestmark = pytest.mark.integration

MARCH = date(2027, 3, 24)
"""Four days before the clocks of Paris go forward."""


def plainly(house: House, hidden: Collection[UUID] = ()) -> list[tuple[FreeSlot, ...]]:
    """Read everybody’s 28 days and cut afterwards: the slots of each practitioner, in the order of the search (all are of one name)."""
    with reading() as session:
        offerings = list(load_offerings(session, house.offerings).values())
        now = clock.now()
        slots = slots_of(session, offerings, Window(now, now + timedelta(days=28), now))
    found = [
        tuple(slot for slot in slots if slot.practitioner_id == one)[:NEXT_SLOTS] for one in sorted(set(house.practitioners) - set(hidden))
    ]
    return sorted(found, key=lambda some: (not some, some[0].starts_at if some else None))


def crowd(seed: int, count: int = 30) -> House:
    """Make practitioners with all kinds of agendas: open at night, at two places, closed for days or weeks, open on some days only."""
    chance, house = random.Random(seed), House()
    house.site()
    house.site(zone="America/Cayenne", city="Cayenne")
    for _ in range(count):
        practitioner = house.practitioner()
        length = chance.choice([10, 20, 45, 240, 480])
        reason = house.reason(practitioner, minutes=length, step=chance.choice([10, 15, length]), after=chance.choice([0, 0, 25]))
        for site in house.sites if chance.random() < 0.3 else house.sites[:1]:
            house.offering(reason, site)
            opens = chance.choice([time(0), time(8), time(21, 30)])
            closes = chance.choice([time(9), time(12), time(17)]) if opens < time(9) else time(23, 59)
            house.hours(practitioner, site, opens, closes, tuple(chance.sample(range(7), chance.randint(1, 7))))
        for _ in range(chance.randint(0, 4)):
            begins = house.instant(chance.randint(0, 23), day=MARCH + timedelta(days=chance.randint(-2, 20)))
            kind = chance.choice([ExceptionKind.CLOSED, ExceptionKind.CLOSED, ExceptionKind.OPEN])
            ends = begins + timedelta(hours=chance.choice([3, 30, 100, 300]))
            house.exception(practitioner, begins, ends, kind=kind, site_id=house.sites[0])
    return house


@pytest.mark.parametrize("seed", range(3))
def test_looking_near_first_finds_the_same_order_and_slots_as_reading_everything(clean_database, seed):
    house = crowd(seed)
    for hours in range(0, 24 * 9, 13):
        with clock_at(house.instant(0, 7, day=MARCH) + timedelta(hours=hours)):
            cards = find_practitioners(Actor.anonymous(), DirectoryQuery(), limit=50)
            assert [card.next_slots for card in cards] == plainly(house)


def test_what_is_booked_moves_a_practitioner_down(clean_database):
    house = House.ready(practitioners=2)
    first = find_practitioners(Actor.anonymous(), DirectoryQuery())[0]
    for slot in first.next_slots:
        house_slot = offered.SlotKey.parse(slot.key)
        book_slot(house.secretary(), BookingRequest(house_slot, patient_id=house.patients[0]))
    assert find_practitioners(Actor.anonymous(), DirectoryQuery())[1].id == first.id


def test_who_is_settled_near_is_not_looked_at_further(clean_database, monkeypatch):
    house = House.ready(practitioners=3)
    away = house.practitioners[0]
    house.exception(away, clock.now() - timedelta(days=1), clock.now() + timedelta(days=12))
    looked, read = [], offered.hours_and_busy_time
    monkeypatch.setattr(
        offered, "hours_and_busy_time", lambda session, ids, *window: looked.append(set(ids)) or read(session, ids, *window)
    )
    find_practitioners(Actor.anonymous(), DirectoryQuery())
    assert looked == [set(house.practitioners), {away}, {away}]


def screen_at(address: str, cookie: str = "") -> directory.Directory:
    """Open a screen at an address."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router_data = {"headers": {"cookie": cookie}, "ip": address}
    root.router = RouterData.from_router_data(root.router_data)
    return root.get_substate(directory.Directory.get_full_name().split("."))  # type: ignore[return-value]


def search(address: str, cookie: str = "") -> tuple[str, str]:
    """Search from a screen at an address, as the browser's event does; tells what the screen then says."""
    screen = screen_at(address, cookie)
    asyncio.run(directory._search(screen, "", ""))
    return screen.status, screen.message


@pytest.fixture
def counted_anew():
    """Begin and leave with nobody counted."""
    forget_requests()
    yield
    forget_requests()


def test_who_searches_without_end_is_asked_to_wait_and_others_are_not(house, monkeypatch, counted_anew):
    monkeypatch.setattr(directory, "SEARCHES_PER_MINUTE", 3)
    assert [search("192.0.2.7")[0] for _ in range(4)] == ["ready", "ready", "ready", "failed"]
    assert "Patientez une minute" in search("192.0.2.7")[1]
    assert search("192.0.2.8")[0] == "ready"
    cookie = f"maiia_session={token_hash(session_token(new_patient_account()))}"
    assert [search("192.0.2.7", cookie)[0] for _ in range(4)] == ["ready", "ready", "ready", "failed"]


def test_a_search_whose_help_does_not_come_failed_and_shows_no_help_of_an_earlier_one(house, monkeypatch, counted_anew):
    screen = screen_at("192.0.2.7")
    asyncio.run(directory._search(screen, "Lefèvre", ""))

    def silent(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(directory, "propose_instead", silent)
    asyncio.run(directory._search(screen, "Xkqzt", ""))
    assert (screen.status, screen.message) == ("failed", Unavailable.message)


def test_more_results_that_are_refused_take_away_none_of_those_shown(house, monkeypatch, counted_anew):
    monkeypatch.setattr(directory, "SEARCHES_PER_MINUTE", 1)
    screen = screen_at("192.0.2.7")
    asyncio.run(directory._search(screen, "", ""))
    said = asyncio.run(directory.Directory.show_more.fn(screen))
    assert (screen.status, len(screen.cards)) == ("ready", 1)
    assert "Patientez une minute" in str(said.args)
