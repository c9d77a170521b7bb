"""Files over HTTP: bounded before they are read, refused in French, kept nowhere, said to no log."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from maiia_pro.api.asgi import build_api
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.intake.sheet import LARGEST
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.settings import get_settings
from tests.factories import House, session_token
from tests.intake.files import csv_of

pytestmark = pytest.mark.integration

CSV = {"content-type": "text/csv"}
ROWS = csv_of([("Martin", "Josiane", "17/04/1953"), ("Secretissime", "Léa", "hier")], ("Nom", "Prénom", "DDN"))


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    forget_requests()
    cookies = {cookie_name(): session_token(house.practitioner_actor())}
    with TestClient(build_api(), cookies=cookies, headers={"origin": get_settings().allowed_origins[0]}) as opened:
        yield opened


def test_a_file_is_looked_at_checked_and_brought_in(client):
    seen = client.post("/api/intake/preview", params={"quoi": "patients"}, content=ROWS, headers=CSV).json()
    assert seen["mapping"] == {"family_name": 0, "given_name": 1, "birth_date": 2}
    asked = {"quoi": "patients", "colonnes": '{"family_name": 0, "given_name": 1, "birth_date": 2}'}
    report = client.post("/api/intake/check", params=asked, content=ROWS, headers=CSV).json()
    assert (report["refused"], report["faults"][0]["line"]) == (1, 3)
    refused = client.post("/api/intake/run", params=asked, content=ROWS, headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (409, "lines-refused")
    done = client.post("/api/intake/run", params=asked | {"sans-refus": "oui"}, content=ROWS, headers=CSV).json()
    assert (done["imported"], done["ready"]) == (True, 1)


def test_the_refused_lines_come_as_a_table(client):
    answer = client.post("/api/intake/refused", params={"quoi": "patients"}, content=ROWS, headers=CSV)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith('"3";"Date de naissance";')


def test_a_file_that_is_too_large_is_refused_before_it_is_whole(client):
    assert client.post("/api/intake/preview", params={"quoi": "patients"}, content=b"x" * (LARGEST + 1), headers=CSV).status_code == 413


@pytest.mark.parametrize(
    ("params", "headers"), [({}, CSV), ({"quoi": "factures"}, CSV), ({"quoi": "patients"}, {"content-type": "text/plain"})]
)
def test_what_is_not_asked_as_the_page_asks_is_refused(client, params, headers):
    assert client.post("/api/intake/preview", params=params, content=ROWS, headers=headers).status_code == 422


@pytest.mark.parametrize("kind", ["patients", "visits"])
def test_the_model_can_be_imported_as_it_is(client, kind):
    model = client.get("/api/intake/model", params={"quoi": kind}).content
    report = client.post("/api/intake/run", params={"quoi": kind}, content=model, headers=CSV).json()
    assert (report["imported"], report["ready"], report["refused"]) == (True, 20, 0)


def test_no_log_says_what_a_file_holds(client, caplog):
    caplog.set_level(logging.DEBUG)
    for step in ("preview", "check", "refused", "run"):
        client.post(f"/api/intake/{step}", params={"quoi": "patients"}, content=ROWS, headers=CSV)
    assert "secretissime" not in caplog.text.lower()
