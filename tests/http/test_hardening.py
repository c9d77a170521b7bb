"""The wrapper around everything: headers on every answer, a size limit, an id, a log line without a secret."""

import json
import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from maiia_pro.api.hardening import Hardening
from maiia_pro.kernel.logs import formatter
from maiia_pro.settings import get_settings

pytestmark = pytest.mark.unit


async def page(_request: Request) -> HTMLResponse:
    return HTMLResponse("<h1>Bonjour</h1>")


async def data(_request: Request) -> JSONResponse:
    return JSONResponse({}, headers={"Cache-Control": "private, max-age=5"})


async def kept(_request: Request) -> Response:
    return Response(status_code=304)


async def worker(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("", media_type="text/javascript")


async def moved(request: Request) -> Response:
    return Response(status_code=307, headers={"Location": request.query_params.get("to", "") or str(request.url.replace(path="/moved/"))})


async def broken(_request: Request) -> PlainTextResponse:
    raise RuntimeError


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "index.html").write_text("<script>alert(1)</script>")
    return tmp_path


@pytest.fixture
def client(pages):
    inner = Starlette(
        routes=[
            Route("/", page),
            Route("/api/data/{ident}", data, methods=["GET", "POST"]),
            Route("/broken", broken),
            Route("/moved", moved),
            Route("/kept", kept),
            Route("/sw.js", worker),
        ]
    )
    return TestClient(Hardening(inner, pages), raise_server_exceptions=False)


def test_a_page_runs_its_own_scripts_and_those_built_into_it(client):
    policy = client.get("/").headers["content-security-policy"]
    assert "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='" in policy
    assert "unsafe-eval" not in policy


def test_a_page_that_did_not_change_keeps_the_policy_it_came_with(client):
    """A browser puts the headers of a 304 in place of those it kept."""
    assert "content-security-policy" not in client.get("/kept").headers


def test_the_service_worker_may_fetch_what_is_ours(client):
    assert client.get("/sw.js").headers["content-security-policy"].startswith("default-src 'self';")


@pytest.mark.parametrize("path", ["/", "/api/data/1", "/nowhere"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "camera=()" in headers["permissions-policy"]


def test_what_an_answer_says_of_its_own_keeping_stands(client):
    assert client.get("/api/data/1").headers["cache-control"] == "private, max-age=5"


def test_every_request_has_its_own_id(client):
    assert client.get("/").headers["x-request-id"] != client.get("/").headers["x-request-id"]


def test_the_id_of_a_stranger_is_not_taken_over(client):
    assert client.get("/", headers={"X-Request-Id": "forged-by-a-client"}).headers["x-request-id"] != "forged-by-a-client"


def test_the_id_of_a_trusted_proxy_is_kept(pages, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    get_settings.cache_clear()
    try:
        behind = TestClient(Hardening(Starlette(routes=[Route("/", page)]), pages))
        assert behind.get("/", headers={"X-Request-Id": "0123456789abcdef"}).headers["x-request-id"] == "0123456789abcdef"
        assert behind.get("/", headers={"X-Request-Id": "x\ty"}).headers["x-request-id"] != "x\ty"
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def test_behind_a_proxy_with_tls_a_redirect_leads_to_https(pages, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://rendez-vous.exemple.fr")
    get_settings.cache_clear()
    try:
        inner = Starlette(routes=[Route("/folder/", page)])
        behind = TestClient(Hardening(inner, pages), base_url="http://rendez-vous.exemple.fr", follow_redirects=False)
        assert behind.get("/folder").headers["location"] == "https://rendez-vous.exemple.fr/folder/"
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/", 405, "method-not-allowed"), ("PUT", "/sw.js", 405, "method-not-allowed"), ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/%00", 404, "not-found"), ("GET", "/broken", 500, "unexpected"),
    ],
)  # fmt: skip
def test_what_the_libraries_refuse_is_said_in_french(client, method, path, status, code):
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith(".")
    assert "allow" in answer.headers or status != 405


def test_a_refusal_of_the_libraries_has_no_body_for_head(client):
    answer = client.head("/nowhere")
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_body_too_large_is_refused_before_it_is_read(client):
    answer = client.post("/api/data/1", content=b"x", headers={"Content-Length": "99999999999"})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"


def test_the_log_names_the_route_and_neither_its_id_nor_its_query(client, caplog):
    with caplog.at_level(logging.INFO, "maiia_pro.http"):
        client.get("/api/data/01a2b3?token=5f2c9e", headers={"Cookie": "maiia_session=5f2c9e"})
    line = formatter().format(caplog.records[-1])
    said = json.loads(line)
    assert (said["route"], said["status"]) == ("/api/data/{ident}", 200)
    assert "01a2b3" not in line
    assert "5f2c9e" not in line


def test_a_failure_is_logged_as_one(client, caplog):
    assert client.get("/broken").status_code == 500
    assert [record.levelname for record in caplog.records if record.name == "maiia_pro.http"] == ["ERROR"]


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ("", "/moved/?to="),
        ("http://ailleurs.example//ailleurs.example/x?y=1", "/ailleurs.example/x?y=1"),
        ("//ailleurs.example", "/"),
        ("/connexion?suite=/agenda", "/connexion?suite=/agenda"),
    ],
)
def test_no_redirection_leaves_the_site_whatever_host_was_asked_for(client, to, kept):
    answer = client.get("/moved", params={"to": to}, headers={"Host": "ailleurs.example"}, follow_redirects=False)
    assert answer.headers["location"] == kept


def test_the_address_of_something_new_stays_whole(client):
    made = f"{get_settings().base_url}/fhir/Appointment/1"
    assert client.get("/moved", params={"to": made}, follow_redirects=False).headers["location"] == made


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/medecin//personne", "/medecin/personne"),
        ("//ailleurs.example/x?suite=//y", "/ailleurs.example/x?suite=//y"),
        ("/a//%2F%0A", "/a/%0A"),
    ],
)
def test_slashes_too_many_lead_to_the_one_address_of_a_page(client, asked, leads):
    answer = client.get(f"http://testserver{asked}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, leads)
