"""Files over HTTP: bounded before they are read, refused in French, kept nowhere, said to no log."""

import logging
from collections.abc import Iterator

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from maiia_pro.api.asgi import build_api
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.tables import Membership
from maiia_pro.intake.sheet import LARGEST
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.patients.tables import Patient
from maiia_pro.settings import get_settings
from tests.factories import House, session_token
from tests.intake.files import csv_of
from tests.outside.test_reading import calendar

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


def calendar_of(house: House, **more: object) -> dict[str, object]:
    said = f"DTSTART:{house.instant(9):%Y%m%dT%H%M%SZ}\r\nDURATION:PT20M\r\nSUMMARY:"
    events = calendar(f"{said}Secretissime Léa 12/03/1981", f"{said.replace('20M', '5M')}Réunion")
    return {"calendar": events.decode(), "agenda": str(house.practitioners[0])} | more


def test_a_calendar_is_looked_at_decided_and_brought_in(client, house, caplog):
    caplog.set_level(logging.DEBUG)
    [place] = client.get("/api/intake/places").json()
    assert (place["id"], place["agendas"][0]["own"]) == (str(house.practice_id), True)
    seen = client.post("/api/intake/calendar/check", json=calendar_of(house)).json()
    lines = {line["title"]: line for line in seen["lines"]}
    visit, meeting = lines["Secretissime Léa 12/03/1981"], lines["Réunion"]
    assert (seen["ready"], seen["refused"], visit["found"], meeting["fate"]) == (1, 1, "Nouvelle fiche", "")
    assert client.post("/api/intake/calendar/run", json=calendar_of(house)).json()["code"] == "lines-refused"
    table = client.post("/api/intake/calendar/refused", json=calendar_of(house)).content.decode("utf-8-sig")
    assert "Réunion" in table
    decided = calendar_of(house, lines={meeting["key"]: {"fate": "leave"}})
    done = client.post("/api/intake/calendar/run", json=decided).json()
    assert (done["imported"], done["ready"], done["left"], done["lines"]) == (True, 1, 1, [])
    assert "secretissime" not in caplog.text.lower()


@pytest.mark.parametrize(
    "wrong",
    [
        {"calendar": 3}, {"calendar": "nom;prenom"}, {"agenda": ""}, {"agenda": "x"}, {"rest": "visit"}, {"rest": "tout"}, {"lines": [1]},
        {"lines": {"k": {"fate": 1}}}, {"lines": {"k": {"patient": [1]}}}, {"lines": {"k": 3}},
        {"reason": {}, "lines": {"k": {"reason": 3}}},
    ],
)  # fmt: skip
def test_a_calendar_that_is_asked_for_wrongly_is_refused(client, house, wrong):
    answer = client.post("/api/intake/calendar/check", json=calendar_of(house) | wrong)
    assert (answer.status_code, bool(answer.json()["message"])) == (422, True)


def test_what_is_no_json_or_too_large_is_refused(client):
    headers = {"content-type": "application/json"}
    assert client.post("/api/intake/calendar/check", content=b"[" * 100_000, headers=headers).status_code == 422
    assert client.post("/api/intake/calendar/check", content=b"{}", headers=CSV).status_code == 422
    assert client.post("/api/intake/calendar/check", content=b" " * (9 * 1024 * 1024), headers=headers).status_code == 413


def test_somebody_of_several_practices_says_which_and_no_other_is_theirs(clean_database):
    first, second, stranger = House.ready(), House.ready(), House.ready()
    doctor = first.practitioner_actor()
    with transaction() as session:
        session.add(Membership(account_id=doctor.account_id, practice_id=second.practice_id, role=doctor.kind, administers=True))
    forget_requests()
    cookies = {cookie_name(): session_token(doctor)}
    with TestClient(build_api(), cookies=cookies, headers={"origin": get_settings().allowed_origins[0]}) as opened:
        assert {place["id"] for place in opened.get("/api/intake/places").json()} == {str(first.practice_id), str(second.practice_id)}
        answers = {
            house.practice_id: opened.post(
                "/api/intake/run",
                params={"quoi": "patients", "cabinet": str(house.practice_id), "sans-refus": "oui"},
                content=ROWS,
                headers=CSV,
            ).status_code
            for house in (second, stranger)
        }
        assert answers == {second.practice_id: 200, stranger.practice_id: 404}
        assert opened.post("/api/intake/run", params={"quoi": "patients", "cabinet": "x"}, content=ROWS, headers=CSV).status_code == 404
    with reading() as session:
        came = session.exec(select(Patient.practice_id).where(Patient.family_name == "Martin")).all()
    assert came == [second.practice_id]
