"""Substitutes and aidants wait for the operator before they work, and declare what changes of them as practitioners do."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.agenda.desk import desk
from maiia_pro.identity.api_clients import BadToken, bearer_of
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.grant_tables import ApiGrant
from maiia_pro.identity.hats import hats, wear
from maiia_pro.identity.health import my_notices
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import ApiToken, Professional
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotChecked, NotFound
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.practices import NewPractice, open_practice
from maiia_pro.onboarding.team import ask_in
from maiia_pro.operations.accounts import AccountQuery, account_sheet, find_accounts
from maiia_pro.practice.account_details import my_details
from maiia_pro.practice.declared_tables import Declared
from maiia_pro.practice.declaring import DeclarationForm, decide, declare, own_declarations, waiting_declarations
from maiia_pro.practice.delegating import delegates
from maiia_pro.practice.handover import replacements
from maiia_pro.practice.rpps import RppsTaken
from tests.factories import PASSWORD, House, check_everybody, new_operator, new_patient_account, session_token
from tests.onboarding.conftest import PRACTICE, activated
from tests.onboarding.test_asking_in import Invitation, form, substitute
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

ADDRESS = "nour.benali@exemple.fr"
PROOF = "Inscrite à l’ordre sous le numéro 4312."


@pytest.fixture
def owner(house: House) -> Actor:
    return house.practitioner_actor()


@pytest.fixture
def nurse(owner) -> Actor:
    """An aidant who was asked in, and came; nobody has looked at her yet."""
    ask_in(owner, Invitation.read(form("aidant", profession="nurse", rpps="10000005487")))
    return activated(ADDRESS)


def again(actor: Actor) -> Actor:
    """The same person as the next event finds them."""
    return actor_of_token(session_token(actor))


def told(messages: Messages, subject: str) -> str:
    """Read the message of this subject."""
    messages.sent()
    [mail] = [mail for mail in mails_in(messages.mails) if mail["Subject"] == subject]
    return str(mail.get_content())


def declared(what: str, wanted: str = "", proof: str = PROOF) -> DeclarationForm:
    return DeclarationForm.read({"what": what, what: wanted, "proof": proof})


@pytest.mark.requirement(210)
def test_a_substitute_opens_nothing_before_an_operator_has_checked_their_profession_and_is_told(house, owner, tmp_path):
    ask_in(owner, substitute())
    nour = activated(ADDRESS)
    assert (nour.checked, nour.practice_ids, dict(nour.rights), my_notices(nour).unchecked) == (False, frozenset(), {}, True)
    for act in (desk, replacements):
        with pytest.raises(NotChecked, match="pas encore vérifiée"):
            act(nour)
    assert [one.presence for one in delegates(owner)] == [one.presence for one in replacements(owner)] == ["unchecked"]
    [waiting] = waiting_declarations(new_operator())
    assert (waiting.who, waiting.wanted, waiting.number) == ("Nour Benali", "Médecin, RPPS 10000005479", "10000005479")
    assert "Dr Claire Vasseur" in waiting.proof
    with Messages(tmp_path) as messages:
        decide(new_operator(), waiting.id, accept=True)
        assert "vous pouvez travailler" in told(messages, "Votre profession est vérifiée")
    nour = again(nour)
    assert ([one.id for one in desk(nour).practitioners], my_notices(nour).unchecked) == ([house.practitioners[0]], False)
    assert [one.presence for one in delegates(owner)] == [one.presence for one in replacements(owner)] == ["here"]


def test_an_aidant_whose_profession_is_checked_reads_that_their_service_is_not_open_yet(nurse, tmp_path):
    [waiting] = waiting_declarations(new_operator())
    with Messages(tmp_path) as messages:
        decide(new_operator(), waiting.id, accept=True)
        said = told(messages, "Votre profession est vérifiée")
    assert ("pas encore ouvert" in said, "travailler" in said) == (True, False)


def test_an_aidant_who_is_refused_reads_why_and_asks_for_another_look(nurse, tmp_path):
    assert not nurse.checked
    [waiting] = waiting_declarations(new_operator())
    with Messages(tmp_path) as messages:
        decide(new_operator(), waiting.id, accept=False, answer="L’ordre ne connaît pas ce numéro.")
        assert "L’ordre ne connaît pas ce numéro." in told(messages, "Votre profession n’a pas pu être vérifiée")
    assert not again(nurse).checked
    declare(nurse, declared("check"))
    [waiting] = waiting_declarations(new_operator())
    assert waiting.proof == PROOF
    decide(new_operator(), waiting.id, accept=True)
    assert again(nurse).checked
    assert [one.accepted for one in own_declarations(nurse)] == [False, True]
    with pytest.raises(Invalid):
        declare(nurse, declared("check"))


@pytest.mark.requirement(24)
def test_nobody_but_an_operator_lets_a_substitute_work_and_the_database_without_a_decision_never(house, owner):
    ask_in(owner, substitute())
    nour = activated(ADDRESS)
    [waiting] = waiting_declarations(new_operator())
    for actor in (owner, nour, house.secretary(administers=True)):
        with pytest.raises(NotAllowed):
            decide(actor, waiting.id, accept=True)
    for change in ("checked_at = now()", "rpps = '10000005495'", "profession = 'dentist'"):
        with pytest.raises(IntegrityError) as refused, transaction() as session:
            session.connection().execute(text(f"update professional set {change}"))
        assert constraint_of(refused.value) == "keep_profession"
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Professional(account_id=owner.account_id, profession="physician", rpps="10000005495", checked_at=clock.now()))


@pytest.mark.requirement(4)
def test_a_profession_that_was_checked_opens_the_role_that_it_is_for_and_no_other(house, owner, other_house):
    ask_in(owner, substitute())
    nour = activated(ADDRESS)
    check_everybody()
    ask_in(other_house.practitioner_actor(), Invitation.read(form("aidant", profession="nurse", rpps="10000005487")))
    answer(nour, hats(nour)[1][0].membership_id, accepts=True)
    as_aidant = wear(again(nour), "aidant", PASSWORD, Browser()).actor
    assert (again(nour).checked, as_aidant.kind, as_aidant.checked) == (True, ActorKind.AIDANT, False)


@pytest.mark.requirement(210)
def test_a_number_typed_for_an_aidant_bars_no_practitioner_and_is_not_accepted_once_it_is_theirs(nurse):
    operator = new_operator()
    open_practice(operator, NewPractice.read(PRACTICE | {"rpps": "10000005487"}))
    [waits] = waiting_declarations(operator)
    with pytest.raises(RppsTaken):
        decide(operator, waits.id, accept=True)
    assert not again(nurse).checked


@pytest.mark.requirement(210)
def test_a_number_that_the_operator_has_checked_is_no_practitioner_s(nurse):
    check_everybody()
    with pytest.raises(Invalid) as refused:
        open_practice(new_operator(), NewPractice.read(PRACTICE | {"rpps": "10000005487"}))
    assert list(refused.value.fields) == ["rpps"]


def test_a_program_acts_for_a_substitute_once_they_may_act_themselves(house, owner):
    ask_in(owner, substitute())
    nour, program = activated(ADDRESS), house.api_client()
    given = ApiGrant(
        api_client_id=program.api_client_id, account_id=nour.account_id, role="substitute", scopes="appointments.read", redirect_uri="x",
        challenge="c" * 43, code_hash="x", code_until=clock.now(),
    )  # fmt: skip
    until = clock.now() + timedelta(hours=1)
    with transaction() as session:
        session.add(given)
        session.flush()
        token = {"token_hash": token_hash("jeton"), "api_client_id": program.api_client_id, "scopes": given.scopes, "expires_at": until}
        session.add(ApiToken(**token, grant_id=given.id))
    with pytest.raises(BadToken):
        bearer_of("jeton")
    check_everybody()
    assert bearer_of("jeton").actor.rights.keys() == {house.practitioners[0]}


@pytest.mark.requirement(51)
def test_an_aidant_declares_another_number_and_profession_and_nothing_changes_before_the_decision(nurse):
    declare(nurse, declared("rpps", "1000 0005 495"))
    declare(nurse, declared("profession", "pharmacist"))
    before = my_details(nurse)
    assert (before.profession, before.rpps, before.checked) == ("Infirmier", "10000005487", False)
    check_everybody()
    operator = new_operator()
    for one in waiting_declarations(operator):
        decide(operator, one.id, accept=True)
    after = my_details(again(nurse))
    assert (after.profession, after.rpps, after.checked) == ("Pharmacien", "10000005495", True)
    assert [(one.before, one.after) for one in after.history] == [("Infirmier", "Pharmacien"), ("10000005487", "10000005495")]
    assert account_sheet(operator, nurse.account_id).profession == "pharmacist"
    assert [one.id for one in find_accounts(operator, AccountQuery(words="10000005495")).lines] == [nurse.account_id]


@pytest.mark.requirement(210)
def test_what_cannot_be_is_not_declared(house, owner, nurse):
    with pytest.raises(Invalid) as refused:
        declare(nurse, declared("profession", "physician"))
    assert list(refused.value.fields) == ["profession"]
    with reading() as session:
        taken = session.connection().execute(text("select rpps from practitioner limit 1")).scalar_one()
    with pytest.raises(RppsTaken):
        declare(nurse, declared("rpps", taken))
    with pytest.raises(NotFound):
        declare(nurse, declared("specialty", "cardiology"))
    with pytest.raises(NotFound):
        declare(owner, declared("profession", "nurse"))
    for actor in (house.secretary(), new_patient_account()):
        with pytest.raises(NotAllowed):
            declare(actor, declared("rpps", "10000005495"))


def test_a_care_assistant_without_a_number_declares_one_before_another_profession(owner):
    ask_in(owner, Invitation.read(form("aidant", profession="care_assistant", rpps="")))
    actor = activated(ADDRESS)
    with pytest.raises(Invalid, match="d’abord votre numéro RPPS"):
        declare(actor, declared("profession", "nurse"))
    operator = new_operator()
    decide(operator, declare(actor, declared("rpps", "10000005495")), accept=True)
    decide(operator, declare(actor, declared("profession", "nurse")), accept=True)
    with reading() as session:
        row = session.exec(select(Professional)).one()
    assert (row.profession, row.rpps, row.checked_at) == ("nurse", "10000005495", None)


def test_who_declines_waits_for_nothing(owner):
    patient = new_patient_account("Yasmine Haddad")
    with reading() as session:
        address = session.connection().execute(text("select email from account where id = :id"), {"id": patient.account_id}).scalar_one()
    ask_in(owner, Invitation.read(form("aidant", address, profession="nurse", rpps="10000005487")))
    assert [one.what for one in waiting_declarations(new_operator())] == [Declared.CHECK]
    answer(patient, hats(patient)[1][0].membership_id, accepts=False)
    assert waiting_declarations(new_operator()) == []
