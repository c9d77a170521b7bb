"""What programs hold × the other programs: codes and tokens are worth nothing in another's hands, and tell it nothing."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

import pytest
from sqlmodel import SQLModel

from maiia_pro.identity.api_clients import Client
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import transaction
from tests.walls.filling import RETURN, Rows
from tests.walls.harness import Heard, Undone
from tests.walls.judging import plain
from tests.walls.test_sessions import ask
from tests.walls.world import World

pytestmark = pytest.mark.integration

SECRET: Final = "secret-du-logiciel"
VERIFIER: Final = "v" * 43
SCOPES: Final = "appointments.read"


class Held(NamedTuple):
    """A program, what it sends to prove itself, and what it holds: a code, and tokens of its own and of a person."""

    client: Client
    code: str
    refresh: str
    access: str
    alone: str


def hold(rows: Rows, name: str) -> Held:
    """Write a program of a practice, with a consent whose code waits, one whose tokens are in use, and a token of its own."""
    own, tables = Rows("", rows.rows), SQLModel.metadata.tables
    challenge = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    code, refresh, access, alone = (f"{what}-{name}" for what in ("code", "refresh", "access", "alone"))
    with transaction() as session:
        made = own.add(session, tables["api_client"], secret_hash=token_hash(SECRET), scopes=SCOPES)
        waits = {"challenge": challenge, "redirect_uri": RETURN, "scopes": SCOPES, "redeemed_at": None}
        own.add(session, tables["api_grant"], code_hash=token_hash(code), code_until=clock.now() + timedelta(minutes=1), **waits)
        own.add(session, tables["api_token"], token_hash=token_hash(alone), scopes=SCOPES)
        given = own.add(session, tables["api_grant"], scopes=SCOPES)["id"]
        own.add(session, tables["api_token"], token_hash=token_hash(access), scopes=SCOPES, grant_id=given)
        own.add(session, tables["api_refresh"], token_hash=token_hash(refresh))
    client = Client(made["id"], made["client_id"], made["name"], made["practice_id"], frozenset({SCOPES}), 100_000)
    return Held(client, code, refresh, access, alone)


OVER_HTTP: Final[dict[str, tuple[str, Callable[[Held], dict[str, str]]]]] = {
    "redeem a code": (
        "/oauth/token",
        lambda held: {"grant_type": "authorization_code", "code": held.code, "redirect_uri": RETURN, "code_verifier": VERIFIER},
    ),
    "renew": ("/oauth/token", lambda held: {"grant_type": "refresh_token", "refresh_token": held.refresh}),
    **{
        f"{path} {what}": (f"/oauth/{path}", lambda held, what=what: {"token": getattr(held, what)})  # type: ignore[misc]
        for path in ("introspect", "revoke")
        for what in ("refresh", "access", "alone")
    },
}


def over_http(name: str, client: Client, held: Held, secret: str = SECRET) -> tuple[int, str]:
    """Send what somebody holds, as a program that proves itself."""
    path, form = OVER_HTTP[name]
    answer = ask("POST", path, data=form(held) | {"client_id": client.client_id, "client_secret": secret})
    return answer.status_code, answer.text


class Programs(NamedTuple):
    """Whose things are tried, and who tries them: of another practice, and of the same one."""

    theirs: Held
    others: tuple[Client, Client]


@pytest.fixture(scope="module")
def programs(world: World) -> Programs:
    """Write them for all the tests: asked for before `hands`, which undoes whatever comes after."""
    return Programs(hold(world.theirs, "theirs"), (hold(world.home, "home").client, hold(world.beside, "beside").client))


def compared(hands: Undone, theirs: Held, act: Callable[[Held], Any]) -> tuple[Heard, Heard]:
    """Do something with what somebody holds, then with what is nobody's."""
    nothing = replace_words(theirs)
    return hands.call(lambda: act(theirs)), hands.call(lambda: act(nothing))


def replace_words(held: Held) -> Held:
    """Give secrets that nobody holds."""
    return Held(replace(held.client), "code-0", "refresh-0", "access-0", "alone-0")


def summary(heard: Heard) -> tuple[str, str, set[tuple[str, str]]]:
    """Give what came of a call: refusal, answer, the tables that it touched."""
    return heard.kind, plain(heard.answer), {(table, act) for table, act, _, _ in heard.touched}


@pytest.mark.requirement(208)
@pytest.mark.parametrize("name", OVER_HTTP)
def test_what_a_program_holds_is_worth_nothing_to_another_over_http(programs, hands, name):
    for other in programs.others:
        heard, absent = compared(hands, programs.theirs, lambda held, other=other: over_http(name, other, held))
        assert summary(heard) == summary(absent)
        assert heard.touched == ()
    own, absent = compared(hands, programs.theirs, lambda held: over_http(name, programs.theirs.client, held))
    assert summary(own) != summary(absent)


@pytest.mark.requirement(208)
@pytest.mark.parametrize("name", OVER_HTTP)
def test_without_the_secret_nothing_is_done_with_what_a_program_holds(programs, hands, name):
    heard = hands.call(lambda: over_http(name, programs.theirs.client, programs.theirs, "autre"))
    assert "(401," in heard.answer
    assert heard.touched == ()
