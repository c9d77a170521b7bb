"""The worker is killed again and again while it tells patients of their bookings: every message leaves, each under one Message-ID."""

import random
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.kernel.db import reading
from maiia_pro.launcher.waiting import wait_until
from tests.tools.bare_server import worker

pytestmark = pytest.mark.integration

SEED = 20261123
STANDING = text("select count(*) from jobs.procrastinate_jobs where status in ('todo', 'doing')")
UNSENT = text("select count(*) from outgoing_email where sent_at is null")


def count(query) -> int:
    with reading() as session:
        return session.connection().execute(query).scalar_one()


@pytest.mark.proof
def test_every_message_leaves_once_however_often_the_worker_is_killed(house, tmp_path, counting):
    kills, each = counting.of(2, 60), 12
    chance = random.Random(SEED)
    mails = tmp_path / "mails"
    sink = MailSink(mails)
    url = sink.start()
    secretary, known = house.secretary(), house.patient(email="josiane@exemple.fr")
    booked = []

    def left() -> int:
        return len(list(mails.glob("*.eml")))

    try:
        program = worker(tmp_path, url)
        for number in range(kills):
            slots = [house.slot(8 + index // 3, 20 * (index % 3), days=1 + number) for index in range(each)]
            booked += [book_slot(secretary, BookingRequest(slot, patient_id=known)) for slot in slots]
            enough = left() + chance.randrange(1, each)
            with program:
                wait_until(lambda enough=enough: left() >= enough, 60)
        with program:
            wait_until(lambda: count(STANDING) == 0, 120)
    finally:
        sink.stop()
    subjects = Counter(str(message["Message-ID"]) for message in read(mails))
    assert count(UNSENT) == 0
    assert max(subjects.values()) == 1
    counting.found("messages après kill -9 du worker", tried=len(booked), held=len(subjects), kills=kills, seed=SEED)


def read(folder) -> list[EmailMessage]:
    """Read what arrived."""
    return [message_from_bytes(file.read_bytes(), policy=default) for file in folder.glob("*.eml")]
