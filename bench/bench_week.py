"""A week of twenty practitioners with sixty visits each: read by the use case, and painted in Chromium.

The screen shows the week of one practitioner (60 visits), of all (1200), or a day of all (240 visits; 1200 where each has sixty on that
day). Painted counts from the click until every visit is drawn; it is held against the very same page, frozen, without scripts or server.
"""

import statistics
from datetime import timedelta
from time import perf_counter, thread_time
from uuid import UUID

import psycopg
from playwright.sync_api import Page, Route, sync_playwright

from bench.agendas import MONDAY, VISITS_A_WEEK, ZONE, book_weeks, bulk, hire
from bench.bench_page import sign_in
from bench.ground import Figure, database, full, quantile, write
from maiia_pro.agenda.day import agenda_window
from maiia_pro.kernel import memory
from maiia_pro.kernel.db import engine, libpq_url
from maiia_pro.launcher.postgres import EmbeddedPostgres
from tests.factories import House
from tests.tools import chromium
from tests.tools.site import Site

PRACTITIONERS = 20
READ_MS, PAINT_MS = 60, 1000
FIRST_DAY = MONDAY.astimezone(ZONE).date()
FULL_DAY = FIRST_DAY + timedelta(days=14)
PLAIN = """
    select a.id, a.practice_id, a.practitioner_id, a.site_id, a.reason_id, a.patient_id, p.given_name || ' ' || p.family_name,
           a.starts_at, a.ends_at, s.zone, r.name, r.hue, a.mode, a.status, a.origin, a.note <> '', a.deliberate_overbooking, a.version
    from appointment a
    join patient p on p.id = a.patient_id join site s on s.id = a.site_id join visit_reason r on r.id = a.reason_id
    where a.practitioner_id = any(%s) and a.starts_at >= %s and a.starts_at < %s order by a.starts_at, a.id
"""
CROWD = """
    with packed as (
        select id, %(day)s + interval '8 hours'
                   + interval '10 minutes' * (row_number() over (partition by practitioner_id order by starts_at) - 1) as at
        from appointment where practitioner_id = any(%(ids)s) and starts_at >= %(day)s
    )
    update appointment a set starts_at = at, ends_at = at + interval '10 minutes', blocked = tstzrange(at, at + interval '10 minutes')
    from packed where packed.id = a.id
"""
PAINTED = """([click, count]) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error('not painted after 30 s')), 30000);
  const began = click ? performance.now() : 0;
  const look = () => document.querySelectorAll('[data-visit]').length >= count
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
    : requestAnimationFrame(look);
  if (click) document.querySelector(click).click();
  look();
})"""
FROZEN = "() => { document.querySelectorAll('script').forEach((one) => one.remove()); return document.documentElement.outerHTML; }"


def read(rounds: int) -> list[Figure]:
    """Time the use case with the blocks that it sends, in turns with a plain read of the same rows."""
    with database() as urls:
        house = House()
        site, secretary = house.site(), house.secretary()
        with bulk(urls.admin) as connection:
            ids = hire(connection, house.practice_id, site, PRACTITIONERS)
            book_weeks(connection, house.practice_id, site, range(-8, 8), ids)
        memory.settle()  # as a server does once it has started
        ours, plain, busy = [], [], []
        with psycopg.connect(libpq_url(urls.app), autocommit=True) as connection:
            for _ in range(rounds):
                began, worked = perf_counter(), thread_time()
                blocks = agenda_window(secretary, ids, FIRST_DAY, 7).blocks
                between = perf_counter()
                busy.append((thread_time() - worked) * 1000)
                rows = connection.execute(PLAIN, (ids, MONDAY, MONDAY + timedelta(days=7))).fetchall()
                ours.append((between - began) * 1000)
                plain.append((perf_counter() - between) * 1000)
                assert len(blocks) == len(rows) == PRACTITIONERS * VISITS_A_WEEK
        engine().dispose()
    last = quantile(ours, 0.99)
    return [
        Figure("semaine de 20 × 60, cas d’usage et blocs, médiane", statistics.median(ours), "ms"),
        Figure("semaine de 20 × 60, cas d’usage et blocs, p99", last, "ms", f"≤ {READ_MS}", last <= READ_MS),
        Figure("semaine de 20 × 60, cas d’usage et blocs, processeur, médiane", statistics.median(busy), "ms"),
        Figure("semaine de 20 × 60, lecture SQL nue, médiane", statistics.median(plain), "ms"),
        Figure("semaine de 20 × 60, lecture SQL nue, p99", quantile(plain, 0.99), "ms"),
        Figure("semaine de 20 × 60 ÷ lecture SQL nue", round(statistics.median(ours) / statistics.median(plain), 2), ""),
    ]


def staff(site: Site) -> list[UUID]:
    """Add the twenty to the practice of the demonstration, with three weeks of visits; in the last one all are on its Monday."""
    urls = EmbeddedPostgres(site.data_dir).attach()
    assert urls
    with bulk(urls.admin) as connection:
        practice, place = connection.execute(
            "select m.practice_id, s.id from membership m join site s using (practice_id) join account a on a.id = m.account_id "
            "where a.email = %s limit 1", (site.account("secretary")["email"],)
        ).fetchone() or ()  # fmt: skip
        ids = hire(connection, practice, place, PRACTITIONERS)
        book_weeks(connection, practice, place, range(3), ids)
        connection.execute(CROWD, {"ids": ids, "day": MONDAY + timedelta(days=14)})
    return ids


def paint(page: Page, address: str, click: str, count: int) -> float:
    """Open a page of the agenda, then click, and tell after how many milliseconds that many visits are painted."""
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector(click)
    return float(page.evaluate(PAINTED, [click, count]))


def frozen(page: Page, base: str, count: int) -> float:
    """Freeze what is shown, and tell after how many milliseconds it is painted as a page of its own."""
    html = page.evaluate(FROZEN)

    def answer(route: Route) -> None:
        route.fulfill(body="<!doctype html>" + html, content_type="text/html; charset=utf-8")

    page.route(f"{base}/frozen", answer)
    page.goto(f"{base}/frozen", wait_until="commit")
    took = float(page.evaluate(PAINTED, ["", count]))
    page.unroute(f"{base}/frozen")
    return took


def painted(rounds: int) -> list[Figure]:
    """Paint the week of one, of all, the day of all, and the fullest day, in turns with their frozen pages."""
    with Site() as site, sync_playwright() as playwright:
        one = staff(site)[0].hex
        many = PRACTITIONERS * VISITS_A_WEEK
        base, sunday, eve = f"{site.base_url}/agenda?jour=", FIRST_DAY - timedelta(days=1), FULL_DAY - timedelta(days=1)
        kinds = {
            "semaine d’un praticien, 60 visites": (f"{base}{FIRST_DAY}&praticien={one}", "#agenda-semaine", VISITS_A_WEEK),
            "semaine de 20 praticiens, 1200 visites": (f"{base}{FIRST_DAY}&praticien=tous", "#agenda-semaine", many),
            "jour de 20 praticiens, 240 visites": (f"{base}{sunday}&praticien=tous", "#agenda-apres", PRACTITIONERS * 12),
            "jour de 20 praticiens, 1200 visites": (f"{base}{eve}&praticien=tous", "#agenda-apres", many),
        }
        browser = playwright.chromium.launch(**chromium.launch_options())
        context = browser.new_context(
            locale="fr-FR", timezone_id="Europe/Paris", service_workers="block", viewport={"width": 1440, "height": 900}
        )
        context.add_cookies(sign_in(site))
        figures = []
        for name, (address, click, count) in kinds.items():
            times = []
            for turn in range(rounds + 1):
                page = context.new_page()
                pair = paint(page, address, click, count), frozen(page, site.base_url, count)
                times += [pair] if turn else []
                page.close()
            figures += figures_of(name, times)
        browser.close()
    return figures


def figures_of(name: str, times: list[tuple[float, float]]) -> list[Figure]:
    """Hold what was painted against a second and against its frozen page."""
    middle = statistics.median(ours for ours, _ in times)
    ratio = statistics.median(ours / still for ours, still in times)
    return [
        Figure(f"{name}, du clic à la peinture", middle, "ms", f"≤ {PAINT_MS}", middle <= PAINT_MS),
        Figure(f"{name}, au pire", max(ours for ours, _ in times), "ms"),
        Figure(f"{name} ÷ page figée", round(ratio, 2), ""),
    ]


def main() -> None:
    """Run the bench."""
    rounds = 9 if full() else 5
    write("week", read(500 if full() else 100) + painted(rounds), rounds=rounds)


if __name__ == "__main__":
    main()
