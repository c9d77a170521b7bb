"""A program of the practice, calling the routes in this process."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from maiia_pro.api.asgi import build_api
from maiia_pro.identity.api_clients import Client, issue_token
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.settings import get_settings
from tests.factories import House


def call(method: str, path: str, **options: Any) -> httpx.Response:
    """Call a route once, without a bearer token."""
    (answer,) = call_all([(method, path, options)])
    return answer


def call_all(calls: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
    """Call routes at the same time."""

    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=build_api(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=get_settings().base_url, timeout=30) as client:
            return await asyncio.gather(*(client.request(method, path, **options) for method, path, options in calls))

    return asyncio.run(run())


@dataclass
class Program:
    """An API client of a practice with a token in hand."""

    actor: Actor
    house: House
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, house: House, *scopes: str, per_minute: int = 6000) -> "Program":
        """Let a program into the practice and give it a token."""
        actor = house.api_client(*scopes)
        (practice_id,) = actor.practice_ids
        assert actor.api_client_id is not None
        client = Client(actor.api_client_id, "", actor.name, practice_id, actor.scopes, per_minute)
        return cls(actor, house, {"authorization": f"Bearer {issue_token(client)[0]}"})

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Call a route."""
        return call(method, path, **options | {"headers": self.headers | options.get("headers", {})})

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Call a FHIR route by GET."""
        return self.request("GET", f"/fhir/{path}", **options)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Send a resource."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", f"/fhir/{path}", json=body, headers={"content-type": "application/fhir+json"} | named)

    def found(self, path: str) -> list[dict[str, Any]]:
        """Follow a search through all its pages."""
        resources: list[dict[str, Any]] = []
        url: str | None = f"/fhir/{path}"
        while url:
            answer = self.request("GET", url)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            resources += [entry["resource"] for entry in page.get("entry", ()) if entry["search"]["mode"] == "match"]
            url = next((link["url"] for link in page["link"] if link["relation"] == "next"), None)
        return resources

    def booking(self, hour: int = 9, minute: int = 0, *, patient: int = 0, **slot: Any) -> dict[str, Any]:
        """Make the appointment that books a slot of the house for one of its patients."""
        return {
            "resourceType": "Appointment",
            "status": "booked",
            "slot": [{"reference": f"Slot/{self.house.slot(hour, minute, **slot)}"}],
            "participant": [{"actor": {"reference": f"Patient/{self.house.patients[patient].hex}"}, "status": "accepted"}],
        }


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    get_settings.cache_clear()
    forget_requests()


@pytest.fixture
def program(house: House) -> Program:
    """Give a program with every scope."""
    return Program.of(house)
