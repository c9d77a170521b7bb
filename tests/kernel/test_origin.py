"""Where an act comes from: the family of the browser, and that each act behind the edge carries it."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from maiia_pro.api.asgi import build_api
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.origin import browser_family
from maiia_pro.kernel.tables import AuditEntry
from tests.factories import PASSWORD, House, email_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("said", "family"),
    [
        (CHROME, "Chrome, Windows"),
        ("python-httpx/0.27", "Autre logiciel"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_browser_is_named_by_its_family_and_system(said, family):
    assert browser_family(said) == family


@pytest.mark.integration
@pytest.mark.requirement(46)
def test_an_act_says_from_which_network_and_browser_it_came(house: House):
    actor = house.secretary()
    client = TestClient(build_api(), client=("198.51.100.7", 5000), headers={"user-agent": CHROME})
    answer = client.post("/api/session", json={"email": email_of(actor), "password": PASSWORD})
    assert answer.status_code == 200
    with reading() as session:
        opened = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.SESSION_OPENED)).one()
    assert (opened.network, opened.browser) == ("198.51.100.7", "Chrome, Windows")
