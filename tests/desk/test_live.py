"""Open screens hear of every change once, and of nothing that is not theirs."""

import asyncio
import json
from contextlib import AbstractContextManager

import psycopg
import pytest
from sqlmodel import col, update
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.setup import save_weekly_hours
from maiia_pro.api import live, screens
from maiia_pro.api.topics import MOST_TOPICS
from maiia_pro.identity.session_ends import end_sessions_of, sign_out_everywhere
from maiia_pro.identity.tables import Account, AccountStatus, Delegation
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import libpq_url, transaction
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.ids import uuid7
from maiia_pro.launcher.postgres import DatabaseUrls
from maiia_pro.settings import get_settings
from tests.desk.world import Person, World

pytestmark = pytest.mark.integration


def opened(api: TestClient, person: Person | None, origin: str | None = "") -> AbstractContextManager[WebSocketTestSession]:
    """Open a socket as that person's browser does."""
    headers = {"cookie": person.cookie} if person else {}
    origin = get_settings().base_url if origin == "" else origin
    return api.websocket_connect("/live", headers=headers | ({"origin": origin} if origin else {}))


def watch(socket: WebSocketTestSession, *topics: str) -> dict:
    """Ask for topics and give the answer."""
    socket.send_text(json.dumps({"watch": list(topics)}))
    return socket.receive_json()


def test_two_screens_each_get_one_frame_of_a_change(api: TestClient, world: World) -> None:
    topic = f"agenda:{world.first.hex}"
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        assert watch(one, topic) == watch(two, topic) == {"watching": [topic]}
        booked = world.book(9)
        frames = [one.receive_json(), two.receive_json()]
        again = world.book(10)
        assert one.receive_json()["id"] == two.receive_json()["id"] == again.id.hex
    assert frames[0] == frames[1]
    assert frames[0]["id"] == booked.id.hex
    assert frames[0]["by"] == "Sylvie Moreau"
    assert frames[0]["action"] == "appointment:booked"
    shown = frames[0]["appointment"]
    assert (shown["day"], shown["start"], shown["length"], shown["name"]) == (world.day().isoformat(), 540, 20, "Josiane Keller")


def test_a_visit_moved_to_a_colleague_leaves_one_agenda_and_enters_the_other(api: TestClient, world: World) -> None:
    before, after = f"agenda:{world.first.hex}", f"agenda:{world.second.hex}"
    with opened(api, world.secretary) as one, opened(api, world.practitioner) as two:
        watch(one, before)
        watch(two, after)
        booked = world.book(9)
        assert one.receive_json()["version"] == 1
        move_appointment(world.secretary.actor, booked.id, MoveRequest(world.at(11), practitioner_id=world.second))
        left, entered = one.receive_json(), two.receive_json()
    assert left["appointment"] is None
    assert left["version"] == entered["version"] == 2
    assert entered["appointment"]["practitioner"] == world.second.hex


def test_free_time_is_told_to_anybody_without_a_word_about_anyone(api: TestClient, world: World) -> None:
    topic = f"slots:{world.first.hex}"
    with opened(api, None) as visitor:
        watch(visitor, topic)
        booked = world.book(9)
        assert visitor.receive_json() == {"topic": topic, "version": 1}
        cancel_appointment(world.secretary.actor, booked.id)
        assert visitor.receive_json() == {"topic": topic, "version": 2}


def test_screens_reload_an_agenda_whose_hours_changed(api: TestClient, world: World) -> None:
    topic = f"agenda:{world.first.hex}"
    with opened(api, world.secretary) as socket:
        watch(socket, topic)
        save_weekly_hours(world.practitioner.actor, world.first, world.house.sites[0], [])
        assert socket.receive_json() == {"topic": topic, "resync": True}


@pytest.mark.parametrize("who", ["stranger", "visitor"])
def test_the_agenda_of_another_practice_is_refused(api: TestClient, world: World, who: str) -> None:
    with opened(api, world.stranger if who == "stranger" else None) as socket:
        answer = watch(socket, f"agenda:{world.first.hex}")
    assert answer["refused"] == ("not-found" if who == "stranger" else "not-signed-in")


@pytest.mark.parametrize("text", ["", "[]", '{"watch": 1}', '{"watch": ["agenda:x"]}', '{"watch": ["all:1"]}', "[" * 9000])
def test_what_is_no_request_is_refused_and_the_socket_stays(api: TestClient, world: World, text: str) -> None:
    with opened(api, world.secretary) as socket:
        socket.send_text(text)
        assert socket.receive_json()["refused"] in {"invalid", "not-found"}
        assert watch(socket, f"agenda:{world.first.hex}")["watching"]


def test_a_screen_watches_the_agendas_of_a_large_group_and_no_more_than_a_message_holds(api: TestClient, world: World) -> None:
    topics = sorted(f"slots:{uuid7().hex}" for _ in range(MOST_TOPICS + 1))
    with opened(api, world.secretary) as socket:
        assert watch(socket, *topics[1:]) == {"watching": topics[1:]}
        assert watch(socket, *topics)["refused"] == "invalid"


@pytest.mark.parametrize("origin", ["https://ailleurs.example", None])
def test_a_page_of_another_origin_opens_no_socket(api: TestClient, world: World, origin: str | None) -> None:
    with pytest.raises(WebSocketDisconnect), opened(api, world.secretary, origin):
        pass


def test_the_sockets_of_ended_sessions_close(api: TestClient, world: World) -> None:
    with opened(api, world.secretary) as socket, opened(api, world.practitioner) as other:
        watch(socket, f"agenda:{world.first.hex}")
        watch(other, f"agenda:{world.first.hex}")
        sign_out_everywhere(world.secretary.actor)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        world.book(9, who=world.practitioner)
        assert other.receive_json()["by"] == "Dr Claire Vasseur"
    assert closed.value.code == screens.ENDED


def suspend(person: Person, *, told: bool) -> None:
    """Suspend an account; every process is told, or the word is lost."""
    with transaction() as session:
        session.get_one(Account, person.actor.account_id).status = AccountStatus.SUSPENDED
        if told:
            end_sessions_of(session, Actor.system("test"), person.actor.account_id)


@pytest.mark.requirement(49)
@pytest.mark.parametrize("told", [True, False])
def test_the_socket_of_somebody_suspended_closes_whether_or_not_the_word_of_it_arrives(api: TestClient, world: World, told: bool) -> None:
    with opened(api, world.secretary) as socket, opened(api, world.practitioner) as other:
        watch(socket, f"agenda:{world.first.hex}")
        watch(other, f"agenda:{world.first.hex}")
        suspend(world.secretary, told=told)
        if not told:
            api.portal.call(api.hub.look_over)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        world.book(9, who=world.practitioner)
        assert other.receive_json()["by"] == "Dr Claire Vasseur"
    assert closed.value.code == screens.ENDED
    assert api.get("/api/sessions", headers={"cookie": world.secretary.cookie}).status_code == 401


@pytest.mark.requirement(62)
def test_whose_days_are_over_hears_nothing_more_of_the_agenda_though_nobody_did_anything(api: TestClient, world: World) -> None:
    with opened(api, world.secretary) as socket:
        watch(socket, f"agenda:{world.first.hex}")
        with transaction() as session:
            theirs = update(Delegation).where(col(Delegation.account_id) == world.secretary.actor.account_id)
            session.exec(theirs.values(ends_at=clock.now()))
        api.portal.call(api.hub.look_over)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == screens.RESYNC
    with opened(api, world.secretary) as socket:
        assert watch(socket, f"agenda:{world.first.hex}")["refused"] == "not-delegated"
        api.portal.call(api.hub.look_over)  # told twice, and ends nothing twice
        assert watch(socket)["watching"] == []


def test_looking_sessions_over_goes_on_whatever_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    hub, looked = live.Hub(), asyncio.Event()

    async def look_over() -> None:
        if broken:
            raise broken.pop()
        looked.set()

    broken = [RuntimeError(), Unavailable()]
    monkeypatch.setattr(live, "SWEEP_SECONDS", 0)
    monkeypatch.setattr(hub, "look_over", look_over)

    async def sweep() -> None:
        task = asyncio.create_task(hub.sweep())
        await asyncio.wait_for(looked.wait(), 5)
        task.cancel()

    asyncio.run(sweep())


@pytest.mark.requirement(49)
def test_the_sessions_of_screens_are_looked_over_often_enough_for_five_seconds() -> None:
    assert live.SWEEP_SECONDS <= 4


def test_after_the_listening_connection_was_cut_every_screen_is_told_to_reload(
    api: TestClient, world: World, database: DatabaseUrls
) -> None:
    with opened(api, world.secretary) as socket:
        watch(socket, f"agenda:{world.first.hex}")
        with psycopg.connect(libpq_url(database.admin), autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'maiia-pro live'")
        assert socket.receive_json() == {"resync": True}
        booked = world.book(9)
        assert socket.receive_json()["id"] == booked.id.hex


def test_a_reader_that_is_too_slow_is_told_to_start_again(api: TestClient, world: World) -> None:
    with opened(api, world.secretary) as socket:
        watch(socket, f"agenda:{world.first.hex}")

        async def flood() -> None:
            (screen,) = api.hub._screens
            for _ in range(screens.QUEUE_LIMIT + 2):
                screen.push(live.BEAT)

        api.portal.call(flood)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == screens.RESYNC


def test_the_beat_goes_on_when_a_session_cannot_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unanswered:
        beats = checks = 0

        def push(self, _text: str) -> None:
            self.beats += 1
            if self.beats > 2 * live.BEATS_A_CHECK:
                raise asyncio.CancelledError

        async def check(self) -> None:
            self.checks += 1
            raise Unavailable

    monkeypatch.setattr(live, "BEAT_SECONDS", 0)
    hub, screen = live.Hub(), Unanswered()
    hub._screens.add(screen)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(hub.beat())
    assert screen.checks == 2
