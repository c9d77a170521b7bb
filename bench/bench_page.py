"""What a browser gets and when it shows it: the patient's first page, and the day of the demonstration's practitioners.

A fresh Chromium context each round (nothing cached), its processor slowed four times; bytes are those on the wire. « Readable » is the
largest contentful paint of the public page; the agenda counts from the navigation until every visit of the day is drawn.
"""

import json
import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

from bench.ground import Figure, full, write
from tests.tools import chromium
from tests.tools.site import Site

SLOWER = 4
SCRIPT_KB, STYLE_KB, READABLE_MS, AGENDA_MS = 240, 20, 1500, 1000
PAINT = """() => new Promise((done) => {
  let last = null;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) last = entry; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  setTimeout(() => done({
    readable: last ? last.startTime : null,
    what: last && last.element ? last.element.tagName + ' ' + (last.element.className || '') : '',
    first: (performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime,
  }), 1500);
})"""
DRAWN = """() => {
  const blocks = document.querySelectorAll('[data-visit]');
  return blocks.length > 0 ? performance.now() : null;
}"""


@dataclass
class Visit:
    """One round: kilobytes by kind, and milliseconds to what people see."""

    kilobytes: dict[str, float]
    times: dict[str, float] = field(default_factory=dict)
    largest: str = ""


class Wire:
    """Counts what arrives, by kind of resource, as it was sent (compressed)."""

    def __init__(self, session: CDPSession) -> None:
        self._kinds: dict[str, str] = {}
        self.bytes: defaultdict[str, float] = defaultdict(float)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _received(self, event: dict) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict) -> None:
        self.bytes[self._kinds.get(event["requestId"], "Other")] += event["encodedDataLength"] / 1024


def visit(context: BrowserContext, address: str, wanted: str, script: str) -> Visit:
    """Open an address in a page whose processor is slowed, and ask it what it measured once `wanted` is there."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    wire = Wire(session)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.wait_for_selector(wanted, timeout=60_000)
    found = page.wait_for_function(script, timeout=60_000).json_value() if "null" in script else page.evaluate(script)
    page.wait_for_load_state("networkidle")
    times = found if isinstance(found, dict) else {"drawn": found}
    largest = times.pop("what", "")
    page.close()
    return Visit(dict(wire.bytes), {name: value for name, value in times.items() if value is not None}, largest)


def first_page(browser: Browser, site: Site) -> Visit:
    """Come to the public page for the first time."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", service_workers="block")
    try:
        return visit(context, f"{site.base_url}/", "main", PAINT)
    finally:
        context.close()


def agenda(browser: Browser, site: Site, cookies: list[dict]) -> Visit:
    """Open the day at the desk, signed in."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", service_workers="block", viewport={"width": 1440, "height": 900}
    )
    context.add_cookies(cookies)
    try:
        return visit(context, f"{site.base_url}/agenda?jour={working_day()}", "[data-visit]", DRAWN)
    finally:
        context.close()


def working_day() -> date:
    """Give today, or the Monday after a week-end."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    return today + timedelta(days=max(0, 7 - today.weekday()) if today.weekday() > 4 else 0)


def sign_in(site: Site) -> list[dict]:
    """Sign the secretary in as the page does, and give the cookie to browsers."""
    account = site.account("secretary")
    credentials = {"email": account["email"], "password": account["password"]}
    answer = httpx.post(f"{site.base_url}/api/session", json=credentials, headers={"origin": site.base_url}, timeout=30)
    answer.raise_for_status()
    return [{"name": name, "value": value, "url": site.base_url} for name, value in answer.cookies.items()]


def middle(visits: list[Visit], name: str) -> float:
    """Give the median of a time over the rounds."""
    return statistics.median(one.times[name] for one in visits)


def kilobytes(visits: list[Visit], kind: str) -> float:
    """Give the median of what a kind of resource weighs."""
    return round(statistics.median(one.kilobytes.get(kind, 0.0) for one in visits), 1)


def figures_of(first: list[Visit], day: list[Visit]) -> list[Figure]:
    """Hold the rounds against the budgets of the design."""
    script, style, readable = kilobytes(first, "Script"), kilobytes(first, "Stylesheet"), middle(first, "readable")
    drawn = middle(day, "drawn")
    return [
        Figure("page du patient : scripts, gzip", script, "Ko", f"≤ {SCRIPT_KB}", script <= SCRIPT_KB),
        Figure("page du patient : styles, gzip", style, "Ko", f"≤ {STYLE_KB}", style <= STYLE_KB),
        Figure("page du patient : polices", kilobytes(first, "Font"), "Ko"),
        Figure("page du patient : document", kilobytes(first, "Document"), "Ko"),
        Figure(f"page du patient : lisible, processeur ÷ {SLOWER}", readable, "ms", f"≤ {READABLE_MS}", readable <= READABLE_MS),
        Figure(f"page du patient : première peinture, processeur ÷ {SLOWER}", middle(first, "first"), "ms"),
        Figure("journée du bureau : scripts, gzip", kilobytes(day, "Script"), "Ko"),
        Figure("journée du bureau : styles, gzip", kilobytes(day, "Stylesheet"), "Ko"),
        Figure(f"journée du bureau : visites peintes, première ouverture, processeur ÷ {SLOWER}", drawn, "ms"),
    ]


def main() -> None:
    """Run the bench."""
    rounds = 11 if full() else 5
    with Site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        cookies = sign_in(site)
        first_page(browser, site)
        agenda(browser, site, cookies)
        first, day = [], []
        for _ in range(rounds):
            first.append(first_page(browser, site))
            day.append(agenda(browser, site, cookies))
        browser.close()
        write("page", figures_of(first, day), rounds=rounds, slower=SLOWER, largest=json.dumps(sorted({one.largest for one in first})))


if __name__ == "__main__":
    main()
