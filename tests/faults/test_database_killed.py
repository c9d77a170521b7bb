"""PostgreSQL is killed under the running software while programs book: the launcher brings it back, and nothing acknowledged is lost."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from maiia_pro.demo.rules import RULES
from maiia_pro.kernel.ids import uuid7
from maiia_pro.launcher.waiting import wait_until
from tests.tools.site import Site

pytestmark = pytest.mark.integration


def postmaster(site: Site) -> int:
    """Tell the process of the installation's database, 0 while there is none."""
    try:
        return int((Path(site.data_dir) / "postgres" / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return 0


def program(site: Site) -> dict[str, str]:
    """Let the demonstration's program in."""
    client = site.demo["api_client"]
    form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
    answer = httpx.post(f"{site.base_url}/oauth/token", data=form, timeout=30)
    return {"authorization": f"Bearer {answer.json()['access_token']}", "content-type": "application/fhir+json"}


def free(site: Site, headers: dict[str, str], count: int) -> list[str]:
    """List disjoint free slots that one patient can have: of one practitioner each start once, and no reason with rules of its own."""
    with_rules = {reason for _, reason in RULES}
    begins = (datetime.now(UTC) + timedelta(days=1)).date()
    query = {"start": [f"ge{begins}", f"lt{begins + timedelta(days=21)}"], "status": "free", "_count": "1000"}
    found = httpx.get(f"{site.base_url}/fhir/Slot", params=query, headers=headers, timeout=60).json()
    kept: dict[tuple[str, str], str] = {}
    ends: dict[str, str] = {}
    for slot in sorted((entry["resource"] for entry in found["entry"]), key=lambda slot: slot["start"]):
        if slot["serviceType"][0]["text"] in with_rules:
            continue
        schedule = slot["schedule"]["reference"]
        if slot["start"] >= ends.get(schedule, ""):
            kept[schedule, slot["start"]] = slot["id"]
            ends[schedule] = slot["end"]
    return list(kept.values())[:count]


def book(site: Site, headers: dict[str, str], slot: str, patient: str, key: str) -> httpx.Response | None:
    """Ask for an appointment; nothing where no answer came."""
    body = {
        "resourceType": "Appointment",
        "status": "booked",
        "slot": [{"reference": f"Slot/{slot}"}],
        "participant": [{"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}],
    }
    try:
        return httpx.post(f"{site.base_url}/fhir/Appointment", json=body, headers=headers | {"idempotency-key": key}, timeout=30)
    except httpx.TransportError:
        return None


def stands(site: Site, headers: dict[str, str], location: str) -> bool:
    """Tell whether an acknowledged appointment can be read."""
    answer = httpx.get(httpx.URL(site.base_url).join(location), headers=headers, timeout=30)
    return answer.status_code == 200 and answer.json()["status"] == "booked"


@pytest.mark.proof
def test_a_killed_database_comes_back_with_everything_that_was_acknowledged(site, counting):
    headers = program(site)
    patient = httpx.get(f"{site.base_url}/fhir/Patient?_count=1", headers=headers, timeout=30).json()["entry"][0]["resource"]["id"]
    kills, each = counting.of(1, 20), 16
    slots = free(site, headers, kills * each)
    tried = held = acknowledged = 0
    for number in range(len(slots) // each):
        calls = [(slot, patient, uuid7().hex) for slot in slots[number * each : (number + 1) * each]]
        with ThreadPoolExecutor(4) as threads:
            first = [threads.submit(book, site, headers, *call) for call in calls]
            first[each // 4].result()
            before = postmaster(site)
            os.kill(before, signal.SIGKILL)
            answers = [future.result() for future in first]
        wait_until(lambda gone=before: postmaster(site) not in {0, gone}, 60)
        wait_until(lambda: site.answers("/api/ready"), 60)
        for call, answer in zip(calls, answers, strict=True):
            again = book(site, headers, *call)
            assert again is not None
            done = answer is not None and answer.status_code == 201
            acknowledged += done
            tried += 1
            same = not done or again.headers["location"] == answer.headers["location"]
            held += again.status_code == 201 and same and stands(site, headers, again.headers["location"])
    assert acknowledged
    assert "reprise de celle" not in site.said()
    counting.found("réservations pendant kill -9 de PostgreSQL", tried=tried, held=held, acknowledged=acknowledged)
