"""Coming back in by a link, blocking an account whose identifiers are lost or stolen, and who can be shut out by strangers."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.feed import feed_of_token, issue_feed
from maiia_pro.hooks.subscribing import subscribe
from maiia_pro.hooks.tables import EventKind
from maiia_pro.identity import recovery
from maiia_pro.identity.accounts import NewAccount, create_account
from maiia_pro.identity.code_limits import ONES_OWN
from maiia_pro.identity.codes import AccountBlocked, ask_code, code_of, try_code, waiting_code
from maiia_pro.identity.health_tables import Purpose, Recovery
from maiia_pro.identity.known_browsers import with_known
from maiia_pro.identity.recovery import (
    RecoveryOver,
    ask_recovery,
    block_by_link,
    block_own,
    delete_old_recoveries,
    reset_password,
)
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.identity.throttle import PER_ACCOUNT, PER_NETWORK, TooManyAttempts
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.notifications.leftover_mail import SUBJECT
from maiia_pro.notifications.outbox import outbox
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.operations.accounts import account_sheet
from maiia_pro.outside.linking import connect, own_link
from maiia_pro.outside.tables import LinkState
from maiia_pro.practice.programs import Draft, let_in
from state.account_sheet import sheet_view
from tests.factories import House, email_of, new_operator
from tests.identity.conftest import PASSWORD, SYSTEM
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
NETWORK = "192.0.2.1"
NEW = "deux vaches et trois parapluies"


@pytest.fixture
def messages(tmp_path):
    with Messages(tmp_path) as opened:
        yield opened


def account_of(email: str) -> Account:
    with reading() as session:
        return session.exec(select(Account).where(Account.email == email)).one()


def links_to(messages: Messages, address: str) -> list[str]:
    """Give the tokens of the links that were mailed to an address, the first first."""
    messages.sent()
    mails = sorted((mail for mail in mails_in(messages.mails) if mail["To"] == address), key=lambda mail: mail["Message-ID"])
    return [token for mail in mails for token in re.findall(r"#(\S+)", mail.get_content())]


def asked(messages: Messages, address: str, purpose: Purpose = Purpose.RESET) -> str:
    ask_recovery(VISITOR, purpose, address, NETWORK)
    return links_to(messages, address)[-1]


def set_status(email: str, status: AccountStatus) -> None:
    with transaction() as session:
        session.exec(select(Account).where(Account.email == email)).one().status = status


@pytest.mark.requirement(48)
def test_a_forgotten_password_is_replaced_by_a_link_once_and_every_session_ends(secretary, messages):
    open_before = sign_in(VISITOR, secretary, PASSWORD, NETWORK).token
    token = asked(messages, secretary)
    reset_password(VISITOR, token, NEW)
    assert actor_of_token(open_before).account_id is None
    assert sign_in(VISITOR, secretary, NEW, NETWORK).actor.name == "Sylvie Moreau"
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, token, NEW)
    messages.sent()
    assert "Votre mot de passe a changé" in [mail["Subject"] for mail in mails_in(messages.mails)]


@pytest.mark.requirement(48)
def test_a_link_is_over_after_an_hour_and_once_another_is_sent(secretary, messages):
    first = asked(messages, secretary)
    second = asked(messages, secretary)
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, first, NEW)
    with clock.shifted(timedelta(hours=1, seconds=1)), pytest.raises(RecoveryOver):
        reset_password(VISITOR, second, NEW)
    reset_password(VISITOR, second, NEW)


@pytest.mark.requirement(48)
def test_asking_is_answered_and_written_the_same_whether_the_account_exists(secretary, messages, monkeypatch):
    told = []
    enqueue = recovery.enqueue
    monkeypatch.setattr(recovery, "enqueue", lambda session, job: told.append(job.name) or enqueue(session, job))
    for address in (secretary, "personne@exemple.fr"):
        assert ask_recovery(VISITOR, Purpose.RESET, address, NETWORK) is None
    assert len(told) == 2
    assert len(set(told)) == 1
    with reading() as session:
        assert {(one.account_id, one.token_hash) for one in session.exec(select(Recovery))} == {(None, None)}
    messages.sent()
    assert [mail["To"] for mail in mails_in(messages.mails)] == [secretary]


def test_a_weak_password_leaves_the_link_good(secretary, messages):
    token = asked(messages, secretary)
    with pytest.raises(Invalid):
        reset_password(VISITOR, token, "motdepasse123")
    reset_password(VISITOR, token, NEW)


@pytest.mark.parametrize("token", [None, "", 12, "x" * 1000, "\x00", ["a"]])
def test_what_is_no_link_is_over(token):
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, token, NEW)
    with pytest.raises(RecoveryOver):
        block_by_link(VISITOR, token)


def test_a_link_to_choose_a_password_blocks_nothing_and_the_other_way_round(secretary, messages):
    reset, block = asked(messages, secretary), asked(messages, secretary, Purpose.BLOCK)
    with pytest.raises(RecoveryOver):
        block_by_link(VISITOR, reset)
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, block, NEW)


def test_a_suspended_account_gets_no_link_and_is_told_so(secretary, messages):
    token = asked(messages, secretary)
    set_status(secretary, AccountStatus.SUSPENDED)
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, token, NEW)
    ask_recovery(VISITOR, Purpose.RESET, secretary, NETWORK)
    assert links_to(messages, secretary) == [token]
    assert "Votre compte est suspendu" in [mail["Subject"] for mail in mails_in(messages.mails)]


def test_a_link_dies_with_the_address_that_it_went_to(secretary, messages):
    token = asked(messages, secretary)
    with transaction() as session:
        account = session.exec(select(Account)).one()
        account.email = account.email_key = "ailleurs@exemple.fr"
    with pytest.raises(RecoveryOver):
        reset_password(VISITOR, token, NEW)


@pytest.mark.requirement(48)
def test_strangers_who_ask_from_one_network_are_slowed_and_those_of_another_are_not(secretary):
    most = ONES_OWN[0][0]
    for _ in range(most):
        ask_recovery(VISITOR, Purpose.RESET, secretary, NETWORK)
    with pytest.raises(TooManyAttempts):
        ask_recovery(VISITOR, Purpose.RESET, secretary, NETWORK)
    ask_recovery(VISITOR, Purpose.RESET, secretary, "198.51.100.7")
    ask_recovery(VISITOR, Purpose.RESET, "voisine@exemple.fr", NETWORK)
    ask_recovery(VISITOR, Purpose.RESET, secretary, NETWORK, with_known("", secretary))


@pytest.mark.requirement(232)
def test_who_reports_their_identifiers_stolen_is_shut_at_once_and_written_how_to_come_back(secretary, messages):
    open_elsewhere = sign_in(VISITOR, secretary, PASSWORD, NETWORK).token
    block_own(sign_in(VISITOR, secretary, PASSWORD, NETWORK).actor)
    assert actor_of_token(open_elsewhere).account_id is None
    with pytest.raises(WrongCredentials):
        sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    account = account_of(secretary)
    assert (account.password_hash, account.status, account.pin_imprint) == (None, AccountStatus.PENDING, None)
    [token] = links_to(messages, secretary)
    reset_password(VISITOR, token, NEW)
    assert sign_in(VISITOR, secretary, NEW, NETWORK).actor.name == "Sylvie Moreau"


@pytest.mark.requirement(232)
def open_what_goes_on(house, practitioner) -> str:
    """Do what a thief would with a stolen session; gives the address of the agenda."""
    connect(practitioner, house.practitioners[0], "https://agenda.exemple.fr/", "voleur", "secret")
    let_in(practitioner, Draft("Logiciel du voleur", {"appointments.read"}, acts_alone=True))
    subscribe(practitioner, "https://93.184.215.14/evenements", [EventKind.BOOKED])
    ask_in(practitioner, Invitation("complice@exemple.fr", "Camille Complice", ActorKind.SECRETARY))
    return issue_feed(practitioner, house.practitioners[0])


LEFT = ["Application ajoutée", "Logiciel du voleur", "Adresse prévenue", "https://93.184.215.14/evenements", "Camille Complice"]


@pytest.mark.requirement(51)
def test_what_a_thief_opened_ends_with_the_block_or_is_named_to_who_sees_to_it(messages):
    house = House.ready()
    practitioner, administrator = house.practitioner_actor(administers=False), house.secretary(administers=True)
    feed = open_what_goes_on(house, replace(practitioner, administers=frozenset({house.practice_id})))
    block_own(practitioner)
    with pytest.raises(NotFound):
        feed_of_token(feed)
    assert own_link(practitioner, house.practitioners[0]).state is LinkState.STOPPED
    messages.sent()
    told = {mail["To"]: mail.get_content() for mail in mails_in(messages.mails) if mail["Subject"] == SUBJECT}
    assert told.keys() == {email_of(administrator), email_of(practitioner)}
    assert [word for word in LEFT for text in told.values() if word not in text] == []
    sheet = sheet_view(account_sheet(new_operator(), practitioner.account_id))
    assert [word for word in LEFT if word not in str(sheet["opened"])] == []


def test_a_stranger_who_reports_somebody_s_identifiers_shuts_nothing_the_holder_s_link_does(secretary, messages):
    token = asked(messages, secretary, Purpose.BLOCK)
    assert sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    block_by_link(VISITOR, token)
    with pytest.raises(WrongCredentials):
        sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    with pytest.raises(RecoveryOver):
        block_by_link(VISITOR, token)
    assert len(links_to(messages, secretary)) == 2


@pytest.mark.requirement(232)
def test_a_blocked_patient_comes_back_by_mail_and_not_by_the_telephone_that_was_stolen(messages):
    ident = create_account(SYSTEM, NewAccount("josiane@exemple.fr", "Josiane Keller", ActorKind.PATIENT, PASSWORD))
    with transaction() as session:
        session.get_one(Account, ident).phone_key = "+33639980001"
    block_own(sign_in(VISITOR, "josiane@exemple.fr", PASSWORD, NETWORK).actor)

    def by_code(sought: str) -> Actor | None:
        browser = ask_code(VISITOR, sought, "", NETWORK)
        found = try_code(VISITOR, code_of(waiting_code(VISITOR, browser).id), browser, NETWORK)
        return found.actor if found else None

    with pytest.raises(AccountBlocked):
        by_code("06 39 98 00 01")
    assert by_code("josiane@exemple.fr").name == "Josiane Keller"


def test_a_link_is_read_by_its_holder_alone(secretary, messages):
    asked(messages, secretary)
    secretary_actor = sign_in(VISITOR, secretary, PASSWORD, NETWORK).actor
    assert [one.subject for one in outbox(secretary_actor)] == []
    assert [one.body for one in outbox(new_operator())] != []
    with reading() as session:
        stored = session.exec(select(Recovery.token_hash)).all()
        body = session.exec(select(OutgoingEmail.body)).one()
    assert all(one not in body for one in stored if one)


def test_what_was_asked_is_forgotten_two_days_after_it_is_over(secretary):
    ask_recovery(VISITOR, Purpose.RESET, secretary, NETWORK)
    assert delete_old_recoveries(WORKER) == 0
    with clock.shifted(timedelta(days=2, hours=2)):
        assert delete_old_recoveries(WORKER) == 1


@pytest.mark.requirement(42)
def test_the_wrong_tries_of_a_stranger_shut_out_nobody_who_came_in_from_that_browser_before(secretary):
    known = with_known("", secretary)
    for _ in range(PER_ACCOUNT):
        with pytest.raises(WrongCredentials):
            sign_in(VISITOR, secretary, "un autre mot de passe", "198.51.100.7")
    with pytest.raises(TooManyAttempts):
        sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    assert sign_in(VISITOR, secretary, PASSWORD, NETWORK, known=known).actor.name == "Sylvie Moreau"


@pytest.mark.requirement(42)
def test_a_browser_that_is_known_has_no_more_tries_than_another(secretary):
    known = with_known("", secretary)
    for _ in range(PER_ACCOUNT):
        with pytest.raises(WrongCredentials):
            sign_in(VISITOR, secretary, "un autre mot de passe", NETWORK, known=known)
    with pytest.raises(TooManyAttempts):
        sign_in(VISITOR, secretary, PASSWORD, NETWORK, known=known)
    assert sign_in(VISITOR, secretary, PASSWORD, NETWORK).actor.name == "Sylvie Moreau"


def test_a_network_that_is_shut_keeps_out_no_browser_that_is_known(secretary, monkeypatch):
    monkeypatch.setattr("maiia_pro.identity.throttle.PER_NETWORK", 2)
    for number in range(2):
        with pytest.raises(WrongCredentials):
            sign_in(VISITOR, f"personne{number}@exemple.fr", PASSWORD, NETWORK)
    with pytest.raises(TooManyAttempts):
        sign_in(VISITOR, secretary, PASSWORD, NETWORK)
    assert sign_in(VISITOR, secretary, PASSWORD, NETWORK, known=with_known("", secretary))
    assert PER_NETWORK > 2


def test_two_at_once_with_one_link_choose_one_password(secretary, messages):
    token = asked(messages, secretary)

    def choose(number: int) -> str:
        try:
            reset_password(VISITOR, token, f"{NEW} {number}")
        except RecoveryOver as over:
            return over.code
        return "done"

    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(choose, range(3))) == ["done", "recovery-over", "recovery-over"]


@pytest.mark.requirement(48)
def test_an_account_that_was_never_activated_is_opened_by_the_link_of_a_forgotten_password(messages):
    create_account(SYSTEM, NewAccount("nora@exemple.fr", "Nora Diallo", ActorKind.SECRETARY))
    reset_password(VISITOR, asked(messages, "nora@exemple.fr"), NEW)
    assert sign_in(VISITOR, "nora@exemple.fr", NEW, NETWORK).actor.name == "Nora Diallo"


@pytest.mark.requirement(48)
def test_a_patient_who_signs_in_by_a_number_gets_the_link_there(messages):
    signed = create_account(SYSTEM, NewAccount("josiane@exemple.fr", "Josiane Keller", ActorKind.PATIENT, PASSWORD))
    with transaction() as session:
        account = session.get_one(Account, signed)
        account.email = account.email_key = None
        account.phone_key = "+33639980001"
    ask_recovery(VISITOR, Purpose.RESET, "06 39 98 00 01", NETWORK)
    [text] = messages.texts("33639980001")
    reset_password(VISITOR, re.findall(r"#(\S+)", text)[0], NEW)
    assert sign_in(VISITOR, "06 39 98 00 01", NEW, NETWORK).actor.name == "Josiane Keller"
