"""A calendar linked both ways, against a real CalDAV server: it blocks, it shows us busy, and nothing is told twice or forgotten."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.errors import NotOffered
from maiia_pro.integrations.caldav.client import CaldavClient
from maiia_pro.jobs.handlers import WORKER, bind
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import queue
from maiia_pro.outside import pushing, syncing
from maiia_pro.outside.linking import FAULTS, choose_calendar, connect, disconnect, own_link, sync_now
from maiia_pro.outside.pushing import SUMMARY
from maiia_pro.outside.syncing import enqueue_due, sync_link
from maiia_pro.outside.tables import CalendarLink, CalendarPush, LinkState, OutsideTime
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings
from tests.factories import House
from tests.outside.conftest import PASSWORD, USER, Radicale

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("private_hosts")]


@pytest.fixture
def owner(house: House) -> Actor:
    """Give the practitioner of the first agenda."""
    return house.practitioner_actor()


@pytest.fixture
def link(house: House, owner: Actor, radicale: Radicale) -> CalendarLink:
    """Link the practitioner's calendar, and let the worker try it."""
    connect(owner, house.practitioners[0], radicale.url, USER, PASSWORD)
    work_once()
    return links()[0]


def links() -> list[CalendarLink]:
    with reading() as session:
        return list(session.exec(select(CalendarLink)))


def filled() -> list[OutsideTime]:
    with reading() as session:
        return list(session.exec(select(OutsideTime).order_by(OutsideTime.during)))  # type: ignore[arg-type]


def jobs() -> int:
    with reading() as session:
        asked = text("select count(*) from jobs.procrastinate_jobs where task_name = 'outside.calendar_sync' and status = 'todo'")
        return session.connection().execute(asked).scalar_one()


def work_once() -> None:
    """Let a worker take every job that waits, then stop."""

    async def run() -> None:
        queue.cache_clear()
        app = queue()
        bind(app)
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    asyncio.run(run())


def private(house: House, radicale: Radicale, hour: int, uid: str = "dentiste", more: str = "") -> None:
    radicale.put(uid, f"DTSTART:{house.instant(hour):%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\nSUMMARY:Rendez-vous chez le dentiste{more}")


def book(house: House, hour: int = 9, patient: int = 0) -> BookedAppointment:
    return book_slot(house.secretary(), BookingRequest(house.slot(hour), patient_id=house.patients[patient]))


def read_again() -> None:
    with clock.shifted(links()[0].next_at - clock.now() + timedelta(seconds=1)):
        enqueue_due(WORKER)
        work_once()


def test_a_private_event_blocks_and_its_title_stays_where_it_is(house: House, radicale: Radicale, link: CalendarLink, patient: Actor):
    private(house, radicale, 9)
    read_again()
    assert [(row.during.lower, row.during.upper, row.title) for row in filled()] == [(house.instant(9), house.instant(10), "")]
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(house.slot(9)))
    radicale.drop("dentiste")
    read_again()
    assert filled() == []
    assert book_slot(patient, BookingRequest(house.slot(9))).starts_at == house.instant(9)


def test_what_is_free_or_cancelled_there_blocks_nothing(house: House, radicale: Radicale, link: CalendarLink):
    private(house, radicale, 9, "libre", "\r\nTRANSP:TRANSPARENT")
    private(house, radicale, 10, "annule", "\r\nSTATUS:CANCELLED")
    read_again()
    assert filled() == []


def test_our_appointments_show_there_as_busy_move_and_go(house: House, radicale: Radicale, link: CalendarLink):
    booked = book(house)
    work_once()
    (event,) = radicale.ours()
    assert (str(event["SUMMARY"]), event.start, event.end) == (SUMMARY, booked.starts_at, booked.ends_at)
    assert not any(word in event.to_ical().decode() for word in ("Keller", "Josiane", "Consultation"))
    move_appointment(house.secretary(), booked.id, MoveRequest(house.instant(11)))
    work_once()
    assert [event.start for event in radicale.ours()] == [house.instant(11)]
    cancel_appointment(house.secretary(), booked.id)
    work_once()
    assert radicale.ours() == []


def test_a_suspended_practitioner_s_calendar_rests_until_the_account_is_open_again(house: House, radicale: Radicale, link: CalendarLink):
    bar(link, barred=True)
    book(house)
    private(house, radicale, 11)
    read_again()
    assert (radicale.ours(), filled()) == ([], [])
    bar(link, barred=False)
    read_again()
    assert ([event.start for event in radicale.ours()], len(filled())) == ([house.instant(9)], 1)


def bar(link: CalendarLink, *, barred: bool) -> None:
    with transaction() as session:
        session.get_one(Practitioner, link.practitioner_id).barred = barred


def test_what_was_booked_before_shows_too(house: House, owner: Actor, radicale: Radicale):
    book(house)
    connect(owner, house.practitioners[0], radicale.url, USER, PASSWORD)
    work_once()
    assert [event.start for event in radicale.ours()] == [house.instant(9)]


@pytest.mark.parametrize("bound", [("MOST", 2, 2), ("TURN", -1.0, 1)])
def test_many_appointments_go_in_several_jobs_and_those_of_a_slow_calendar_too(house, radicale, link, monkeypatch, bound):
    name, value, first = bound
    monkeypatch.setattr(pushing, name, value)
    for hour in (8, 9, 10, 11, 14):
        book(house, hour)
    sync_link(WORKER, link.id)
    assert len(radicale.ours()) == first
    work_once()
    assert len(radicale.ours()) == 5


def test_our_own_event_does_not_come_back_as_busy(house: House, radicale: Radicale, link: CalendarLink):
    book(house)
    private(house, radicale, 14)
    read_again()
    assert [row.during.lower for row in filled()] == [house.instant(14)]


def test_a_private_event_on_an_appointment_changes_nothing_of_it(house: House, radicale: Radicale, link: CalendarLink):
    book(house)
    before = house.appointments()[0].model_dump()
    private(house, radicale, 9)
    read_again()
    assert len(filled()) == 1
    assert house.appointments()[0].model_dump() == before


def test_a_change_enqueues_one_job_and_a_change_undone_none(house: House, link: CalendarLink):
    assert jobs() == 0
    book(house)
    assert jobs() == 1
    work_once()
    with pytest.raises(Conflict), transaction() as session:
        session.connection().execute(text("update appointment set ends_at = ends_at - interval '1 minute'"))
        raise Conflict
    assert jobs() == 0


def test_without_a_linked_calendar_nothing_is_enqueued(house: House):
    book(house)
    assert jobs() == 0


def test_a_wrong_password_is_said_and_not_tried_again(house: House, owner: Actor, radicale: Radicale, monkeypatch):
    connect(owner, house.practitioners[0], radicale.url, USER, "un autre")
    work_once()
    seen = own_link(owner, house.practitioners[0])
    assert seen is not None
    assert (seen.state, seen.fault) == (LinkState.STOPPED, FAULTS["password"])
    book(house)
    sync_link(WORKER, links()[0].id, lambda *_: pytest.fail("tried again"))
    with clock.shifted(timedelta(days=2)):
        assert enqueue_due(WORKER) == 0
    assert jobs() == 0
    connect(owner, house.practitioners[0], radicale.url, USER, PASSWORD)
    work_once()
    assert links()[0].state == LinkState.ACTIVE
    assert len(radicale.ours()) == 1


def test_a_server_that_is_down_is_tried_ever_later_and_taken_up_again(house: House, owner: Actor, radicale: Radicale, link: CalendarLink):
    radicale.stop()
    waits = []
    for _ in range(3):
        with clock.shifted((links()[0].retry_at or clock.now()) - clock.now() + timedelta(minutes=10)):
            enqueue_due(WORKER)
            work_once()
            waits.append((links()[0].retry_at - clock.now()).total_seconds() // 60)  # type: ignore[operator]
    assert waits == [1, 3, 7]
    seen = own_link(owner, house.practitioners[0])
    assert seen is not None
    assert (seen.state, seen.fault) == (LinkState.ACTIVE, FAULTS["unreachable"])
    book(house)
    sync_link(WORKER, link.id, lambda *_: pytest.fail("tried before its time"))
    radicale.start()
    sync_now(owner, house.practitioners[0])
    work_once()
    assert len(radicale.ours()) == 1
    assert (links()[0].fault, links()[0].failures) == ("", 0)


class Dying(CaldavClient):
    """A client of a worker that is killed after so many writes, each of which arrived."""

    left = 2

    def put(self, url: str, content: bytes) -> None:
        """Write, then die."""
        super().put(url, content)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def dying(kind: type[CaldavClient]) -> Callable[[str, str, str], CaldavClient]:
    return lambda *given: kind(*given, allow_private=True)


def test_a_killed_worker_leaves_nothing_twice_and_nothing_forgotten(house: House, radicale: Radicale, link: CalendarLink, monkeypatch):
    visits = [book(house, hour) for hour in (8, 9, 10)]
    monkeypatch.setattr("maiia_pro.outside.pushing._note", lambda *_: None)  # killed outright: what was done is written nowhere
    with pytest.raises(KeyboardInterrupt):
        sync_link(WORKER, link.id, dying(Dying))
    monkeypatch.undo()
    assert len(radicale.ours()) == 2
    cancel_appointment(house.secretary(), visits[0].id)
    work_once()
    assert [event.start for event in radicale.ours()] == [house.instant(9), house.instant(10)]


def test_two_workers_at_once_write_each_appointment_once(house: House, radicale: Radicale, link: CalendarLink):
    for hour in (8, 9, 10, 11):
        book(house, hour)
    private(house, radicale, 15)
    begin = threading.Barrier(2)

    class Together(CaldavClient):
        def put(self, url: str, content: bytes) -> None:
            if begin.n_waiting or not begin.broken:
                begin.wait(20)
            super().put(url, content)

    threads = [threading.Thread(target=sync_link, args=(WORKER, link.id, dying(Together))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [event.start for event in radicale.ours()] == [house.instant(hour) for hour in (8, 9, 10, 11)]
    assert [row.during.lower for row in filled()] == [house.instant(15)]


def test_without_one_address_for_each_appointment_the_race_is_real(house: House, radicale: Radicale, link: CalendarLink, monkeypatch):
    booked = book(house)
    monkeypatch.setattr(pushing, "address_of", lambda calendar, _ident, real=pushing.address_of: real(calendar, uuid7()))
    monkeypatch.setattr(pushing, "busy_event", lambda _ident, span, real=pushing.busy_event: real(uuid7(), span))
    begin = threading.Barrier(2)

    class Together(CaldavClient):
        def put(self, url: str, content: bytes) -> None:
            begin.wait(20)
            super().put(url, content)

    threads = [threading.Thread(target=sync_link, args=(WORKER, link.id, dying(Together))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [event.start for event in radicale.ours()] == [booked.starts_at] * 2


def test_of_two_workers_one_takes_up_a_calendar_whose_time_has_come(link: CalendarLink):
    with clock.shifted(syncing.PAUSE + timedelta(seconds=1)):
        assert [enqueue_due(WORKER), enqueue_due(WORKER)] == [1, 0]


def test_of_several_calendars_the_practitioner_chooses(house: House, owner: Actor, radicale: Radicale):
    radicale.calendar("famille")
    connect(owner, house.practitioners[0], f"{radicale.url}{USER}/", USER, PASSWORD)
    work_once()
    seen = own_link(owner, house.practitioners[0])
    assert seen is not None
    assert (seen.state, sorted(name for _, name in seen.choices)) == (LinkState.CHOOSE, ["famille", "prive"])
    with pytest.raises(Invalid):
        choose_calendar(owner, house.practitioners[0], "http://127.0.0.1/ailleurs/")
    book(house)
    choose_calendar(owner, house.practitioners[0], next(url for url, name in seen.choices if name == "famille"))
    work_once()
    assert (len(radicale.ours("famille")), len(radicale.ours())) == (1, 0)


def test_disconnecting_takes_away_what_came_in_and_what_we_wrote_if_asked(
    house: House, owner: Actor, radicale: Radicale, link: CalendarLink
):
    book(house)
    private(house, radicale, 14)
    read_again()
    disconnect(owner, house.practitioners[0], remove_ours=True)
    assert filled() == []
    work_once()
    assert ([str(event["UID"]) for event in radicale.events()], links()) == (["dentiste"], [])


def test_disconnecting_may_leave_what_we_wrote(house: House, owner: Actor, radicale: Radicale, link: CalendarLink):
    book(house)
    work_once()
    disconnect(owner, house.practitioners[0], remove_ours=False)
    book(house, 10)
    work_once()
    assert (len(radicale.ours()), links()) == (1, [])
    with reading() as session:
        assert session.exec(select(CalendarPush)).all() == []


def test_a_link_that_went_meanwhile_is_not_filled(house: House, owner: Actor, radicale: Radicale, link: CalendarLink):
    private(house, radicale, 14)

    class Slow(CaldavClient):
        def events(self, *window) -> bytes:
            found = super().events(*window)
            disconnect(owner, house.practitioners[0], remove_ours=False)
            return found

    sync_link(WORKER, link.id, dying(Slow))
    assert (filled(), links()) == ([], [])


def test_the_password_is_kept_sealed_and_another_key_asks_for_it_again(house: House, owner: Actor, link: CalendarLink, monkeypatch):
    assert PASSWORD not in str(link.model_dump())
    monkeypatch.setenv("SECRET_KEY", "une autre clé")
    get_settings.cache_clear()
    sync_link(WORKER, link.id, lambda *_: pytest.fail("tried"))
    monkeypatch.undo()
    get_settings.cache_clear()
    seen = own_link(owner, house.practitioners[0])
    assert seen is not None
    assert (seen.state, seen.fault) == (LinkState.STOPPED, FAULTS["key"])


def test_nobody_else_links_a_calendar(house: House, radicale: Radicale):
    house.practitioner_actor()
    colleague = house.practitioner_actor(house.practitioner("Belkacem"))
    for actor in (house.secretary(), colleague):
        with pytest.raises(NotAllowed):
            connect(actor, house.practitioners[0], radicale.url, USER, PASSWORD)


@pytest.mark.parametrize("address", ["", "ftp://agenda.exemple.fr/", "https://claire:secret@agenda.exemple.fr/", "https://", "https://["])
def test_an_address_that_is_none_is_refused_before_anything_is_kept(house: House, owner: Actor, address: str):
    with pytest.raises(Invalid):
        connect(owner, house.practitioners[0], address, USER, PASSWORD)
    assert links() == []
