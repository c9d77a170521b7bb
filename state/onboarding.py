"""The first run of a practice: where one is, and the steps of the place and of the people."""

from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.identity.national_number import number_words
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import phone
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.inviting import send_links_again
from maiia_pro.onboarding.people import PersonForm
from maiia_pro.onboarding.progress import FirstRun, first_run, pass_step
from maiia_pro.onboarding.sites import SiteForm, first_site_id, save_site
from maiia_pro.onboarding.tables import Step
from maiia_pro.onboarding.team import Invitation, ask_in, save_sheet
from maiia_pro.practice.tables import Site
from maiia_pro.practice.towns import towns_of
from maiia_pro.reception.qr import qr_path
from maiia_pro.settings import get_settings
from state.agenda import STAFF
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor
from state.team import without_rights

STEPS: Final = {
    Step.SITE: ("lieu", "Lieu"),
    Step.PRACTITIONER: ("praticien", "Praticien et équipe"),
    Step.REASONS: ("motifs", "Motifs"),
    Step.HOURS: ("horaires", "Horaires"),
    Step.INTAKE: ("reprise", "Reprise de données"),
    Step.PUBLICATION: ("publication", "Page publique"),
}
"""How addresses and people name each step."""
END: Final = "fin"
HERE: Final = "/demarrage"
PRACTITIONER: Final = ActorKind.PRACTITIONER


class StepView(TypedDict):
    """A step in the list of all."""

    name: str
    label: str
    href: str
    mark: str
    """done, passed or waiting."""


class StaffView(TypedDict):
    """Somebody of the practice."""

    name: str
    email: str
    role: str
    presence: str


class PublicPage(TypedDict):
    """The booking address: whether it is published, its QR code."""

    address: str
    published: bool
    online: bool
    box: str
    path: str


NO_PAGE: Final = PublicPage(address="", published=False, online=True, box="0 0 1 1", path="")


class Onboarding(rx.State):
    """The steps, and what the forms of the first two start from."""

    status: str = "waiting"
    """waiting, ready, none (no agenda of one's own) or failed."""
    message: str = ""
    step: str = ""
    steps: list[StepView] = []
    finished: int = 0
    site: dict[str, str] = {}
    sites: list[dict[str, str]] = []
    towns: list[str] = []
    """Those of the postcode that was typed, to choose from."""
    person: dict[str, str] = {}
    staff: list[StaffView] = []
    awaited: bool = False
    """Whether somebody was asked in and has not come yet."""
    page: PublicPage = NO_PAGE
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    asked: list[FieldError] = []
    """What is wrong with the invitation."""
    saved: str = ""
    """Changes with each save, so that its draft goes."""
    sent: str = ""
    """Changes with each invitation, for the same reason."""
    role: str = PRACTITIONER.value

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Show the step that the address names, or the first that still waits."""
        actor = await current_actor(self)
        if actor.kind is PRACTITIONER:
            self.errors, self.summary, self.asked = {}, [], []
            self.role = self.role if actor.administers else ActorKind.SECRETARY.value
            await show(self, actor)

    @rx.event
    @allow(PRACTITIONER)
    async def save_place(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the place and go on; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            await run_blocking(_save_site, actor, form)
        except DomainError as error:
            return _refused(self, error)
        return await advance(self, actor, Step.SITE)

    @rx.event
    @allow(PRACTITIONER)
    async def look_at_postcode(self, typed: str) -> None:
        """Propose the towns of a postcode as soon as it is whole."""
        self.towns = [town.name for town in await run_blocking(towns_of, "".join(str(typed).split()))]

    @rx.event
    @allow(PRACTITIONER)
    async def save_person(self, form: dict[str, Any]) -> EventSpec | list[EventSpec] | None:
        """Save one's own sheet."""
        actor = await current_actor(self)
        try:
            await run_blocking(_save_sheet, actor, form)
        except DomainError as error:
            return _refused(self, error)
        await _saved(self, actor)
        return announce("Fiche enregistrée.", "success")

    @rx.event
    @allow(PRACTITIONER)
    async def choose_role(self, role: str) -> None:
        """Choose between a colleague and a secretary; what was typed stays."""
        self.errors, self.asked = {}, []
        self.role = role if role in set(STAFF) else self.role

    @rx.event
    @allow(PRACTITIONER)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        """Make an account of the practice; its link leaves by e-mail."""
        actor = await current_actor(self)
        try:
            new = Invitation.read(_invited(form) | {"role": self.role})
            await run_blocking(ask_in, actor, new)
        except DomainError as error:
            self.errors = {f"invite-{name}": words for name, words in field_errors(error).items()}
            self.asked = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.errors, self.asked, self.sent = {}, [], uuid7().hex
        await show(self, actor)
        return announce(f"Le lien d’activation part à {new.email}.{without_rights(new)}", "success")

    @rx.event
    @allow(PRACTITIONER)
    async def send_again(self) -> EventSpec:
        """Send fresh links to those who have not come yet."""
        actor = await current_actor(self)
        try:
            sent = await run_blocking(_send_again, actor)
        except DomainError as error:
            return refusal(error)
        return announce("Un nouveau lien est parti." if sent == 1 else f"{sent} nouveaux liens sont partis.", "success")

    @rx.event
    @allow(PRACTITIONER)
    async def go_on(self) -> EventSpec | None:
        """Leave the step that is shown: it is finished, or passed over."""
        actor = await current_actor(self)
        step = next((step for step, (name, _) in STEPS.items() if name == self.step), None)
        if step is None:
            return None
        try:
            await run_blocking(pass_step, actor, step)
        except DomainError as error:
            return refusal(error)
        return await advance(self, actor, step)


async def advance(state: Onboarding, actor: Actor, step: Step) -> EventSpec:
    """Go to the next step that waits after this one, or to the summary."""
    await _saved(state, actor)
    names = [name for name, _ in STEPS.values()]
    later = state.steps[names.index(STEPS[step][0]) + 1 :]
    following = next((one["name"] for one in later if one["mark"] == "waiting"), END)
    return rx.redirect(f"{HERE}?etape={following}")


async def _saved(state: Onboarding, actor: Actor) -> None:
    state.errors, state.summary, state.saved = {}, [], uuid7().hex
    await show(state, actor)


def _refused(state: Onboarding, error: DomainError) -> EventSpec | None:
    state.errors = field_errors(error)
    state.summary = lines_of(state.errors)
    return None if state.errors else refusal(error)


async def show(state: Onboarding, actor: Actor) -> None:
    """Read how far one has come, and show the step that the address names."""
    try:
        found = await run_blocking(first_run, actor)
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    asked = state.router.url.query_parameters
    names = {name for name, _ in STEPS.values()} | {END}
    following = STEPS[found.next_step][0] if found.next_step else END
    state.step = asked.get("etape", "") if asked.get("etape", "") in names else following
    state.steps = [_step(found, step) for step in Step]
    state.finished = len(found.left)
    state.site = _site(found, asked.get("lieu", ""))
    state.sites = [{"id": one.id.hex, "name": one.name} for one in found.sites]
    own = found.practitioner
    fields = ("title", "given_name", "family_name", "specialty", "rpps", "hue")
    state.person = {name: str(getattr(own, name)) for name in fields} | {"number": number_words(own.rpps)}
    roles = {ActorKind.SECRETARY: "Secrétariat", PRACTITIONER: "Praticien"}
    state.staff = [
        StaffView(name=one.name, email=one.email, role=roles.get(one.role, ""), presence=one.presence.value) for one in found.staff
    ]
    state.awaited = any(one.waiting for one in found.staff)
    state.page = _page(found)
    state.status = "ready"


def _step(found: FirstRun, step: Step) -> StepView:
    name, label = STEPS[step]
    mark = "done" if step in found.done else "passed" if step in found.left else "waiting"
    return StepView(name=name, label=label, href=f"{HERE}?etape={name}", mark=mark)


def _page(found: FirstRun) -> PublicPage:
    address = f"{get_settings().base_url}/medecin/{found.practitioner.slug}"
    size, path = qr_path(address)
    published = found.practitioner.published
    return PublicPage(address=address, published=published, online=found.has_online_booking, box=f"0 0 {size} {size}", path=path)


def _site(found: FirstRun, asked: str) -> dict[str, str]:
    """Start from the place that the address names, a new one, or the first."""
    known = {one.id.hex: one for one in found.sites}
    site: Site | None = known.get(asked) or (None if asked == "nouveau" or not known else found.sites[0])
    closed = "oui" if found.practitioner.closed_on_holidays else ""
    if site is None:
        ident = uuid7() if known else first_site_id(found.practice_id)
        name = "" if known else found.practice_name
        return {"id": ident.hex, "site_name": name, "street": "", "postal_code": "", "city": "", "phone": "", "zone": "", "closed": closed}
    return {
        "id": site.id.hex, "site_name": site.name, "street": site.street, "postal_code": site.postal_code, "city": site.city,
        "phone": phone(site.phone), "zone": site.zone, "closed": closed,
    }  # fmt: skip


def _save_site(actor: Actor, form: dict[str, Any]) -> None:
    save_site(actor, parse_id(form.get("id")), SiteForm.read(form))


def _save_sheet(actor: Actor, form: dict[str, Any]) -> None:
    errors = FieldErrors()
    read = PersonForm.read(form, errors)
    errors.check()
    save_sheet(actor, read)


def _invited(form: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("invite-"): value for name, value in form.items()}


def _send_again(actor: Actor) -> int:
    return send_links_again(actor, first_run(actor).practice_id)
