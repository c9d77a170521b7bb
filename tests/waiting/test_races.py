"""Places, wishes and people at once: a place is offered to one, and goes to one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace

import psycopg
import pytest

from maiia_pro.agenda import holds, keeping
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import libpq_url
from maiia_pro.kernel.errors import DomainError
from maiia_pro.waiting import answering, offering
from maiia_pro.waiting.answering import accept_offer, decline_offer
from maiia_pro.waiting.offering import offer_freed, pass_on_due
from tests.concurrency.racing import race, until_somebody_waits
from tests.factories import House, clock_at, new_patient_account
from tests.waiting.wishes import WORKER, at_noon, freed, offers, visits, wished
from tests.waiting.wishes import holds as kept

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

MANY = 6
HOLD = "select from practitioner where id = %s for update"


@pytest.fixture(autouse=True)
def by_day(clean_database):
    """Offers are made by day."""
    with clock_at(at_noon()):
        yield


@pytest.fixture
def without_walls_of_offers(house, without_walls, without_constraint, clean_database, monkeypatch):
    """Take away besides what offers ask themselves: lock, rule, last look, and one offer for a place."""
    monkeypatch.setattr(offering, "lock_practitioners", lambda *_asked: {})
    monkeypatch.setattr(keeping, "lock_practitioners", lambda *_asked: {})
    monkeypatch.setattr(offering, "slots_of", lambda *_asked: [SimpleNamespace(starts_at=house.instant(9))])
    monkeypatch.setattr(keeping, "_is_free", lambda *_asked: True)
    monkeypatch.setattr(keeping, "_KEEP", holds.ROW + holds.LAST_WORD)
    index = "uq_wish_offer_practitioner_id_starts_at"
    with psycopg.connect(libpq_url(clean_database.owner), autocommit=True) as owner:
        owner.execute(f"drop index {index}")
        yield
        owner.execute("delete from wish_offer")
        owner.execute(f"create unique index {index} on wish_offer (practitioner_id, starts_at) where answer = 'awaited'")


def everybody_waits(house: House) -> None:
    for number in range(MANY):
        wished(house, new_patient_account(f"Patient {number}"))


def offering_acts(house: House) -> list[partial]:
    begins = house.instant(9)
    return [partial(offer_freed, WORKER, house.practitioners[0], begins, begins + timedelta(minutes=20))] * MANY


@pytest.mark.proof
def test_a_freed_place_is_offered_to_one_however_many_wait_and_look(house, counting):
    everybody_waits(house)
    rounds, held = counting.of(3, 60), 0
    for number in range(rounds):
        begins = house.instant(8 + number % 4, 20 * (number // 4 % 3), days=1 + number // 12)
        acts = [partial(offer_freed, WORKER, house.practitioners[0], begins, begins + timedelta(minutes=20))] * MANY
        outcomes = race(acts)
        awaited = [offer for offer in offers(house) if offer.starts_at == begins]
        held += outcomes == {"done": MANY} and len(awaited) == 1 and len(kept(house)) == 1
        for offer in awaited:
            answering.decline_offer(owner_of(house, offer.hold_id), offer.id)
    counting.found("une place libérée, six souhaits : une offre", tried=rounds, held=held)


def owner_of(house: House, hold_id):
    """Give somebody who is the account that a hold is for."""
    (account,) = [hold.held_for for hold in kept(house) if hold.id == hold_id]
    return Actor(ActorKind.PATIENT, "Patient", account_id=account)


def test_without_the_walls_one_place_is_offered_to_several(house, without_walls_of_offers):
    everybody_waits(house)
    race(offering_acts(house))
    assert len(offers(house)) > 1


def test_a_freed_place_is_either_offered_or_booked(house, patient, clean_database):
    wished(house, new_patient_account("Paul Roy"))
    race([*offering_acts(house)[:1], partial(book_slot, patient, BookingRequest(house.slot()))])
    assert len(visits(house)) + len(kept(house)) == 1


def test_without_the_walls_a_place_is_offered_and_booked_as_well(house, patient, without_walls_of_offers):
    wished(house, new_patient_account("Paul Roy"))
    race([*offering_acts(house)[:1], partial(book_slot, patient, BookingRequest(house.slot()))])
    assert (len(visits(house)), len(kept(house))) == (1, 1)


def expiring(house: House, patient, monkeypatch) -> list:
    """Make an offer whose patient accepts it a moment before, and whose worker looks a moment after its end."""
    wished(house, patient)
    offer = freed(house)
    ends: datetime = offers(house)[0].expires_at
    monkeypatch.setattr(answering, "clock", SimpleNamespace(now=lambda: ends - timedelta(seconds=1)))
    monkeypatch.setattr(offering, "clock", SimpleNamespace(now=lambda: ends + timedelta(seconds=1)))
    return [partial(accept_offer, patient, offer), partial(pass_on_due, WORKER)]


def test_an_offer_that_is_accepted_as_it_ends_is_either_accepted_or_passed_on(house, patient, clean_database, monkeypatch):
    at_once(house, clean_database, expiring(house, patient, monkeypatch))
    (offer,) = offers(house)
    assert (offer.answer, len(visits(house))) in {("accepted", 1), ("passed", 0)}


def test_without_the_look_at_the_answer_an_offer_is_accepted_and_passed_on(house, patient, clean_database, monkeypatch):
    acts = expiring(house, patient, monkeypatch)
    monkeypatch.setattr(answering, "_ANSWER", answering._ANSWER.replace("and answer = 'awaited'", ""))
    monkeypatch.setattr(offering, "_OVER", offering._OVER.replace("and o.answer = 'awaited'", ""))
    assert sorted(at_once(house, clean_database, acts)) == ["done", "done"]


def both_answers(house: House, patient) -> list[partial]:
    """Let one patient accept an offer on one screen and decline it on another."""
    wished(house, patient)
    offer = freed(house)
    return [partial(accept_offer, patient, offer), partial(decline_offer, patient, offer)]


def test_an_offer_that_is_accepted_and_declined_at_once_is_one_or_the_other(house, patient, clean_database):
    at_once(house, clean_database, both_answers(house, patient))
    (offer,) = offers(house)
    assert (offer.answer, len(visits(house)), len(kept(house))) in {("accepted", 1, 0), ("declined", 0, 0)}


def test_without_the_look_at_the_answer_an_offer_is_accepted_and_declined(house, patient, clean_database, monkeypatch):
    monkeypatch.setattr(answering, "_ANSWER", answering._ANSWER.replace("and answer = 'awaited'", ""))
    acts = both_answers(house, patient)
    told = [partial(lambda act: act() or True, act) for act in acts]
    assert sorted(at_once(house, clean_database, told)) == ["done", "done"]


def at_once(house: House, database, acts) -> list[str]:
    """Let everybody come as far as the practitioner's row, then go on together; give what each was answered."""

    def answer(act) -> str:
        try:
            return "done" if act() else "nothing"
        except DomainError as refusal:
            return type(refusal).__name__

    with ThreadPoolExecutor(len(acts)) as pool, psycopg.connect(libpq_url(database.owner)) as holder:
        holder.execute(HOLD, [house.practitioners[0]])
        answers = [pool.submit(answer, act) for act in acts]
        until_somebody_waits(people=len(acts))
        holder.commit()
        return [one.result() for one in answers]


def test_who_accepts_waits_for_the_wish_before_touching_its_offer(house, patient, clean_database):
    wished(house, patient)
    offer = freed(house)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(libpq_url(clean_database.owner)) as holder:
        holder.execute("select from wish for update")
        accepting = pool.submit(accept_offer, patient, offer)
        until_somebody_waits(people=1)
        holder.execute("select from wish_offer for update nowait")  # locked, the two could wait for each other
        holder.commit()
        assert accepting.result().starts_at == house.instant(9)
