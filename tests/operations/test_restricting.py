"""The operator shuts an account and opens it again: what ends at once, who is told, and who may not."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import cancel_appointment
from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.agenda.errors import NotOffered
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.own import my_appointment
from maiia_pro.identity import session_opening
from maiia_pro.identity.accounts import LinkExpired, activate, activation_link
from maiia_pro.identity.api_clients import BadClient, BadToken, Client, bearer_of, issue_token
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.hats import wear
from maiia_pro.identity.recovery import block_own
from maiia_pro.identity.restriction_tables import AccountRestriction, Ground, RestrictionKind
from maiia_pro.identity.restrictions import AccountSuspended, lift_over
from maiia_pro.identity.second_step import prove_by_code
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.identity.tables import AccountStatus
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, DomainError, Invalid, NotDelegated, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.notifications.restriction_mail import reassure_patients, tell_practice, tell_restored, tell_restricted, warn_patients
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.operations import restricting
from maiia_pro.operations.accounts import AccountQuery, Shown, account_sheet, find_accounts
from maiia_pro.operations.restricting import (
    Decision,
    LastOperator,
    NotOneself,
    NotThat,
    SomebodyElseDecided,
    restore_account,
    restrict_account,
)
from maiia_pro.practice.delegating import delegates
from state.own_appointments import visit_view
from state.team import PRESENCES
from tests.concurrency.racing import until_somebody_waits
from tests.factories import PASSWORD, House, email_of, new_account, new_operator, new_patient_account, session_token
from tests.tools.outbound import Messages

pytestmark = pytest.mark.integration

SUSPENDED, DEACTIVATED, REFUSED = RestrictionKind.SUSPENDED, RestrictionKind.DEACTIVATED, RestrictionKind.REFUSED


def suspend(actor: Actor, ground: object = Ground.FRAUD, *, by: Actor | None = None, seen=None, **more):
    """Shut an account as an operator would; gives the decision's id."""
    assert actor.account_id
    return restrict_account(by or new_operator(), actor.account_id, Decision(more.pop("kind", SUSPENDED), ground, **more), seen)


def restore(actor: Actor, seen, *, by: Actor | None = None, note: str = "") -> None:
    assert actor.account_id
    restore_account(by or new_operator(), actor.account_id, seen, note)


def enter(actor: Actor) -> Actor:
    return sign_in(Actor.anonymous(), email_of(actor), PASSWORD, "192.0.2.1").actor


def mails() -> list[OutgoingEmail]:
    with reading() as session:
        return list(session.exec(select(OutgoingEmail).order_by(OutgoingEmail.created_at)))  # type: ignore[arg-type]


def slots(house: House) -> list[str]:
    return [slot.key for slot in free_slots(new_patient_account(), FreeSlotQuery(house.instant(8), house.instant(18)))]


@pytest.mark.requirement(49)
def test_a_suspension_ends_every_session_at_once_and_nobody_signs_in(house):
    actor = house.practitioner_actor()
    tokens = [session_token(actor), session_token(actor)]
    suspend(actor)
    assert [actor_of_token(token).kind for token in tokens] == [ActorKind.ANONYMOUS] * 2
    with pytest.raises(AccountSuspended, match=r"suspendu.*fraude.*contester"):
        enter(actor)


@pytest.mark.requirement(50)
def test_one_of_the_four_reasons_is_required(house):
    actor = house.secretary()
    for ground in ("", None, "autre", "FRAUD"):
        with pytest.raises(Invalid) as refused:
            suspend(actor, ground)
        assert list(refused.value.fields) == ["ground"], ground


@pytest.mark.requirement(50)
def test_each_of_the_four_reasons_shuts_an_account_and_is_told(house):
    for ground in Ground:
        actor = house.secretary()
        suspend(actor, ground.value)
        with pytest.raises(AccountSuspended, match="Motif"):
            enter(actor)


@pytest.mark.requirement(50)
def test_an_activation_is_refused_for_a_reason_and_its_link_opens_nothing(house):
    actor = new_account(ActorKind.PRACTITIONER, status=AccountStatus.PENDING)
    with transaction() as session:
        link = activation_link(session, actor.account_id)
    decided = suspend(actor, Ground.FALSE_INFORMATION, kind=REFUSED)
    with pytest.raises(LinkExpired):
        activate(Actor.anonymous(), link.rpartition("#")[2], "un-autre-mot-de-passe-long")
    tell_restricted(WORKER, decided)
    assert "refusée" in mails()[-1].body
    restore(actor, decided)
    assert account_sheet(new_operator(), actor.account_id).line.status is AccountStatus.PENDING


def test_only_an_account_that_waits_is_refused_and_only_one_that_was_opened_is_suspended(house):
    with pytest.raises(NotThat):
        suspend(house.secretary(), kind=REFUSED)
    with pytest.raises(NotThat):
        suspend(new_account(ActorKind.SECRETARY, status=AccountStatus.PENDING))


@pytest.mark.requirement(49)
def test_who_blocked_their_account_is_suspended_like_anybody_and_stays_blocked_afterwards(house):
    actor = house.secretary()
    block_own(actor)
    with pytest.raises(NotThat):
        suspend(actor, kind=REFUSED)
    decided = suspend(actor)
    restore(actor, decided)
    line = account_sheet(new_operator(), actor.account_id).line
    assert (line.status, line.blocked, line.decision) == (AccountStatus.PENDING, True, None)
    tell_restored(WORKER, decided)
    assert "Mot de passe oublié" in mails()[-1].body


@pytest.mark.requirement(49)
def test_a_suspension_with_an_end_ends_by_itself_at_the_next_sign_in(house):
    actor = house.secretary()
    decided = suspend(actor, last=clock.now().date() + timedelta(days=3))
    with clock.shifted(timedelta(days=2)), pytest.raises(AccountSuspended, match="jusqu’au"):
        enter(actor)
    with clock.shifted(timedelta(days=5)):
        assert enter(actor).account_id == actor.account_id
        assert tell_restored(WORKER, decided)


@pytest.mark.requirement(49)
def test_a_suspension_with_an_end_ends_by_the_clock_and_the_page_is_back(house):
    actor = house.practitioner_actor()
    before = slots(house)
    suspend(actor, last=clock.now().date() + timedelta(days=3))
    suspend(house.secretary("Marc Petit"))
    assert (lift_over(WORKER), slots(house)) == (0, [])
    with clock.shifted(timedelta(days=5)):
        assert lift_over(WORKER) == 1
        assert lift_over(WORKER) == 0
    assert slots(house) == before != []


@pytest.mark.parametrize("days", [-1, 800])
def test_a_suspension_ends_neither_before_today_nor_after_two_years(house, days):
    with pytest.raises(Invalid) as refused:
        suspend(house.secretary(), last=clock.now().date() + timedelta(days=days))
    assert list(refused.value.fields) == ["last"]


@pytest.mark.requirement(49)
def test_a_deactivation_has_no_end_and_stands_until_an_operator_opens_the_account(house):
    actor = house.secretary()
    decided = suspend(actor, kind=DEACTIVATED, last=clock.now().date())
    with clock.shifted(timedelta(days=900)):
        lift_over(WORKER)
        with pytest.raises(AccountSuspended, match="désactivé"):
            enter(actor)
    restore(actor, decided, note="Pièces reçues")
    assert enter(actor).account_id == actor.account_id


def test_a_restored_account_does_not_revive_its_old_sessions(house):
    actor = house.secretary()
    token = session_token(actor)
    restore(actor, suspend(actor))
    assert actor_of_token(token).kind is ActorKind.ANONYMOUS


@pytest.mark.requirement(49)
def test_the_page_and_the_slots_of_a_shut_account_are_gone_and_come_back(house, patient):
    actor = house.practitioner_actor()
    with reading() as session:
        slug = session.connection().execute(text("select slug from practitioner")).scalar_one()
    before = slots(house)
    decided = suspend(actor)
    assert slots(house) == []
    with pytest.raises(NotFound):
        practitioner_page(patient, slug)
    with pytest.raises(NotOffered):
        book_slot(patient, BookingRequest(house.slot(9)))
    restore(actor, decided)
    assert slots(house) == before != []
    assert book_slot(patient, BookingRequest(house.slot(9)))


@pytest.mark.requirement(49)
def test_the_desk_of_a_shut_practitioner_still_sees_and_cancels_but_books_nothing(house, patient):
    doctor, desk = house.practitioner_actor(), house.secretary()
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    token = session_token(desk)
    suspend(doctor)
    now = actor_of_token(token)
    assert now.rights == {house.practitioners[0]: {Right.AGENDA, Right.CHANGE}}
    with pytest.raises(NotDelegated):
        book_slot(now, BookingRequest(house.slot(10), patient_id=house.patients[0]))
    assert cancel_appointment(now, booked.id)


@pytest.mark.requirement(49)
def test_the_programs_of_a_practice_whose_only_practitioner_is_shut_act_no_more(house):
    client = house.api_client()
    known = Client(client.api_client_id, "logiciel", client.name, house.practice_id, client.scopes, 10)
    token, _ = issue_token(known)
    other = house.practitioner_actor(house.practitioner("Autre"), "Dr Claire Autre")
    decided = suspend(house.practitioner_actor())
    assert bearer_of(token)
    suspend(other)
    with pytest.raises(BadToken):
        bearer_of(token)
    with pytest.raises(BadClient):
        issue_token(known)
    restore(other, sheet(other).standing.id)
    assert bearer_of(token)
    assert decided


def sheet(actor: Actor):
    return account_sheet(new_operator(), actor.account_id)


@pytest.mark.requirement(49)
def test_the_person_is_told_once_with_the_reason_and_how_to_contest(house):
    actor = house.secretary()
    decided = suspend(actor, Ground.PASSWORD_SHARED, note="Vu par le support")
    assert tell_restricted(WORKER, decided) == tell_restricted(WORKER, decided)
    (mail,) = mails()
    assert mail.recipient == email_of(actor)
    assert "mot de passe confié à un tiers" in mail.body
    assert "contester" in mail.body
    assert "support" in mail.body
    assert "Vu par le support" not in mail.body


def test_the_person_reads_the_note_only_where_the_operator_wants_it(house):
    decided = suspend(house.secretary(), note="Envoyez votre attestation.", note_shown=True)
    tell_restricted(WORKER, decided)
    assert "Envoyez votre attestation." in mails()[0].body


@pytest.mark.requirement(49)
def test_administrators_and_who_acts_for_a_practitioner_are_told_once_and_never_why(house, tmp_path):
    doctor, acting, beside = house.practitioner_actor(), house.secretary("Jeanne Riou"), house.secretary("Louis Faure")
    administrator = house.practitioner_actor(house.practitioner("Zeller"), "Dr Claire Zeller")
    with transaction() as session:
        session.connection().execute(text("update delegation set ended_at = now() where account_id = :id"), {"id": beside.account_id})
    decided = suspend(doctor, note="Vu par le support", note_shown=True)
    with Messages(tmp_path) as messages:
        messages.sent()
    assert tell_practice(WORKER, decided) == 2
    told = [mail for mail in mails() if mail.recipient != email_of(doctor)]
    assert {mail.recipient for mail in told} == {email_of(acting), email_of(administrator)}
    assert {mail.subject for mail in told} == {"Le compte de Dr Claire Vasseur est suspendu"}
    assert "aucun nouveau rendez-vous" in told[0].body
    assert not any(word in mail.body for mail in told for word in ("fraude", "Motif", "Vu par"))
    restore(doctor, decided)
    assert tell_practice(WORKER, decided) == 2
    assert mails()[-1].subject == "Le compte de Dr Claire Vasseur est de nouveau ouvert"
    suspend(doctor)
    assert tell_practice(WORKER, decided) == 0


@pytest.mark.parametrize(("kind", "words"), [(SUSPENDED, "Compte suspendu"), (DEACTIVATED, "Compte désactivé")])
def test_the_desk_and_the_team_say_whether_an_account_is_shut_for_a_time_or_for_good(house, kind, words):
    doctor, secretary = house.practitioner_actor(), house.secretary()
    colleague = house.practitioner_actor(house.practitioner("Zeller"), "Dr Claire Zeller")
    for actor in (colleague, secretary):
        suspend(actor, kind=kind)
    assert [PRESENCES.get(one.presence) for one in desk(doctor).practitioners] == [None, words]
    assert {PRESENCES[one.presence] for one in delegates(doctor) if one.name == secretary.name} == {words}


def test_who_was_shut_anew_is_not_told_that_it_is_over(house):
    actor = house.secretary()
    first = suspend(actor)
    restore(actor, first)
    suspend(actor)
    assert tell_restored(WORKER, first) is None


@pytest.mark.requirement(49)
def test_patients_who_are_to_come_are_told_once_with_the_practices_number_and_never_why(house):
    ident = house.patient(email="josiane@exemple.fr")
    desk = house.secretary()
    for hour in (9, 10):
        book_slot(desk, BookingRequest(house.slot(hour), patient_id=ident))
    doctor = house.practitioner_actor()
    first = suspend(doctor)
    assert (warn_patients(WORKER, first), warn_patients(WORKER, first)) == (1, 0)
    restore(doctor, first)
    second = suspend(doctor)
    assert warn_patients(WORKER, second) == 0
    (mail,) = mails()
    assert (mail.recipient, "02\u00a041\u00a000\u00a000\u00a000" in mail.body) == ("josiane@exemple.fr", True)
    assert mail.body.count("–") == 2
    assert "suspen" not in mail.body + mail.subject
    assert "fraude" not in mail.body


def test_a_patient_reads_at_the_visit_too_to_call_first_and_is_led_to_no_page_that_is_gone(house, patient):
    doctor = house.practitioner_actor()
    booked = book_slot(patient, BookingRequest(house.slot(9)))
    decided = suspend(doctor)
    shut = visit_view(my_appointment(patient, booked.id))
    assert ("02\u00a041\u00a000\u00a000\u00a000" in shut["warned"], shut["move"], shut["can_change"]) == (True, "", True)
    restore(doctor, decided)
    opened = visit_view(my_appointment(patient, booked.id))
    assert (opened["warned"], bool(opened["move"])) == ("", True)


def test_a_visit_booked_between_two_suspensions_is_told_of_at_the_second(house):
    ident, desk, doctor = house.patient(email="josiane@exemple.fr"), house.secretary(), house.practitioner_actor()
    book_slot(desk, BookingRequest(house.slot(9), patient_id=ident))
    first = suspend(doctor)
    warn_patients(WORKER, first)
    restore(doctor, first)
    book_slot(desk, BookingRequest(house.slot(11), patient_id=ident))
    assert warn_patients(WORKER, suspend(doctor)) == 1
    assert [mail.body.count("–") for mail in mails()] == [1, 1]


@pytest.mark.requirement(49)
def test_patients_who_were_told_to_call_are_told_once_that_the_practitioner_is_back(house, tmp_path):
    ident, other = house.patient(email="josiane@exemple.fr"), house.patient(email="autre@exemple.fr")
    desk, doctor = house.secretary(), house.practitioner_actor()
    book_slot(desk, BookingRequest(house.slot(9), patient_id=ident))
    cancelled = book_slot(desk, BookingRequest(house.slot(10), patient_id=other))
    first = suspend(doctor)
    with Messages(tmp_path) as messages:
        messages.sent()
    cancel_appointment(desk, cancelled.id)
    restore(doctor, first)
    with Messages(tmp_path) as messages:
        messages.sent()
    back = [mail for mail in mails() if "est maintenu" in mail.subject]
    assert [(mail.recipient, "de nouveau disponible" in mail.body, "suspen" in mail.body) for mail in back] == [
        ("josiane@exemple.fr", True, False)
    ]
    assert reassure_patients(WORKER, first) == 0
    assert warn_patients(WORKER, suspend(doctor)) == 1


def test_nobody_is_told_of_a_return_that_is_over_already(house):
    ident, doctor = house.patient(email="josiane@exemple.fr"), house.practitioner_actor()
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=ident))
    first = suspend(doctor)
    warn_patients(WORKER, first)
    restore(doctor, first)
    suspend(doctor)
    assert reassure_patients(WORKER, first) == 0
    assert len(mails()) == 1


def test_nobody_is_warned_once_the_account_is_open_again(house, patient):
    doctor = house.practitioner_actor()
    book_slot(patient, BookingRequest(house.slot(9)))
    decided = suspend(doctor)
    restore(doctor, decided)
    assert warn_patients(WORKER, decided) == 0


@pytest.mark.requirement(52)
def test_nobody_but_an_operator_finds_reads_shuts_or_opens_accounts(house, patient):
    target = house.secretary()
    for actor in (patient, target, house.practitioner_actor(), Actor.anonymous(), house.api_client()):
        for act in (
            lambda actor=actor: find_accounts(actor, AccountQuery()),
            lambda actor=actor: account_sheet(actor, target.account_id),
            lambda actor=actor: suspend(target, by=actor),
            lambda actor=actor: restore(target, None, by=actor),
        ):
            with pytest.raises(DomainError) as refused:
                act()
            assert refused.value.status in {401, 403}


def test_an_operator_shuts_neither_themselves_nor_the_last_one(clean_database):
    first, second = new_operator(), new_operator()
    with pytest.raises(NotOneself):
        suspend(first, by=first)
    suspend(second, by=first)
    with pytest.raises(LastOperator):
        suspend(first, by=Actor.system("Commande"))


def test_of_two_operators_who_decide_from_the_same_page_the_second_is_told(house):
    actor = house.secretary()
    decided = suspend(actor)
    with pytest.raises(SomebodyElseDecided):
        suspend(actor)
    restore(actor, decided)
    with pytest.raises(Conflict):
        restore(actor, decided)


def test_a_suspended_account_is_deactivated_without_being_opened_between(house):
    actor = house.secretary()
    decided = suspend(actor, kind=DEACTIVATED, seen=suspend(actor))
    found = sheet(actor)
    assert (found.standing.id, found.line.decision, len(found.decisions)) == (decided, DEACTIVATED, 2)
    restore(actor, decided)
    assert enter(actor).account_id == actor.account_id


def test_the_database_holds_one_decision_at_most_for_an_account(house):
    actor = house.secretary()
    suspend(actor)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(AccountRestriction(account_id=actor.account_id, kind=SUSPENDED, ground=Ground.FRAUD, status_before="active"))


@pytest.mark.requirement(46)
def test_each_decision_is_in_the_trail_with_who_took_it(house):
    actor, operator = house.secretary(), new_operator()
    restore(actor, suspend(actor, by=operator), by=operator)
    with reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.subject_id == actor.account_id).order_by(AuditEntry.sequence)).all()
    acts = [(entry.action, entry.actor_id) for entry in found if entry.action.startswith("account:re")]
    assert acts == [("account:restricted", operator.account_id), ("account:restored", operator.account_id)]


# --- finding -------------------------------------------------------------------------------------------------------------------


def names(**query) -> list[str]:
    return [line.name for line in find_accounts(new_operator(), AccountQuery(**query)).lines]


def test_accounts_are_found_by_name_address_rpps_and_practice(house):
    doctor, desk = house.practitioner_actor(name="Dr Hélène Ozanne"), house.secretary("Élodie Petit")
    with reading() as session:
        rpps, practice = session.connection().execute(text("select p.rpps, c.name from practitioner p join practice c on true")).one()
    assert names(words="helene oz") == ["Dr Hélène Ozanne"]
    assert names(words="ÉLODIE") == ["Élodie Petit"]
    assert names(words=email_of(desk)) == ["Élodie Petit"]
    assert names(words=rpps) == ["Dr Hélène Ozanne"]
    assert names(words=practice) == ["Dr Hélène Ozanne", "Élodie Petit"]
    assert names(words="100%_") == []
    assert doctor


def test_patients_are_listed_only_where_they_are_sought(house):
    new_patient_account("Josiane Keller")
    house.secretary("Élodie Petit")
    assert "Josiane Keller" not in names()
    assert names(kind=ActorKind.PATIENT) == ["Josiane Keller"]
    assert names(words="keller") == ["Josiane Keller"]


def test_lists_are_filtered_by_state_and_cut_into_pages(house, monkeypatch):
    monkeypatch.setattr("maiia_pro.operations.accounts.A_PAGE", 2)
    people = [house.secretary(f"Anne {letter}") for letter in "ABCDE"]
    suspend(people[0])
    suspend(people[1], kind=DEACTIVATED)
    assert names(shown=Shown.SUSPENDED) == ["Anne A"]
    assert names(shown=Shown.DEACTIVATED) == ["Anne B"]
    assert names(kind=ActorKind.SECRETARY, page=3) == ["Anne E"]
    found = find_accounts(new_operator(), AccountQuery(kind=ActorKind.SECRETARY, page=99))
    assert (found.page, found.pages, found.total) == (3, 3, 5)


def test_a_sheet_tells_who_and_where_and_nothing_of_any_visit(house, patient):
    doctor = house.practitioner_actor()
    book_slot(patient, BookingRequest(house.slot(9)))
    session_token(doctor)
    found = sheet(doctor)
    assert (found.sessions, found.to_come, found.last_sign_in is not None, len(found.line.places)) == (1, 1, True, 1)
    assert not any(word in repr(found) for word in ("Keller", "Consultation"))
    with pytest.raises(NotFound):
        account_sheet(new_operator(), house.practice_id)


# --- races ---------------------------------------------------------------------------------------------------------------------


@contextmanager
def paused(monkeypatch, name: str):
    """Hold whoever shuts an account where it calls a function; gives what lets it go on."""
    there, go_on, real = threading.Event(), threading.Event(), getattr(restricting, name)

    def wait(*args, **more):
        answer = real(*args, **more)
        there.set()
        go_on.wait(20)
        return answer

    monkeypatch.setattr(restricting, name, wait)
    yield there, go_on


def at_once(monkeypatch, held_at: str, shut, meanwhile) -> list[str]:
    """Begin to shut an account, let somebody else act once it is half done, and end it; tells how the other fared."""
    outcome: list[str] = []

    def act() -> None:
        try:
            meanwhile()
            outcome.append("done")
        except DomainError as refused:
            outcome.append(type(refused).__name__)

    with paused(monkeypatch, held_at) as (there, go_on):
        first, second = threading.Thread(target=shut), threading.Thread(target=act)
        first.start()
        assert there.wait(20)
        second.start()
        until_somebody_waits()
        go_on.set()
        first.join(20)
        second.join(20)
    return outcome


def open_sessions() -> int:
    with reading() as session:
        return session.connection().execute(text("select count(*) from account_session where ended_at is null")).scalar_one()


@pytest.mark.requirement(49)
def test_who_signs_in_while_the_account_is_shut_leaves_no_session(monkeypatch, house):
    actor = house.secretary()
    assert at_once(monkeypatch, "end_sessions_of", lambda: suspend(actor), lambda: enter(actor)) == ["AccountSuspended"]
    assert open_sessions() == 0


def test_without_the_accounts_row_a_session_would_survive(monkeypatch, house):
    actor = house.secretary()
    operator = new_operator()
    monkeypatch.setattr(session_opening, "refusal_of", lambda *_: None)
    with paused(monkeypatch, "end_sessions_of") as (there, go_on):
        shut = threading.Thread(target=lambda: suspend(actor, by=operator))
        shut.start()
        assert there.wait(20)
        token = session_token(actor)
        go_on.set()
        shut.join(20)
    assert (actor_of_token(token).kind, open_sessions()) == (ActorKind.ANONYMOUS, 1)


@pytest.mark.requirement(49)
@pytest.mark.parametrize("act", [lambda who: prove_by_code(who, "000000", Browser()), lambda who: wear(who, "patient", "", Browser())])
def test_an_account_is_shut_while_its_holder_tries_codes_or_changes_role(monkeypatch, house, act):
    """Both take the rows in the same order: neither is undone for a deadlock."""
    actor = actor_of_token(session_token(house.secretary()))
    assert at_once(monkeypatch, "hold_account", lambda: suspend(actor), lambda: act(actor)) == ["NotSignedIn"]
    assert (open_sessions(), sheet(actor).line.status) == (0, AccountStatus.SUSPENDED)


@pytest.mark.requirement(49)
def test_who_books_while_the_account_is_shut_is_refused(monkeypatch, house, patient):
    doctor = house.practitioner_actor()
    booking = partial(book_slot, patient, BookingRequest(house.slot(9)))
    assert at_once(monkeypatch, "bar_agendas", lambda: suspend(doctor), booking) == ["NotOffered"]
    assert house.appointments() == []


def test_who_blocks_the_account_while_it_is_shut_leaves_it_as_it_may_be_opened_again(monkeypatch, house):
    actor = house.practitioner_actor()
    assert at_once(monkeypatch, "end_sessions_of", lambda: suspend(actor), lambda: block_own(actor)) == ["NotSignedIn"]
    restore_account(new_operator(), actor.account_id, account_sheet(new_operator(), actor.account_id).standing.id)
    assert enter(actor).account_id == actor.account_id


def test_of_two_operators_who_shut_each_other_one_stays(monkeypatch, clean_database):
    first, second = new_operator(), new_operator()
    outcome = at_once(monkeypatch, "end_sessions_of", lambda: suspend(second, by=first), lambda: suspend(first, by=second))
    assert outcome == ["NotSignedIn"]
    assert sheet(first).line.status is AccountStatus.ACTIVE


def test_of_two_operators_who_shut_the_same_account_at_once_one_does(monkeypatch, house):
    actor = house.secretary()
    assert at_once(monkeypatch, "end_sessions_of", lambda: suspend(actor), lambda: suspend(actor)) == ["SomebodyElseDecided"]
    assert len(sheet(actor).decisions) == 1
