"""A practice for tests, made row by row in a few milliseconds: sites, practitioners, reasons, hours, patients, and an actor a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, delete, select

from maiia_pro.agenda.codes import ExceptionKind, Mode
from maiia_pro.agenda.opening_tables import OpeningException, OpeningRule
from maiia_pro.agenda.resource_tables import ReasonNeed, Resource, ResourceKind
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Appointment, Offering, VisitReason
from maiia_pro.identity import passwords
from maiia_pro.identity.session_opening import open_session
from maiia_pro.identity.tables import Account, AccountStatus, ApiClient, DelegateKind, Delegation, Membership
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import SCOPES
from maiia_pro.kernel.actor import EVERY_RIGHT, Actor, ActorKind, Right
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.ids import uuid7
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.practice import licence
from maiia_pro.practice.declared_tables import Declared
from maiia_pro.practice.declaring import decide, waiting_declarations
from maiia_pro.practice.profile_tables import LicenceConsent
from maiia_pro.practice.tables import Offer, Practice, Practitioner, Site, Specialty

PASSWORD = "un-mot-de-passe-de-test"
CLIENT_SECRET = "un-secret-de-test"
EVERY_DAY = tuple(range(7))
DESK_RIGHTS = EVERY_RIGHT - {Right.SETTINGS}
_numbers = count(1)


@lru_cache(maxsize=1)
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Make this process believe that it is `instant` now; time goes on from there."""
    with clock.shifted(instant - clock.now()):
        yield


def publish_page(practitioner_id: UUID) -> None:
    """Make a page public as its practitioner would, by a consent."""
    with transaction() as session:
        consent = LicenceConsent(practitioner_id=practitioner_id, licence=licence.VERSION, given_by="Dr Claire Vasseur")
        session.add(consent)
        session.flush()
        session.get_one(Practitioner, practitioner_id).consent_id = consent.id


@dataclass
class House:
    """A practice under test. `House()` is an empty one, `House.ready()` one that can be booked at once."""

    zone: str = "Europe/Paris"
    offer: str = Offer.PREMIUM
    practice_id: UUID = field(default_factory=uuid7)
    sites: list[UUID] = field(default_factory=list)
    practitioners: list[UUID] = field(default_factory=list)
    reasons: list[UUID] = field(default_factory=list)
    offerings: list[UUID] = field(default_factory=list)
    patients: list[UUID] = field(default_factory=list)
    """Records of the practice without an account."""
    _rights: dict[UUID, dict[UUID, frozenset[Right]]] = field(default_factory=dict)
    """By account, what each of its people may do for whom: all that the house's practitioners can let them do, unless a test says less."""

    def __post_init__(self) -> None:
        self._add(Practice(id=self.practice_id, name=f"Cabinet {next(_numbers)}", offer=self.offer))

    @classmethod
    def ready(cls, *, zone: str = "Europe/Paris", offer: str = Offer.PREMIUM, practitioners: int = 1, patients: int = 2) -> "House":
        """One site, practitioners open every day from 8 to 12 and from 14 to 18, each with one online reason of 20 minutes."""
        house = cls(zone=zone, offer=offer)
        site = house.site()
        for _ in range(practitioners):
            practitioner = house.practitioner()
            house.hours(practitioner, site, time(8), time(12))
            house.hours(practitioner, site, time(14), time(18))
            house.offering(house.reason(practitioner), site)
        for _ in range(patients):
            house.patient()
        return house

    def _add(self, *rows: object) -> None:
        with transaction() as session:
            for _, alike in groupby(rows, type):  # rows of one table at once: the one before may be what they point to
                session.add_all(alike)
                session.flush()

    def site(self, zone: str | None = None, city: str = "Angers", postal_code: str = "49000") -> UUID:
        """Add a place, in the zone of the practice unless another is named."""
        site = Site(
            practice_id=self.practice_id,
            name=f"Cabinet de {city}",
            street="12 rue des Lices",
            postal_code=postal_code,
            city=city,
            place_key=name_key(f"{city} {postal_code} 12 rue des Lices"),
            phone="+33241000000",
            zone=zone or self.zone,
        )
        self._add(site)
        self.sites.append(site.id)
        return site.id

    def practitioner(self, family_name: str = "Vasseur", *, published: bool = True, specialty: str = Specialty.GENERAL_MEDICINE) -> UUID:
        """Add a practitioner without an account; `practitioner_actor` gives one."""
        number = next(_numbers)
        row = Practitioner(
            practice_id=self.practice_id,
            title="Dr",
            given_name="Claire",
            family_name=family_name,
            sort_key=name_key(f"{family_name} Claire"),
            specialty=specialty,
            rpps=f"10{number:09d}",
            slug=f"claire-{name_key(family_name)}-{number}".replace(" ", "-"),
            closed_on_holidays=False,  # tests book « tomorrow », whatever day that is
        )
        self._add(row)
        if published:
            publish_page(row.id)
        self.practitioners.append(row.id)
        for account_id in self._rights:
            self.let(account_id, row.id)
        return row.id

    def let(self, account_id: UUID, practitioner_id: UUID, rights: frozenset[Right] = DESK_RIGHTS) -> None:
        """Have a practitioner let somebody of the practice act for them; without rights, what was let ends."""
        with reading() as session:
            role = session.get_one(Account, account_id).role
        given = Delegation(
            practice_id=self.practice_id,
            practitioner_id=practitioner_id,
            account_id=account_id,
            kind=DelegateKind.SECRETARY if role == ActorKind.SECRETARY else DelegateKind.COLLEAGUE,
            rights=sorted(rights),
            starts_at=clock.now() - timedelta(hours=1),
        )
        before = delete(Delegation).where(col(Delegation.account_id) == account_id, col(Delegation.practitioner_id) == practitioner_id)
        with transaction() as session:
            session.exec(before)
            if rights:
                session.add(given)
        self._rights[account_id][practitioner_id] = rights

    def reason(
        self,
        practitioner_id: UUID,
        *,
        minutes: int = 20,
        step: int | None = None,
        before: int = 0,
        after: int = 0,
        online: bool = True,
        mode: str = Mode.IN_PERSON,
        name: str = "Consultation",
    ) -> UUID:
        """Add a visit reason of a practitioner."""
        row = VisitReason(
            practice_id=self.practice_id,
            practitioner_id=practitioner_id,
            name=name,
            duration_minutes=minutes,
            step_minutes=step or minutes,
            buffer_before_minutes=before,
            buffer_after_minutes=after,
            online=online,
            mode=mode,
        )
        self._add(row)
        self.reasons.append(row.id)
        return row.id

    def offering(self, reason_id: UUID, site_id: UUID | None = None) -> UUID:
        """Offer a reason at a site, the first one unless another is named."""
        with transaction() as session:
            reason = session.exec(select(VisitReason).where(VisitReason.id == reason_id)).one()
            row = Offering(
                practice_id=self.practice_id,
                practitioner_id=reason.practitioner_id,
                site_id=site_id or self.sites[0],
                reason_id=reason_id,
            )
            session.add(row)
            session.commit()
        self.offerings.append(row.id)
        return row.id

    def rule(self, reason_id: UUID, **changes: object) -> None:
        """Change columns of a reason, as saving it does: the agenda counts a change."""
        with transaction() as session:
            reason = session.get_one(VisitReason, reason_id)
            for name, value in changes.items():
                setattr(reason, name, value)
            session.get_one(Practitioner, reason.practitioner_id).agenda_version += 1

    def rooms(self, *reason_ids: UUID, count: int = 1, name: str = "Salle", site_id: UUID | None = None) -> list[UUID]:
        """Add rooms of one kind, the lowest id first, which each of the reasons needs one of."""
        kind = ResourceKind(practice_id=self.practice_id, name=name)
        rooms = [
            Resource(practice_id=self.practice_id, site_id=site_id or self.sites[0], kind_id=kind.id, name=f"{name} {number}")
            for number in range(1, count + 1)
        ]
        self._add(kind, *rooms, *(ReasonNeed(reason_id=one, kind_id=kind.id, practice_id=self.practice_id) for one in reason_ids))
        return sorted(room.id for room in rooms)

    def hours(
        self,
        practitioner_id: UUID,
        site_id: UUID,
        opens: time = time(8),
        closes: time = time(18),
        weekdays: tuple[int, ...] = EVERY_DAY,
        **terms: Any,
    ) -> None:
        """Open a practitioner's agenda at a site each week; 0 is Monday. `terms` are columns of the rule: `weeks`, `school` …"""
        hours = {"practitioner_id": practitioner_id, "site_id": site_id, "opens": opens, "closes": closes} | terms
        self._add(*(OpeningRule(weekday=day, **hours) for day in weekdays))

    def exception(
        self,
        practitioner_id: UUID,
        starts_at: datetime,
        ends_at: datetime,
        *,
        kind: str = ExceptionKind.CLOSED,
        site_id: UUID | None = None,
    ) -> UUID:
        """Close time, everywhere unless a site is named, or open more of it."""
        row = OpeningException(practitioner_id=practitioner_id, site_id=site_id, kind=kind, starts_at=starts_at, ends_at=ends_at)
        self._add(row)
        return row.id

    def patient(self, family_name: str = "Keller", given_name: str = "Josiane", person_id: UUID | None = None, **more: str) -> UUID:
        """Add a record of the practice; `more` is `phone` (E.164) or `email`."""
        row = Patient(
            practice_id=self.practice_id,
            person_id=person_id,
            given_name=given_name,
            family_name=family_name,
            sort_key=name_key(f"{family_name} {given_name}"),
            birth_date=date(1953, 4, 17),
            **more,
        )
        self._add(row)
        self.patients.append(row.id)
        return row.id

    # --- actors --------------------------------------------------------------------------------------------------

    def secretary(self, name: str = "Sylvie Moreau", *, administers: bool = False) -> Actor:
        """Somebody of the desk, with an account."""
        return self._staff(ActorKind.SECRETARY, name, administers=administers)

    def practitioner_actor(
        self, practitioner_id: UUID | None = None, name: str = "Dr Claire Vasseur", *, administers: bool = True
    ) -> Actor:
        """The account of a practitioner, the first one unless another is named; administers the practice unless told otherwise."""
        actor = self._staff(ActorKind.PRACTITIONER, name, administers=administers)
        with transaction() as session:
            row = session.exec(select(Practitioner).where(Practitioner.id == (practitioner_id or self.practitioners[0]))).one()
            row.account_id = actor.account_id
            session.add(row)
            ident = row.id
        assert actor.account_id
        self.let(actor.account_id, ident, frozenset())
        self._rights[actor.account_id][ident] = EVERY_RIGHT
        return replace(actor, practitioner_id=ident)

    def _staff(self, kind: ActorKind, name: str, *, administers: bool) -> Actor:
        account = new_account(kind, name)
        assert account.account_id is not None
        self._add(Membership(account_id=account.account_id, practice_id=self.practice_id, role=kind, administers=administers))
        self._rights[account.account_id] = {}
        for practitioner_id in self.practitioners:
            self.let(account.account_id, practitioner_id)
        here = frozenset({self.practice_id})
        return Actor(
            kind, name, account_id=account.account_id, practice_ids=here, rights=self._rights[account.account_id],
            administers=here if administers else frozenset(),
        )  # fmt: skip

    def api_client(self, *scopes: str) -> Actor:
        """A program that the practice lets in, with every scope unless some are named; its secret is `CLIENT_SECRET`."""
        granted = frozenset(scopes or SCOPES.values())
        row = ApiClient(
            client_id=f"logiciel-{next(_numbers)}",
            secret_hash=token_hash(CLIENT_SECRET),
            name="Logiciel Exemple",
            practice_id=self.practice_id,
            scopes=" ".join(sorted(granted)),
            requests_per_minute=6000,
        )
        self._add(row)
        return Actor(ActorKind.API_CLIENT, row.name, practice_ids=frozenset({self.practice_id}), api_client_id=row.id, scopes=granted)

    # --- times ---------------------------------------------------------------------------------------------------

    def instant(self, hour: int, minute: int = 0, *, days: int = 1, day: date | None = None) -> datetime:
        """Tell when the practice's clock shows a time, `days` from today or on a day; aware, UTC."""
        zone = ZoneInfo(self.zone)
        day = day or clock.now().astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), zone).astimezone(UTC)

    def slot(self, hour: int = 9, minute: int = 0, *, days: int = 1, day: date | None = None, offering: int = 0) -> SlotKey:
        """Name a slot of one of the offerings by its number and the practice's own clock."""
        return SlotKey(self.offerings[offering], self.instant(hour, minute, days=days, day=day))

    def appointments(self) -> list[Appointment]:
        """Read every appointment of the practice, cancelled ones too, in order of time."""
        with reading() as session:
            found = select(Appointment).where(Appointment.practice_id == self.practice_id).order_by(Appointment.starts_at)  # type: ignore[arg-type]
            return list(session.exec(found))


def new_account(kind: ActorKind, name: str = "Sans Nom", *, status: str = AccountStatus.ACTIVE) -> Actor:
    """Make an account that may sign in by `email_of(actor)` and `PASSWORD`, and give its actor."""
    address = f"compte{next(_numbers)}@exemple.fr"
    with transaction() as session:
        account = Account(email=address, email_key=address, password_hash=_password_hash(), role=kind, name=name, status=status)
        session.add(account)
        session.commit()
        return Actor(kind, name, account_id=account.id)


def new_patient_account(name: str = "Josiane Keller") -> Actor:
    """Make a patient's account with the person behind it, as signing up does."""
    actor = new_account(ActorKind.PATIENT, name)
    given, _, family = name.partition(" ")
    assert actor.account_id is not None
    with transaction() as session:
        session.add(Person(account_id=actor.account_id, given_name=given, family_name=family, birth_date=date(1953, 4, 17)))
    return actor


def check_everybody() -> None:
    """Have an operator accept every substitute and aidant who waits for it."""
    operator = new_operator()
    for one in waiting_declarations(operator):
        if one.what is Declared.CHECK:
            decide(operator, one.id, accept=True)


def new_operator() -> Actor:
    """Make an operator's account."""
    return new_account(ActorKind.OPERATOR, "Exploitant")


def email_of(actor: Actor) -> str:
    """Tell the address that an account signs in by."""
    with reading() as session:
        return session.exec(select(Account.email).where(Account.id == actor.account_id)).one()


def session_token(actor: Actor) -> str:
    """Open a session for an account without its password and give the cookie's value."""
    with transaction() as session:
        account = session.exec(select(Account).where(Account.id == actor.account_id)).one()
        return open_session(session, account)


def client_id_of(actor: Actor) -> str:
    """Tell the identifier that an API client asks for tokens by."""
    with reading() as session:
        return session.exec(select(ApiClient.client_id).where(ApiClient.id == actor.api_client_id)).one()


@pytest.fixture
def house(clean_database) -> House:
    """Give a practice that can be booked at once, in a database emptied afterwards."""
    return House.ready()


@pytest.fixture
def other_house(clean_database) -> House:
    """Give another practice, whose data the first one's people may not touch."""
    return House.ready()


@pytest.fixture
def patient(clean_database) -> Actor:
    """Give somebody with a patient's account, known to no practice yet."""
    return new_patient_account()
