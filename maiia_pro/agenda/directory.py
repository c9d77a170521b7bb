"""The public directory: what the cards and pages of practitioners show, with their next free slots."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.context import load_offering, load_offerings, zone_of
from maiia_pro.agenda.first_free import first_offered
from maiia_pro.agenda.offered import FreeSlot, first_slots
from maiia_pro.agenda.reason_rules import asks_whether_known
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.text import one_line
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.profile_tables import ProfilePage
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.tables import SPECIALTY_LABELS, Offer, Practice, Practitioner, Site, Specialty

NEXT_SLOTS = 3


@dataclass(frozen=True, slots=True)
class SiteView:
    """Where a practitioner receives."""

    id: UUID
    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class PractitionerCard:
    """A practitioner as the search shows them."""

    id: UUID
    slug: str
    name: str
    initials: str
    specialty: str
    hue: str
    is_demo: bool
    sites: tuple[SiteView, ...]
    has_online_booking: bool
    first_reason: str
    next_slots: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class OfferedReason:
    """A reason that may be booked online at a site; its duration is in minutes, its fee in cents."""

    offering_id: UUID
    site_id: UUID
    name: str
    duration_minutes: int
    mode: Mode
    hue: str
    fee_cents: int | None
    instructions: str
    bring: tuple[str, ...]
    asks: bool
    """Whether its times depend on whether the patient is known to the practitioner."""


@dataclass(frozen=True, slots=True)
class PractitionerPage:
    """What the public page of a practitioner shows."""

    card: PractitionerCard
    profile: Profile
    rpps: str
    reasons: tuple[OfferedReason, ...]


def cards_of(session: Session, ids: Sequence[UUID], slots: dict[UUID, list[FreeSlot]]) -> list[PractitionerCard]:
    """Give the cards of some practitioners in that order."""
    rows = session.exec(
        select(Practitioner, Practice).join(Practice, col(Practice.id) == Practitioner.practice_id).where(col(Practitioner.id).in_(ids))
    )
    known = {practitioner.id: (practitioner, practice) for practitioner, practice in rows}
    offered = session.exec(
        select(Offering, Site, VisitReason)
        .join(Site, col(Site.id) == Offering.site_id)
        .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
        .where(col(Offering.practitioner_id).in_(ids), col(Offering.active), col(VisitReason.active))
        .order_by(*_IN_ORDER)
    ).all()
    sites: dict[UUID, dict[UUID, SiteView]] = {}
    first: dict[UUID, str] = {}
    for offering, site, reason in offered:
        sites.setdefault(offering.practitioner_id, {}).setdefault(site.id, _site(site))
        if reason.online:
            first.setdefault(offering.practitioner_id, reason.name)
    return [
        PractitionerCard(
            id=practitioner.id,
            slug=practitioner.slug,
            name=practitioner.display_name,
            initials=practitioner.given_name[:1] + practitioner.family_name[:1],
            specialty=SPECIALTY_LABELS[Specialty(practitioner.specialty)],
            hue=practitioner.hue,
            is_demo=practice.is_demo,
            sites=tuple(sites.get(practitioner.id, {}).values()),
            has_online_booking=practice.offer == Offer.PREMIUM and practitioner.id in first,
            first_reason=first.get(practitioner.id, ""),
            next_slots=tuple(slots.get(practitioner.id, ())),
        )
        for practitioner, practice in (known[one] for one in ids)
    ]


def _card(session: Session, practitioner_id: UUID) -> PractitionerCard:
    return cards_of(session, [practitioner_id], next_slots(session, [practitioner_id]))[0]


_IN_ORDER = (col(VisitReason.position), col(VisitReason.id), col(Site.name))


def next_slots(session: Session, ids: Sequence[UUID], sites: Mapping[UUID, Collection[UUID]] | None = None) -> dict[UUID, list[FreeSlot]]:
    """Find the next slots of each practitioner's first online reason: at the sites named for them, or wherever it is offered."""
    offered = first_offered(session, ids)
    here = [row for row in offered if sites and row[2] in sites.get(row[0], ())]
    found_here = {whose for whose, _, _ in here}
    chosen = here + [row for row in offered if row[0] not in found_here]
    return first_slots(session, list(load_offerings(session, [row[1] for row in chosen]).values()), clock.now(), NEXT_SLOTS)


def _site(site: Site) -> SiteView:
    return SiteView(site.id, site.name, site.street, site.postal_code, site.city, site.phone, zone_of(site.zone))


def practitioner_page(actor: Actor, slug: str) -> PractitionerPage:
    """Read a public page; raises `NotFound` for an address that names no published practitioner."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        named = select(Practitioner).where(Practitioner.slug == one_line(slug, longest=120), col(Practitioner.published))
        practitioner = session.exec(named).first()
        if practitioner is None:
            raise NotFound("Cette page n’existe pas ou n’est plus publiée. Cherchez le praticien par son nom.")
        page = session.get(ProfilePage, practitioner.id)
        return _page(session, practitioner, Profile.load(page.shown if page else {}))


def own_preview(actor: Actor) -> PractitionerPage:
    """Read one's own page as it would be with what is written now, public or not yet."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        practitioner = own_row(session, actor)
        page = session.get(ProfilePage, practitioner.id)
        return _page(session, practitioner, Profile.load(page.draft if page else {}))


def _page(session: Session, practitioner: Practitioner, said: Profile) -> PractitionerPage:
    card = _card(session, practitioner.id)
    reasons = _reasons(session, practitioner.id) if card.has_online_booking else ()
    return PractitionerPage(card, said, practitioner.rpps, tuple(reasons))


def _reasons(session: Session, practitioner_id: UUID) -> Sequence[OfferedReason]:
    rows = session.exec(
        select(Offering, VisitReason)
        .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
        .where(Offering.practitioner_id == practitioner_id, col(Offering.active), col(VisitReason.active), col(VisitReason.online))
        .order_by(col(VisitReason.position), col(VisitReason.name))
    ).all()
    return [
        OfferedReason(
            offering.id,
            offering.site_id,
            reason.name,
            reason.duration_minutes,
            Mode(reason.mode),
            reason.hue,
            reason.fee_cents,
            reason.instructions,
            tuple(reason.bring),
            asks_whether_known(reason.audience, reason.duration_minutes, reason.new_patient_minutes, reason.new_patients_a_day),
        )
        for offering, reason in rows
    ]


@dataclass(frozen=True, slots=True)
class SlotSummary:
    """What the confirmation page recalls of a slot."""

    key: str
    starts_at: datetime
    reason: OfferedReason
    practitioner: PractitionerCard
    site: SiteView
    practice_name: str


def slot_summary(actor: Actor, key: object) -> SlotSummary:
    """Recall a slot from its key; raises `NoSuchSlot` or `NotFound`. Whether it is still free is for the booking to say."""
    require(actor, Permission.DIRECTORY_SEARCH)
    slot = SlotKey.parse(key)
    with reading() as session:
        offering = load_offering(session, slot.offering_id)
        rows = session.exec(
            select(Practitioner, Practice)
            .join(Practice, col(Practice.id) == Practitioner.practice_id)
            .where(Practitioner.id == offering.practitioner_id, col(Practitioner.published))
        ).all()
        site = session.get(Site, offering.site_id)
        reason = next((found for found in _reasons(session, offering.practitioner_id) if found.offering_id == slot.offering_id), None)
        if not rows or site is None or reason is None:
            raise NotFound
        return SlotSummary(str(slot), slot.starts_at, reason, _card(session, offering.practitioner_id), _site(site), rows[0][1].name)


@dataclass(frozen=True, slots=True)
class OfferSummary:
    """What may be booked online with a practitioner, without a time."""

    reason: OfferedReason
    practitioner: PractitionerCard


def offer_summary(actor: Actor, offering_id: UUID) -> OfferSummary:
    """Recall an offer of a public page; raises `NotFound` for one that is not booked online."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        offering = load_offering(session, offering_id)
        published = session.exec(select(Practitioner.published).where(Practitioner.id == offering.practitioner_id)).one()
        reason = next((found for found in _reasons(session, offering.practitioner_id) if found.offering_id == offering_id), None)
        if reason is None or not published or not offering.online:
            raise NotFound("Ce motif n’est plus proposé en ligne. Choisissez-en un autre.")
        return OfferSummary(reason, _card(session, offering.practitioner_id))
