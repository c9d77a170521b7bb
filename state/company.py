"""The operator's form of the company that a practice is, and how a company is written for a screen."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.national_number import number_words
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.company import CompanyChanged, CompanyDetails, practice_company, set_company
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.operations import OperatorDesk
from state.rules import allow
from state.session import current_actor


class CompanyStart(TypedDict):
    """What the fields of a company begin with."""

    company_name: str
    siren: str
    partners: str


class CompanyFacts(TypedDict):
    """The company that a practice is, nothing where it is none."""

    name: str
    siren: str
    partners: list[str]


PREFIX: Final = "societe-"
"""Of the fields: those of a new practice stand on the page too."""
NO_COMPANY: Final = CompanyStart(company_name="", siren="", partners="")
NO_FACTS: Final = CompanyFacts(name="", siren="", partners=[])


def siren_words(siren: str) -> str:
    """Write a SIREN as people read it: « 732 829 320 »."""
    return "\u00a0".join(siren[begins : begins + 3] for begins in (0, 3, 6))


def company_facts(found: CompanyDetails | None) -> CompanyFacts:
    """Write a company for a screen, each partner as « Claire Vasseur, RPPS 10001234567 »."""
    if found is None:
        return NO_FACTS
    partners = [f"{name}, {number_words(number)}" for name, number in found.partners]
    return CompanyFacts(name=found.name, siren=siren_words(found.siren), partners=partners)


class PracticeCompany(rx.State):
    """The practice whose company is being written, and what is typed of it."""

    asked: str = ""
    called: str = ""
    start: CompanyStart = NO_COMPANY
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    mark: str = ""
    overtaken: bool = False
    """Whether somebody else wrote the company meanwhile: `standing`."""
    standing: CompanyFacts = NO_FACTS
    _seen: CompanyDetails | None = None

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def open(self, practice: str) -> EventSpec | None:
        """Open the form on what is known."""
        try:
            found = await run_blocking(practice_company, await current_actor(self), parse_id(practice))
        except DomainError as error:
            return refusal(error)
        desk = await self.get_state(OperatorDesk)
        self.called = next((line["name"] for line in desk.practices if line["id"] == practice), "")
        self.start, self._seen, self.overtaken = _start(found) if found else NO_COMPANY, found, False
        self.asked, self.errors, self.summary, self.mark = str(practice), {}, [], uuid7().hex
        return None

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def close(self) -> None:
        """Change nothing."""
        self.asked, self.errors, self.summary = "", {}, []

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def save(self, form: dict[str, Any]) -> list[EventSpec] | EventSpec | None:
        """Write the company, or that there is none; refused, what was typed stays, beside what somebody else wrote meanwhile."""
        errors = FieldErrors()
        company = CompanyDetails.read({name.removeprefix(PREFIX): typed for name, typed in form.items()}, errors)
        try:
            errors.check()
            await run_blocking(set_company, await current_actor(self), parse_id(self.asked), company, self._seen)
        except CompanyChanged as error:
            self._seen, self.standing, self.overtaken = error.now, company_facts(error.now), True
            self.errors, self.summary = {}, lines_of({f"{PREFIX}company_name": error.message})  # the focus goes where it is shown
            return None
        except DomainError as error:
            self.errors = {f"{PREFIX}{name}": words for name, words in field_errors(error).items()}
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.asked, self.errors, self.summary = "", {}, []
        said = f"{company.name} est enregistrée." if company else "Ce cabinet n’est plus une société."
        return [announce(said, "success"), OperatorDesk.arrive()]  # type: ignore[list-item]


def _start(company: CompanyDetails) -> CompanyStart:
    partners = "\n".join(f"{name}, {number}" for name, number in company.partners)
    return CompanyStart(company_name=company.name, siren=siren_words(company.siren), partners=partners)
