"""The operator takes away the second factors of who lost them all: for a reason, told, and never their own."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlmodel import select

from maiia_pro.identity.authenticator import begin_app, prove_app
from maiia_pro.identity.factor_tables import AuthenticatorApp, FactorReset, IdentityCheck, Passkey, RecoveryCode, SeenBrowser
from maiia_pro.identity.health import health_of
from maiia_pro.identity.recovery import RecoveryOver, reset_password
from maiia_pro.identity.second_factors import Held, Step
from maiia_pro.identity.second_step import awaited_step
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import sign_in
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.operations.accounts import account_sheet
from maiia_pro.operations.resetting import NothingToReset, NotOnesOwn, reset_factors
from maiia_pro.practice.account_details import save_details
from state.account_sheet import sheet_view
from tests.factories import PASSWORD, House, email_of, new_operator, new_patient_account, session_token
from tests.identity.conftest import app_code
from tests.identity.test_recovery import asked
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

MOBILE = "+33639980001"


def with_factors(actor: Actor) -> Actor:
    """Give an account an application, a passkey, a recovery code and a browser that it trusts."""
    ident = actor.account_id
    with transaction() as session:
        session.add(AuthenticatorApp(account_id=ident, secret="x", proven_at=clock.now()))
        session.add(
            Passkey(account_id=ident, credential_id=str(ident).encode(), public_key=b"x", sign_count=0, name="Clé", transports=[])
        )  # fmt: skip
        session.add(RecoveryCode(account_id=ident, imprint="x"))
        session.add(SeenBrowser(account_id=ident, token_hash="x", trusted_until=clock.now() + timedelta(days=9)))
    return actor


@pytest.fixture
def sylvie(house: House) -> Actor:
    return with_factors(house.secretary())


def enter(actor: Actor) -> Actor:
    return sign_in(Actor.anonymous(), email_of(actor), PASSWORD, "192.0.2.1").actor


def test_who_lost_every_factor_is_left_the_password_and_sets_up_another_at_once(sylvie, required):
    tokens = [session_token(sylvie), session_token(sylvie)]
    assert awaited_step(enter(sylvie)).step is Step.PROVE
    reset_factors(new_operator(), sylvie.account_id, IdentityCheck.CALL_BACK)
    assert [actor_of_token(token).kind for token in tokens] == [ActorKind.ANONYMOUS] * 2
    with reading() as session:
        assert session.exec(select(SeenBrowser.trusted_until)).all() == [None]
    half = enter(sylvie)
    assert (half.kind, awaited_step(half).step) == (ActorKind.HALF_OPEN, Step.SET_UP)
    done = prove_app(half, app_code(begin_app(half).words, -1))
    assert done.signed is not None
    assert (done.signed.actor.account_id, len(done.codes)) == (sylvie.account_id, 10)


def test_a_link_that_was_sent_before_chooses_no_password_any_more(sylvie, tmp_path):
    with Messages(tmp_path) as messages:
        token = asked(messages, email_of(sylvie))
    reset_factors(new_operator(), sylvie.account_id, IdentityCheck.CALL_BACK)
    with pytest.raises(RecoveryOver):
        reset_password(Actor.anonymous(), token, "deux vaches et trois parapluies")


def test_the_person_is_told_by_mail_and_by_text_how_they_were_recognised_and_what_to_do(sylvie, tmp_path):
    with transaction() as session:
        health_of(session, sylvie.account_id).phone = MOBILE
    with Messages(tmp_path) as messages:
        reset_factors(new_operator(), sylvie.account_id, IdentityCheck.CALL_BACK, "Demande 4312")
        texts = messages.texts(MOBILE.removeprefix("+"))
        [mail] = mails_in(messages.mails)
    assert mail["To"] == email_of(sylvie)
    for words in (
        "rappel à un numéro déjà connu",
        "ajoutez aussitôt une nouvelle seconde étape",
        "Ce n’est pas vous",
        "/identifiants-perdus",
    ):
        assert words in mail.get_content()
    assert "4312" not in mail.get_content()
    assert [("/identifiants-perdus" in one, "Ce n'est pas vous" in one) for one in texts] == [(True, True)]


def test_who_has_no_mobile_is_told_by_mail_alone(sylvie, tmp_path):
    with transaction() as session:
        health_of(session, sylvie.account_id).phone = "+33241000000"
    with Messages(tmp_path) as messages:
        reset_factors(new_operator(), sylvie.account_id, IdentityCheck.IN_PERSON)
        assert messages.sent() == []
        assert len(mails_in(messages.mails)) == 1


@pytest.mark.parametrize(("how", "reference", "field"), [("", "", "checked"), (None, "", "checked"), ("autre", "", "checked"),
                                                         (["psc"], "", "checked"), ("psc", "x" * 121, "reference")])  # fmt: skip
def test_how_the_identity_was_checked_is_said_by_one_of_the_ways_there_are(sylvie, how, reference, field):
    with pytest.raises(Invalid) as refused:
        reset_factors(new_operator(), sylvie.account_id, how, reference)
    assert list(refused.value.fields) == [field]
    assert account_sheet(new_operator(), sylvie.account_id).held == Held(app=True, passkeys=1, codes=1)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"checked_by": "autre"}, "ck_factor_reset_checked_by"), ({"checked_by": None}, ""), ({"created_by": None}, ""),
     ({"own": True}, "ck_factor_reset_not_ones_own"), ({"reference": "x" * 121}, "ck_factor_reset_reference")],
)  # fmt: skip
def test_the_database_refuses_a_reset_without_a_reason_or_by_nobody_or_of_one_s_own(sylvie, changes, rule):
    by = sylvie.account_id if changes.pop("own", False) else new_operator().account_id
    row = {"account_id": sylvie.account_id, "checked_by": "psc", "created_by": by} | changes
    with pytest.raises(IntegrityError) as refused, transaction() as session:
        session.add(FactorReset(**row))
    assert constraint_of(refused.value) == rule


def test_what_was_reset_stays_written(sylvie):
    reset_factors(new_operator(), sylvie.account_id, IdentityCheck.PSC)
    for act in ("update factor_reset set reference = ''", "delete from factor_reset"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
            session.connection().execute(text(act))


def test_an_operator_resets_neither_their_own_nor_what_is_not_there(house):
    operator = with_factors(new_operator())
    with pytest.raises(NotOnesOwn):
        reset_factors(operator, operator.account_id, IdentityCheck.PSC)
    with pytest.raises(NothingToReset):
        reset_factors(operator, house.secretary().account_id, IdentityCheck.PSC)
    with pytest.raises(NotFound):
        reset_factors(operator, house.practice_id, IdentityCheck.PSC)
    reset_factors(new_operator(), operator.account_id, IdentityCheck.IN_PERSON)  # another one may


def test_neither_an_administrator_of_the_practice_nor_anybody_but_an_operator_resets(house, sylvie):
    for actor in (house.practitioner_actor(), house.secretary("Anne", administers=True), sylvie, new_patient_account(), house.api_client(),
                  Actor.system("Commande")):  # fmt: skip
        with pytest.raises(NotAllowed):
            reset_factors(actor, sylvie.account_id, IdentityCheck.CALL_BACK)
    with pytest.raises(NotSignedIn):
        reset_factors(Actor.anonymous(), sylvie.account_id, IdentityCheck.CALL_BACK)


@pytest.mark.requirement(46)
def test_a_reset_is_in_the_trail_and_on_the_account_s_sheet_with_who_did_it(sylvie):
    operator = new_operator()
    reset_factors(operator, sylvie.account_id, IdentityCheck.CALL_BACK, " Demande  4312 ")
    with reading() as session:
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.action == "factor:reset")).all()
    taken = {name: entry.details[name] for name in ("checked_by", "app", "passkeys", "codes")}
    assert (entry.actor_id, entry.subject_id) == (operator.account_id, sylvie.account_id)
    assert taken == {"checked_by": "call_back", "app": True, "passkeys": 1, "codes": 1}
    found = account_sheet(operator, sylvie.account_id)
    assert (found.held.any, [(one.checked_by, one.reference, one.by) for one in found.resets]) == (
        False, [(IdentityCheck.CALL_BACK, "Demande 4312", "Exploitant")],
    )  # fmt: skip


def test_a_password_chosen_by_a_link_is_told_to_who_is_asked_for_a_reset_for_a_week(sylvie):
    with transaction() as session:
        audit.record(session, sylvie, AuditAction.PASSWORD_RESET, subject_type="account", subject_id=sylvie.account_id)
    for days, told in ((6, True), (8, False)):
        with clock.shifted(timedelta(days=days)):
            found = account_sheet(new_operator(), sylvie.account_id)
        assert ("messagerie" in sheet_view(found)["caution"]) is told


def test_a_telephone_that_was_changed_lately_is_told_before_it_is_called_back(sylvie):
    save_details(sylvie, {"name": "Sylvie Moreau", "phone": "06 39 98 00 01"})
    assert "nouveau numéro" in sheet_view(account_sheet(new_operator(), sylvie.account_id))["caution"]
    with clock.shifted(timedelta(days=8)):
        assert sheet_view(account_sheet(new_operator(), sylvie.account_id))["caution"] == ""
