"""The agenda in a browser: opening it, finding a visit or a column, dragging, waiting for the server's answer."""

from typing import Any
from urllib.parse import urlsplit

import psycopg
from playwright.sync_api import Locator, Page, WebSocket, expect

from maiia_pro.kernel.db import libpq_url
from tests.desk.world import World


def opened(page: Page, world: World, query: str = "", days: int = 1) -> Page:
    """Open the agenda on a coming day."""
    page.goto(f"/agenda?jour={world.day(days).isoformat()}{query}")
    expect(page.locator("#agenda")).to_be_visible()
    return page


def watching(page: Page, world: World, days: int = 1) -> Page:
    """Open the agenda on a coming day, and wait until it hears of what others do and has read what it missed before.

    That reading brings changes of the moment too, and what it has brought is told to nobody.
    """
    heard: list[str] = []

    def listen(line: WebSocket) -> None:
        name = urlsplit(line.url).path
        line.on("framesent", lambda frame: heard.append(f"said {name} {frame}"))
        line.on("framereceived", lambda frame: heard.append(f"heard {name} {frame}"))

    page.on("websocket", listen)
    opened(page, world, days=days)
    begins = 0
    for words in (("heard /live", '"watching"'), ("said /_event", "agenda_following.reload"), ("heard /_event", "agenda_state")):
        while not (found := [at for at, frame in enumerate(heard) if at >= begins and frame.startswith(words[0]) and words[1] in frame]):
            page.wait_for_timeout(20)  # the test ends by its own limit where it never does
        begins = found[0] + 1
    return page


def visit(page: Page, name: str = "Josiane Keller") -> Locator:
    """Give the block of a patient's visit."""
    return page.locator("[data-visit]", has_text=name).first


def drag(page: Page, what: Locator, where: Locator, *, dy: float = 4) -> None:
    """Drag the top of something to the top of something else."""
    start, end = what.bounding_box(), where.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 30, start["y"] + 4)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + dy, steps=8)
    page.mouse.up()


def committed(page: Page) -> None:
    """Wait until the server has answered what was put down."""
    expect(page.get_by_role("region", name="Messages")).to_contain_text("rendez-vous")
    expect(page.locator("[data-pending]")).to_have_count(0)


def column(page: Page, number: int) -> Locator:
    """Give a column of the calendar."""
    return page.locator("[data-column]").nth(number)


def told(database: Any) -> list[str]:
    """List what patients are to be told of, in order."""
    with psycopg.connect(libpq_url(database.admin)) as connection:
        rows = connection.execute(
            "select args->>'event' from jobs.procrastinate_jobs where task_name = 'agenda.appointment_told' order by id"
        ).fetchall()
    return [row[0] for row in rows]
