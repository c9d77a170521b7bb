"""Two practices with a row in every table, two practitioners in one of them, and everybody who might knock at a wall."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import Session, SQLModel, select

from maiia_pro.agenda.visit_link import actor_of_link
from maiia_pro.identity.api_clients import bearer_of
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import Account, AccountStatus
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import SCOPES
from maiia_pro.kernel.actor import EVERY_RIGHT, Actor, ActorKind, Right
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.vault import seal, seal_bytes
from tests.walls.filling import Rows, tomorrow
from tests.walls.replacing import check, replaced

BEARER: Final = "jeton-"
SHARED: Final = ("practice", "practice_company", "practice_partner", "evening_list", "evening_sending")
"""What there is one of in a practice."""


@dataclass(frozen=True)
class Persona:
    """Somebody at a wall: who they are, what they send over HTTP, and what is theirs."""

    name: str
    actor: Actor
    headers: dict[str, str]
    own: Rows
    inside: bool = False
    """Of the practice whose things are aimed at: they know their colleagues, and what the practice shares."""
    lets: frozenset[str] = frozenset()
    """Tables of the practice that they may see by a right of their own."""

    def works_for_a_colleague(self) -> bool:
        """Tell whether a practitioner of that practice, though not the one aimed at, let them in."""
        return self.inside and any(Right.AGENDA in held for held in self.actor.rights.values())


@dataclass
class World:
    """What is aimed at (`theirs`), what stands beside it in the same practice, and what is at home elsewhere."""

    theirs: Rows
    beside: Rows
    home: Rows
    personas: dict[str, Persona]
    owners: dict[str, Persona]

    def only_of(self, rows: Rows) -> dict[str, str]:
        """Give the identifiers that only these rows bear, in both spellings, with the table of each."""
        others = {ident for one in (self.theirs, self.beside, self.home) if one is not rows for ident in _idents(one)}
        found = {ident: table for ident, table in _idents(rows).items() if ident not in others}
        return found | {ident.replace("-", ""): table for ident, table in found.items()}


def _idents(rows: Rows) -> dict[str, str]:
    return {str(row["id"]): name.partition(":")[0] for name, row in rows.rows.items() if isinstance(row.get("id"), UUID)}


def _finish(session: Session, rows: Rows) -> None:
    """Write what one row a table does not tell: a page that is public, a patient of their own, a time that is held, secrets that open."""
    tables, do = SQLModel.metadata.tables, session.connection().execute
    about = {"on_behalf_of": rows.id("practitioner"), "subject_type": "patient", "subject_id": rows.id("patient"), "at": clock.now()}
    rows.add(session, tables["audit_entry"], practice_id=rows.id("practice"), **about)
    consent = rows.add(session, tables["licence_consent"], "licence_consent:now")["id"]
    do(text("update practitioner set consent_id = :consent where id = :id"), {"consent": consent, "id": rows.id("practitioner")})
    rows.add(session, tables["person"], "person:self", is_self=True)
    held = {"patient_id": None, "series_id": None, "held_until": tomorrow(10), "held_by": "x", "blocked": Range(tomorrow(15), tomorrow(16))}
    rows.add(session, tables["appointment"], "appointment:hold", starts_at=tomorrow(15), ends_at=tomorrow(16), **held)
    do(text("update outgoing_email set code_id = :code where id = :id"), {"code": rows.id("sign_in_code"), "id": rows.id("outgoing_email")})
    sealed = {"sealed": seal("secret", str(rows.id("calendar_link"))), "id": rows.id("calendar_link")}
    do(text("update calendar_link set sealed_password = :sealed where id = :id"), sealed)
    secret = {"sealed": seal("JBSWY3DPEHPK3PXP", str(rows.id("authenticator_app"))), "id": rows.id("authenticator_app")}
    do(text("update authenticator_app set secret = :sealed where id = :id"), secret)
    left = {"sealed": seal("https://exemple.fr/", str(rows.id("psc_session"))), "id": rows.id("psc_session")}
    do(text("update psc_session set leave = :sealed where session_id = :id"), left)
    shown = {"sealed": seal_bytes(b"secret", str(rows.id("identity_proof"))), "id": rows.id("identity_proof")}
    do(text("update identity_proof set content = :sealed where id = :id"), shown)
    practice = rows.id("practice")
    do(text("update evening_list set sealed_password = :s where practice_id = :id"), {"s": seal("secret", str(practice)), "id": practice})


def _people(session: Session, rows: Rows) -> None:
    """Write the accounts that the other rows hang on: a practitioner's, a patient's, a secretary's, and those of who comes and goes."""
    account = SQLModel.metadata.tables["account"]
    rows.add(session, account)
    rows.add(session, account, "account:patient", role="patient")
    rows.add(session, account, "account:delegate", role="secretary")
    rows.add(session, account, "account:substitute", role="substitute")
    rows.add(session, account, "account:asked", role="secretary")
    rows.add(session, account, "account:former", role="secretary", status="suspended")


def fill_practice(mark: str, given: dict[str, Any] | None = None, text: str = "") -> Rows:
    """Write a practice with a row in every table; `text` stands in every free text in place of the words that are watched for."""
    rows = Rows(mark, given, text=text)
    with transaction() as session:
        _people(session, rows)
        rows.fill(session)
        _finish(session, rows)
        membership = SQLModel.metadata.tables["membership"]
        own = {"account_id": rows.id("account"), "role": "practitioner", "administers": mark != "beside"}
        rows.add(session, membership, "membership:practitioner", **own)
        replaced(session, rows)
    return rows


def _cookie(account_id: UUID, role: ActorKind | None = None, *, half_open: bool = False) -> dict[str, str]:
    with transaction() as session:
        account = session.exec(select(Account).where(Account.id == account_id)).one()
        token = open_session(session, account, role=role, half_open=half_open)
    return {"cookie": f"{cookie_name()}={token}"}


def _token(headers: dict[str, str]) -> str:
    return headers["cookie"].partition("=")[2]


def _staff(
    rows: Rows,
    role: str,
    rights: frozenset[Right] | None = None,
    whose: Rows | None = None,
    *,
    member: bool = True,
    status: str = AccountStatus.ACTIVE,
    administers: bool = False,
    asked: bool = False,
    worn: ActorKind | None = None,
    half_open: bool = False,
    checked: bool = True,
    **period: Any,
) -> dict[str, str]:
    """Make somebody of a practice, whom a practitioner lets do things, and sign them in; without a membership, they were removed."""
    tables = SQLModel.metadata.tables
    with transaction() as session:
        account = Rows("", rows.rows).add(session, tables["account"], role=role, name=f"Camille {role}")
        ident = account["id"]
        if role in {"substitute", "aidant"} and checked:
            check(session, rows, ident, "physician" if role == "substitute" else "nurse")
        if member:
            place = {"administers": administers, "asked_at": clock.now() if asked else None}
            Rows("", rows.rows).add(session, tables["membership"], account_id=ident, role=role, **place)
        else:
            Rows("", rows.rows).add(session, tables["former_member"], account_id=ident, role=role)
        if rights:
            by = whose or rows
            Rows("", by.rows).add(session, tables["delegation"], account_id=ident, rights=sorted(rights), **period)
    headers = _cookie(ident, worn, half_open=half_open)
    if status != AccountStatus.ACTIVE:
        with transaction() as session:
            session.exec(select(Account).where(Account.id == ident)).one().status = status
    return headers


def _patient(rows: Rows) -> dict[str, str]:
    """Make another patient of the practice, with an account and a record."""
    tables, own = SQLModel.metadata.tables, Rows("", rows.rows)
    with transaction() as session:
        account = own.add(session, tables["account"], "account:patient", role="patient", name="Camille Patient")
        own.add(session, tables["person"], account_id=account["id"], given_name="Camille", family_name="Patient")
        own.add(session, tables["patient"], given_name="Camille", family_name="Patient", email="camille@exemple.fr")
    return _cookie(account["id"])


def _alone(kind: str) -> dict[str, str]:
    with transaction() as session:
        account = Rows("").add(session, SQLModel.metadata.tables["account"], role=kind, name=f"Camille {kind}")
    return _cookie(account["id"])


def _program(rows: Rows, scopes: str, name: str, for_whom: UUID | None = None) -> dict[str, str]:
    """Write a program of a practice with a token: its own, or that of a practitioner of there who let it act in their name."""
    tables, own = SQLModel.metadata.tables, Rows("", rows.rows)
    with transaction() as session:
        own.add(session, tables["api_client"], scopes=scopes)
        given = own.add(session, tables["api_grant"], account_id=for_whom, scopes=scopes)["id"] if for_whom else None
        own.add(session, tables["api_token"], scopes=scopes, token_hash=token_hash(BEARER + name), grant_id=given)
    return {"authorization": f"Bearer {BEARER}{name}"}


def build() -> World:
    """Write the world; each person's actor is the one that the software itself makes of their cookie or token."""
    theirs = fill_practice("theirs")
    beside = fill_practice("beside", {name: theirs.rows[name] for name in SHARED})
    home = fill_practice("home")
    world = World(theirs, beside, home, {}, {})
    for persona in _strangers(home) + _colleagues(theirs, beside):
        world.personas[persona.name] = persona
    for persona in _owners(theirs):
        world.owners[persona.name] = persona
    return world


def _by_cookie(name: str, headers: dict[str, str], own: Rows, **more: Any) -> Persona:
    return Persona(name, actor_of_token(_token(headers)), headers, own, **more)


def _strangers(home: Rows) -> list[Persona]:
    everything = " ".join(sorted(SCOPES.values()))
    program = _program(home, everything, "elsewhere")
    person_s = _program(home, everything, "person-elsewhere", home.id("account"))
    return [
        _by_cookie("secretary of another practice", _staff(home, "secretary", EVERY_RIGHT, administers=True), home),
        _by_cookie("practitioner of another practice", _cookie(home.id("account")), home),
        _by_cookie("another patient", _cookie(home.id("account:patient")), home),
        _by_cookie("operator", _alone("operator"), home, lets=_OPERATED),
        Persona("visitor", Actor.anonymous(), {}, home),
        Persona("link of another visit", actor_of_link(home.rows["visit_link"]["token_hash"]), {}, home),
        Persona("program of another practice", bearer_of(BEARER + "elsewhere").actor, program, home),
        Persona("program for a practitioner of another practice", bearer_of(BEARER + "person-elsewhere").actor, person_s, home),
    ]


_OPERATED: Final = frozenset({"practice", "account", "api_client", "declaration", "audit_entry"})
"""What operators are there to look after, or at."""
_ADMINISTERED: Final = frozenset({"former_member", "practitioner_group"})
"""What administrators see to beside what all people of the practice know: who works there, who did, and how agendas are grouped."""
_ONE_S_OWN: Final = frozenset({
    "account", "api_client", "api_grant",
    "account_session", "passkey", "authenticator_app", "recovery_code", "device", "activation", "recovery",
})  # fmt: skip
"""What is the holder's of an account in whichever of their roles they come."""
_USELESS: Final = frozenset({Right.PAYMENTS})
_SHARED_BY_RIGHT: Final = frozenset({"patient", "person", "account:patient"})


def _colleagues(theirs: Rows, beside: Rows) -> list[Persona]:
    now, day = clock.now(), timedelta(days=1)
    dates: dict[str, dict[str, Any]] = {
        "substitute whose dates are over": {"starts_at": now - 3 * day, "ends_at": now - day},
        "substitute whose dates have not come": {"starts_at": now + day, "ends_at": now + 3 * day},
    }
    today = {"kind": "substitute", "starts_at": now - day, "ends_at": now + day}
    program = _program(theirs, "", "no-scope")
    colleague_s = _program(theirs, " ".join(sorted(SCOPES.values())), "colleague", beside.id("account"))
    locked = _staff(theirs, "secretary", EVERY_RIGHT)
    with transaction() as session:
        session.connection().execute(
            text("update account_session set locked_at = now() where token_hash = :hash"), {"hash": token_hash(_token(locked))}
        )
    return [
        _by_cookie("secretary without the right", _staff(theirs, "secretary", _USELESS), beside, inside=True),
        _by_cookie("secretary without any right", _staff(theirs, "secretary"), beside, inside=True),
        _by_cookie(
            "secretary of a colleague", _staff(theirs, "secretary", EVERY_RIGHT, beside), beside, inside=True, lets=_SHARED_BY_RIGHT
        ),
        _by_cookie("colleague", _cookie(beside.id("account")), beside, inside=True, lets=_SHARED_BY_RIGHT | {"audit_entry"}),  # the journal
        _by_cookie(
            "secretary whose rights were taken back", _staff(theirs, "secretary", EVERY_RIGHT, ended_at=now - day), beside, inside=True
        ),
        *(
            _by_cookie(name, _staff(theirs, "substitute", EVERY_RIGHT, kind="substitute", **period), beside)
            for name, period in dates.items()
        ),
        _by_cookie(
            "substitute of a colleague",
            _staff(theirs, "substitute", EVERY_RIGHT, beside, **today),
            beside,
            inside=True,
            lets=_SHARED_BY_RIGHT,
        ),
        _by_cookie("substitute whom nobody has checked", _staff(theirs, "substitute", EVERY_RIGHT, checked=False, **today), beside),
        _by_cookie(
            "administrator without any right", _staff(theirs, "secretary", administers=True), beside, inside=True, lets=_ADMINISTERED
        ),
        _by_cookie("aidant", _staff(theirs, "aidant"), beside),
        _by_cookie("secretary who owes the second step", _staff(theirs, "secretary", EVERY_RIGHT, half_open=True), beside),
        _by_cookie("secretary who has not accepted", _staff(theirs, "secretary", EVERY_RIGHT, asked=True), beside),
        _by_cookie("secretary as a patient", _staff(theirs, "secretary", EVERY_RIGHT, worn=ActorKind.PATIENT), beside),
        _by_cookie("practitioner as a patient", _cookie(theirs.id("account"), ActorKind.PATIENT), beside, lets=_ONE_S_OWN),
        _by_cookie("secretary who left", _staff(theirs, "secretary", EVERY_RIGHT, member=False), beside),
        _by_cookie("suspended secretary", _staff(theirs, "secretary", EVERY_RIGHT, status=AccountStatus.SUSPENDED), beside),
        _by_cookie("locked screen", locked, beside),
        _by_cookie("another patient of the practitioner", _patient(theirs), beside),
        Persona("program without the scope", bearer_of(BEARER + "no-scope").actor, program, beside),
        Persona("program for a colleague", bearer_of(BEARER + "colleague").actor, colleague_s, beside, inside=True, lets=_SHARED_BY_RIGHT),
    ]


def _owners(theirs: Rows) -> list[Persona]:
    """Those whom the walls let in: what they are answered shows that an aim hits."""
    everything = " ".join(sorted(SCOPES.values()))
    program = _program(theirs, everything, "at-home")
    return [
        _by_cookie("practitioner", _cookie(theirs.id("account")), theirs),
        _by_cookie("secretary", _staff(theirs, "secretary", EVERY_RIGHT, administers=True), theirs),
        _by_cookie("patient", _cookie(theirs.id("account:patient")), theirs),
        _by_cookie("asked in", _cookie(theirs.id("account:asked")), theirs),
        _by_cookie("operator", _alone("operator"), theirs),
        Persona("link", actor_of_link(theirs.rows["visit_link"]["token_hash"]), {}, theirs),
        Persona("program", bearer_of(BEARER + "at-home").actor, program, theirs),
        Persona("software", Actor.system("test"), {}, theirs),
        Persona("visitor", Actor.anonymous(), {}, theirs),
    ]
