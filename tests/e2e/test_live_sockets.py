"""The live channel under the real server: what Starlette's own client cannot show."""

import json

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from maiia_pro.api.screens import ENDED
from tests.tools.site import Site

pytestmark = pytest.mark.e2e


def test_signing_out_everywhere_closes_the_open_sockets(site: Site) -> None:
    account = next(one for one in site.demo["accounts"] if one["role"] == "secretary")
    with httpx.Client(base_url=site.base_url, headers={"origin": site.base_url}) as browser:
        browser.post("/api/session", json={"email": account["email"], "password": account["password"]}).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        with connect(f"ws{site.base_url[4:]}/live", origin=site.base_url, additional_headers={"cookie": cookie}) as socket:
            socket.send(json.dumps({"watch": []}))
            assert json.loads(socket.recv(timeout=10)) == {"watching": []}
            browser.delete("/api/sessions").raise_for_status()
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    socket.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == ENDED
