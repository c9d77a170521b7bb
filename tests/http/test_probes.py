"""Scanners: what only they ask for is counted, never kept, and refused for a while to whoever goes on; how to report a weakness."""

import logging
import re
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from maiia_pro.api.asgi import build_api
from maiia_pro.api.hardening import Hardening
from maiia_pro.api.probes import A_MINUTE, TOLD_A_MINUTE, kind_of
from maiia_pro.api.security_txt import POLICY
from maiia_pro.kernel import clock
from maiia_pro.kernel.metrics import exposition
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.routes import ROUTES
from maiia_pro.settings import get_settings

pytestmark = pytest.mark.unit

PROBES = (
    "/.env", "/.git/config", "/.aws/credentials", "/wp-login.php", "/wp-admin/setup-config", "/phpmyadmin/", "/index.php/x",
    "/cgi-bin/test",
    "/vendor/phpunit/src/Util/PHP/eval-stdin.php", "/actuator/health", "/server-status", "/backup.sql", "/site.tar", "/login.aspx",
    "/static/../../etc/passwd",
)  # fmt: skip


async def page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ouvert")


@pytest.fixture
def client(tmp_path):
    forget_requests()
    yield TestClient(Hardening(Starlette(routes=[Route("/{rest:path}", page)]), tmp_path))
    forget_requests()


@pytest.mark.parametrize("path", PROBES)
def test_what_only_scanners_ask_for_never_reaches_the_software(client, path):
    assert kind_of(path)
    assert client.get(f"http://testserver{path.replace('/../', '/%2e%2e/')}").status_code == 404


def test_no_address_of_ours_is_taken_for_a_probe():
    ours = {route.path for route in build_api().routes} | {route.path for route in ROUTES}
    ours |= {
        "/.well-known/security.txt",
        "/sitemap-1.xml",
        "/assets/index-1a2b.js",
        "/medecin/claire-vasseur-1",
        "/images/0a.webp",
        "/sw.js",
        "/manifest.webmanifest",
    }
    assert [path for path in ours if kind_of(path)] == []


@pytest.mark.requirement(209)
def test_a_network_that_goes_on_is_told_when_to_come_back_and_may_still_use_the_site(client):
    answers = [client.get("/.env") for _ in range(A_MINUTE + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json()["message"].endswith(".")
    assert client.get("/").text == "ouvert"


@pytest.mark.requirement(209)
def test_a_probe_is_counted_and_its_log_keeps_nothing_that_was_sent(client, caplog):
    with caplog.at_level(logging.WARNING, "maiia_pro.api.probes"):
        for _ in range(3 * TOLD_A_MINUTE):
            client.get("/secret-7f3a.php?password=7f3a", headers={"User-Agent": "7f3a"})
    assert "7f3a" not in caplog.text + str([vars(record) for record in caplog.records if record.name == "maiia_pro.api.probes"])
    assert 0 < len([record for record in caplog.records if record.name == "maiia_pro.api.probes"]) <= 2 * TOLD_A_MINUTE
    assert re.search(r'maiia_probes_total\{kind="php"\} [1-9]', exposition().decode())


@pytest.mark.requirement(209)
def test_a_weakness_is_reported_to_an_address_that_is_never_out_of_date():
    answer = TestClient(build_api()).get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    expires = datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 30 < (expires - clock.now()).days < 365
    assert said["Contact"] == f"mailto:{get_settings().support_email}"
    assert said["Preferred-Languages"].startswith("fr")
    assert said["Policy"].endswith(POLICY)


def test_the_terms_of_a_report_are_a_part_of_the_legal_notice():
    path, _, part = POLICY.partition("#")
    page_of_terms = next(route.page for route in ROUTES if route.path == path)
    assert f'"{part}"' in str(page_of_terms())
