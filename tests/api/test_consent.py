"""Programs that act for people: consent, codes with PKCE, refresh tokens, and never more than the person's own rights."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from maiia_pro.api.asgi import build_api
from maiia_pro.api.bearers import _known
from maiia_pro.api.hardening import Hardening
from maiia_pro.identity.api_clients import TOKEN_LASTS, BadToken, authenticate_client, bearer_of
from maiia_pro.identity.api_grants import REFRESH_LASTS, delete_old_grants
from maiia_pro.identity.consent import (
    CODE_LASTS,
    BadApplication,
    OtherPractice,
    SentBack,
    end_grants_of,
    end_own,
    give,
    own_grants,
    read_request,
    refuse,
)
from maiia_pro.identity.grant_tables import ApiGrant, ApiRefresh
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import sign_out_everywhere
from maiia_pro.identity.tables import Account, AccountStatus, ApiClient, ApiToken, Membership
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound, NotSignedIn
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.settings import get_settings
from tests.api.conftest import Program, call
from tests.factories import CLIENT_SECRET, House, client_id_of, session_token

pytestmark = pytest.mark.integration

BACK = "https://logiciel.exemple.fr/retour?place=a"
SYSTEM = Actor.system("test")


@dataclass
class Partner:
    """A program of the practice that acts for people, and what it remembers of a request."""

    client_id: str
    verifier: str = ""

    def asks(self, **more: str | None) -> dict[str, str]:
        """Make what it sends the browser with; a parameter that is None is left out."""
        self.verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        usual = {"response_type": "code", "client_id": self.client_id, "redirect_uri": BACK, "state": "un état & plus"}
        usual |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return {name: value for name, value in (usual | more).items() if value is not None}

    def code(self, person: Actor, **more: str) -> str:
        """Have somebody consent, and give the code."""
        return answer_in(give(person, read_request(person, self.asks(**more))))["code"]

    def token(self, **form: str) -> httpx.Response:
        """Ask the token endpoint."""
        return call("POST", "/oauth/token", data={"client_id": self.client_id, "client_secret": CLIENT_SECRET} | form)

    def redeem(self, code: str, **more: str) -> httpx.Response:
        """Exchange a code."""
        return self.token(**{"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": self.verifier} | more)

    def renew(self, refresh: str, **more: str) -> httpx.Response:
        """Exchange a refresh token."""
        return self.token(grant_type="refresh_token", refresh_token=refresh, **more)

    def tokens(self, person: Actor, **more: str) -> dict:
        """Go the whole way."""
        return self.redeem(self.code(person, **more)).json()

    def about(self, path: str, token: str) -> httpx.Response:
        """Look at a token, or give it up."""
        return call("POST", path, data={"client_id": self.client_id, "client_secret": CLIENT_SECRET, "token": token})


def answer_in(address: str) -> dict[str, str]:
    """What an address takes back to the program."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://logiciel.exemple.fr/retour"
    return {name: value for name, (value,) in parse_qs(parts.query).items()}


@pytest.fixture
def partner(house: House) -> Partner:
    client_id = client_id_of(house.api_client())
    with transaction() as session:
        client = session.exec(select(ApiClient).where(ApiClient.client_id == client_id)).one()
        client.redirect_uris, client.acts_alone = [BACK], False
    return Partner(client_id)


@pytest.fixture
def secretary(house: House) -> Actor:
    return signed_in(house.secretary())


def signed_in(actor: Actor) -> Actor:
    return actor_of_token(session_token(actor))


def headers(tokens: dict) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['access_token']}"}


@pytest.mark.requirement(217)
def test_a_program_acts_for_who_let_it(partner, secretary, house):
    tokens = partner.tokens(secretary)
    actor = bearer_of(tokens["access_token"]).actor
    assert (actor.account_id, actor.practice_ids) == (secretary.account_id, {house.practice_id})
    assert actor.name == "Logiciel Exemple pour Sylvie Moreau"
    assert call("GET", f"/fhir/Patient/{house.patients[0].hex}", headers=headers(tokens)).status_code == 200


def test_the_answer_carries_the_state_the_issuer_and_what_the_address_had(partner, secretary):
    answer = answer_in(give(secretary, read_request(secretary, partner.asks())))
    assert (answer["state"], answer["iss"], answer["place"]) == ("un état & plus", get_settings().base_url, "a")


def test_who_refuses_gives_no_code(partner, secretary):
    answer = answer_in(refuse(secretary, read_request(secretary, partner.asks())))
    assert answer["error"] == "access_denied"
    assert "code" not in answer


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "court"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"scope": "tout"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_told_to_the_program(partner, secretary, change, error):
    with pytest.raises(SentBack) as sent:
        read_request(secretary, partner.asks(**change))
    assert (answer_in(sent.value.address)["error"], answer_in(sent.value.address)["state"]) == (error, "un état & plus")


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "inconnu"},
        {"client_id": "a\x00b"},
        {"redirect_uri": None},
        {"redirect_uri": "https://logiciel.exemple.fr/retour"},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK.replace("https", "http")},
        {"redirect_uri": "https://ailleurs.exemple/"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
def test_nobody_is_sent_to_an_address_that_no_practice_wrote_down(partner, secretary, change):
    with pytest.raises(BadApplication):
        read_request(secretary, partner.asks(**change))


def test_the_browser_is_led_to_the_page_or_back_and_nowhere_else(partner):
    with TestClient(Hardening(build_api()), follow_redirects=False) as browser:

        def led(**change: str | None) -> str:
            return browser.get(f"/oauth/authorize?{urlencode(partner.asks(**change))}").headers["location"]

        assert led().startswith("/autorisation/?response_type=code&")
        assert answer_in(led(scope="tout"))["error"] == "invalid_scope"
        assert led(redirect_uri="https://ailleurs.exemple/") == "/autorisation/?refus=oui"
        twice = f"/oauth/authorize?{urlencode(partner.asks())}&redirect_uri=https%3A%2F%2Failleurs.exemple%2F"
        assert browser.get(twice).headers["location"] == "/autorisation/?refus=oui"
        assert browser.get(f"/oauth/authorize?{'a=1&' * 60}").headers["location"] == "/autorisation/?refus=oui"


def test_who_does_not_work_in_the_practice_lets_nothing_in(partner, house):
    stranger = House.ready().secretary()
    asked = read_request(stranger, partner.asks())
    for act in (give, refuse):
        with pytest.raises(OtherPractice):
            act(stranger, asked)


@pytest.mark.parametrize(
    "change", [{"code_verifier": "x" * 43}, {"code_verifier": ""}, {"redirect_uri": "https://ailleurs.exemple/"}, {"code": "rien"}]
)
def test_a_code_needs_its_verifier_and_its_address(partner, secretary, change):
    answer = partner.redeem(**{"code": partner.code(secretary)} | change)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_lasts_a_minute(partner, secretary):
    code = partner.code(secretary)
    with clock.shifted(CODE_LASTS):
        assert partner.redeem(code).json()["error"] == "invalid_grant"


def test_a_code_that_comes_again_ends_what_it_gave(partner, secretary):
    code = partner.code(secretary)
    tokens = partner.redeem(code).json()
    assert partner.redeem(code).json()["error"] == "invalid_grant"
    with pytest.raises(BadToken):
        bearer_of(tokens["access_token"])
    assert partner.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_gives_new_ones_and_is_used_up(partner, secretary):
    first = partner.tokens(secretary)
    second = partner.renew(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert bearer_of(second["access_token"]).actor.account_id == secretary.account_id


def test_a_refresh_token_that_comes_again_ends_everything(partner, secretary):
    first = partner.tokens(secretary)
    second = partner.renew(first["refresh_token"]).json()
    assert partner.renew(first["refresh_token"], scope="tout").json()["error"] == "invalid_grant"
    assert partner.renew(second["refresh_token"]).json()["error"] == "invalid_grant"
    with pytest.raises(BadToken):
        bearer_of(second["access_token"])
    with reading() as session:
        assert AuditAction.API_GRANT_MISUSED in session.exec(select(AuditEntry.action)).all()


def test_a_refresh_token_dies_unused_and_access_tokens_sooner(partner, secretary):
    tokens = partner.tokens(secretary)
    with clock.shifted(TOKEN_LASTS), pytest.raises(BadToken):
        bearer_of(tokens["access_token"])
    with clock.shifted(REFRESH_LASTS):
        assert partner.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_renewal_narrows_and_never_widens(partner, secretary):
    tokens = partner.tokens(secretary, scope="directory.read patients.read")
    assert tokens["scope"] == "directory.read patients.read"
    assert partner.renew(tokens["refresh_token"], scope="directory.read callers.read").json()["error"] == "invalid_scope"
    assert partner.renew(tokens["refresh_token"], scope="directory.read").json()["scope"] == "directory.read"


@pytest.mark.requirement(59)
@pytest.mark.requirement(208)
def test_a_program_has_its_person_s_rights_at_most_as_they_are_now(partner, secretary, house):
    tokens = partner.tokens(secretary)
    house.let(secretary.account_id, house.practitioners[0], frozenset({Right.AGENDA}))
    _known.clear()
    refused = call("POST", "/fhir/Appointment", headers=headers(tokens), json=Program.of(house).booking())
    assert (refused.status_code, house.appointments()) == (403, [])
    house.let(secretary.account_id, house.practitioners[0], frozenset({Right.AGENDA, Right.BOOK}))
    _known.clear()
    assert call("POST", "/fhir/Appointment", headers=headers(tokens), json=Program.of(house).booking()).status_code == 201


@pytest.mark.requirement(208)
def test_a_program_sees_the_agendas_that_its_person_sees(house):
    house.practitioner("Autre")
    house.offering(house.reason(house.practitioners[1]), house.sites[0])
    secretary = house.secretary()
    house.let(secretary.account_id, house.practitioners[1], frozenset())
    client_id = client_id_of(house.api_client())
    with transaction() as session:
        session.exec(select(ApiClient).where(ApiClient.client_id == client_id)).one().redirect_uris = [BACK]
    alone = Program.of(house)
    hours = ((house.practitioners[0], 0, 9), (house.practitioners[1], 1, 10))
    house.hours(house.practitioners[1], house.sites[0])
    for _, offering, hour in hours:
        assert alone.post("Appointment", alone.booking(hour, offering=offering)).status_code == 201
    tokens = Partner(client_id).tokens(signed_in(secretary))
    bound = Program(bearer_of(tokens["access_token"]).actor, house, headers(tokens))
    assert len(alone.found("Appointment?date=ge2020-01-01")) == 2
    assert len(bound.found("Appointment?date=ge2020-01-01")) == 1


@pytest.mark.requirement(61)
def test_what_a_program_does_is_traced_to_its_person(partner, secretary, house):
    tokens = partner.tokens(secretary)
    booked = call("POST", "/fhir/Appointment", headers=headers(tokens), json=Program.of(house).booking()).json()["id"]
    call("GET", f"/fhir/Appointment/{booked}", headers=headers(tokens))
    acts = [AuditAction.APPOINTMENT_BOOKED, AuditAction.APPOINTMENT_READ]
    with reading() as session:
        entries = session.exec(select(AuditEntry).where(col(AuditEntry.action).in_(acts))).all()
    traced = (secretary.account_id, "Logiciel Exemple pour Sylvie Moreau", house.practitioners[0])
    assert [(one.actor_id, one.actor_name, one.on_behalf_of) for one in entries] == [traced] * 2


def suspend(person: Actor, _partner: Partner) -> None:
    with transaction() as session:
        session.get_one(Account, person.account_id).status = AccountStatus.SUSPENDED


def leave(person: Actor, _partner: Partner) -> None:
    with transaction() as session:
        session.delete(session.exec(select(Membership).where(Membership.account_id == person.account_id)).one())


def lose(person: Actor, _partner: Partner) -> None:
    with transaction() as session:
        end_grants_of(session, SYSTEM, person.account_id)


def take_back(person: Actor, _partner: Partner) -> None:
    end_own(person, own_grants(person)[0].client_id)


def turn_away(_person: Actor, partner: Partner) -> None:
    with transaction() as session:
        session.exec(select(ApiClient).where(ApiClient.client_id == partner.client_id)).one().revoked_at = clock.now()


def test_who_has_just_been_shut_out_lets_no_program_in(partner, secretary):
    """The actor was read before: what shuts them out ended what they had given, and would leave what comes a moment later."""
    asked = read_request(secretary, partner.asks())
    sign_out_everywhere(secretary)
    with pytest.raises(NotSignedIn):
        give(secretary, asked)
    leave(secretary, partner)
    with pytest.raises(OtherPractice):
        give(secretary, asked)


@pytest.mark.parametrize("end", [suspend, leave, lose, take_back, turn_away])
def test_a_program_s_token_dies_with_what_it_stands_on(partner, secretary, end):
    tokens = partner.tokens(secretary)
    end(secretary, partner)
    with pytest.raises(BadToken):
        bearer_of(tokens["access_token"])
    if end is not leave:
        assert partner.renew(tokens["refresh_token"]).status_code in {400, 401}


def test_one_takes_back_one_s_own_consent_and_nobody_else_s(partner, secretary, house):
    tokens = partner.tokens(secretary)
    (given,) = own_grants(secretary)
    colleague = house.secretary("Autre Secrétaire")
    assert own_grants(colleague) == []
    with pytest.raises(NotFound):
        end_own(colleague, given.client_id)
    assert bearer_of(tokens["access_token"]).actor.account_id == secretary.account_id
    bearer_of(tokens["access_token"])
    assert own_grants(secretary)[0].last_used_at is not None


def test_a_program_for_people_gets_no_token_by_itself(partner):
    answer = partner.token(grant_type="client_credentials")
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_a_program_looks_at_its_own_tokens_only(partner, secretary, house):
    tokens, other = partner.tokens(secretary), Partner(client_id_of(house.api_client()))
    said = partner.about("/oauth/introspect", tokens["access_token"]).json()
    assert (said["active"], said["sub"], said["scope"]) == (True, str(secretary.account_id), tokens["scope"])
    assert partner.about("/oauth/introspect", tokens["refresh_token"]).json()["active"] is True
    for asker, token in ((other, tokens["access_token"]), (partner, "rien")):
        assert asker.about("/oauth/introspect", token).json() == {"active": False}


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_token_given_up_ends_the_consent(partner, secretary, which, house):
    tokens, other = partner.tokens(secretary), Partner(client_id_of(house.api_client()))
    assert other.about("/oauth/revoke", tokens[which]).status_code == 200
    bearer_of(tokens["access_token"])
    assert partner.about("/oauth/revoke", tokens[which]).status_code == 200
    with pytest.raises(BadToken):
        bearer_of(tokens["access_token"])
    assert partner.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert own_grants(secretary) == []


def test_no_code_and_no_token_is_stored(partner, secretary):
    code = partner.code(secretary)
    tokens = partner.redeem(code).json()
    with reading() as session:
        rows = [session.exec(select(table)).all() for table in (ApiGrant, ApiRefresh, ApiToken)]
    assert not [one for one in (code, tokens["access_token"], tokens["refresh_token"], partner.verifier) if one in str(rows)]


def test_what_is_long_over_is_deleted(partner, secretary):
    tokens = partner.tokens(secretary)
    end_own(secretary, own_grants(secretary)[0].client_id)
    partner.code(secretary)
    with clock.shifted(timedelta(days=31)):
        assert delete_old_grants(SYSTEM) == 2
    with reading() as session:
        assert [*session.exec(select(ApiGrant)).all(), *session.exec(select(ApiRefresh)).all()] == []
    assert tokens


def test_the_secret_before_is_good_for_a_while(partner):
    with transaction() as session:
        client = session.exec(select(ApiClient).where(ApiClient.client_id == partner.client_id)).one()
        client.previous_hash, client.secret_hash, client.previous_until = client.secret_hash, "x", clock.now() + timedelta(hours=1)
    assert authenticate_client(partner.client_id, CLIENT_SECRET)
    with clock.shifted(timedelta(hours=1)):
        assert partner.token(grant_type="client_credentials").status_code == 401


def test_a_bound_program_is_told_who_must_let_its_person(partner, secretary, house):
    tokens = partner.tokens(secretary)
    house.let(secretary.account_id, house.practitioners[0], frozenset())
    _known.clear()
    answer = call("GET", f"/fhir/Patient/{house.patients[0].hex}", headers=headers(tokens))
    assert (answer.status_code, "confié" in answer.json()["issue"][0]["details"]["text"]) == (403, True)
