"""What the holder of an account is told of it: a real queue, a real SMTP conversation with the sink."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from maiia_pro.identity.browsers import KEPT, Browser, forget_old_browsers
from maiia_pro.identity.factor_tables import SeenBrowser
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.second_factors import tell
from maiia_pro.identity.session_opening import begin
from maiia_pro.identity.tables import Account
from maiia_pro.integrations.smtp.client import MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.notifications.security_mail import LOST, WORDS
from tests.factories import email_of, new_account
from tests.tools.outbound import mails_in, work_once

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("clean_database")]

AT_WORK = Browser("au-travail", "Mozilla/5.0 (Windows NT 10.0) Firefox/142.0", "192.0.2.14")
ON_A_PHONE = Browser("telephone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "198.51.100.7")


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[tuple[MailServer, Path]]:
    sink = MailSink(tmp_path)
    yield MailServer.from_url(sink.start()), tmp_path
    sink.stop()


@pytest.fixture
def holder(clean_database: object) -> Actor:
    return new_account(ActorKind.OPERATOR, "Marc Tanguy")


def come_in(holder: Actor, *browsers: Browser) -> None:
    for browser in browsers:
        with transaction() as session:
            begin(session, session.get_one(Account, holder.account_id), browser)


@pytest.mark.requirement(43)
def test_the_holder_hears_of_a_browser_that_was_never_seen(holder: Actor, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    come_in(holder, AT_WORK, ON_A_PHONE)
    work_once(server)
    (mail,) = mails_in(folder)
    said = mail.get_content()
    assert (mail["To"], mail["Subject"]) == (email_of(holder), "Connexion depuis un nouvel appareil")
    assert all(word in said for word in ("Safari sur iPhone", "198.51.100.x", LOST))
    assert "198.51.100.7" not in said


def test_neither_the_first_browser_of_an_account_nor_one_that_comes_back_is_news(holder: Actor, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    come_in(holder, AT_WORK, AT_WORK, AT_WORK)
    work_once(server)
    assert mails_in(folder) == []


def test_a_browser_known_to_another_account_is_new_to_this_one(holder: Actor, mailbox: tuple[MailServer, Path]) -> None:
    server, folder = mailbox
    come_in(new_account(ActorKind.OPERATOR), ON_A_PHONE)
    come_in(holder, AT_WORK, ON_A_PHONE)
    work_once(server)
    assert [mail["To"] for mail in mails_in(folder)] == [email_of(holder)]


@pytest.mark.parametrize("event", SecurityEvent)
def test_each_event_is_told_once_in_words(holder: Actor, mailbox: tuple[MailServer, Path], event: SecurityEvent) -> None:
    server, folder = mailbox
    with transaction() as session:
        tell(session, session.get_one(Account, holder.account_id), event, AT_WORK)
    work_once(server)
    (mail,) = mails_in(folder)
    assert mail["Subject"] == WORDS[event][0]
    assert "Firefox sur Windows" in mail.get_content()


def test_a_browser_where_nobody_came_in_for_a_year_is_forgotten(holder: Actor) -> None:
    come_in(holder, AT_WORK)
    with clock.shifted(KEPT * 1.01):
        assert forget_old_browsers(Actor.system("test")) == 1


def test_only_the_hash_of_the_browsers_cookie_is_kept(holder: Actor) -> None:
    come_in(holder, AT_WORK)
    with reading() as session:
        assert AT_WORK.token not in str(session.exec(select(SeenBrowser)).one().model_dump())
