"""A delay by mail through a real queue and a real SMTP conversation; and how often a network may give names at the door."""

import asyncio
from dataclasses import astuple
from typing import ClassVar

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.integrations.sms.client import NumberRefused
from maiia_pro.integrations.smtp.client import MailRefused, MailServer
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import DomainError
from maiia_pro.reception.lateness import announce_delay
from maiia_pro.reception.posters import issue_poster
from maiia_pro.reception.tables import SiteDoor
from state.doorway import PER_NETWORK, Doorway
from tests.factories import clock_at
from tests.guard.conftest import server, server_log
from tests.jobs.test_mail import mailbox
from tests.tools.outbound import mails_in, work_once
from tests.tools.socket_client import HYDRATE, SocketClient

__all__ = ["mailbox", "server", "server_log"]

pytestmark = pytest.mark.integration

SIGNAL = f"{Doorway.get_full_name()}.signal_by_name"


def test_a_delay_reaches_those_expected_soon_once_a_change_that_counts(house, mailbox):
    sink, folder = mailbox
    secretary = house.secretary()
    known = house.patient(email="josiane@example.org")
    with clock_at(house.instant(8, 30)):
        book_slot(secretary, BookingRequest(house.slot(9, days=0), patient_id=known))
        work_once(sink)
        before = len(mails_in(folder))
        for minutes in (20, 25, 20):
            announce_delay(secretary, house.practitioners[0], minutes)
        work_once(sink)
        (told,) = mails_in(folder)[before:]
    assert (told["To"], told["Subject"]) == ("josiane@example.org", "Retard à votre rendez-vous de 9\u00a0h\u00a000")
    assert "Dr Claire Vasseur a environ 20\u00a0min de retard." in told.get_content().splitlines()


class Picky(MailServer):
    """A server that refuses one address."""

    refusal: ClassVar[type[DomainError]] = MailRefused

    def send(self, message):
        if message["To"] == "perdue@example.org":
            raise self.refusal
        super().send(message)


@pytest.mark.parametrize("refusal", [MailRefused, NumberRefused], ids=["for now", "for good"])
def test_an_address_that_is_refused_keeps_nobody_else_from_hearing_of_the_delay(house, mailbox, monkeypatch, refusal):
    monkeypatch.setattr(Picky, "refusal", refusal)
    sink, folder = mailbox
    secretary = house.secretary()
    with clock_at(house.instant(8, 30)):
        for hour, address in ((9, "perdue@example.org"), (10, "josiane@example.org")):
            book_slot(secretary, BookingRequest(house.slot(hour, days=0), patient_id=house.patient(email=address)))
        announce_delay(secretary, house.practitioners[0], 20)
        work_once(Picky(*astuple(sink)))
    assert [told["To"] for told in mails_in(folder) if told["Subject"].startswith("Retard")] == ["josiane@example.org"]


def test_a_network_gives_so_many_names_a_minute_and_no_more(house, server):
    issue_poster(house.secretary(), house.sites[0])
    with reading() as session:
        page = f"/arrivee?porte={session.exec(select(SiteDoor.token)).one()}"

    async def journey():
        async with SocketClient(server) as client:
            await client.send(HYDRATE, path=page)
            await client.until(lambda seen: seen.vars)
            for number in range(PER_NETWORK + 1):
                await client.send(SIGNAL, {"form": {"family_name": f"Nom{number}", "birth_date": "01/01/1980"}}, page)
            await client.until(lambda seen: seen.messages())
            return client.messages()

    assert asyncio.run(journey()) == ["Trop de demandes en peu de temps. Patientez un instant, puis réessayez."]
