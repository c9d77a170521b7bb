"""The server is killed at each step of a booking: once it is back the page says what is so, and the visit is booked once or not at all."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel.db import transaction
from maiia_pro.launcher.build import ensure_built
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import get_settings
from tests.concurrency.racing import WAITING
from tests.factories import House
from tests.patient.booking_page import confirmation, page_of, slot, tomorrow
from tests.patient.conftest import Browsers
from tests.patient.test_held_slot import KEPT
from tests.tools.pages import Pages

pytestmark = [pytest.mark.e2e, pytest.mark.proof]

LOCK = text("select id from practitioner where id = :id for update")


class Mortal(Pages):
    """A server that may be killed, and comes back at the same address."""

    def killed(self) -> None:
        """Kill every process of it, as a machine that loses its power does."""
        assert self.process is not None
        for one in [*psutil.Process(self.process.pid).children(recursive=True), psutil.Process(self.process.pid)]:
            one.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def mortal(database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    folder = tmp_path_factory.mktemp("mortal")
    ensure_built(get_settings(), folder / "build.log")
    server = Mortal(folder / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def base_url(mortal: Mortal) -> str:
    return mortal.address


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    return browser_context_args | {"base_url": base_url}


def confirm(page: Page):
    return page.get_by_role("button", name="Confirmer le rendez-vous")


def reborn(server: Mortal) -> None:
    server.killed()
    server.start()


def on_the_profile(server: Mortal, page: Page, house: House) -> None:
    page.goto(page_of(house))
    tomorrow(page)
    reborn(server)
    expect(page.get_by_text("Connexion interrompue")).to_have_count(0)
    tomorrow(page)
    slot(page, house).tap()
    confirm(page).tap()


def on_the_confirmation(server: Mortal, page: Page, house: House) -> None:
    page.goto(confirmation(house))
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_text("Ajouter un proche").tap()
    page.get_by_label("Prénom").fill("Léo")
    reborn(server)
    expect(page.get_by_text("Connexion interrompue")).to_have_count(0)
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("Prénom")).to_have_value("Léo")
    confirm(page).tap()


def wait_in_this_transaction(session: Session) -> None:
    """Return once the server waits for a lock that this transaction holds."""
    wait_until(lambda: session.connection().execute(WAITING).scalar_one() >= 1, 20)


def before_the_commit(server: Mortal, page: Page, house: House) -> None:
    page.goto(confirmation(house))
    expect(page.get_by_text(KEPT)).to_be_visible()
    with transaction() as session:
        session.connection().execute(LOCK, {"id": house.practitioners[0]})
        confirm(page).tap()
        wait_in_this_transaction(session)
        server.killed()
    server.start()
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert [one.patient_id for one in house.appointments() if one.patient_id] == []
    confirm(page).tap()


def after_the_commit(server: Mortal, page: Page, house: House) -> None:
    silent = [False]

    def listen(route: WebSocketRoute) -> None:
        far = route.connect_to_server()
        far.on_message(lambda message: None if silent[0] else route.send(message))

    page.route_web_socket(re.compile("/_event"), listen)
    page.goto(confirmation(house))
    expect(page.get_by_text(KEPT)).to_be_visible()
    silent[0] = True
    confirm(page).tap()
    wait_until(lambda: any(one.patient_id for one in house.appointments()), 20)
    server.killed()
    silent[0] = False
    server.start()


STEPS: list[Callable[[Mortal, Page, House], None]] = [on_the_profile, on_the_confirmation, before_the_commit, after_the_commit]


@pytest.mark.usefixtures("clean_database")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_after_the_server_was_killed_the_page_says_what_is_so_and_the_visit_is_booked_once(
    patient, mortal, browsers: Browsers, counting, step
):
    kills = counting.of(1, 25)
    held = 0
    for _ in range(kills):
        house = House.ready()
        page = browsers.open(patient)
        step(mortal, page, house)
        expect(page).to_have_url(re.compile("/rendez-vous/[0-9a-f]{32}/?$"))
        expect(page.get_by_role("region", name="Rendez-vous à venir").get_by_role("article")).to_have_count(1)
        held += [one.starts_at for one in house.appointments() if one.patient_id] == [house.slot(9).starts_at]
        page.context.close()
    counting.found(f"réservation, serveur tué : {step.__name__}", tried=kills, held=held)
