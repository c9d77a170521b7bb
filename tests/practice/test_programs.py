"""The programs that a practice lets in by itself."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.administration.leaving import remove_member
from maiia_pro.identity.api_clients import BadClient, authenticate_client, issue_token
from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from maiia_pro.identity.tables import ApiClient
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.operations.restricting import Decision, restrict_account
from maiia_pro.practice.programs import MOST, Draft, NotAlonesKeeper, checked_address, let_in, programs, renew_secret, turn_away
from tests.factories import House, new_operator

pytestmark = pytest.mark.integration

READ = "appointments.read"
BACK = "https://logiciel.exemple.fr/retour"
ALONE = Draft("Téléphonie", [READ], acts_alone=True)
FOR_PEOPLE = Draft("Dossier", [READ], [BACK, "", f" {BACK} "])


@pytest.fixture
def house(clean_database) -> House:
    return House.ready()


@pytest.fixture
def doctor(house):
    return house.practitioner_actor()


@pytest.mark.requirement(217)
def test_a_practitioner_lets_a_program_in_with_the_scopes_ticked(doctor, house):
    client_id, secret = let_in(doctor, FOR_PEOPLE)
    client = authenticate_client(client_id, secret)
    assert (client.practice_id, client.scopes, client.acts_alone) == (house.practice_id, {READ}, False)
    (one,) = programs(doctor)
    assert (one.name, one.addresses, one.last_used_at) == ("Dossier", (BACK,), None)


def test_the_secret_is_kept_nowhere(doctor):
    _, secret = let_in(doctor, FOR_PEOPLE)
    with reading() as session:
        assert secret not in str(session.exec(select(ApiClient)).all())


@pytest.mark.requirement(208)
def test_a_program_of_the_whole_practice_needs_every_practitioner_s_rights(doctor, house):
    assert let_in(doctor, ALONE)
    other = house.practitioner("Autre")
    house.let(doctor.account_id, other, frozenset({Right.AGENDA}))
    with pytest.raises(NotAlonesKeeper):
        let_in(doctor, Draft("Site", [READ], acts_alone=True))
    with pytest.raises(NotAlonesKeeper):
        renew_secret(doctor, programs(doctor)[0].id, timedelta(0))
    assert turn_away(doctor, programs(doctor)[0].id) == "Téléphonie"


def test_who_left_the_practice_has_no_say_in_its_programs(doctor, house):
    colleague = house.practitioner_actor(house.practitioner("Autre"), "Dr Marc Zeller")
    house.let(doctor.account_id, colleague.practitioner_id, frozenset())
    remove_member(doctor, house.practice_id, colleague.account_id)
    client_id, secret = let_in(doctor, ALONE)
    restrict_account(new_operator(), doctor.account_id, Decision(RestrictionKind.SUSPENDED, Ground.FRAUD), None)
    with pytest.raises(BadClient):
        issue_token(authenticate_client(client_id, secret))


def test_a_secretary_lets_no_program_in(house):
    secretary = house.secretary()
    for act in (lambda: programs(secretary), lambda: let_in(secretary, FOR_PEOPLE)):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (Draft("", [], []), {"name", "scopes", "addresses"}),
        (Draft("x" * 81, [READ], [BACK]), {"name"}),
        (Draft("Nom", ["tout"], [BACK]), {"scopes"}),
        (Draft("Nom", [READ], ["http://logiciel.exemple.fr/"]), {"addresses"}),
        (Draft("Nom", [READ], [f"{BACK}/{number}" for number in range(6)]), {"addresses"}),
    ],
)
def test_what_is_wrong_is_said_beside_each_field(doctor, draft, fields):
    with pytest.raises(Invalid) as wrong:
        let_in(doctor, draft)
    assert wrong.value.fields.keys() == fields


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "https://", "https:///chemin", "https://a@b.exemple/", "https://a.exemple/#x", "https://*.exemple/",
        "https://a.exemple/ b", "https://é.exemple/", "/retour", "https://a.exemple:0/", "https://a.exemple:x/", "https://a.exemple\\b",
    ],
)  # fmt: skip
def test_an_address_to_go_back_to_is_whole_and_safe(address):
    with pytest.raises(Invalid):
        checked_address(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/retour", "http://localhost/retour", BACK])
def test_an_address_of_this_machine_may_be_http(address):
    assert checked_address(address) == address


def test_a_name_stands_once_in_a_practice(doctor):
    let_in(doctor, FOR_PEOPLE)
    with pytest.raises(Invalid, match="porte déjà ce nom"):
        let_in(doctor, Draft("DOSSIER", [READ], [BACK]))


def test_there_are_only_so_many(doctor):
    for number in range(MOST):
        let_in(doctor, Draft(f"Logiciel {number}", [READ], [BACK]))
    with pytest.raises(Invalid, match=str(MOST)):
        let_in(doctor, Draft("De trop", [READ], [BACK]))


@pytest.mark.parametrize("overlap", [timedelta(0), timedelta(days=1)])
def test_the_secret_before_is_good_as_long_as_was_said(doctor, overlap):
    client_id, before = let_in(doctor, FOR_PEOPLE)
    after = renew_secret(doctor, programs(doctor)[0].id, overlap)
    assert authenticate_client(client_id, after)
    if overlap:
        assert authenticate_client(client_id, before)
        assert programs(doctor)[0].overlaps_until
    with clock.shifted(overlap), pytest.raises(BadClient):
        authenticate_client(client_id, before)


def test_an_overlap_that_nobody_offered_is_refused(doctor):
    let_in(doctor, FOR_PEOPLE)
    with pytest.raises(Invalid):
        renew_secret(doctor, programs(doctor)[0].id, timedelta(days=3650))


def test_a_program_turned_away_is_out_at_once_and_off_the_list(doctor):
    client_id, secret = let_in(doctor, ALONE)
    issue_token(authenticate_client(client_id, secret))
    ident = programs(doctor)[0].id
    turn_away(doctor, ident)
    assert programs(doctor) == []
    with pytest.raises(BadClient):
        authenticate_client(client_id, secret)
    with pytest.raises(NotFound):
        turn_away(doctor, ident)


def test_each_act_is_in_the_trail_of_the_practice(doctor, house):
    let_in(doctor, FOR_PEOPLE)
    renew_secret(doctor, programs(doctor)[0].id, timedelta(0))
    turn_away(doctor, programs(doctor)[0].id)
    with reading() as session:
        found = session.exec(
            select(AuditEntry.action).where(AuditEntry.practice_id == house.practice_id).order_by(AuditEntry.sequence)
        ).all()
    assert found == [AuditAction.API_CLIENT_REGISTERED, AuditAction.API_SECRET_RENEWED, AuditAction.API_CLIENT_REVOKED]
