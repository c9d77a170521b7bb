"""A status set by a key at the desk: when the secretary's own screen shows it, and when the practitioner's does, in Chromium.

Both count from the key to the picture that follows the change; the two pages stand in one browser and read one clock.
"""

import itertools

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from bench.bench_page import working_day
from bench.ground import Figure, full, quantile, write
from tests.tools import chromium
from tests.tools.site import Site

ACKNOWLEDGED_MS, ELSEWHERE_MS = 100, 300
UNCOUNTED = 4
WATCH = """([id, wanted]) => {
  window.painted = new Promise((done) => {
    const now = () => performance.timeOrigin + performance.now();
    const look = () => {
      if (document.querySelector(`[data-visit="${id}"]`)?.dataset.status !== wanted) return;
      watcher.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => done(now())));
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-status"] });
    addEventListener("keydown", () => { window.pressed = now(); }, { once: true, capture: true });
  });
}"""


def opened(browser: Browser, site: Site, who: str) -> Page:
    """Open the day as somebody of the demonstration."""
    account = site.account(who)
    credentials = {"email": account["email"], "password": account["password"]}
    answer = httpx.post(f"{site.base_url}/api/session", json=credentials, headers={"origin": site.base_url}, timeout=30)
    answer.raise_for_status()
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", service_workers="block", viewport={"width": 1440, "height": 900}
    )
    context.add_cookies([{"name": name, "value": value, "url": site.base_url} for name, value in answer.cookies.items()])
    page = context.new_page()
    page.goto(f"{site.base_url}/agenda?jour={working_day()}")
    page.wait_for_selector("[data-visit]", timeout=60_000)
    page.wait_for_load_state("networkidle")
    return page


def shared_visit(desk: Page, doctor: Page) -> str:
    """Name a visit that both screens show and that still waits."""
    ids = [
        set(page.eval_on_selector_all("[data-visit][data-status=planned]", "all => all.map(one => one.dataset.visit)"))
        for page in (desk, doctor)
    ]
    return str(min(ids[0] & ids[1]))


def main() -> None:
    """Run the bench."""
    rounds = 200 if full() else 60
    own, other = [], []
    with Site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        desk, doctor = opened(browser, site, "secretary"), opened(browser, site, "practitioner")
        visit = shared_visit(desk, doctor)
        for key, wanted in itertools.islice(itertools.cycle((("c", "confirmed"), ("r", "arrived"))), rounds + UNCOUNTED):
            for page in (desk, doctor):
                page.evaluate(WATCH, [visit, wanted])
            desk.locator(f"[data-visit='{visit}']").first.focus()
            desk.keyboard.press(key)
            shown = [page.evaluate("window.painted") for page in (desk, doctor)]
            pressed = desk.evaluate("window.pressed")
            own.append(shown[0] - pressed)
            other.append(shown[1] - pressed)
        browser.close()
    figures = []
    for name, took, goal in (("sur cet écran", own[UNCOUNTED:], ACKNOWLEDGED_MS), ("sur l’autre écran", other[UNCOUNTED:], ELSEWHERE_MS)):
        late = quantile(took, 0.95)
        figures += [
            Figure(f"statut donné au clavier, peint {name}, médiane", quantile(took, 0.5), "ms"),
            Figure(f"statut donné au clavier, peint {name}, p95", late, "ms", f"≤ {goal}", late <= goal),
        ]
    write("desk", figures, rounds=rounds)


if __name__ == "__main__":
    main()
