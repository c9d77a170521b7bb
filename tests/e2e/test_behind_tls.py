"""Behind a proxy with TLS: the socket is encrypted too, and the session's cookie never travels in clear."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.tools.site import Site, free_port
from tests.tools.tls import TlsDoor

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def secure_site(tmp_path_factory):
    port = free_port()
    with Site(PUBLIC_URL=f"https://127.0.0.1:{port}") as site, TlsDoor(port, site.port, tmp_path_factory.mktemp("tls")):
        yield site


@pytest.fixture
def secure_page(secure_site, browser: Browser):
    context = browser.new_context(locale="fr-FR", ignore_https_errors=True)
    yield context.new_page()
    context.close()


def test_the_pages_talk_through_an_encrypted_socket(secure_site, secure_page):
    address = secure_site.demo["base_url"]
    with secure_page.expect_websocket(lambda opened: opened.url.startswith(address.replace("https", "wss") + "/_event")):
        answer = secure_page.goto(address)
    expect(secure_page.get_by_role("heading", name="Dr Élodie Marchand")).to_be_visible()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_the_cookie_of_a_session_is_bound_to_the_host_and_to_tls(secure_site, secure_page):
    account = secure_site.account("secretary")
    secure_page.goto(f"{secure_site.demo['base_url']}/connexion#mot-de-passe")
    secure_page.get_by_role("textbox", name="e-mail ou numéro").fill(account["email"])
    secure_page.get_by_role("textbox", name="Mot de passe").fill(account["password"])
    secure_page.get_by_role("main").get_by_role("button", name="Se connecter", exact=True).click()
    expect(secure_page).to_have_url(re.compile("/agenda"))
    cookie = next(cookie for cookie in secure_page.context.cookies() if "maiia_session" in cookie["name"])
    assert cookie["name"] == "__Host-maiia_session"
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, True, "Lax", "/")
