"""What makes a password acceptable, and changing one's own."""

from unittest.mock import Mock

import pytest
from sqlmodel import select

from maiia_pro.identity import passwords
from maiia_pro.identity.accounts import activation_link
from maiia_pro.identity.browsers import Browser, is_trusted, see
from maiia_pro.identity.password_change import NoPassword, change_password
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.sign_in import WrongCredentials, sign_in
from maiia_pro.identity.strength import strength_of
from maiia_pro.identity.tables import Account, Activation
from maiia_pro.identity.throttle import PER_ACCOUNT, TooManyAttempts
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotSignedIn, TooMany
from maiia_pro.kernel.tables import AuditEntry
from tests.identity.conftest import PASSWORD
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()
NEW = "deux vaches et trois parapluies"
PERSON = {"email": "josiane.keller@exemple.fr", "name": "Josiane Keller"}


def said_of(password: str) -> str:
    with pytest.raises(Invalid) as refused:
        passwords.check_password(password, **PERSON)
    return refused.value.fields["password"]


def enter(email: str, password: str = PASSWORD) -> Actor:
    return actor_of_token(sign_in(VISITOR, email, password, "192.0.2.1").token)


@pytest.mark.requirement(45)
@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("court", "au moins 12 caractères"),
        ("qwerty123456", "mots de passe volés"),
        ("P@ssw0rdP@ssw0rd", "mots de passe volés"),
        ("azertyuiopqsdfghjklm", "touches voisines"),
        ("soleilsoleil", "se répète"),
        ("abcdefghijklmnop", "une suite"),
        ("Administrateur1", "un mot courant"),
        ("Secretariat2026", "un mot courant"),
        ("Josiane.Keller.1955", "ni votre adresse e-mail ni votre nom"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused_with_its_reason(password, why):
    assert why in said_of(password)


def test_what_a_stranger_knows_of_somebody_makes_their_password_weaker():
    assert strength_of("quimperlezardrieux", ("Quimper Lezardrieux",)).guesses < strength_of("quimperlezardrieux").guesses


def test_the_longest_password_is_weighed_and_accepted():
    assert passwords.check_password("wzx-9é$ " * 25, **PERSON)


@pytest.mark.requirement(44)
def test_a_changed_password_opens_alone_ends_the_other_sessions_and_is_told_by_mail(secretary, tmp_path):
    here, elsewhere = (sign_in(VISITOR, secretary, PASSWORD, "192.0.2.1").token for _ in range(2))
    with Messages(tmp_path) as messages:
        change_password(actor_of_token(here), PASSWORD, NEW)
        messages.sent()
        [mail] = mails_in(messages.mails)
    assert (mail["To"], mail["Subject"]) == (secretary, "Votre mot de passe a changé")
    assert "/identifiants-perdus" in mail.get_content()
    assert (actor_of_token(here).account_id is not None, actor_of_token(elsewhere).account_id) == (True, None)
    with pytest.raises(WrongCredentials):
        enter(secretary)
    assert enter(secretary, NEW).name == "Sylvie Moreau"


def test_with_a_changed_password_no_browser_goes_without_the_second_step(secretary):
    actor = enter(secretary)
    trusted = Browser("un navigateur", trusts=True)
    with transaction() as session:
        see(session, actor.account_id, trusted)
        assert is_trusted(session, actor.account_id, trusted)
    change_password(actor, PASSWORD, NEW)
    with reading() as session:
        assert not is_trusted(session, actor.account_id, trusted)


def test_who_is_asked_to_come_back_because_others_are_in_front_has_not_tried_their_password(secretary, monkeypatch):
    actor = enter(secretary)
    with monkeypatch.context() as crowd:
        crowd.setattr(passwords, "matches", Mock(side_effect=TooMany))
        for _ in range(PER_ACCOUNT + 1):
            with pytest.raises(TooMany) as busy:
                change_password(actor, PASSWORD, NEW)
            assert not isinstance(busy.value, TooManyAttempts)
    change_password(actor, PASSWORD, NEW)


@pytest.mark.requirement(44)
def test_without_the_old_password_nothing_changes(secretary):
    actor = enter(secretary)
    for old, new, field in (
        ("un autre mot de passe", NEW, "old"),
        ("", NEW, "old"),
        (PASSWORD, "court", "password"),
        (PASSWORD, PASSWORD, "password"),
    ):
        with pytest.raises(Invalid) as refused:
            change_password(actor, old, new)
        assert set(refused.value.fields) == {field}
    assert enter(secretary)


def test_guessing_the_old_password_from_an_open_session_is_slowed(secretary):
    actor = enter(secretary)
    for _ in range(PER_ACCOUNT):
        with pytest.raises(Invalid):
            change_password(actor, "un autre mot de passe", NEW)
    with pytest.raises(TooManyAttempts):
        change_password(actor, PASSWORD, NEW)


def test_a_changed_password_kills_the_links_that_would_choose_another(secretary):
    actor = enter(secretary)
    with transaction() as session:
        activation_link(session, actor.account_id)
    change_password(actor, PASSWORD, NEW)
    with reading() as session:
        assert session.exec(select(Activation.used_at)).one() is not None


def test_who_has_no_password_is_told_how_to_choose_one(secretary):
    actor = enter(secretary)
    with transaction() as session:
        account = session.exec(select(Account)).one()
        account.password_hash, account.status = None, "pending"
    with pytest.raises(NoPassword):
        change_password(actor, PASSWORD, NEW)


def test_a_visitor_changes_no_password():
    with pytest.raises(NotSignedIn):
        change_password(VISITOR, PASSWORD, NEW)


@pytest.mark.requirement(221)
def test_who_changed_a_password_is_in_the_history(secretary):
    actor = enter(secretary)
    change_password(actor, PASSWORD, NEW)
    with reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.PASSWORD_CHANGED)).one()
    assert (entry.actor_id, entry.subject_id, entry.session_id) == (actor.account_id, actor.account_id, actor.session_id)
