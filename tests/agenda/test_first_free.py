"""The search reads few agendas and answers exactly as if it had read them all, whatever happens in them."""

import random
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from sqlmodel import select

from maiia_pro.agenda import first_free, search
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.first_free import refresh_bounds
from maiia_pro.agenda.holds import Visitor, hold_slot
from maiia_pro.agenda.opening_tables import OpeningException
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.agenda.search_tables import FirstFree
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url, transaction
from maiia_pro.kernel.errors import DomainError
from maiia_pro.practice.tables import Practitioner
from tests.agenda.test_directory import MARCH, crowd, plainly
from tests.factories import House, clock_at

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
FEW = 3


class Life:
    """What may happen in the agendas of a practice, drawn by chance."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.chance, self.desk = house, random.Random(seed), house.secretary()
        self.consents: dict[UUID, UUID | None] = {}
        house.patient()

    def act(self) -> None:
        """Do one thing, or be refused it."""
        acts = [self.book] * 4 + [self.cancel, self.cancel, self.move, self.hold, self.close, self.reopen, self.publish, self.rule]
        try:
            self.chance.choice(acts)()
        except DomainError:
            return

    def slot(self) -> SlotKey:
        """Choose one of the earliest slots of all, where the order is decided."""
        cards = [card for card in find_practitioners(VISITOR, DirectoryQuery(), 6) if card.next_slots]
        return SlotKey.parse(self.chance.choice(self.chance.choice(cards).next_slots).key)

    def visit(self) -> Appointment:
        return self.chance.choice([one for one in self.house.appointments() if one.active and one.patient_id])

    def book(self) -> None:
        book_slot(self.desk, BookingRequest(self.slot(), patient_id=self.house.patients[0]))

    def cancel(self) -> None:
        if any(one.active and one.patient_id for one in self.house.appointments()):
            visit = self.visit()
            cancel_appointment(self.desk, visit.id)

    def move(self) -> None:
        if any(one.active and one.patient_id for one in self.house.appointments()):
            visit = self.visit()
            move_appointment(self.desk, visit.id, MoveRequest(visit.starts_at + timedelta(days=self.chance.randint(1, 9))))

    def hold(self) -> None:
        hold_slot(VISITOR, self.slot(), Visitor(str(self.chance.random()), str(self.chance.random())))

    def close(self) -> None:
        begins = clock.now() + timedelta(hours=self.chance.randint(-5, 90))
        self.house.exception(self.whose(), begins, begins + timedelta(hours=self.chance.choice([4, 60])))

    def reopen(self) -> None:
        with transaction() as session:
            found = session.exec(select(OpeningException).where(OpeningException.kind == ExceptionKind.CLOSED)).all()
            if found:
                session.delete(self.chance.choice(found))

    def publish(self) -> None:
        with transaction() as session:
            row = session.get_one(Practitioner, self.whose())
            given = self.consents.setdefault(row.id, row.consent_id)
            row.consent_id = None if row.published else given

    def rule(self) -> None:
        limits = {"notice_minutes": self.chance.choice([0, 240]), "horizon_days": self.chance.choice([1, 5, 366])}
        self.house.rule(self.chance.choice(self.house.reasons), **limits, same_day=self.chance.random() < 0.2)

    def whose(self) -> UUID:
        return self.chance.choice(self.house.practitioners)


def slots(house: House) -> list[tuple]:
    """Give the answer of reading everybody, of those who are published."""
    with transaction() as session:
        hidden = {one for one in house.practitioners if not session.get_one(Practitioner, one).published}
    return plainly(house, hidden)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_the_search_answers_as_if_it_had_read_every_agenda(clean_database, monkeypatch, seed):
    monkeypatch.setattr(search, "A_BATCH", 1)
    house, at = crowd(seed, 12), timedelta()
    life = Life(house, seed)
    for turn in range(120):
        at += timedelta(minutes=life.chance.choice([0, 0, 3, 40, 900]))
        with clock_at(house.instant(0, 7, day=MARCH) + at):
            if turn % 4 == 0:
                refresh_bounds(WORKER)
            life.act()
            first = find_practitioners(VISITOR, DirectoryQuery(), FEW)
            second = find_practitioners(VISITOR, DirectoryQuery(), FEW, [card.slug for card in first])
            assert [card.next_slots for card in first + second] == slots(house)[: 2 * FEW]


def freed_behind_the_back(database, trigger: str) -> bool:
    """Cancel the earliest visit, and tell whether the search puts its practitioner first again."""
    house = House.ready(practitioners=40)
    first, *_ = find_practitioners(VISITOR, DirectoryQuery())
    for one in first.next_slots:
        book_slot(house.secretary(), BookingRequest(SlotKey.parse(one.key), patient_id=house.patients[0]))
    assert refresh_bounds(WORKER) == 40
    with psycopg.connect(libpq_url(database.owner), autocommit=True) as owner:
        if trigger:
            owner.execute(f"alter table appointment disable trigger {trigger}")
        visit = next(one for one in house.appointments() if one.starts_at == first.next_slots[0].starts_at)
        cancel_appointment(house.secretary(), visit.id)
        if trigger:
            owner.execute(f"alter table appointment enable trigger {trigger}")
    return first.id in {card.id for card in find_practitioners(VISITOR, DirectoryQuery(), 1)}


def test_a_cancelled_visit_brings_its_practitioner_forward_at_once(clean_database):
    assert freed_behind_the_back(clean_database, "")


def test_without_what_forgets_the_bound_the_freed_slot_would_be_missed(clean_database):
    assert not freed_behind_the_back(clean_database, "first_free_visit_changed")


def test_what_is_freed_while_bounds_are_computed_stays_forgotten(house, clean_database, monkeypatch):
    compute = first_free.bounds_of

    def meanwhile(session, ids):
        found = compute(session, ids)
        with psycopg.connect(libpq_url(clean_database.app)) as other:
            other.execute("delete from opening_exception")
        return found

    house.exception(house.practitioners[0], clock.now(), clock.now() + timedelta(days=5))
    monkeypatch.setattr(first_free, "bounds_of", meanwhile)
    refresh_bounds(WORKER)
    with transaction() as session:
        assert session.get_one(FirstFree, house.practitioners[0]).starts_at is None


def test_who_is_surely_later_is_not_read(clean_database, monkeypatch):
    House.ready(practitioners=60)
    refresh_bounds(WORKER)
    read, compute = [], search.next_slots
    monkeypatch.setattr(search, "next_slots", lambda session, ids, sites: read.extend(ids) or compute(session, ids, sites))
    assert len(find_practitioners(VISITOR, DirectoryQuery(), 10)) == 10
    assert len(read) <= 2 * search.A_BATCH
