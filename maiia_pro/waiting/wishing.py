"""Wishes: put on the list by the patient or the practice, changed, withdrawn."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, func, select

from maiia_pro.agenda.context import load_offering, zone_of_practice
from maiia_pro.agenda.tables import VisitReason
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import retry_conflicts, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import name_key, read_time
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day
from maiia_pro.patients.records import record_of_account
from maiia_pro.patients.tables import Patient, Person
from maiia_pro.practice.tables import Practitioner, Specialty
from maiia_pro.waiting.errors import AlreadyWaiting, TooManyWishes, WishChanged
from maiia_pro.waiting.offering import leave_place, lock_agendas_of, tell
from maiia_pro.waiting.tables import Standing, Wish

MOST: Final = 5
"""Active wishes of a patient in a practice."""
LONGEST: Final = timedelta(days=180)
NO_LAST_DAY: Final = "Choisissez un dernier jour, d’aujourd’hui à dans six mois."


@dataclass(frozen=True, slots=True)
class When:
    """When a wish may be met, read from a form."""

    until: date
    weekdays: tuple[int, ...] = ()
    begins: time = time(0)
    ends: time = time(23, 59)

    @classmethod
    def parse(cls, form: dict[str, Any]) -> "When":
        """Read days, hours and last day; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        days = tuple(day for day in range(7) if form.get(f"day_{day}"))
        begins, ends = (_hour(errors, name, form, otherwise) for name, otherwise in (("begins", time(0)), ("ends", time(23, 59))))
        if "begins" not in errors.found and "ends" not in errors.found and begins >= ends:
            errors.add("ends", "Choisissez une heure de fin après celle du début.")
        until = _last_day(errors, form)
        errors.check()
        return cls(until, days, begins, ends)

    def columns(self) -> dict[str, Any]:
        """Give the values of a row."""
        return {"until": self.until, "weekdays": list(self.weekdays), "begins": self.begins, "ends": self.ends}


def _hour(errors: FieldErrors, name: str, form: dict[str, Any], otherwise: time) -> time:
    try:
        typed = one_line(form.get(name), longest=10)
        return read_time(typed) if typed else otherwise
    except Invalid as refusal:
        errors.add(name, refusal.message)
        return otherwise


def _last_day(errors: FieldErrors, form: dict[str, Any]) -> date:
    """Read a day; whether it is still to come there is for the clock of the practice to say (`_check_last_day`)."""
    today = clock.now().date()
    try:
        day = picked_day(form.get("until"))
    except ValueError:
        day = date.min
    if not today - timedelta(days=1) <= day <= today + LONGEST:
        errors.add("until", NO_LAST_DAY)
    return day


def _check_last_day(session: Session, practice_id: UUID, when: When) -> None:
    if when.until < clock.now().astimezone(zone_of_practice(session, practice_id)).date():
        raise Invalid(fields={"until": NO_LAST_DAY})


@dataclass(frozen=True, slots=True)
class NewWish:
    """With whom, for what and when; either a practitioner or a specialty."""

    when: When
    reason: str
    practitioner_id: UUID | None = None
    specialty: Specialty | None = None
    patient_id: UUID | None = field(default=None)

    @classmethod
    def parse(cls, form: dict[str, Any]) -> "NewWish":
        """Read what staff filled in (`with` is a practitioner's id or a specialty); raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        if not form.get("patient"):
            errors.add("patient", "Choisissez un patient.")
        if not form.get("with"):
            errors.add("with", "Choisissez un praticien ou une spécialité.")
        reason = one_line(form.get("reason"), longest=120)
        if not reason:
            errors.add("reason", "Choisissez un motif.")
        try:
            when = When.parse(form)
        except Invalid as refusal:
            for name, words in refusal.fields.items():
                errors.add(name, words)
        errors.check()
        wanted = str(form["with"])
        known = wanted in set(Specialty)
        return cls(when, reason, None if known else parse_id(wanted), Specialty(wanted) if known else None, parse_id(form["patient"]))


def add_wish(actor: Actor, practice_id: UUID, new: NewWish) -> UUID:
    """Put a patient of the practice on its list; raises `AlreadyWaiting`, `TooManyWishes`, `Invalid`, `NotFound`."""
    require(actor, Permission.WISH_MANAGE, practice_id, new.practitioner_id)
    with transaction() as session:
        patient = session.get(Patient, new.patient_id) if new.patient_id else None
        if patient is None or patient.practice_id != practice_id:
            raise NotFound
        return _insert(session, actor, practice_id, patient.id, new)


def wish_for_myself(actor: Actor, offering_id: UUID, when: When, person_id: UUID | None = None, *, anyone: bool = False) -> UUID:
    """Put oneself, or somebody of the account, on the list for what is booked online; `anyone` of that specialty in the practice will do.

    Raises `AlreadyWaiting`, `TooManyWishes`, `NotFound`.
    """
    require(actor, Permission.APPOINTMENT_OWN)
    with transaction() as session:
        offering = load_offering(session, offering_id)
        practitioner = session.get_one(Practitioner, offering.practitioner_id)
        reason = session.get_one(VisitReason, offering.reason_id)
        if not offering.online or not offering.active or not practitioner.published:
            raise NotFound
        patient_id = record_of_account(session, actor, offering.practice_id, person_id)
        whom = {"specialty": Specialty(practitioner.specialty)} if anyone else {"practitioner_id": practitioner.id}
        return _insert(session, actor, offering.practice_id, patient_id, NewWish(when, reason.name, **whom))


def _insert(session: Session, actor: Actor, practice_id: UUID, patient_id: UUID, new: NewWish) -> UUID:
    if actor.account_id is None:
        raise NotFound
    _check_reason(session, practice_id, new)
    _check_last_day(session, practice_id, new.when)
    session.exec(select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True)).one()  # one wish after another
    active = select(func.count()).where(Wish.patient_id == patient_id, Wish.standing == Standing.ACTIVE)
    if session.exec(active).one() >= MOST:
        raise TooManyWishes
    row = new.when.columns() | {
        "id": uuid7(), "practice_id": practice_id, "patient_id": patient_id, "practitioner_id": new.practitioner_id,
        "specialty": new.specialty, "reason": new.reason, "reason_key": name_key(new.reason), "standing": Standing.ACTIVE,
        "created_by_id": actor.account_id, "created_at": clock.now(), "version": 1,
    }  # fmt: skip
    added = session.connection().execute(insert(Wish).values(row).on_conflict_do_nothing().returning(col(Wish.id))).scalar()
    if added is None:
        raise AlreadyWaiting(AlreadyWaiting.own if actor.kind is ActorKind.PATIENT else None)
    tell(session, actor, AuditAction.WISH_ADDED, practice_id, added)
    return UUID(str(added))


def _check_reason(session: Session, practice_id: UUID, new: NewWish) -> None:
    """Let only what somebody of the practice offers be wished for."""
    whose = select(VisitReason.name).join(Practitioner, col(Practitioner.id) == VisitReason.practitioner_id)
    whose = whose.where(VisitReason.practice_id == practice_id, col(VisitReason.active))
    whom = Practitioner.id == new.practitioner_id if new.practitioner_id else Practitioner.specialty == new.specialty
    if name_key(new.reason) not in {name_key(name) for name in session.exec(whose.where(whom))}:
        raise Invalid(fields={"reason": "Ce motif n’est pas proposé par ce praticien. Choisissez-en un autre."})


def load_wish(session: Session, actor: Actor, wish_id: UUID) -> Wish:
    """Fetch a wish and authorise in one step: the practice's staff, or the account whose wish it is; raises `NotFound`."""
    wish = session.get(Wish, wish_id)
    if wish is None:
        raise NotFound
    if actor.kind is ActorKind.PATIENT:
        require(actor, Permission.APPOINTMENT_OWN)
        owner = select(Person.account_id).join(Patient, col(Patient.person_id) == Person.id).where(Patient.id == wish.patient_id)
        if actor.account_id is None or session.exec(owner).first() != actor.account_id:
            raise NotFound
    else:
        require(actor, Permission.WISH_MANAGE, wish.practice_id, wish.practitioner_id)
    return wish


def change_wish(actor: Actor, wish_id: UUID, version: int, when: When) -> None:
    """Say anew when a wish may be met; raises `WishChanged` where somebody came first."""
    require(actor, Permission.APPOINTMENT_OWN if actor.kind is ActorKind.PATIENT else Permission.WISH_MANAGE)
    with transaction() as session:
        wish = load_wish(session, actor, wish_id)
        session.refresh(wish, with_for_update=True)
        if wish.standing != Standing.ACTIVE or wish.version != version:
            raise WishChanged
        _check_last_day(session, wish.practice_id, when)
        for name, value in when.columns().items():
            setattr(wish, name, value)
        wish.version += 1
        session.flush()
        tell(session, actor, AuditAction.WISH_CHANGED, wish.practice_id, wish.id)


@retry_conflicts
def withdraw_wish(actor: Actor, wish_id: UUID) -> None:
    """Take a wish off the list, and give back the place that is kept for it; raises `WishChanged` where it is closed already."""
    require(actor, Permission.APPOINTMENT_OWN if actor.kind is ActorKind.PATIENT else Permission.WISH_MANAGE)
    with transaction() as session:
        wish = load_wish(session, actor, wish_id)
        lock_agendas_of(session, [wish_id])
        session.refresh(wish, with_for_update=True)
        if wish.standing != Standing.ACTIVE:
            raise WishChanged
        wish.standing, wish.closed_at, wish.version = Standing.WITHDRAWN, clock.now(), wish.version + 1
        session.flush()
        tell(session, actor, AuditAction.WISH_WITHDRAWN, wish.practice_id, wish.id)
        leave_place(session, wish.id)
