"""What a public page says of a practitioner, as the page itself and its owner's preview show it."""

from typing import TypedDict

from maiia_pro.agenda.directory import PractitionerPage, SiteView
from maiia_pro.identity.national_number import number_words
from maiia_pro.kernel.french import euros, phone
from maiia_pro.practice.profile_terms import LANGUAGE_LABELS, PAYMENT_LABELS, SECTOR_HINTS, SECTOR_LABELS, listed


class ProfileView(TypedDict):
    """What the page says of the practitioner; `photo` and `logo` are addresses, or nothing."""

    name: str
    initials: str
    hue: str
    specialty: str
    presentation: str
    diplomas: str
    languages: str
    sector: str
    sector_hint: str
    fee_note: str
    payments: str
    photo: str
    logo: str
    rpps: str
    demo: bool
    online: bool


class PlaceView(TypedDict):
    """A site; `key` is its id, `access` how one comes in, a line each."""

    key: str
    name: str
    address: str
    phone: str
    tel: str
    access: list[str]


class FeeView(TypedDict):
    """What a reason costs."""

    name: str
    fee: str


NOBODY = ProfileView(
    name="", initials="", hue="teal", specialty="", presentation="", diplomas="", languages="", sector="", sector_hint="", fee_note="",
    payments="", photo="", logo="", rpps="", demo=False, online=False,
)  # fmt: skip


def picture_address(digest: str) -> str:
    """Give the address of a picture, or nothing."""
    return f"/images/{digest}.webp" if digest else ""


def profile_view(page: PractitionerPage) -> ProfileView:
    """Write what a page says of its practitioner."""
    card, said = page.card, page.profile
    return ProfileView(
        name=card.name,
        initials=card.initials,
        hue=card.hue,
        specialty=card.specialty,
        presentation=said.presentation,
        diplomas=said.diplomas,
        languages=listed(LANGUAGE_LABELS[one] for one in said.languages),
        sector=SECTOR_LABELS[said.sector],
        sector_hint=SECTOR_HINTS[said.sector],
        fee_note=said.fee_note,
        payments=listed(PAYMENT_LABELS[one] for one in said.payments),
        photo=picture_address(said.photo),
        logo=picture_address(said.logo),
        rpps=number_words(page.rpps),
        demo=card.is_demo,
        online=card.has_online_booking,
    )


def place_views(page: PractitionerPage) -> list[PlaceView]:
    """Write where the practitioner receives, and how one comes in."""
    return [_place(site, page.profile.access_lines(site.id)) for site in page.card.sites]


def _place(site: SiteView, access: list[str]) -> PlaceView:
    return PlaceView(
        key=site.id.hex,
        name=site.name,
        address=f"{site.street}, {site.postal_code}\u00a0{site.city}",
        phone=phone(site.phone),
        tel=site.phone,
        access=access,
    )


def fee_views(page: PractitionerPage) -> list[FeeView]:
    """List what each reason costs, once where it is offered at several sites."""
    priced = {reason.name: euros(reason.fee_cents) for reason in page.reasons if reason.fee_cents is not None}
    return [FeeView(name=name, fee=fee) for name, fee in priced.items()]
