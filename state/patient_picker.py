"""Whom an appointment is for: a record found by name, birth date or telephone, or a new one."""

from typing import Any, Final, TypedDict
from uuid import UUID

import reflex as rx

from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.people import FoundPatient, search_patients
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import age, name_key, phone, short_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.records import Identity, PatientView, is_given_name, read_patient
from maiia_pro.patients.search_words import PatientSearch
from state.agenda import STAFF
from state.rules import allow
from state.session import current_actor, initials

HUES: Final = ("azure", "indigo", "plum", "rose", "amber", "olive", "green", "teal")
SHORTEST: Final = 2
MOST: Final = 8
FIELDS: Final = ("family_name", "given_name", "birth_date", "phone", "email")


class PatientCard(TypedDict):
    """A patient as lists show one."""

    id: str
    name: str
    initials: str
    hue: str
    detail: str
    phone: str


class NewPatient(TypedDict):
    """What the form of a new record starts from."""

    family_name: str
    given_name: str
    birth_date: str
    phone: str
    email: str


NOBODY: Final = PatientCard(id="", name="", initials="", hue="teal", detail="", phone="")
BLANK: Final = NewPatient(family_name="", given_name="", birth_date="", phone="", email="")


class PatientPicker(rx.State):
    """The patient part of the booking dialog."""

    patient: PatientCard = NOBODY
    found: list[PatientCard] = []
    typed: str = ""
    searched: bool = False
    creating: bool = False
    start: NewPatient = BLANK
    errors: dict[str, str] = {}
    message: str = ""

    @rx.event
    @allow(*STAFF)
    async def search(self, typed: str) -> None:
        """Find records while somebody types."""
        if self.patient["id"] or typed[:80] == self.typed:
            return  # chosen before the last letters came, or listed already
        await find(self, await current_actor(self), typed)

    @rx.event
    @allow(*STAFF)
    async def choose(self, patient: str) -> None:
        """Take one of the records found."""
        await take(self, await current_actor(self), patient)

    @rx.event
    @allow(*STAFF)
    async def change(self) -> None:
        """Look for somebody else."""
        self.patient, self.creating, self.errors = NOBODY, False, {}

    @rx.event
    @allow(*STAFF)
    async def create(self) -> None:
        """Open the form of a new record, with what was typed in its place."""
        start = await run_blocking(started, await current_actor(self), self.typed)
        self.creating, self.patient, self.errors, self.start = True, NOBODY, {}, start


def find_patients(actor: Actor, typed: str) -> list[PatientCard]:
    """Find records of the actor's practice."""
    return [card(one.view) for one in found_patients(actor, PatientSearch.parse(typed))]


def found_patients(actor: Actor, search: PatientSearch) -> list[FoundPatient]:
    """Find records of the actor's practice, each with its next visit."""
    return search_patients(actor, practice_of(actor), search, limit=MOST)


def practice_of(actor: Actor) -> UUID:
    """Tell which practice's desk the actor works at."""
    return next(iter(actor.practice_ids)) if len(actor.practice_ids) == 1 else desk(actor).practice_id


def card(view: PatientView) -> PatientCard:
    """Put a record in the words of a list."""
    name = view.display_name
    return PatientCard(
        id=view.id.hex,
        name=name,
        initials=initials(name),
        hue=HUES[view.id.int % len(HUES)],
        detail=f"{age(view.birth_date, clock.now().date())} · {short_date(view.birth_date)}",
        phone=phone(view.phone),
    )


async def take(state: PatientPicker, actor: Actor, patient: str) -> None:
    """Read a record and choose it; the reading is audited."""
    try:
        state.patient = card(await run_blocking(read_patient, actor, parse_id(patient)))
    except DomainError as error:
        state.message = error.message
        return
    clear(state, keep=True)


async def find(state: PatientPicker, actor: Actor, typed: str) -> None:
    """List the records that what was typed names."""
    state.typed, state.found, state.message, state.errors = typed[:80], [], "", {}
    state.searched = len(typed.strip()) >= SHORTEST
    if not state.searched:
        return
    try:
        state.found = await run_blocking(find_patients, actor, typed)
    except DomainError as error:
        state.message = error.message


async def take_only_match(state: PatientPicker, actor: Actor, typed: str) -> None:
    """Take the one record that what was typed names; where there are none or several, list them and say what to do."""
    await find(state, actor, typed)
    if len(state.found) == 1:
        await take(state, actor, state.found[0]["id"])
    elif state.found:
        state.errors = {"patient": "Plusieurs patients correspondent\u00a0: choisissez-en un (flèche vers le bas, puis Entrée)."}
    elif state.searched:
        state.errors = {"patient": "Aucun patient ne correspond\u00a0: corrigez ce qui est écrit."}
    else:
        state.errors = {"patient": "Écrivez au moins deux lettres du nom, ou une date de naissance."}


def clear(state: PatientPicker, *, keep: bool = False) -> None:
    """Start again, with nobody chosen unless told to keep."""
    state.patient = state.patient if keep else NOBODY
    state.found, state.typed, state.searched, state.creating = [], "", False, False
    state.start, state.errors, state.message = BLANK, {}, ""


def started(actor: Actor, typed: str) -> NewPatient:
    """Begin a new record with what was searched; whether the given name came first is told by the names the practice knows."""
    first = typed.strip().partition(" ")[0]
    return guess(typed, given_first=bool(first) and is_given_name(actor, practice_of(actor), first))


def guess(typed: str, *, given_first: bool = False) -> NewPatient:
    """Put what was searched where it belongs in a new record: a telephone number, a birth date, else names, the family's first."""
    made = NewPatient(**BLANK)
    search = PatientSearch.parse(typed)
    if search.birth_date:
        made["birth_date"] = short_date(search.birth_date)
    elif len(search.digits) >= 4:
        made["phone"] = typed.strip() if not search.words else ""
    names = " ".join(word for word in typed.split() if set(name_key(word).split()) & set(search.words))
    if names:
        first, _, rest = names.partition(" ")
        written = first.isupper() != rest.isupper()  # « Zoé MARTINOT »: the family name is the one in capitals
        family, given = (rest, first) if rest and (rest.isupper() if written else given_first) else (first, rest)
        made["family_name"], made["given_name"] = family.title(), given.strip().title()
    return made


def read_identity(form: dict[str, Any]) -> Identity:
    """Read the form of a new record; raises `Invalid` naming the fields."""
    return Identity.parse(
        given_name=form.get("given_name"),
        family_name=form.get("family_name"),
        birth_date=form.get("birth_date"),
        phone=form.get("phone"),
        email_address=form.get("email"),
    )
