"""The link of a message, on a phone that is signed in to nothing."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import update

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import transaction
from state.linked_visit import LinkedVisit
from tests.agenda.test_visit_link import secret_in
from tests.patient.conftest import Browsers

pytestmark = pytest.mark.e2e


def offer(*, online: bool) -> None:
    """Propose the reasons of visits online, or no longer."""
    with transaction() as session:
        session.execute(update(VisitReason).values(online=online))


def test_a_link_moves_the_visit_without_signing_in_and_its_secret_stays_in_the_browser(house, patient, browsers: Browsers):
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    secret = secret_in(booked.id)
    page, other = browsers.open(), browsers.open()
    asked, said = [], []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(str(frame))))
    for one in (page, other):
        one.goto(f"/rendez-vous/lien#{secret}")
        expect(one.get_by_role("main")).to_contain_text("Pour Josiane")
    expect(page.get_by_text("Keller")).to_have_count(0)
    assert urlsplit(page.url).fragment == ""
    page.reload()
    page.get_by_role("button", name="Déplacer").tap()
    slot = page.get_by_role("button", name=re.compile("10 h 00".replace(" ", r"\s"))).first
    expect(slot).to_be_visible()
    offer(online=False)
    slot.tap()
    expect(page.get_by_text("il reste le vôtre")).to_be_visible()
    offer(online=True)
    page.get_by_role("button", name="Déplacer").tap()
    expect(slot).to_be_visible()
    assert Axe().run(page).violations_count == 0
    slot.tap()
    expect(page.get_by_role("alertdialog")).to_contain_text("Ce créneau vous est réservé jusqu’à")
    page.get_by_role("alertdialog").get_by_role("button", name="Déplacer le rendez-vous").tap()
    expect(page.get_by_role("heading", name="Rendez-vous déplacé")).to_be_visible()
    assert house.appointments()[0].starts_at != booked.starts_at > now()

    other.get_by_role("button", name="Annuler").tap()
    other.get_by_role("alertdialog").get_by_role("button", name="Annuler le rendez-vous").tap()
    expect(other.get_by_role("heading", name="Ce lien ne sert plus")).to_be_visible()
    assert [one for one in asked if secret in one] == []
    telling = [one for one in said if secret in one]
    assert telling  # by the one event that tells it, and beside no other
    assert [one for one in telling if f"{LinkedVisit.get_full_name()}.read" not in one] == []
