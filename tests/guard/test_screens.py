"""What a browser gets over the socket: its own state only, and nothing once the session is over."""

import asyncio
import json

import pytest
import socketio
from socketio.packet import Packet

from maiia_pro.identity.cookies import token_in
from maiia_pro.identity.locking import lock
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import end_sessions_of, sign_out, sign_out_everywhere
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import transaction
from state.announcements import Announcements
from state.guard import NOT_YOURS, UNREADABLE
from state.session import SessionState
from tests.tools.socket_client import HYDRATE, ROOT, SocketClient

pytestmark = pytest.mark.integration

ENTER = f"{SessionState.get_full_name()}.enter"
TELL = f"{Announcements.get_full_name()}.tell"


async def arrive(client: SocketClient, who: str = "", path: str = "/") -> None:
    await client.send(HYDRATE, path=path)
    await client.until(lambda seen: seen.vars)
    await client.send(ENTER, {"who": who}, path)


def signed_in(client: SocketClient) -> bool:
    return client.var("session_state.signed_in")


def test_the_screen_knows_who_signed_in(server, people):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.SECRETARY]["cookie"]) as client:
            await arrive(client, "secretary")
            await client.until(signed_in)
            return client.var("session_state.name"), client.var("session_state.home")

    assert asyncio.run(journey()) == ("Camille Secretary", "/agenda")


def test_the_cookie_is_never_sent_to_the_page(server, people):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.SECRETARY]["cookie"]) as client:
            await arrive(client, "secretary")
            await client.until(signed_in)
            return str(client.vars) + str(client.events)

    assert token_in(people[ActorKind.SECRETARY]["cookie"]) not in asyncio.run(journey())


@pytest.mark.parametrize("thief", [ActorKind.ANONYMOUS, ActorKind.PATIENT])
def test_who_presents_the_tab_of_another_gets_an_empty_one(server, people, thief):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.SECRETARY]["cookie"]) as owner:
            await arrive(owner, "secretary")
            await owner.until(signed_in)
        async with SocketClient(server, cookie=people[thief].get("cookie", ""), token=owner.token) as other:
            await other.send(HYDRATE)
            await other.until(lambda seen: seen.vars)
            return other.vars

    assert "Camille Secretary" not in str(asyncio.run(journey()))


def test_a_visitor_is_sent_to_sign_in_and_back(server):
    async def journey():
        async with SocketClient(server) as client:
            await arrive(client, "secretary practitioner", "/agenda")
            await client.until(lambda seen: seen.events)
            return client.events[0]["payload"]["path"]

    assert asyncio.run(journey()) == "/connexion?suite=/agenda"


def test_a_page_for_others_is_refused_without_leaving_it(server, people):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.PATIENT]["cookie"]) as client:
            await arrive(client, "operator", "/operateur")
            await client.until(lambda seen: seen.var("session_state.forbidden"))
            return client.events

    assert asyncio.run(journey()) == []


def test_a_screen_whose_session_ended_elsewhere_comes_back_empty(server, people):
    cookie = people[ActorKind.SECRETARY]["cookie"]

    async def journey():
        async with SocketClient(server, cookie=cookie) as before:
            await arrive(before, "secretary")
            await before.until(signed_in)
        await asyncio.to_thread(sign_out, actor_of_token(token_in(cookie)))
        async with SocketClient(server, cookie=cookie, token=before.token) as after:
            await after.send(HYDRATE)
            await after.until(lambda seen: seen.vars)
            return after.var("session_state.ended"), "Camille Secretary" in str(after.vars)

    assert asyncio.run(journey()) == (True, False)


def test_whoever_signs_in_again_is_not_told_of_the_end_anew(server, people):
    cookie = people[ActorKind.SECRETARY]["cookie"]

    async def journey():
        async with SocketClient(server, cookie=cookie) as client:
            await arrive(client, "secretary")
            await client.until(signed_in)
            await asyncio.to_thread(sign_out, actor_of_token(token_in(cookie)))
            await client.until(lambda seen: seen.var("session_state.ended"))
        async with SocketClient(server, cookie=cookie, token=client.token) as after:
            await arrive(after, "", "/connexion")
            await after.until(lambda seen: seen.var("session_state.ended") is False)

    asyncio.run(journey())


def test_an_event_after_the_end_is_refused_and_told(server, people):
    cookie = people[ActorKind.SECRETARY]["cookie"]

    async def journey():
        async with SocketClient(server, cookie=cookie) as client:
            await arrive(client, "secretary")
            await client.until(signed_in)
            await asyncio.to_thread(sign_out_everywhere, actor_of_token(token_in(cookie)))
            await client.send(ENTER, {"who": "secretary"}, "/agenda")
            await client.until(lambda seen: seen.events)
            return client.events[0]["payload"]["path"], signed_in(client)

    assert asyncio.run(journey()) == ("/connexion?suite=/agenda", False)


@pytest.mark.parametrize("name", [f"{SessionState.get_full_name()}.setvar", f"{ROOT}.setvar"])
def test_no_variable_is_set_from_outside(server, people, name):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.PATIENT]["cookie"]) as client:
            await arrive(client)
            await client.until(signed_in)
            await client.send(name, {"name": "kind", "value": "operator"})
            await client.send(TELL, {"kind": "info", "message": "La suite."})
            await client.until(lambda seen: "La suite." in seen.messages())
            return client.var("session_state.kind"), client.messages()

    kind, messages = asyncio.run(journey())
    assert kind == "patient"
    assert set(messages) <= {NOT_YOURS, "La suite."}


def test_what_succeeds_takes_away_the_refusal_that_offers_to_insist_and_no_other(server):
    async def journey():
        async with SocketClient(server) as client:
            await arrive(client)
            await client.send(TELL, {"kind": "error", "message": "Ce créneau est pris.", "action": "Mettre en surnombre", "follow": "/"})
            await client.send(TELL, {"kind": "error", "message": "Cette date est passée."})
            await client.send(TELL, {"kind": "success", "message": "Rendez-vous déplacé."})
            await client.until(lambda seen: "Rendez-vous déplacé." in seen.messages())
            return client.messages()

    assert asyncio.run(journey()) == ["Cette date est passée.", "Rendez-vous déplacé."]


def test_the_socket_opens_to_our_own_pages_only(server):
    async def journey():
        async with SocketClient(server, origin="https://ailleurs.exemple"):
            pass

    with pytest.raises(socketio.exceptions.ConnectionError):
        asyncio.run(journey())


def test_half_a_character_is_refused_and_the_screen_goes_on(server, monkeypatch):
    monkeypatch.setattr(Packet, "json", json)  # escapes it, as browsers do; an application loaded in this process may have put another

    async def journey():
        async with SocketClient(server) as client:
            await arrive(client)
            await client.send(TELL, {"kind": "info", "message": "a\ud800b"})
            await client.send(TELL, {"kind": "info", "message": "La suite."})
            await client.until(lambda seen: "La suite." in seen.messages())
            return client.messages()

    assert UNREADABLE in asyncio.run(journey())


def test_a_screen_that_is_locked_is_emptied_at_once_and_answers_nothing(server, people):
    cookie = people[ActorKind.SECRETARY]["cookie"]

    async def journey():
        async with SocketClient(server, cookie=cookie) as client:
            await arrive(client, "secretary")
            await client.until(signed_in)
            await asyncio.to_thread(lock, actor_of_token(token_in(cookie)))
            await client.until(lambda seen: seen.var("session_state.locked"))
            told = (signed_in(client), client.var("session_state.name"), client.var("session_state.ended"))
            await client.send(TELL, {"kind": "info", "message": "Une autre suite."})
            await client.send(ENTER, {"who": "secretary"}, "/agenda")
        async with SocketClient(server, cookie=cookie, token=client.token) as after:
            await arrive(after, "secretary", "/agenda")
            await after.until(lambda seen: seen.var("session_state.locked"))
            return told, client.messages() + after.messages(), signed_in(after), after.events

    assert asyncio.run(journey()) == ((False, "", False), [], False, [])


def suspend(cookie: str, told: bool) -> None:
    """Suspend an account; every process is told, or the word is lost."""
    owner = actor_of_token(token_in(cookie)).account_id
    with transaction() as session:
        session.get_one(Account, owner).status = AccountStatus.SUSPENDED
        if told:
            end_sessions_of(session, Actor.system("test"), owner)


@pytest.mark.requirement(49)
@pytest.mark.parametrize("told", [True, False])
def test_the_screen_of_somebody_suspended_is_emptied_without_an_event_of_its_own(server, people, told):
    cookie = people[ActorKind.PRACTITIONER]["cookie"]

    async def journey():
        async with (
            SocketClient(server, cookie=cookie) as client,
            SocketClient(server, cookie=people[ActorKind.SECRETARY]["cookie"]) as other,
        ):
            for one in (client, other):
                await arrive(one, "practitioner secretary")
                await one.until(signed_in)
            await asyncio.to_thread(suspend, cookie, told)
            await client.until(lambda seen: seen.var("session_state.ended"))
            return client.var("session_state.name"), signed_in(client), signed_in(other)

    assert asyncio.run(journey()) == ("", False, True)


def test_who_still_owes_the_second_step_is_sent_to_it_and_back(server, people):
    async def journey():
        async with SocketClient(server, cookie=people[ActorKind.HALF_OPEN]["cookie"]) as client:
            await arrive(client, "secretary practitioner", "/agenda")
            await client.until(lambda seen: seen.events)
            return client.events[0]["payload"]["path"], signed_in(client)

    assert asyncio.run(journey()) == ("/connexion/etape?suite=/agenda", False)
