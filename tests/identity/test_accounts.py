"""Accounts, activation links and patients' sign-up, on the real database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from maiia_pro.identity import passwords
from maiia_pro.identity.accounts import ACTIVATION_LASTS, EmailTaken, LinkExpired, NewAccount, activate, create_account, create_operator
from maiia_pro.identity.codes import ask_code, code_of, try_code, waiting_code
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import DomainError, Invalid, NotAllowed, NotSignedIn
from maiia_pro.patients.sign_up import SignUp, sign_up_patient
from maiia_pro.patients.tables import Person
from tests.identity.conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
ADDRESS = "josiane.keller@exemple.fr"
FORM = {
    "password": PASSWORD,
    "given_name": "Josiane",
    "family_name": "Keller",
    "birth_date": "02/06/55",
    "phone": "06 39 98 57 14",
}


def token_of(link):
    return link.partition("#")[2]


def test_an_operator_chooses_a_password_by_the_link_and_signs_in():
    link = create_operator(SYSTEM, "exploitant@exemple.fr")
    assert activate(VISITOR, token_of(link), PASSWORD) == "exploitant@exemple.fr"
    assert sign_in(VISITOR, "exploitant@exemple.fr", PASSWORD, "192.0.2.1").actor.kind is ActorKind.OPERATOR


@pytest.mark.requirement(39)
def test_a_link_serves_once():
    token = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))
    activate(VISITOR, token, PASSWORD)
    with pytest.raises(LinkExpired):
        activate(VISITOR, token, "une autre phrase assez longue")


def test_two_at_once_with_one_link_set_one_password():
    token = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))

    def outcome(number):
        try:
            return activate(VISITOR, token, f"une phrase bien longue {number}")
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(outcome, range(4)))
    assert sorted(outcomes) == ["exploitant@exemple.fr", "link-expired", "link-expired", "link-expired"]


def test_a_link_dies_of_age():
    token = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))
    with clock.shifted(ACTIVATION_LASTS), pytest.raises(LinkExpired):
        activate(VISITOR, token, PASSWORD)


def test_a_new_link_takes_the_place_of_the_old_one():
    old = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))
    new = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))
    with pytest.raises(LinkExpired):
        activate(VISITOR, old, PASSWORD)
    assert activate(VISITOR, new, PASSWORD)


def test_a_refused_password_leaves_the_link_good():
    token = token_of(create_operator(SYSTEM, "exploitant@exemple.fr"))
    with pytest.raises(Invalid) as refusal:
        activate(VISITOR, token, "court")
    assert "12" in refusal.value.fields["password"]
    assert activate(VISITOR, token, PASSWORD)


def test_only_the_operator_and_the_software_make_operators():
    for actor, refusal in (
        (VISITOR, NotSignedIn),
        (Actor(ActorKind.SECRETARY, "S"), NotAllowed),
        (Actor(ActorKind.PATIENT, "P"), NotAllowed),
    ):
        with pytest.raises(refusal):
            create_operator(actor, "exploitant@exemple.fr")


def test_an_account_that_is_in_use_gets_no_link(secretary):
    with pytest.raises(EmailTaken):
        create_operator(SYSTEM, secretary)


def test_a_patient_signs_up_and_is_signed_in_as_the_person_they_named():
    browser = ask_code(VISITOR, ADDRESS, "", "192.0.2.1")
    try_code(VISITOR, code_of(waiting_code(VISITOR, browser).id), browser, "192.0.2.1")
    signed = sign_up_patient(VISITOR, FORM, browser, "192.0.2.1")
    assert actor_of_token(signed.token).kind is ActorKind.PATIENT
    with reading() as session:
        person = session.exec(select(Person)).one()
    assert (person.account_id, person.given_name, person.family_name, person.phone) == (
        signed.actor.account_id, "Josiane", "Keller", "+33639985714",
    )  # fmt: skip
    assert person.birth_date.isoformat() == "1955-06-02"
    assert sign_in(VISITOR, ADDRESS, PASSWORD, "192.0.2.1").actor.account_id == signed.actor.account_id


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Invalid) as refusal:
        SignUp.read({"password": "court", "given_name": "", "family_name": "\x00", "birth_date": "31/02/1980", "phone": "12"}, ADDRESS)
    assert set(refusal.value.fields) == {"password", "given_name", "family_name", "birth_date", "phone"}


@pytest.mark.parametrize("field", list(FORM))
@pytest.mark.parametrize("value", [12, [1], {"a": 1}, "\x00", "x" * 1_000_000, "\ud800"])
def test_what_cannot_be_read_is_said_beside_its_field(field, value):
    with pytest.raises(Invalid) as refusal:
        SignUp.read(FORM | {field: value}, ADDRESS)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "x" * 201,
        "josiane.keller",
        "Josiane.Keller@exemple.fr",
        "JosianeKeller12",
        "motdepasse123",
        "azertyuiop123",
        "aaaaaaaaaaaaaaa",
    ],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(Invalid):
        passwords.check_password(password, email=ADDRESS, name="Josiane Keller")


@pytest.mark.parametrize(
    "password", [PASSWORD, "cheval agrafe batterie", "Tr0mbone-violet", "été à Quimper 1998", "我喜欢在早上喝热咖啡和牛奶"]
)
def test_long_and_personal_enough_passwords_pass(password):
    assert passwords.check_password(password, email=ADDRESS, name="Josiane Keller") == password


def test_only_the_software_makes_accounts_with_roles():
    with pytest.raises(NotAllowed):
        create_account(Actor(ActorKind.OPERATOR, "O"), NewAccount("a@exemple.fr", "A", ActorKind.SECRETARY, PASSWORD))


def test_a_new_password_ends_open_sessions(secretary):
    from maiia_pro.identity.accounts import activation_link
    from maiia_pro.kernel.db import transaction

    before = sign_in(VISITOR, secretary, PASSWORD, "192.0.2.1")
    with transaction() as session:
        link = activation_link(session, before.actor.account_id)
    activate(VISITOR, token_of(link), "une autre phrase assez longue")
    assert actor_of_token(before.token).kind is ActorKind.ANONYMOUS
    with pytest.raises(WrongCredentials):
        sign_in(VISITOR, secretary, PASSWORD, "192.0.2.1")
