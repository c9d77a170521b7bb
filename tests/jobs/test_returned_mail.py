"""A report that a message could not be delivered warns its reader, and nobody is believed but about what left from here."""

from email.message import EmailMessage

import pytest

from maiia_pro.identity.health import my_notices
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.notifications.outbox import deliver, put
from maiia_pro.notifications.returned_mail import note_returned
from tests.factories import email_of, new_patient_account
from tests.tools.outbound import Messages, mails_in

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]

REPORT = """From: MAILER-DAEMON@relais.exemple
To: {sender}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

--limite
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--limite
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.exemple

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user

--limite
Content-Type: text/rfc822-headers

From: {sender}
To: {recipient}
Message-ID: {ident}
Subject: Un message

--limite--
"""


@pytest.fixture
def patient() -> Actor:
    return new_patient_account()


def sent_to(patient: Actor, folder) -> EmailMessage:
    """Have a message leave for somebody, and give it as their server got it."""
    address = email_of(patient)
    with Messages(folder) as messages:
        with transaction() as session:
            email_id = put(session, "un", recipient=address, subject="Un message", body="Bonjour")
        deliver(WORKER, email_id, messages.server)
        [mail] = mails_in(messages.mails)
    return mail


def report_of(mail: EmailMessage, **changes: str) -> bytes:
    said = {"sender": mail["From"], "recipient": mail["To"], "ident": mail["Message-ID"], "action": "failed", "status": "5.1.1"}
    return REPORT.format(**(said | changes)).encode()


@pytest.mark.requirement(55)
def test_a_message_that_comes_back_warns_its_reader(patient, tmp_path):
    assert note_returned(WORKER, report_of(sent_to(patient, tmp_path)))
    assert my_notices(patient).unreached


OTHERWISE = (
    {"status": "5.7.1"},
    {"status": "5.2.2"},
    {"action": "delayed", "status": "4.4.1"},
    {"recipient": "quelqu-un@exemple.fr"},
    {"ident": "<01a2193a-c142-72d9-bace-87595bbdc473@ailleurs.exemple>"},
    {"ident": "<pas-un-de-nous@ailleurs.exemple>"},
)


def test_a_report_that_says_something_else_or_of_another_message_changes_nothing(patient, tmp_path):
    mail = sent_to(patient, tmp_path)
    assert [changes for changes in OTHERWISE if note_returned(WORKER, report_of(mail, **changes))] == []
    assert not my_notices(patient).unreached


def test_what_is_no_report_changes_nothing(patient):
    for content in (b"", b"\x00\xff", b"Content-Type: message/delivery-status\n\nrien", b"a" * 2_000_000):
        assert not note_returned(WORKER, content)


def test_only_the_software_takes_reports(patient):
    with pytest.raises(NotAllowed):
        note_returned(patient, b"")
