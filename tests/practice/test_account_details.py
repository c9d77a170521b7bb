"""What an account says of who works with the software: corrected, checked twice a year, and whether mail still arrives."""

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.codes import code_of
from maiia_pro.identity.contact_codes import WorksToo, ask_new_contact
from maiia_pro.identity.hats import wear
from maiia_pro.identity.health import Detail, confirm_details, my_notices
from maiia_pro.identity.second_step import prove_by_password
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import SignInCode
from maiia_pro.integrations.smtp.client import AddressRefused, Letter, MailRefused, MailServer, is_for_good
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.journal.reading import JournalQuery, journal
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.notifications.outbox import deliver, put
from maiia_pro.practice.account_details import confirm_email, my_details, save_details
from maiia_pro.routes import ROUTES
from maiia_pro.settings import get_settings
from state.own_details import OwnDetails
from state.rules import rule_of
from tests.factories import PASSWORD, House, email_of, new_account, new_operator, new_patient_account, session_token
from tests.tools.outbound import Messages, mails_in
from tests.tools.site import free_port

pytestmark = pytest.mark.integration

NETWORK = "192.0.2.1"


@pytest.fixture
def secretary(house: House):
    return house.secretary()


def code_for(actor) -> str:
    with reading() as session:
        return code_of(session.exec(select(SignInCode.id).where(SignInCode.account_id == actor.account_id)).one())


class Server:
    """A mail server that answers a recipient as it is told."""

    def __init__(self, refusal: Exception | None) -> None:
        self.refusal = refusal

    def send(self, _message) -> None:
        """Take the message, or refuse it."""
        if self.refusal:
            raise self.refusal


def send_to(address: str, key: str, refusal: Exception | None = None) -> None:
    with transaction() as session:
        email_id = put(session, key, recipient=address, subject="Un message", body="Bonjour")
    deliver(WORKER, email_id, Server(refusal))  # type: ignore[arg-type]


@pytest.mark.requirement(56)
def test_a_corrected_name_and_number_are_in_the_history_masked(secretary):
    before = my_details(secretary).name
    save_details(secretary, {"name": "Sylvie Moreau-Petit", "phone": "06 12 34 56 78"})
    save_details(secretary, {"name": "Sylvie Moreau-Petit", "phone": "06 12 34 56 79"})
    found = my_details(secretary)
    assert (found.name, found.phone) == ("Sylvie Moreau-Petit", "+33612345679")
    assert [(one.what, one.before, one.after) for one in found.history] == [
        (Detail.PHONE, "•• 78", "•• 79"), (Detail.PHONE, "", "•• 78"), (Detail.NAME, before, "Sylvie Moreau-Petit"),
    ]  # fmt: skip
    assert {one.by for one in found.history} == {secretary.name}


@pytest.mark.requirement(24)
def test_another_name_is_in_the_practice_s_journal_and_told_once_to_its_administrators_alone(house, secretary, tmp_path):
    doctor = house.practitioner_actor(administers=True)
    house.secretary("Paul Martin")
    save_details(secretary, {"name": "Karim Belkacem", "phone": ""})
    with Messages(tmp_path) as messages:
        messages.sent()
    told = [mail for mail in mails_in(tmp_path / "mails") if mail["Subject"] == "Un nom a changé dans votre cabinet"]
    assert [mail["To"] for mail in told] == [email_of(doctor)]
    assert "Sylvie Moreau porte maintenant celui de Karim Belkacem" in told[0].get_content().replace("\n", " ")
    line = journal(doctor, JournalQuery.parse({"group": "rights"}))[0]
    assert (line.action, line.actor_name, line.subject) == ("account:renamed", "Sylvie Moreau", "Sylvie Moreau → Karim Belkacem")


def test_everything_wrong_with_one_s_details_is_said_at_once_and_nothing_is_kept(secretary):
    with pytest.raises(Invalid) as refused:
        save_details(secretary, {"name": " ", "phone": "12"})
    assert set(refused.value.fields) == {"name", "phone"}
    assert my_details(secretary).history == ()


def test_a_practitioner_s_name_is_that_of_their_sheet(house):
    doctor = house.practitioner_actor()
    save_details(doctor, {"name": "Quelqu’un d’autre", "phone": ""})
    assert (my_details(doctor).name, my_details(doctor).profession) == ("Dr Claire Vasseur", "Médecine générale")


@pytest.mark.requirement(55)
def test_twice_a_year_people_of_practices_are_asked_to_check_their_details_and_patients_never(house, secretary):
    doctor, patient, half_a_year = house.practitioner_actor(), new_patient_account(), timedelta(days=get_settings().details_checked_days)
    others = [new_account(ActorKind.SUBSTITUTE), new_account(ActorKind.AIDANT)]
    assert not my_notices(secretary).check_due
    with clock.shifted(half_a_year):
        due = [my_notices(one).check_due for one in (secretary, doctor, *others, patient, new_operator())]
        assert due == [True, True, True, True, False, False]
        confirm_details(secretary)
        assert not my_notices(secretary).check_due
        assert my_details(secretary).checked_at is not None
    with clock.shifted(2 * half_a_year + timedelta(days=1)):
        assert my_notices(secretary).check_due


@pytest.mark.unit
@pytest.mark.requirement(56)
def test_whoever_the_page_of_details_is_for_reads_and_checks_theirs():
    [who] = [set(route.who) for route in ROUTES if route.path == "/compte/informations"]
    assert [set(rule_of(act.fn)) for act in (OwnDetails.arrive, OwnDetails.confirm_all, OwnDetails.save)] == [who] * 3


@pytest.mark.requirement(55)
def test_an_address_that_its_server_refuses_for_good_is_told_to_its_holder_until_it_is_proven_anew(secretary):
    address = email_of(secretary)
    with pytest.raises(AddressRefused):
        send_to(address, "un", AddressRefused())
    assert my_notices(secretary).unreached
    ask_new_contact(secretary, address, NETWORK)
    confirm_email(secretary, code_for(secretary))
    assert not my_notices(secretary).unreached
    assert my_details(secretary).history == ()


@pytest.mark.requirement(55)
def test_a_message_that_the_server_takes_again_ends_the_warning(secretary):
    with pytest.raises(AddressRefused):
        send_to(email_of(secretary), "un", AddressRefused())
    send_to(email_of(secretary), "deux")
    assert not my_notices(secretary).unreached


@pytest.mark.requirement(55)
def test_people_of_practices_change_their_address_by_a_code_sent_to_the_new_one(secretary):
    for wrong in (None, "", "un autre mot de passe", 12):
        with pytest.raises(Invalid) as refused:
            ask_new_contact(secretary, "nouvelle@exemple.fr", NETWORK, wrong)
        assert set(refused.value.fields) == {"password"}
    ask_new_contact(secretary, "nouvelle@exemple.fr", NETWORK, PASSWORD)
    ask_new_contact(secretary, "nouvelle@exemple.fr", NETWORK)  # sent again
    assert my_details(secretary).awaited == "nouvelle@exemple.fr"
    before = email_of(secretary)
    confirm_email(secretary, code_for(secretary))
    assert email_of(secretary) == "nouvelle@exemple.fr"
    [change] = my_details(secretary).history
    assert (change.before, change.after) == (f"{before[0]}•••@{before.partition('@')[2]}", "n•••@exemple.fr")


def test_a_professional_account_has_no_number_to_sign_in_by(secretary):
    with pytest.raises(Invalid):
        ask_new_contact(secretary, "06 39 98 00 01", NETWORK)


def test_a_screen_left_open_does_not_change_the_address_by_going_on_as_a_patient(secretary):
    patient = wear(actor_of_token(session_token(secretary)), "patient", "", Browser()).actor
    for sought in ("nouvelle@exemple.fr", "06 39 98 00 01"):
        with pytest.raises(WorksToo, match="travail"):
            ask_new_contact(patient, sought, NETWORK)
    prove_by_password(patient, PASSWORD)
    ask_new_contact(patient, "nouvelle@exemple.fr", NETWORK)


@pytest.mark.parametrize(
    ("code", "said", "for_good"),
    [
        (550, b"5.1.1 No such user", True),
        (550, b"No such user", True),
        (553, b"5.1.3 Bad address", True),
        (554, b"5.2.1 Mailbox disabled", True),
        (550, b"5.7.1 Blocked by policy", False),
        (552, b"5.2.2 Mailbox full", False),
        (450, b"4.2.0 Greylisted", False),
        (554, b"Refused", False),
    ],
)
def test_only_an_address_that_is_nobody_s_is_refused_for_good(code, said, for_good):
    assert is_for_good(code, said) is for_good


def test_a_patient_has_another_page():
    for act in (my_details, lambda actor: save_details(actor, {}), lambda actor: confirm_email(actor, "123456")):
        with pytest.raises(NotAllowed):
            act(new_patient_account())


def test_a_real_conversation_with_a_server_that_knows_no_such_mailbox_is_a_refusal_for_good():
    class Nobody:
        reply = "550 5.1.1 No such user"

        async def handle_RCPT(self, *_asked) -> str:  # noqa: N802 - the library's name
            return self.reply

    handler = Nobody()
    controller = Controller(handler, hostname="127.0.0.1", port=(port := free_port()), ready_timeout=10)
    controller.start()
    try:
        server = MailServer("127.0.0.1", port, "", "", tls=False)
        letter = Letter("1", "nous@exemple.fr", "personne@exemple.fr", "Sujet", "Bonjour").as_message()
        with pytest.raises(AddressRefused):
            server.send(letter)
        handler.reply = "450 4.2.0 Try again"
        with pytest.raises(MailRefused):
            server.send(letter)
    finally:
        controller.stop()
