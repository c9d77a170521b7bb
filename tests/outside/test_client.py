"""Where our server lets itself be sent, and what it makes of what strangers answer."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from maiia_pro.integrations.caldav import addresses, client
from maiia_pro.integrations.caldav.addresses import place_of
from maiia_pro.integrations.caldav.answers import multistatus
from maiia_pro.integrations.caldav.client import CaldavClient
from maiia_pro.integrations.caldav.faults import AddressRefused, Unreachable, Unreadable
from tests.tools.dribble import dribbling

pytestmark = pytest.mark.unit


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """What each name means, as a resolver would say."""
    known: dict[str, list[str]] = {}

    def look_up(host, port, **_more):
        if host not in known:
            raise OSError
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    return known


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "::1", "fe80::1", "fd00::1", "0.0.0.0", "224.0.0.1",  # noqa: S104
           "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "::127.0.0.1", "fec0::1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_means_a_private_address_is_refused(names, address):
    names["agenda.exemple.fr"] = ["93.184.215.14", address]
    with pytest.raises(AddressRefused):
        place_of("https://agenda.exemple.fr/dav/", allow_private=False)


def test_a_public_address_passes_over_https_only(names):
    names["agenda.exemple.fr"] = ["93.184.215.14"]
    assert place_of("https://agenda.exemple.fr/", allow_private=False).address == "93.184.215.14"
    for allowed in (False, True):
        with pytest.raises(AddressRefused):
            place_of("http://agenda.exemple.fr/", allow_private=allowed)


def test_the_operator_may_let_private_addresses_pass_and_http_to_this_machine(names):
    names |= {"agenda.cabinet": ["192.168.1.1"], "localhost": ["127.0.0.1"]}
    assert place_of("https://agenda.cabinet/", allow_private=True).address == "192.168.1.1"
    assert place_of("http://localhost:5232/", allow_private=True).port == 5232
    with pytest.raises(AddressRefused):
        place_of("http://agenda.cabinet/", allow_private=True)


def test_a_name_that_nobody_knows_is_a_server_that_does_not_answer(names):
    with pytest.raises(Unreachable):
        place_of("https://agenda.exemple.fr/", allow_private=False)


@pytest.mark.parametrize(
    "url", ["agenda", "file:///etc/passwd", "https://a:b@exemple.fr/", "https://exemple.fr:99999/", "https://exe mple.fr/"]
)
def test_what_is_no_address_is_refused(names, url):
    with pytest.raises(AddressRefused):
        place_of(url, allow_private=True)


@pytest.fixture
def stranger() -> Iterator[tuple[str, dict]]:
    """A server that answers what the test says; gives its address and what it answers."""
    says: dict = {"status": 207, "headers": {}, "body": b"<x/>", "asked": []}

    class Handler(BaseHTTPRequestHandler):
        def do_PROPFIND(self) -> None:
            says["asked"].append(self.path)
            self.send_response(says["status"])
            for name, value in ({"Content-Length": str(len(says["body"]))} | says["headers"]).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(says["body"])

        def log_message(self, *_said) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", says
    server.shutdown()
    thread.join()
    server.server_close()


def tag(url: str) -> str:
    with CaldavClient(url, "claire", "secret", allow_private=True) as asked:
        return asked.tag(url)


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:1/", "https://agenda.exemple.fr/", "http://localhost/"])
def test_a_redirect_elsewhere_is_not_followed(stranger, elsewhere):
    url, says = stranger
    says |= {"status": 301, "headers": {"Location": elsewhere}}
    with pytest.raises(AddressRefused):
        tag(url)


def test_a_redirect_without_end_stops(stranger):
    url, says = stranger
    says |= {"status": 301, "headers": {"Location": "/encore"}}
    with pytest.raises(Unreadable):
        tag(url)
    assert len(says["asked"]) == client.MOST_REDIRECTS + 1


def test_an_answer_without_end_is_cut(stranger, monkeypatch):
    url, says = stranger
    monkeypatch.setattr(client, "LARGEST", 1000)
    says["body"] = b"x" * 5000
    with pytest.raises(Unreadable):
        tag(url)


def test_an_answer_that_comes_too_slowly_is_cut(monkeypatch):
    monkeypatch.setattr(client, "SECONDS", 0.3)
    with dribbling() as (url, taken):
        with pytest.raises(Unreachable):
            tag(url)
        assert not taken.is_set()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize("content", [b"", b"<html>", BOMB, BOMB.decode().encode("utf-16"), b"\xff\xfe", b"<a>" * 20 + b"<![CDATA[" + BOMB])
def test_an_answer_that_is_no_plain_xml_is_refused(content):
    with pytest.raises(Unreadable):
        multistatus(content, "https://agenda.exemple.fr/")
