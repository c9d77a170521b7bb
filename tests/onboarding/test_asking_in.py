"""People asked into a practice: secretaries, substitutes for some days, aidants; new or with an account; and the roles of one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from maiia_pro.administration.leaving import remove_member
from maiia_pro.agenda.desk import desk
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.codes import ask_code, code_of, try_code, waiting_code
from maiia_pro.identity.hats import hats, to_choose, wear
from maiia_pro.identity.homes import home_of
from maiia_pro.identity.session_actor import actor_of_token, session_end
from maiia_pro.identity.session_ends import OPERATOR_LONGEST
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.identity.tables import Account, Membership, Professional
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.french import PARIS
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.inviting import CannotBeInvited, ask_anybody
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.delegating import REPLACING, delegates
from maiia_pro.practice.groups import save_group
from maiia_pro.practice.tables import Practice, Practitioner
from tests.concurrency.racing import until_somebody_waits
from tests.factories import PASSWORD, House, check_everybody, clock_at, email_of, new_operator, new_patient_account, session_token
from tests.onboarding.conftest import activated, link_of

NETWORK = "192.0.2.1"
HERE = Browser("", "", NETWORK)


def form(role: str, address: str = "nour.benali@exemple.fr", **more: str) -> dict[str, str]:
    return {"role": role, "given_name": "Nour", "family_name": "Benali", "email": address} | more


def substitute(first: int = 0, last: int = 3, **more: str) -> Invitation:
    today = clock.now().astimezone(PARIS).date()
    days = {"first": f"{today + timedelta(days=first)}", "last": f"{today + timedelta(days=last)}"} | dict.fromkeys(REPLACING, "oui")
    return Invitation.read(form("substitute", profession="physician", rpps="10000005479") | days | more)


@pytest.fixture
def owner(house: House) -> Actor:
    return house.practitioner_actor()


@pytest.mark.requirement(58)
@pytest.mark.requirement(62)
def test_a_substitute_has_an_account_of_their_own_that_opens_the_agenda_during_their_days_alone(house, owner):
    ask_in(owner, substitute(first=1))
    check_everybody()
    before = activated("nour.benali@exemple.fr")
    assert (before.kind, before.practice_ids, dict(before.rights)) == (ActorKind.SUBSTITUTE, frozenset(), {})
    with clock_at(house.instant(9, days=2)):
        during = actor_of_token(session_token(before))
        assert [one.id for one in desk(during).practitioners] == [house.practitioners[0]]
        assert not allowed(during, Permission.AGENDA_SETUP, house.practice_id, house.practitioners[0])
    with clock_at(house.instant(9, days=4)):
        after = actor_of_token(session_token(before))
        assert (after.practice_ids, dict(after.rights)) == (frozenset(), {})


@pytest.mark.requirement(57)
@pytest.mark.requirement(58)
def test_only_a_practitioner_asks_anybody_in(house, owner):
    for kind in (house.secretary(), Actor.anonymous(), new_patient_account()):
        with pytest.raises(NotAllowed.__mro__[1]):
            ask_in(kind, substitute())


@pytest.mark.requirement(59)
def test_who_is_asked_in_may_do_exactly_what_was_ticked_and_nothing_where_nothing_was(owner):
    for address, ticked in (("une@exemple.fr", {"agenda": "oui", "payments": "oui"}), ("deux@exemple.fr", {})):
        ident = ask_in(owner, Invitation.read(form("secretary", address, **ticked)))
        [given] = [one.rights for one in delegates(owner) if one.account_id == ident]
        assert given == {Right(one) for one in ticked}
    with pytest.raises(Invalid) as refused:
        substitute(**dict.fromkeys(REPLACING, ""))
    assert set(refused.value.fields) == {"rights"}


@pytest.mark.requirement(4)
def test_an_aidant_is_a_pharmacist_a_nurse_or_a_care_assistant_and_nothing_else(owner):
    for profession, number in (("pharmacist", "10000005479"), ("nurse", "10000005487"), ("care_assistant", "")):
        ask_in(owner, Invitation.read(form("aidant", f"{profession}@exemple.fr", profession=profession, rpps=number)))
    for refused in ("physician", "midwife", "", "pompier"):
        with pytest.raises(Invalid) as wrong:
            Invitation.read(form("aidant", profession=refused, rpps="10000005495"))
        assert "profession" in wrong.value.fields


@pytest.mark.requirement(1)
@pytest.mark.requirement(4)
def test_an_aidant_s_account_opens_neither_agendas_nor_records(house, owner):
    ask_in(owner, Invitation.read(form("aidant", profession="nurse", rpps="10000005487")))
    aidant = activated("nour.benali@exemple.fr")
    assert (aidant.kind, home_of(aidant.kind)) == (ActorKind.AIDANT, "/assistance")
    with pytest.raises(NotAllowed):
        desk(aidant)
    assert not any(
        allowed(aidant, one, house.practice_id) for one in Permission if one.value.split(":")[0] in {"agenda", "appointment", "patient"}
    )


def test_who_is_no_care_assistant_gives_a_number_that_is_nobody_else_s(owner):
    ask_in(owner, Invitation.read(form("aidant", "une@exemple.fr", profession="nurse", rpps="10000005487")))
    with pytest.raises(Invalid) as taken:
        ask_in(owner, Invitation.read(form("aidant", "deux@exemple.fr", profession="nurse", rpps="10000005487")))
    assert list(taken.value.fields) == ["rpps"]
    with pytest.raises(Invalid) as missing:
        Invitation.read(form("aidant", profession="nurse"))
    assert list(missing.value.fields) == ["rpps"]


def test_whoever_has_an_account_already_is_asked_and_nobody_learns_that_they_had_one(house, owner):
    patient = new_patient_account("Yasmine Haddad")
    ask_in(owner, Invitation.read(form("secretary", email_of(patient))))
    (line,) = [one for one in delegates(owner) if one.account_id == patient.account_id]
    assert (line.name, line.presence) == ("Nour Benali", "invited")
    with pytest.raises(StopIteration):
        link_of(email_of(patient))  # no link that would choose another password
    found, asked = hats(actor_of_token(session_token(patient)))
    assert [one.role for one in found] == [ActorKind.PATIENT]
    answer(patient, asked[0].membership_id, accepts=True)
    (line,) = [one for one in delegates(owner) if one.account_id == patient.account_id]
    assert (line.name, line.presence) == ("Yasmine Haddad", "here")
    assert [one.role for one in hats(actor_of_token(session_token(patient)))[0]] == [ActorKind.PATIENT, ActorKind.SECRETARY]


def test_whoever_is_asked_in_reads_the_number_that_was_typed_for_them(owner):
    patient = new_patient_account("Yasmine Haddad")
    ask_in(owner, Invitation.read(form("aidant", email_of(patient), profession="nurse", rpps="10000005487")))
    (asked,) = hats(patient)[1]
    assert (asked.role, asked.rpps) == (ActorKind.AIDANT, "10000005487")


def test_a_newcomer_whom_two_practices_ask_at_once_is_asked_by_both(house, owner, other_house):
    other, nurse = other_house.practitioner_actor(), Invitation.read(form("aidant", profession="nurse", rpps="10000005487"))
    with ThreadPoolExecutor(2) as elsewhere:
        with transaction() as session:  # between the account and its commit
            ask_anybody(session, owner, session.get_one(Practice, house.practice_id), address=nurse.email, name=nurse.name, role=nurse.role)
            waiting = elsewhere.submit(ask_in, other, nurse)
            elsewhere.submit(until_somebody_waits).result(30)
        waiting.result(20)
    nour = activated(nurse.email)
    assert [asked.role for asked in hats(nour)[1]] == [ActorKind.AIDANT]


def both_roles(house: House, owner: Actor) -> Actor:
    """A patient who works as a secretary too."""
    patient = new_patient_account("Yasmine Haddad")
    ask_in(owner, Invitation.read(form("secretary", email_of(patient), agenda="oui")))
    answer(patient, hats(patient)[1][0].membership_id, accepts=True)
    return actor_of_token(session_token(patient))


def test_a_session_acts_in_one_role_and_going_on_in_another_ends_it(house, owner):
    patient = both_roles(house, owner)
    assert (patient.kind, patient.practice_ids, dict(patient.rights)) == (ActorKind.PATIENT, frozenset(), {})
    signed = wear(patient, "secretary", PASSWORD, HERE)
    assert (signed.actor.kind, signed.actor.practice_ids) == (ActorKind.SECRETARY, {house.practice_id})
    assert Right.AGENDA in signed.actor.rights[house.practitioners[0]]
    with pytest.raises(NotFound):
        wear(signed.actor, "practitioner", PASSWORD, HERE)
    back = wear(signed.actor, "patient", "", HERE)
    assert back.actor.kind is ActorKind.PATIENT
    assert actor_of_token(signed.token) == Actor.anonymous()


def test_who_came_in_as_a_patient_goes_to_work_with_their_password_alone(house, owner):
    patient = both_roles(house, owner)
    for typed in ("", "un autre mot de passe", None, 7):
        with pytest.raises(Invalid) as refused:
            wear(patient, "secretary", typed, HERE)
        assert list(refused.value.fields) == ["password"]
        assert ("Écrivez" in refused.value.message) == (not typed)
    assert wear(patient, "secretary", PASSWORD, HERE).actor.kind is ActorKind.SECRETARY


def test_no_session_outlasts_the_longest_of_the_role_that_one_goes_on_in(house):
    operator = new_operator()
    with transaction() as session:
        session.add(Membership(account_id=operator.account_id, practice_id=house.practice_id, role=ActorKind.SECRETARY))
        account = session.get_one(Account, operator.account_id)
        token = open_session(session, account, role=ActorKind.SECRETARY)
    signed = wear(actor_of_token(token), "operator", "", HERE)
    assert signed.actor.kind is ActorKind.OPERATOR
    assert session_end(signed.actor) <= clock.now() + OPERATOR_LONGEST


def test_the_next_sign_in_goes_on_in_the_role_of_before(house, owner):
    patient = both_roles(house, owner)
    wear(patient, "secretary", PASSWORD, HERE)
    with clock_at(clock.now() + timedelta(minutes=1)):
        came = sign_in(Actor.anonymous(), email_of(patient), PASSWORD, NETWORK)
        assert came.actor.kind is ActorKind.SECRETARY
        assert not to_choose(came.actor)  # one role at work, and nothing to answer


def test_a_code_alone_makes_nobody_anything_but_a_patient(house, owner):
    patient = both_roles(house, owner)
    wear(patient, "secretary", PASSWORD, HERE)
    with clock_at(clock.now() + timedelta(minutes=1)):
        browser = ask_code(Actor.anonymous(), email_of(patient), "", NETWORK)
        waiting = waiting_code(Actor.anonymous(), browser)
        came = try_code(Actor.anonymous(), code_of(waiting.id), browser, NETWORK)
    assert came is not None
    assert (came.actor.kind, came.actor.practice_ids) == (ActorKind.PATIENT, frozenset())


def test_a_declined_invitation_leaves_nothing_behind(house, owner):
    patient = new_patient_account("Yasmine Haddad")
    ask_in(owner, Invitation.read(form("secretary", email_of(patient))))
    asked = hats(patient)[1][0].membership_id
    with pytest.raises(NotFound):
        answer(new_patient_account(), asked, accepts=True)
    answer(patient, asked, accepts=False)
    assert [one for one in delegates(owner) if one.account_id == patient.account_id] == []
    with pytest.raises(NotFound):
        answer(patient, asked, accepts=True)


def test_who_asked_reads_that_the_invitation_was_declined_by_the_name_that_they_typed(house, owner):
    patient, other = new_patient_account("Yasmine Haddad"), house.practitioner_actor(house.practitioner("Zeller"))
    ask_in(owner, Invitation.read(form("secretary", email_of(patient))))
    answer(patient, hats(patient)[1][0].membership_id, accepts=False)
    staff = [email_of(owner), email_of(other)]
    with reading() as session:
        (mail,) = session.exec(select(OutgoingEmail).where(col(OutgoingEmail.recipient).in_(staff)))
    assert mail.recipient == email_of(owner)
    assert mail.subject.endswith("déclinée")
    assert "Nour Benali a décliné" in mail.body
    assert "Haddad" not in mail.body


def test_an_address_that_cannot_be_invited_is_refused_in_one_way_whatever_it_is(owner, other_house):
    said = []
    for address, rpps in ((email_of(new_operator()), "10000005479"), (email_of(other_house.practitioner_actor()), "10000005487")):
        typed = form("practitioner", address, title="Dr", specialty="cardiology", rpps=rpps, hue="plum")
        with pytest.raises(CannotBeInvited) as refused:
            ask_in(owner, Invitation.read(typed))
        said.append(refused.value.fields)
    assert said[0] == said[1]
    assert "compte" not in said[0]["email"].casefold()


TYPED = {"given_name": "Yasmine", "family_name": "Haddad", "specialty": "general_medicine", "rpps": "10000005487"}


@pytest.mark.parametrize("end", ["declined", "taken back"])
@pytest.mark.parametrize("role", ["practitioner", "aidant"])
def test_what_a_practice_typed_of_who_does_not_come_binds_nobody(house, owner, other_house, role, end):
    patient, other = new_patient_account("Yasmine Haddad"), other_house.practitioner_actor()

    def ask(asker: Actor, number: str) -> None:
        ask_in(asker, Invitation.read(form(role, email_of(patient), profession="nurse") | TYPED | {"rpps": number}))

    ask(owner, "10000005487")
    with reading() as session:
        agendas = session.exec(select(Practitioner.id).where(Practitioner.practice_id == house.practice_id)).all()
    save_group(owner, house.practice_id, None, "Le cabinet", agendas)
    if end == "declined":
        answer(patient, hats(patient)[1][0].membership_id, accepts=False)
    else:
        remove_member(owner, house.practice_id, patient.account_id)
    ask(other, "10000005495")
    assert [one.rpps for one in hats(patient)[1]] == ["10000005495"]


def test_a_substitute_who_comes_again_keeps_their_account(house, owner):
    ask_in(owner, substitute())
    account = activated("nour.benali@exemple.fr").account_id
    ask_in(owner, substitute(first=10, last=12))
    assert [one.account_id for one in delegates(owner)] == [account] * 2
    with reading() as session:
        assert session.get_one(Professional, account).rpps == "10000005479"
