"""Signing in by Pro Santé Connect, against a provider that speaks over real sockets and signs with real keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlmodel import select

from maiia_pro.administration.members import ask_member_in
from maiia_pro.identity import psc
from maiia_pro.identity.cookies import cookie_name, psc_cookie_name, token_in
from maiia_pro.identity.hats import hats
from maiia_pro.identity.psc_tables import PscLink, PscRequest, PscSession
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.tables import Account, AccountStatus, Membership, Profession, Professional
from maiia_pro.integrations.psc import asking
from maiia_pro.integrations.psc.fake import PscSimulation
from maiia_pro.integrations.psc.refusals import PscAway
from maiia_pro.integrations.psc.wallet import Fault
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.rates import forget_requests
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.onboarding.answering import answer
from maiia_pro.onboarding.team import Invitation
from maiia_pro.practice.declaring import DeclarationForm, decide, declare
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings
from tests.api.conftest import call
from tests.factories import House, email_of, new_account, new_operator
from tests.identity.conftest import SYSTEM
from tests.tools.dribble import dribbling

pytestmark = pytest.mark.integration

STRANGER = "10000000009"


@pytest.fixture(scope="module")
def provider() -> Iterator[PscSimulation]:
    """The provider, on a port of its own."""
    simulation = PscSimulation([])
    simulation.start()
    yield simulation
    simulation.stop()


@pytest.fixture(autouse=True)
def _named_in_the_settings(provider, monkeypatch) -> Iterator[None]:
    """Name it as an operator would, and forget what it said of itself before."""
    for name, value in (
        ("ISSUER", provider.wallet.issuer),
        ("CLIENT_ID", provider.CLIENT_ID),
        ("CLIENT_SECRET", provider.wallet.client_secret),
    ):
        monkeypatch.setenv(f"PSC_{name}", value)
    get_settings.cache_clear()
    asking.forget()
    forget_requests()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()
    asking.forget()


@dataclass
class Browser:
    """What a browser holds and follows; the provider is asked over its socket."""

    jar: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **options) -> httpx.Response:
        """Ask our server, with the cookies that it set."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        answer = call(method, path, headers={"cookie": cookie} if cookie else {}, **options)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.jar[name] = value.strip('"')
        return answer

    def leave(self, leads_to: str = "") -> str:
        """Press the button and give the provider's address."""
        return self.call("POST", "/api/session/psc", json={"leads_to": leads_to}).json()["leave"]

    def identify(self, address: str, rpps: str, fault: str = "") -> str:
        """Choose who one is on the provider's page and give where it leads."""
        return httpx.post(address, data={"rpps": rpps, "fault": fault}, trust_env=False).headers["location"]

    def come_back(self, address: str) -> httpx.Response:
        """Follow it."""
        parts = urlsplit(address)
        return self.call("GET", f"{parts.path}?{parts.query}")

    def sign_in(self, rpps: str, fault: str = "", leads_to: str = "") -> httpx.Response:
        """Go the whole way."""
        return self.come_back(self.identify(self.leave(leads_to), rpps, fault))

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        return actor_of_token(self.jar.get(cookie_name()))


@pytest.fixture
def house() -> House:
    return House.ready()


@pytest.fixture
def doctor(house) -> Actor:
    return house.practitioner_actor()


def number_of(actor: Actor) -> str:
    with reading() as session:
        return session.get_one(Practitioner, actor.practitioner_id).rpps


def refusal_of(answer: httpx.Response) -> str:
    """The code of the sentence that the page of signing in shows."""
    assert answer.status_code == 303
    target = urlsplit(answer.headers["location"])
    assert (target.path, target.fragment) == ("/connexion/", "mot-de-passe")
    return parse_qs(target.query)["psc"][0]


def actions() -> list[str]:
    with reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(AuditEntry.sequence)).all())


@pytest.mark.requirement(210)
def test_a_professional_enters_the_account_of_their_number(doctor):
    browser = Browser()
    answer = browser.sign_in(number_of(doctor))
    assert (answer.status_code, answer.headers["location"]) == (303, "/agenda")
    assert (browser.actor.account_id, browser.actor.kind) == (doctor.account_id, ActorKind.PRACTITIONER)
    assert "httponly" in str(answer.headers.get_list("set-cookie")).lower()


def test_who_has_something_to_choose_is_led_to_it_unless_they_wanted_a_page(doctor):
    elsewhere = Membership(
        account_id=doctor.account_id, practice_id=House.ready().practice_id, role=ActorKind.SECRETARY, asked_at=clock.now()
    )
    with transaction() as session:
        session.add(elsewhere)
    assert Browser().sign_in(number_of(doctor)).headers["location"] == "/compte/role"
    assert Browser().sign_in(number_of(doctor), leads_to="/chiffres").headers["location"] == "/chiffres"


def test_the_request_asks_for_the_level_and_hides_the_verifier(provider):
    asked = parse_qs(urlsplit(Browser().leave()).query)
    assert asked["acr_values"] == ["eidas1"]
    assert asked["scope"] == ["openid scope_all"]
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert asked["redirect_uri"] == [get_settings().base_url + psc.RETURNS_TO]
    assert asked["client_id"] == [provider.CLIENT_ID]
    assert provider.wallet.client_secret not in str(asked)


def test_the_first_time_links_the_account_and_says_so_in_the_trail(doctor):
    Browser().sign_in(number_of(doctor))
    Browser().sign_in(number_of(doctor))
    with reading() as session:
        link = session.exec(select(PscLink)).one()
    assert (link.account_id, link.rpps) == (doctor.account_id, number_of(doctor))
    assert actions().count(AuditAction.PSC_LINKED) == 1
    assert actions().count(AuditAction.SESSION_OPENED) == 2


def test_who_was_a_patient_first_links_their_account_as_the_professional_that_they_are(doctor):
    with transaction() as session:
        session.get_one(Account, doctor.account_id).role = ActorKind.PATIENT
    Browser().sign_in(number_of(doctor))
    with reading() as session:
        linked = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.PSC_LINKED)).one()
    assert (linked.actor_id, linked.actor_kind) == (doctor.account_id, ActorKind.PRACTITIONER)


def test_the_page_that_was_wanted_comes_next(doctor):
    assert Browser().sign_in(number_of(doctor), leads_to="/demandes?vue=miennes").headers["location"] == "/demandes?vue=miennes"


def test_the_way_back_never_leads_to_another_site(doctor):
    for elsewhere in ("//ailleurs.exemple", "https://ailleurs.exemple", "/\\ailleurs.exemple", "agenda", "/a\nb", "/" + "x" * 2100):
        Browser().leave(elsewhere)
    with reading() as session:
        assert set(session.exec(select(PscRequest.leads_to)).all()) == {""}
    assert Browser().sign_in(number_of(doctor), leads_to="//ailleurs.exemple").headers["location"] == "/agenda"


@pytest.mark.requirement(210)
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.WEAK, "psc-weak"),
        (Fault.NO_LEVEL, "psc-weak"),
        (Fault.AUDIENCE, "psc-refused"),
        (Fault.ISSUER, "psc-refused"),
        (Fault.EXPIRED, "psc-refused"),
        (Fault.NONCE, "psc-refused"),
        (Fault.SIGNATURE, "psc-refused"),
        (Fault.SYMMETRIC, "psc-refused"),
        (Fault.UNSIGNED, "psc-refused"),
        (Fault.NO_TOKEN, "psc-refused"),
        (Fault.OTHER_PERSON, "psc-refused"),
        (Fault.NO_NUMBER, "psc-no-number"),
        (Fault.TWO_NUMBERS, "psc-no-number"),
        (Fault.NONSENSE, "psc-away"),
        (Fault.BROKEN, "psc-away"),
        (Fault.ENDLESS, "psc-away"),
    ],
)
def test_an_answer_that_is_not_right_opens_nothing(doctor, fault, code):
    browser = Browser()
    assert refusal_of(browser.sign_in(number_of(doctor), fault)) == code
    assert browser.actor.kind is ActorKind.ANONYMOUS
    assert AuditAction.SESSION_OPENED not in actions()


def test_a_provider_that_is_too_slow_is_not_waited_for(doctor, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    assert refusal_of(Browser().sign_in(number_of(doctor), Fault.SLOW)) == "psc-away"


def test_a_provider_that_answers_a_line_at_a_time_is_given_up_after_its_seconds(monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    with dribbling() as (url, taken):
        with pytest.raises(PscAway):
            asking.ask("GET", url)
        assert not taken.is_set()


def test_a_provider_that_is_away_says_so_before_anybody_leaves(monkeypatch):
    monkeypatch.setenv("PSC_ISSUER", "http://127.0.0.1:1/auth")
    get_settings.cache_clear()
    answer = Browser().call("POST", "/api/session/psc", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "psc-away")
    assert "mot de passe" in answer.json()["message"]


def test_a_provider_that_names_itself_otherwise_is_not_believed(provider, monkeypatch):
    monkeypatch.setattr(provider.wallet, "issuer", provider.wallet.issuer + "/")
    assert Browser().call("POST", "/api/session/psc", json={}).json()["code"] == "psc-away"


def test_where_no_provider_is_named_there_is_no_way_to_it(monkeypatch):
    monkeypatch.setenv("PSC_CLIENT_SECRET", "")
    get_settings.cache_clear()
    assert Browser().call("POST", "/api/session/psc", json={}).json()["code"] == "psc-not-set"


def test_an_answer_counts_once(doctor):
    browser = Browser()
    back = browser.identify(browser.leave(), number_of(doctor))
    before = dict(browser.jar)
    assert browser.come_back(back).headers["location"] == "/agenda"
    assert refusal_of(Browser(before).come_back(back)) == "psc-over"


def test_the_answer_for_another_browser_opens_nothing(doctor):
    """Else whoever is at the mouse could be signed in to the account of who sent them the link."""
    back = Browser().identify(Browser().leave(), number_of(doctor))
    other = Browser()
    other.leave()
    assert refusal_of(other.come_back(back)) == "psc-over"
    assert refusal_of(Browser().come_back(back)) == "psc-over"


def test_the_answer_for_another_browser_leaves_the_request_under_way(doctor):
    browser = Browser()
    own = browser.identify(browser.leave(), number_of(doctor))
    browser.come_back(Browser().identify(Browser().leave(), number_of(doctor)))
    assert browser.come_back(own).headers["location"] == "/agenda"


def test_a_request_is_over_after_ten_minutes(doctor):
    browser = Browser()
    back = browser.identify(browser.leave(), number_of(doctor))
    with clock.shifted(psc.LASTS):
        assert refusal_of(browser.come_back(back)) == "psc-over"
        assert psc.delete_old_requests(SYSTEM) == 1


def test_who_gives_up_is_told_how_to_go_on():
    browser = Browser()
    back = httpx.post(browser.leave(), data={"cancel": "1"}, trust_env=False).headers["location"]
    assert refusal_of(browser.come_back(back)) == "psc-cancelled"


def test_the_answer_of_another_provider_is_refused(doctor):
    browser = Browser()
    back = browser.identify(browser.leave(), number_of(doctor))
    mixed = back.replace("iss=http", "iss=https")
    assert refusal_of(browser.come_back(mixed)) == "psc-refused"


def test_a_code_that_was_not_given_to_this_request_is_refused(doctor):
    browser = Browser()
    state = parse_qs(urlsplit(browser.leave()).query)["state"][0]
    stolen = parse_qs(urlsplit(Browser().identify(Browser().leave(), number_of(doctor))).query)["code"][0]
    assert refusal_of(browser.come_back(f"{psc.RETURNS_TO}?state={state}&code={stolen}")) == "psc-refused"


@pytest.mark.requirement(210)
def test_a_number_that_nobody_has_opens_nothing_whatever_the_address(doctor):
    """The provider's userinfo carries an e-mail address; it is never looked at."""
    with transaction() as session:
        account = session.get_one(Account, doctor.account_id)
        account.email = account.email_key = "quelqu.un@exemple.fr"
    browser = Browser()
    assert refusal_of(browser.sign_in(STRANGER)) == "psc-unknown"
    assert browser.actor.kind is ActorKind.ANONYMOUS


@pytest.mark.parametrize(("status", "code"), [(AccountStatus.SUSPENDED, "account-suspended"), (AccountStatus.PENDING, "psc-pending")])
def test_an_account_that_may_not_be_used_stays_shut(doctor, status, code):
    with transaction() as session:
        session.get_one(Account, doctor.account_id).status = status
    browser = Browser()
    assert refusal_of(browser.sign_in(number_of(doctor))) == code
    assert browser.actor.kind is ActorKind.ANONYMOUS
    with reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.SESSION_REFUSED)).one()
    assert (entry.subject_id, entry.details) == (doctor.account_id, {"by": "psc", "why": code})


@pytest.mark.requirement(210)
def test_a_number_in_two_accounts_opens_neither_until_one_was_proven(house, doctor):
    other = new_account(ActorKind.SUBSTITUTE, "Nour Benali")
    number = number_of(doctor)
    Browser().sign_in(number)
    with transaction() as session:
        session.add(Professional(account_id=other.account_id, profession=Profession.PHYSICIAN, rpps=number))
        session.add(Membership(account_id=other.account_id, practice_id=house.practice_id, role=ActorKind.SUBSTITUTE))
    proven = Browser()
    proven.sign_in(number)
    assert proven.actor.account_id == doctor.account_id
    with transaction() as session:
        session.delete(session.exec(select(PscLink)).one())
    assert refusal_of(Browser().sign_in(number)) == "psc-several"


@pytest.mark.requirement(208)
@pytest.mark.requirement(210)
@pytest.mark.parametrize("declines", [False, True])
def test_a_number_typed_for_somebody_s_account_opens_nothing_before_they_accept(house, doctor, other_house, declines):
    """Whoever invites types the number: its holder would come into the account of the one who was invited."""
    victim = other_house.secretary("Odette Vraie")
    typed = {"role": "practitioner", "title": "Dr", "given_name": "Jean", "family_name": "Complice", "specialty": "cardiology"}
    ask_member_in(doctor, house.practice_id, Invitation.read(typed | {"rpps": STRANGER, "email": email_of(victim)}))
    if declines:
        answer(victim, hats(victim)[1][0].membership_id, accepts=False)
    browser = Browser()
    assert refusal_of(browser.sign_in(STRANGER)) == "psc-unknown"
    assert browser.actor.kind is ActorKind.ANONYMOUS


@pytest.mark.requirement(210)
def test_a_number_that_left_the_account_no_longer_opens_it(house, doctor):
    number = number_of(doctor)
    Browser().sign_in(number)
    decide(
        new_operator(), declare(doctor, DeclarationForm.read({"what": "rpps", "rpps": STRANGER, "proof": "Erreur de saisie."})), accept=True
    )
    assert refusal_of(Browser().sign_in(number)) == "psc-unknown"
    other = house.practitioner_actor(house.practitioner("Autre"), "Dr Claire Autre")
    decide(new_operator(), declare(other, DeclarationForm.read({"what": "rpps", "rpps": number, "proof": "Le sien."})), accept=True)
    browser = Browser()
    browser.sign_in(number)
    assert browser.actor.account_id == other.account_id


def test_nothing_that_opens_is_stored(doctor, provider):
    browser = Browser()
    address = browser.leave()
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    with reading() as session:
        stored = str(session.exec(select(PscRequest)).all())
    kept = [browser.jar[psc_cookie_name()], asked["state"], asked["nonce"], psc._secret(browser.jar[psc_cookie_name()], "verifier")]
    assert [one for one in kept if one in stored] == []
    browser.come_back(browser.identify(address, number_of(doctor)))
    with reading() as session:
        assert "id_token_hint" not in str(session.exec(select(PscSession)).one())


def test_signing_out_ends_the_session_there_too(doctor, provider):
    browser = Browser()
    browser.sign_in(number_of(doctor))
    answer = browser.call("DELETE", "/api/session")
    onward = httpx.get(answer.json()["leave"], trust_env=False)
    assert onward.headers["location"] == get_settings().base_url + psc.LEAVES_TO
    assert provider.wallet.ended[-1].endswith(number_of(doctor))
    assert browser.actor.kind is ActorKind.ANONYMOUS
    with reading() as session:
        assert session.exec(select(PscSession)).all() == []


def test_who_came_in_by_a_password_ends_nothing_elsewhere(doctor):
    from tests.factories import session_token

    browser = Browser({cookie_name(): session_token(doctor)})
    assert browser.call("DELETE", "/api/session").status_code == 204


def test_a_key_that_the_provider_changed_is_asked_for_anew(doctor, provider, monkeypatch):
    from joserfc.jwk import RSAKey

    monkeypatch.setattr(asking, "NEW_KEYS_SECONDS", 0.0)
    Browser().sign_in(number_of(doctor))
    monkeypatch.setattr(provider.wallet, "key", RSAKey.generate_key(2048, {"kid": "nouvelle"}))
    monkeypatch.setattr(provider.wallet, "kid", "nouvelle")
    assert Browser().sign_in(number_of(doctor)).headers["location"] == "/agenda"


def test_one_network_cannot_begin_without_end(monkeypatch):
    monkeypatch.setattr(psc, "PER_MINUTE", 2)
    statuses = [Browser().call("POST", "/api/session/psc", json={}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("query", ["", "?state=", "?state=é&code=x", "?state=x&code=%00", "?error=%3Cscript%3E"])
def test_an_answer_out_of_the_blue_is_over(query):
    browser = Browser()
    assert refusal_of(browser.call("GET", psc.RETURNS_TO + query)) == "psc-over"
    assert token_in("; ".join(f"{k}={v}" for k, v in browser.jar.items())) == ""
