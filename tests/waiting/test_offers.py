"""A place that becomes free is offered to one patient at a time, and kept for them meanwhile."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import SlotTaken
from maiia_pro.agenda.holds import Visitor, break_hold, hold_slot, release_holds
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.series_changes import Scope, cancel_series
from maiia_pro.identity.restrictions import bar_agendas
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.patients.own import add_relative
from maiia_pro.patients.records import Identity
from maiia_pro.patients.tables import Patient
from maiia_pro.waiting.answering import accept_offer, decline_offer, note_booked
from maiia_pro.waiting.errors import NotOnline, OfferAwaited, OfferOver, PlaceGone
from maiia_pro.waiting.listing import my_wishes, places_for, waiting_list
from maiia_pro.waiting.mail import place_mail
from maiia_pro.waiting.offering import offer_by_hand, offer_freed, pass_on_due
from maiia_pro.waiting.wishing import NewWish, add_wish, withdraw_wish
from tests.agenda.test_series import give, weekly
from tests.factories import House, clock_at, new_patient_account, session_token
from tests.waiting.wishes import WORKER, at_noon, booked, freed, holds, next_weekday, offers, visits, when, wish_of, wished

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def by_day(clean_database):
    """Offers are made by day."""
    with clock_at(at_noon()):
        yield


def jobs_named(task: str) -> int:
    with reading() as session:
        count = text("select count(*) from jobs.procrastinate_jobs where task_name = :task")
        return int(session.connection().execute(count, {"task": task}).scalar_one())


@pytest.fixture
def others() -> list[Actor]:
    """Give three more patients with accounts."""
    return [new_patient_account(name) for name in ("Paul Roy", "Anne Ménard", "Léa Petit")]


def test_the_oldest_wish_gets_the_place_and_it_is_kept_for_its_account(house, patient, others):
    first = wished(house, patient)
    wished(house, others[0])
    freed(house)
    (offer,) = offers(house)
    (hold,) = holds(house)
    assert (offer.wish_id, hold.id, hold.held_for) == (first, offer.hold_id, patient.account_id)
    assert hold.held_until == offer.expires_at
    with pytest.raises(SlotTaken):
        book_slot(others[1], BookingRequest(house.slot()))


def test_a_time_that_holds_two_visits_is_offered_to_two_patients_one_after_the_other(house, patient, others):
    first, second = wished(house, patient), wished(house, others[0])
    span = (house.instant(9), house.instant(9, 40))
    offer_freed(WORKER, house.practitioners[0], *span)
    assert [one.wish_id for one in offers(house)] == [first]
    assert jobs_named("agenda.slot_freed") == 1
    offer_freed(WORKER, house.practitioners[0], *span)
    assert [(one.wish_id, one.starts_at) for one in offers(house)] == [(first, house.instant(9)), (second, house.instant(9, 20))]


def test_a_place_that_is_kept_is_not_shown_as_free(house, patient):
    wished(house, patient)
    freed(house)
    begins = house.instant(9)
    assert free_slots(Actor.anonymous(), FreeSlotQuery(begins, begins + timedelta(minutes=1), tuple(house.offerings))) == []


@pytest.mark.parametrize(
    "narrow",
    [
        {"begins": time(10)},
        {"ends": time(9)},
        {"weekdays": "other"},
    ],
)
def test_a_place_that_does_not_suit_is_offered_to_nobody(house, patient, narrow):
    if narrow.get("weekdays"):
        day = house.instant(9).weekday()
        narrow = {"weekdays": tuple(one for one in range(7) if one != day)}
    wished(house, patient, **narrow)
    assert freed(house) is None


def test_the_reason_is_meant_by_its_name(house, patient):
    other = house.reason(house.practitioners[0], name="Vaccin")
    house.offering(other)
    wished(house, patient, offering=1)
    freed(house)
    (offer,) = offers(house)
    assert offer.offering_id == house.offerings[1]


def test_a_wish_for_a_specialty_is_met_by_any_of_its_practitioners(clean_database, patient):
    house = House.ready(practitioners=2)
    wished(house, patient)
    assert freed(house, number=1) is None
    wished(house, new_patient_account("Paul Roy"), anyone=True)
    freed(house, number=1)
    assert [offer.practitioner_id for offer in offers(house)] == [house.practitioners[1]]


def test_a_place_of_a_practitioner_who_is_shut_out_is_offered_and_shown_to_nobody(clean_database, patient):
    house = House.ready(practitioners=2)
    wish, token = wished(house, patient, anyone=True), session_token(house.secretary())

    def whose() -> set[UUID]:
        return {place.slot.practitioner_id for place in places_for(actor_of_token(token), wish)}

    doctor = house.practitioner_actor()
    assert whose() == set(house.practitioners)
    with transaction() as session:
        bar_agendas(session, doctor.account_id, barred=True)
    assert whose() == {house.practitioners[1]}
    assert freed(house) is None


def test_a_patient_has_one_offer_at_a_time(house, patient):
    wished(house, patient)
    assert freed(house)
    assert freed(house, 10) is None


def test_a_declined_place_goes_to_the_next_and_never_back(house, patient, others):
    wished(house, patient)
    wished(house, others[0])
    decline_offer(patient, freed(house))
    assert holds(house) == []
    freed(house)
    freed(house)
    assert [(offer.answer, offer.starts_at) for offer in offers(house)] == [("declined", house.instant(9)), ("awaited", house.instant(9))]
    assert [hold.held_for for hold in holds(house)] == [others[0].account_id]


def test_an_unanswered_place_goes_to_the_next_once_its_time_is_over(house, patient, others):
    wished(house, patient)
    wished(house, others[0])
    late = freed(house)
    (offer,) = offers(house)
    with clock_at(offer.expires_at + timedelta(seconds=1)):
        assert pass_on_due(WORKER) == 1
        assert holds(house) == []
        freed(house)
        with pytest.raises(OfferOver):
            accept_offer(patient, late)
    assert [hold.held_for for hold in holds(house)] == [others[0].account_id]


def test_an_offer_that_is_still_awaited_is_not_passed_on(house, patient):
    wished(house, patient)
    freed(house)
    assert pass_on_due(WORKER) == 0


def test_accepting_books_the_place_and_meets_the_wish(house, patient):
    wish = wished(house, patient)
    visit = accept_offer(patient, freed(house))
    assert [(one.id, one.starts_at, one.origin) for one in visits(house)] == [(visit.id, house.instant(9), "online")]
    assert holds(house) == []
    assert (wish_of(wish).standing, [offer.answer for offer in offers(house)]) == ("booked", ["accepted"])


def test_a_relative_s_place_is_booked_for_the_relative(house, patient):
    child = add_relative(
        patient, Identity.parse(given_name="Zoé", family_name="Keller", birth_date="12/03/2019", phone="", email_address="")
    )
    wished(house, patient, person_id=child.id)
    visit = accept_offer(patient, freed(house))
    with reading() as session:
        assert session.get_one(Patient, visit.patient_id).given_name == "Zoé"


def test_nobody_else_answers_an_offer(house, patient, others):
    wished(house, patient)
    offer = freed(house)
    for act in (accept_offer, decline_offer):
        with pytest.raises(NotFound):
            act(others[0], offer)


def test_a_place_that_the_practice_took_back_is_said_to_be_over_and_the_wish_stays(house, patient):
    wish = wished(house, patient)
    offer = freed(house)
    secretary = house.secretary()
    book_slot(secretary, BookingRequest(house.slot(), patient_id=house.patients[0], overbook=True))
    with pytest.raises(OfferOver):
        accept_offer(patient, offer)
    assert wish_of(wish).standing == "active"


def test_a_place_whose_hours_were_closed_meanwhile_is_offered_no_longer_once_it_is_asked_for(house, patient):
    wish = wished(house, patient)
    offer = freed(house)
    house.exception(house.practitioners[0], house.instant(8), house.instant(12))
    with pytest.raises(OfferOver):
        accept_offer(patient, offer)
    assert [one.answer for one in offers(house)] == ["passed"]
    assert (holds(house), wish_of(wish).standing) == ([], "active")


def test_a_cancellation_and_a_move_each_ask_for_the_place_to_be_offered(house, patient, queued):
    secretary = house.secretary()
    visit = booked(house, secretary, house.slot(9))
    move_appointment(secretary, visit.id, MoveRequest(house.instant(10)))
    cancel_appointment(secretary, visit.id)
    assert [one["begins"] for one in queued("agenda.slot_freed")] == [house.instant(9).isoformat(), house.instant(10).isoformat()]


VISITOR = Visitor.of("un onglet", "192.0.2.1")


@pytest.mark.parametrize(
    "act",
    [
        lambda house: None,
        lambda house: release_holds(Actor.anonymous(), VISITOR),
        lambda house: break_hold(house.secretary(), holds(house)[0].id),
    ],
    ids=["left", "given up", "broken"],
)
def test_a_slot_that_a_visitor_chose_and_did_not_book_is_offered_once_its_time_is_over(house, patient, act):
    wished(house, patient)
    forget_requests()
    held = hold_slot(Actor.anonymous(), house.slot(9), VISITOR)
    act(house)
    assert offered_afterwards(held)
    assert [one.starts_at for one in offers(house)] == [house.instant(9)]


def test_a_slot_that_its_visitor_booked_is_offered_to_nobody(house, patient):
    wished(house, patient)
    forget_requests()
    held = hold_slot(Actor.anonymous(), house.slot(9), VISITOR)
    book_slot(new_patient_account("Paul Roy"), BookingRequest(house.slot(9), visitor=VISITOR.browser))
    assert offered_afterwards(held) is None


def offered_afterwards(held):
    """Let the worker do what was enqueued with a hold, when it is due; gives the offer."""
    query = text("select args, scheduled_at from jobs.procrastinate_jobs where task_name = 'agenda.slot_freed' order by id limit 1")
    with reading() as session:
        args, due = session.connection().execute(query).one()
    assert due > held.held_until
    with clock_at(due):
        return offer_freed(
            WORKER, UUID(args["practitioner_id"]), datetime.fromisoformat(args["begins"]), datetime.fromisoformat(args["ends"])
        )


def test_an_offer_is_told_by_a_mail_without_the_reason(house, patient, queued):
    wished(house, patient)
    offer = freed(house)
    assert queued("waiting.place_offered") == [{"offer_id": str(offer)}]
    with reading() as session:
        mail = place_mail(session, offer)
    assert "/rendez-vous#places" in mail.body
    assert "Consultation" not in mail.subject + mail.body


def test_an_offer_of_a_video_visit_sends_nobody_to_the_practice(house, patient):
    house.rule(house.reasons[0], mode="video")
    wished(house, patient)
    offer = freed(house)
    (line,) = my_wishes(patient)
    with reading() as session:
        assert "Où\u00a0: En vidéo\n" in place_mail(session, offer).body
    assert line.offer.place == ""


def test_a_place_that_leaves_no_time_to_answer_is_listed_but_not_to_be_offered(house, patient):
    wish = wished(house, patient)
    with clock_at(house.instant(8, 40)):
        places = places_for(house.secretary(), wish)
    assert [one.online for one in places] == [one.slot.starts_at > house.instant(9, 40) for one in places]
    assert {one.online for one in places} == {False, True}


def test_an_offer_that_is_over_is_not_told_any_more(house, patient):
    wished(house, patient)
    offer = freed(house)
    decline_offer(patient, offer)
    with reading() as session:
        assert place_mail(session, offer) is None


def test_who_withdraws_gives_back_the_place_kept_for_them(house, patient, others):
    wish = wished(house, patient)
    wished(house, others[0])
    freed(house)
    withdraw_wish(patient, wish)
    assert holds(house) == []
    freed(house)
    assert [hold.held_for for hold in holds(house)] == [others[0].account_id]


def test_a_visit_booked_by_another_door_meets_the_wish_and_frees_what_was_kept(house, patient):
    wish = wished(house, patient)
    freed(house)
    visit = book_slot(patient, BookingRequest(house.slot(11)))
    assert note_booked(WORKER, visit.id) == 1
    assert (wish_of(wish).standing, holds(house)) == ("booked", [])


def test_a_wish_is_met_by_its_reason_however_a_colleague_writes_the_name(clean_database, patient):
    house = House.ready(practitioners=2)
    wish = wished(house, patient, anyone=True)
    with transaction() as session:
        rename = text("update visit_reason set name = :name where practitioner_id = :id")
        session.connection().execute(rename, {"name": "CONSULTÂTION", "id": house.practitioners[1]})
    visit = book_slot(patient, BookingRequest(house.slot(11, offering=1)))
    assert note_booked(WORKER, visit.id) == 1
    assert wish_of(wish).standing == "booked"


def test_staff_offer_a_place_by_hand_to_whom_they_pick(house, patient, others):
    wished(house, patient)
    picked = wished(house, others[0])
    secretary = house.secretary()
    offer_by_hand(secretary, picked, house.slot(15))
    assert [(hold.held_for, hold.starts_at) for hold in holds(house)] == [(others[0].account_id, house.instant(15))]
    with pytest.raises(OfferAwaited):
        offer_by_hand(secretary, picked, house.slot(16))


def test_a_taken_place_is_not_offered_by_hand(house, patient):
    wish, secretary = wished(house, patient), house.secretary()
    booked(house, secretary, house.slot(15))
    with pytest.raises(PlaceGone):
        offer_by_hand(secretary, wish, house.slot(15))


def test_who_has_no_account_is_called_instead(house):
    secretary = house.secretary()
    wish = add_wish(
        secretary, house.practice_id, NewWish(when(), "Consultation", practitioner_id=house.practitioners[0], patient_id=house.patients[0])
    )
    assert freed(house) is None
    with pytest.raises(NotOnline):
        offer_by_hand(secretary, wish, house.slot(9))
    assert places_for(house.secretary(), wish)


def test_free_places_for_a_wish_are_those_that_suit_it(house, patient):
    day = next_weekday(2, house.instant(9).date())
    wish = wished(house, patient, weekdays=(2,), begins=time(15), ends=time(16))
    found = places_for(house.secretary(), wish)
    assert [place.slot.starts_at for place in found][:3] == [house.instant(15, minute, day=day) for minute in (0, 20, 40)]
    assert {place.slot.starts_at.astimezone(place.zone).hour for place in found} == {15}


def test_somebody_new_is_offered_no_place_that_their_longer_visit_does_not_fit(house, patient, others):
    house.rule(house.reasons[0], new_patient_minutes=40)
    secretary = house.secretary()
    for minute in (0, 40):
        booked(house, secretary, house.slot(9, minute))
    wished(house, patient)
    assert freed(house, 9, 20) is None
    assert freed(house, 10, 20)
    (hold,) = holds(house)
    assert hold.ends_at - hold.starts_at == timedelta(minutes=40)
    visit = accept_offer(patient, offers(house)[0].id)
    assert visit.ends_at - visit.starts_at == timedelta(minutes=40)


@pytest.mark.parametrize("rules", [{"audience": "known"}, {"new_patients_a_day": 0}, {"notice_minutes": 60 * 24 * 3}])
def test_who_could_not_book_a_place_online_is_not_offered_it(house, patient, rules):
    house.rule(house.reasons[0], **rules)
    wished(house, patient)
    assert freed(house) is None


def test_a_series_that_is_cancelled_frees_each_of_its_places(house, queued):
    secretary = house.secretary()
    given = give(house, secretary, weekly(house, 3, days=2))
    cancel_series(secretary, given.visits[0].id, Scope.ALL)
    assert [one["begins"] for one in queued("agenda.slot_freed")] == [visit.starts_at.isoformat() for visit in given.visits]


def test_a_place_whose_hold_the_practice_broke_is_shown_as_offered_to_nobody(house, patient):
    wished(house, patient)
    freed(house)
    secretary = house.secretary()
    break_hold(secretary, holds(house)[0].id)
    shown = waiting_list(secretary, house.practice_id)
    assert ([line.offer for line in shown.lines], shown.offered) == ([None], 0)
    assert [line.offer for line in my_wishes(patient)] == [None]


def test_after_the_practice_broke_a_hold_its_patient_is_offered_other_places(house, patient):
    wish = wished(house, patient)
    freed(house)
    secretary = house.secretary()
    break_hold(secretary, holds(house)[0].id)
    assert freed(house, 11)
    break_hold(secretary, holds(house)[0].id)
    assert offer_by_hand(secretary, wish, house.slot(15))
    assert [one.answer for one in offers(house)] == ["passed", "passed", "awaited"]
