"""One's own public page: written, seen as patients will see it, published, withdrawn."""

from collections.abc import Callable
from typing import Any, Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.directory import own_preview
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.pictures import Picture, remove_picture
from maiia_pro.practice.profile_terms import Language, Payment
from maiia_pro.practice.profiles import OF_A_SITE, Profile, SiteAccess
from maiia_pro.practice.publishing import OwnProfile, own_profile, publish, save_draft, withdraw
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.profile_views import NOBODY, FeeView, PlaceView, ProfileView, fee_views, place_views, profile_view
from state.rules import allow
from state.session import current_actor

PRACTITIONER: Final = ActorKind.PRACTITIONER
TEXTS: Final = ("presentation", "diplomas", "fee_note", "sector")


class SiteForm(TypedDict):
    """What the form starts from for a site."""

    key: str
    name: str
    directions: str
    floor: str
    lift: str
    wheelchair: str
    parking: str
    transport: str


class PublicProfile(rx.State):
    """The draft, its preview, and whether the page is public."""

    status: str = "waiting"
    """waiting, ready, none (no agenda of one's own) or failed."""
    message: str = ""
    previews: bool = False
    """The preview is shown in place of the form."""
    withdraws: bool = False
    """Whether to withdraw is being asked."""
    texts: dict[str, str] = {}
    ticked: dict[str, bool] = {}
    sites: list[SiteForm] = []
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    saved: str = ""
    """Changes with each save, so that what the browser kept of the form goes."""
    public: bool = False
    since: str = ""
    """Since when what patients see is shown, where that is known."""
    differs: bool = False
    must_agree: bool = True
    address: str = ""
    view: ProfileView = NOBODY
    places: list[PlaceView] = []
    fees: list[FeeView] = []

    @rx.event
    @allow(PRACTITIONER)
    async def arrive(self) -> None:
        """Show the form with what was written last."""
        self.previews, self.withdraws, self.errors, self.summary = False, False, {}, []
        await _show(self, await current_actor(self))

    @rx.event
    @allow(PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Keep the draft and show the preview; refused, the form stays as typed."""
        if await _act(self, _save, form) is None and not self.errors:
            self.saved, self.previews = uuid7().hex, True
            return announce("Brouillon enregistré. Les patients ne le voient pas encore.", "success")
        return None

    @rx.event
    @allow(PRACTITIONER)
    async def write(self) -> None:
        """Go back to the form."""
        self.previews = False

    @rx.event
    @allow(PRACTITIONER)
    async def publish(self, form: dict[str, Any]) -> EventSpec | None:
        """Show to everybody what the preview shows."""
        refused = await _act(self, _publish, bool(form.get("licence")))
        if refused is not None or self.errors:
            self.previews = "presentation" not in self.errors
            return refused
        return announce("Votre page est publiée.", "success")

    @rx.event
    @allow(PRACTITIONER)
    async def ask_to_withdraw(self, asks: bool) -> None:
        """Ask before withdrawing, or no longer."""
        self.withdraws = asks

    @rx.event
    @allow(PRACTITIONER)
    async def withdraw(self) -> EventSpec:
        """Take the page from the public at once."""
        self.withdraws = False
        refused = await _act(self, withdraw)
        return refused or announce("Votre page n’est plus visible. Votre brouillon est conservé.", "success")

    @rx.event
    @allow(PRACTITIONER)
    async def see_pictures(self) -> EventSpec | None:
        """Show a picture that was just taken in."""
        return await _act(self, own_profile)

    @rx.event
    @allow(PRACTITIONER)
    async def remove(self, kind: str) -> EventSpec | None:
        """Take a picture out of the draft."""
        return await _act(self, remove_picture, Picture.LOGO if kind == Picture.LOGO else Picture.PHOTO)


async def _act(state: PublicProfile, use_case: Callable[..., object], *asked: object) -> EventSpec | None:
    """Run a use case and show what became of the page; what is wrong with a field stands beside it, the rest is told."""
    actor = await current_actor(state)
    state.errors, state.summary = {}, []
    try:
        await run_blocking(use_case, actor, *asked)
    except DomainError as error:
        state.errors = field_errors(error)
        state.summary = lines_of(state.errors)
        return None if state.errors else refusal(error)
    await _show(state, actor)
    return None


def _save(actor: Actor, form: dict[str, Any]) -> None:
    save_draft(actor, Profile.parse(form, tuple(site.id for site in own_profile(actor).sites)))


def _publish(actor: Actor, agrees: bool) -> None:
    publish(actor, agrees=agrees)


async def _show(state: PublicProfile, actor: Actor) -> None:
    try:
        mine = await run_blocking(own_profile, actor)
        page = await run_blocking(own_preview, actor)
    except NotFound as error:
        state.status, state.message = "none", error.message
        return
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    _fill(state, mine)
    state.view, state.places, state.fees = profile_view(page), place_views(page), fee_views(page)
    zone = page.card.sites[0].zone if page.card.sites else None
    state.since = moment(mine.published_at, zone) if mine.published_at and zone else ""
    state.status = "ready"


def _fill(state: PublicProfile, mine: OwnProfile) -> None:
    draft = mine.draft
    state.texts = {name: str(getattr(draft, name)) for name in TEXTS}
    state.ticked = {f"paiement-{one}": one in draft.payments for one in Payment} | {
        f"langue-{one}": one in draft.languages for one in Language
    }
    state.sites = [_site(site.id.hex, f"{site.name}, {site.city}", draft.access.get(site.id, SiteAccess())) for site in mine.sites]
    state.public, state.differs, state.must_agree = mine.consent is not None, mine.differs, mine.must_agree
    state.address = f"/medecin/{mine.slug}"


def _site(key: str, name: str, access: SiteAccess) -> SiteForm:
    texts: dict[str, str] = {text: getattr(access, text) for text in OF_A_SITE}
    return SiteForm(key=key, name=name, wheelchair=str(access.wheelchair), **texts)  # type: ignore[typeddict-item]
