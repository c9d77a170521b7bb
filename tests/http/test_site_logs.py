"""What a running server writes about a client that sends nonsense: the fault, never the secrets that came with it."""

import asyncio
import json

import httpx
import pytest

from maiia_pro.launcher.waiting import wait_until
from tests.tools.socket_client import HYDRATE, SocketClient

pytestmark = pytest.mark.integration

SECRET = "jeton-tres-secret-5f2c9e"


def server_log(site) -> str:
    return (site.data_dir / "logs" / "serve.log").read_text()


async def send_nonsense(site, logged) -> None:
    async with SocketClient(site.base_url, cookie=f"maiia_session={SECRET}", token=f"{SECRET}-1") as client:
        await client.send(HYDRATE)
        await client.until(lambda told: told.vars)
        await client.send("reflex___state____state.no_such_event", {"note": "Josiane Keller", "password": SECRET})
        await asyncio.to_thread(wait_until, logged, 10)


def test_an_unknown_event_is_logged_without_what_came_with_it(site):
    before = len(server_log(site))
    asyncio.run(send_nonsense(site, lambda: "no_such_event" in server_log(site)[before:]))
    said = server_log(site)[before:]
    assert SECRET not in said
    assert "Keller" not in said


def test_a_token_in_an_address_is_not_logged(site):
    before = len(server_log(site))
    httpx.get(f"{site.base_url}/activation/", params={"jeton": SECRET})
    wait_until(lambda: '"request"' in server_log(site)[before:], 10)
    assert SECRET not in server_log(site)


def test_every_line_is_json(site):
    site.answers("/api/ready")
    assert all(json.loads(line) for line in server_log(site).splitlines())
