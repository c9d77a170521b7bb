"""Sets the demonstration up, and keeps it around today: run at each start, it adds only what is missing."""

import json
import secrets
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.demo.appointments import seed_appointments, seed_patients
from maiia_pro.demo.history import seed_history
from maiia_pro.demo.ids import HOLDER_ID, PRACTICE_ID, demo_id
from maiia_pro.demo.practice import add_missing, seed_practice
from maiia_pro.demo.reception import seed_reception
from maiia_pro.demo.requests import seed_requests
from maiia_pro.demo.rooms import seed_rooms
from maiia_pro.demo.series import seed_series
from maiia_pro.demo.waiting import seed_waiting
from maiia_pro.evening.tables import EveningList
from maiia_pro.identity import passwords
from maiia_pro.identity.accounts import insert_account
from maiia_pro.identity.api_clients import add_client
from maiia_pro.identity.tables import Account, ApiClient, DelegateKind, Delegation, Membership
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import SCOPES
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.vault import seal
from maiia_pro.patients.tables import Person
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings

SEEDER: Final = Actor.system("Jeu de démonstration")
REQUESTS_PER_MINUTE = 6000
CLIENT_ID: Final = "client-demonstration"
LIST_PASSWORD: Final = "demonstration"  # noqa: S105 - of a list in which everybody is invented


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration, with the address people type."""

    role: ActorKind
    email: str
    name: str


ACCOUNTS: Final = (
    DemoAccount(ActorKind.OPERATOR, "exploitant@demonstration.example", "Marc Tanguy"),
    DemoAccount(ActorKind.PRACTITIONER, "claire.vasseur@demonstration.example", "Dr Claire Vasseur"),
    DemoAccount(ActorKind.SECRETARY, "sylvie.moreau@demonstration.example", "Sylvie Moreau"),
    DemoAccount(ActorKind.PATIENT, "josiane.keller@demonstration.example", "Josiane Keller"),
)
OWN_AGENDA: Final = {"claire.vasseur@demonstration.example": "vasseur"}


def seed_demo() -> None:
    """Create the demonstration practice, or complete it around today."""
    kept = _secrets()
    with transaction() as session:
        seed_practice(session)
        seed_rooms(session)
        accounts = {account.email: _account(session, account, kept[account.role]) for account in ACCOUNTS}
        _link(session, accounts)
        _api_client(session, kept)
        session.flush()
        patients = seed_patients(session)
        session.flush()
        secretary = _secretary(accounts)
        seed_series(session, patients, secretary)
        seed_appointments(session, patients)
        seed_history(session, secretary)
        known = [patient.id for patient in patients.everybody]
        seed_requests(session, accounts, known)
        seed_reception(session)
        seed_waiting(session, accounts, known)
        _evening(session)


def demo_logins() -> dict[str, Any]:
    """Tell the demonstration's logins, as `demo.json` and the console show them (`base_url` is the caller's)."""
    kept = _secrets()
    return {
        "accounts": [{"role": str(account.role), "email": account.email, "password": kept[account.role]} for account in ACCOUNTS],
        "api_client": {"id": CLIENT_ID, "secret": kept["api_client"], "scopes": sorted(set(SCOPES.values()))},
    }


def _secrets() -> dict[str, str]:
    """Read the passwords of this data folder, made once, readable by its owner only."""
    path: Path = get_settings().data_dir / "demo-secrets.json"
    if path.exists():
        known: dict[str, str] = json.loads(path.read_text())
        return known
    made = {str(account.role): f"tilleul-{secrets.token_hex(6)}" for account in ACCOUNTS} | {"api_client": secrets.token_urlsafe(32)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(made))
    return made


def _account(session: Session, demo: DemoAccount, password: str) -> UUID:
    account = session.exec(select(Account).where(Account.email_key == demo.email)).first()
    if account is None:
        hashed = passwords.hash_password(password)
        return insert_account(session, SEEDER, email=demo.email, name=demo.name, role=demo.role, password_hash=hashed).id
    if not passwords.matches(account.password_hash, password):
        account.password_hash = passwords.hash_password(password)
        session.add(account)
    return account.id


def _evening(session: Session) -> None:
    """Fill in the evening list, switched off: « Envoyer maintenant » puts it into the outbox that everybody may look at."""
    row = {
        "practice_id": PRACTICE_ID,
        "enabled": False,
        "recipient": "accueil@demonstration.example",
        "at": time(19),
        "changed_at": clock.now(),
    }
    add_missing(session, EveningList, [row | {"sealed_password": seal(LIST_PASSWORD, str(PRACTICE_ID)), "failure": ""}])


def _secretary(accounts: dict[str, UUID]) -> Actor:
    demo = next(one for one in ACCOUNTS if one.role is ActorKind.SECRETARY)
    return Actor(demo.role, demo.name, account_id=accounts[demo.email])


def _link(session: Session, accounts: dict[str, UUID]) -> None:
    """Tie the accounts to the practice, to an agenda, to a person."""
    staff = {"claire.vasseur@demonstration.example": ActorKind.PRACTITIONER, "sylvie.moreau@demonstration.example": ActorKind.SECRETARY}
    rows = [
        {
            "id": demo_id(f"membership:{email}"),
            "account_id": accounts[email],
            "practice_id": PRACTICE_ID,
            "role": role,
            "administers": role is ActorKind.PRACTITIONER,
            "created_at": clock.now(),
        }
        for email, role in staff.items()
    ]
    add_missing(session, Membership, rows)
    for email, key in OWN_AGENDA.items():
        practitioner = session.get_one(Practitioner, demo_id(f"practitioner:{key}"))
        practitioner.account_id = accounts[email]
        session.add(practitioner)
    session.flush()
    add_missing(session, Delegation, _delegations(session, accounts, staff))
    holder = {
        "id": HOLDER_ID,
        "account_id": accounts["josiane.keller@demonstration.example"],
        "given_name": "Josiane",
        "family_name": "Keller",
        "birth_date": date(1955, 6, 2),
        "phone": "+33639985714",
        "is_self": True,
        "created_at": clock.now(),
    }
    add_missing(session, Person, [holder])


def _delegations(session: Session, accounts: dict[str, UUID], staff: dict[str, ActorKind]) -> list[dict[str, object]]:
    """Have every practitioner let the secretary and the colleague with an account do all but settings."""
    whom = session.exec(select(Practitioner.id, Practitioner.account_id).where(Practitioner.practice_id == PRACTICE_ID)).all()
    return [
        {
            "id": demo_id(f"delegation:{email}:{practitioner_id}"),
            "practice_id": PRACTICE_ID,
            "practitioner_id": practitioner_id,
            "account_id": accounts[email],
            "kind": DelegateKind.SECRETARY if role is ActorKind.SECRETARY else DelegateKind.COLLEAGUE,
            "rights": [one.value for one in Right if one is not Right.SETTINGS],
            "starts_at": clock.now(),
            "created_at": clock.now(),
        }
        for email, role in staff.items()
        for practitioner_id, account_id in whom
        if account_id != accounts[email]
    ]


def _api_client(session: Session, kept: dict[str, str]) -> None:
    secret_hash = token_hash(kept["api_client"])
    known = session.exec(select(ApiClient).where(ApiClient.client_id == CLIENT_ID)).first()
    if known is not None:
        known.secret_hash = secret_hash
        return
    client = ApiClient(
        client_id=CLIENT_ID,
        secret_hash=secret_hash,
        name="Logiciel de démonstration",
        practice_id=PRACTICE_ID,
        scopes=" ".join(sorted(set(SCOPES.values()))),
        requests_per_minute=REQUESTS_PER_MINUTE,
    )
    add_client(session, SEEDER, client)
