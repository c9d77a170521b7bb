"""The frame of the desk: practitioners, sites and reasons of one practice, and the next free times across them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, ColumnElement, literal_column, text
from sqlmodel import col, select

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.context import first_zone, load_offerings, zone_of
from maiia_pro.agenda.hours import Window
from maiia_pro.agenda.offered import FreeSlot, slots_of
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.identity.presence import Presence, is_deactivated
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import NotFound
from maiia_pro.practice.groups import Group, groups_of
from maiia_pro.practice.own_agenda import let_to, open_sites
from maiia_pro.practice.tables import SPECIALTY_LABELS, Offer, Practice, Practitioner, Specialty

SEARCH_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class DeskPractitioner:
    """A column of the desk."""

    id: UUID
    practice_id: UUID
    name: str
    initials: str
    specialty: str
    hue: str
    is_self: bool
    """Whether the actor is this practitioner."""
    books: bool = True
    """Whether the actor may give appointments there."""
    changes: bool = True
    """Whether the actor may move, cancel and mark them."""
    sets: bool = True
    """Whether the actor may set the agenda up."""
    presence: Presence = Presence.HERE
    """Whether their account is shut, and for good: nobody gives appointments there then."""


@dataclass(frozen=True, slots=True)
class DeskReason:
    """A reason that staff may book for a practitioner at a site; durations in minutes."""

    offering_id: UUID
    practitioner_id: UUID
    site_id: UUID
    name: str
    duration_minutes: int
    mode: Mode
    hue: str
    online: bool

    @property
    def key(self) -> str:
        """What makes it the same reason as a colleague's."""
        return reason_key(self.name)


@dataclass(frozen=True, slots=True)
class DeskSite:
    """A site of the practice."""

    id: UUID
    name: str
    city: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the desk's frame needs, once."""

    practice_id: UUID
    has_online_booking: bool
    practitioners: tuple[DeskPractitioner, ...]
    sites: tuple[DeskSite, ...]
    reasons: tuple[DeskReason, ...]
    groups: tuple[Group, ...] = ()
    """Those that hold somebody whose agenda the actor may see, with these alone."""
    is_new: bool = False
    """Nobody can be given an appointment yet, and nobody has one."""

    @property
    def zone(self) -> ZoneInfo:
        """The practice's clock, where no site is named."""
        return first_zone(site.zone for site in self.sites)

    @property
    def bookable(self) -> tuple[DeskPractitioner, ...]:
        """Those to whom the actor may give appointments."""
        return tuple(one for one in self.practitioners if one.books)


_IS_NEW = text("""
    select not exists (select from appointment where practice_id = :id)
       and (not :reasons or not exists (
            select from practitioner p where p.practice_id = :id
               and (exists (select from opening_rule o where o.practitioner_id = p.id)
                    or exists (select from opening_exception e where e.practitioner_id = p.id))))
""")


_SHUT_FOR_GOOD: ColumnElement[bool] = literal_column(is_deactivated("practitioner.account_id"), Boolean)


def desk(actor: Actor) -> Desk:
    """Read the frame of the actor's practice; raises `NotFound` where the actor works in none."""
    require(actor, Permission.AGENDA_VIEW)
    with reading() as session:
        practice = session.exec(select(Practice).where(col(Practice.id).in_(actor.practice_ids)).order_by(col(Practice.name))).first()
        if practice is None:
            raise NotFound("Aucun cabinet n’est relié à votre compte. Demandez à votre responsable de vous y ajouter.")
        practitioners = session.exec(
            select(Practitioner, _SHUT_FOR_GOOD)
            .where(Practitioner.practice_id == practice.id, let_to(actor, Permission.AGENDA_VIEW))
            .order_by(col(Practitioner.sort_key))
        ).all()
        sites = session.exec(open_sites(practice.id)).all()
        reasons = session.exec(
            select(Offering, VisitReason)
            .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
            .join(Practitioner, col(Practitioner.id) == Offering.practitioner_id)
            .where(Offering.practice_id == practice.id, col(Offering.active), col(VisitReason.active))
            .where(let_to(actor, Permission.AGENDA_VIEW), let_to(actor, Permission.APPOINTMENT_BOOK))
            .order_by(col(VisitReason.position), col(VisitReason.name))
        ).all()
        return Desk(
            practice.id,
            practice.offer == Offer.PREMIUM,
            tuple(_column(actor, who, for_good=for_good) for who, for_good in practitioners),
            tuple(DeskSite(site.id, site.name, site.city, zone_of(site.zone)) for site in sites),
            tuple(_reason(offering, reason) for offering, reason in reasons),
            tuple(one for one in groups_of(session, practice.id, [who.id for who, _ in practitioners]) if one.practitioner_ids),
            session.connection().execute(_IS_NEW, {"id": practice.id, "reasons": bool(reasons)}).scalar_one(),
        )


def _column(actor: Actor, practitioner: Practitioner, *, for_good: bool) -> DeskPractitioner:
    shut = Presence.DEACTIVATED if for_good else Presence.SUSPENDED
    return DeskPractitioner(
        practitioner.id,
        practitioner.practice_id,
        practitioner.display_name,
        practitioner.given_name[:1] + practitioner.family_name[:1],
        SPECIALTY_LABELS[Specialty(practitioner.specialty)],
        practitioner.hue,
        practitioner.id == actor.practitioner_id,
        allowed(actor, Permission.APPOINTMENT_BOOK, practitioner.practice_id, practitioner.id),
        allowed(actor, Permission.APPOINTMENT_MANAGE, practitioner.practice_id, practitioner.id),
        allowed(actor, Permission.AGENDA_SETUP, practitioner.practice_id, practitioner.id),
        shut if practitioner.barred else Presence.HERE,
    )


def _reason(offering: Offering, reason: VisitReason) -> DeskReason:
    return DeskReason(
        offering.id,
        offering.practitioner_id,
        offering.site_id,
        reason.name,
        reason.duration_minutes,
        Mode(reason.mode),
        reason.hue,
        reason.online,
    )


@dataclass(frozen=True, slots=True)
class NextFreeQuery:
    """What the desk looks for: a reason by its name, in the whole practice or with some practitioners, at some sites."""

    practice_id: UUID
    reason_name: str
    practitioner_ids: tuple[UUID, ...] = ()
    site_ids: tuple[UUID, ...] = ()
    modes: tuple[Mode, ...] = ()
    limit: int = 12


def next_free(actor: Actor, query: NextFreeQuery) -> list[FreeSlot]:
    """List the next free starts for a reason across the group, online or not; one start a practitioner and time."""
    require(actor, Permission.AGENDA_VIEW, query.practice_id)
    now = clock.now()
    with reading() as session:
        statement = (
            select(Offering.id, VisitReason.name)
            .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
            .join(Practitioner, col(Practitioner.id) == Offering.practitioner_id)
            .where(Offering.practice_id == query.practice_id, col(Offering.active), col(VisitReason.active))
            .where(let_to(actor, Permission.AGENDA_VIEW))
        )
        if query.practitioner_ids:
            statement = statement.where(col(Offering.practitioner_id).in_(query.practitioner_ids))
        if query.site_ids:
            statement = statement.where(col(Offering.site_id).in_(query.site_ids))
        if query.modes:
            statement = statement.where(col(VisitReason.mode).in_(query.modes))
        wanted = reason_key(query.reason_name)
        offered = [ident for ident, name in session.exec(statement) if reason_key(name) == wanted]
        known = [one.for_whom(True) for one in load_offerings(session, offered).values()]
        for span in (timedelta(days=7), SEARCH_AHEAD):
            found = slots_of(session, known, Window(now, now + span, now), online_only=False)
            if len(found) >= query.limit:
                break
        return found[: max(0, query.limit)]
