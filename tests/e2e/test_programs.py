"""A practitioner relates a program, lets it act in their name, and turns it away: through the screens, the program being this test."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import Site

pytestmark = pytest.mark.e2e


@pytest.fixture
def program() -> Iterator[str]:
    """The page of the program that browsers come back to; gives its address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<p>Revenu à l’application.</p>".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/retour"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.requirement(217)
def test_a_program_acts_for_a_practitioner_until_it_is_turned_away(site: Site, page: Page, program: str):
    page.goto(f"{site.base_url}/connexion/?suite=/reglages")
    page.get_by_role("button", name="S’identifier avec Pro Santé Connect").click()
    page.get_by_role("button", name="Claire Vasseur").click()

    page.get_by_role("button", name="Relier une application").click()
    page.get_by_label("Nom de l’application").fill("Dossier Essai")
    page.get_by_label("Lire l’agenda").check()
    page.get_by_label("Adresses de retour").fill(program)
    page.get_by_role("button", name="Relier l’application").click()
    secret = page.get_by_label("Secret", exact=True).input_value()
    client_id = page.locator("#secret-montre code").inner_text()
    page.get_by_role("button", name="C’est fait").click()

    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": program, "state": "s"}
    asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    page.goto(f"{site.base_url}/oauth/authorize?{urlencode(asked)}")
    expect(page.get_by_text("Dossier Essai demande à agir en votre nom, Dr Claire Vasseur")).to_be_visible()
    page.get_by_role("button", name="Autoriser").click()
    expect(page.get_by_text("Revenu à l’application.")).to_be_visible()

    form = {"grant_type": "authorization_code", "redirect_uri": program, "code_verifier": verifier}
    form["code"] = parse_qs(urlsplit(page.url).query)["code"][0]
    token = httpx.post(f"{site.base_url}/oauth/token", data=form, auth=(client_id, secret), trust_env=False).json()["access_token"]

    def read() -> int:
        return httpx.get(
            f"{site.base_url}/fhir/Appointment?date=ge2020-01-01", headers={"authorization": f"Bearer {token}"}, trust_env=False
        ).status_code

    assert read() == 200
    page.goto(f"{site.base_url}/reglages")
    page.get_by_role("button", name="Retirer Dossier Essai").click()
    page.get_by_role("button", name="Retirer l’application").click()
    expect(page.get_by_text("Dossier Essai n’entre plus").first).to_be_visible()
    wait_until(lambda: read() == 401, 10)
