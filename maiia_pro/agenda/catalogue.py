"""What a practice is made of, for programs: its practitioners, sites and reasons, and who offers what where."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from maiia_pro.agenda.context import zone_of
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Specialty


@dataclass(frozen=True, slots=True)
class PractitionerEntry:
    """A practitioner of the practice."""

    id: UUID
    title: str
    given_name: str
    family_name: str
    specialty: Specialty
    rpps: str
    published: bool

    @property
    def display_name(self) -> str:
        """« Dr Claire Vasseur »."""
        return f"{self.title} {self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A place of the practice; phone in E.164."""

    id: UUID
    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    zone: ZoneInfo
    practice: str
    open: bool = True
    """Whether anybody still receives there."""


@dataclass(frozen=True, slots=True)
class ReasonEntry:
    """A visit reason; `online` where programs may book it, `active` until it is retired."""

    id: UUID
    practitioner_id: UUID
    name: str
    duration_minutes: int
    mode: str
    online: bool
    active: bool


@dataclass(frozen=True, slots=True)
class OfferingEntry:
    """A reason offered at a site."""

    id: UUID
    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    active: bool


@dataclass(frozen=True)
class Catalogue:
    """All of it, each by its identifier, in the order of identifiers."""

    practitioners: dict[UUID, PractitionerEntry]
    sites: dict[UUID, SiteEntry]
    reasons: dict[UUID, ReasonEntry]
    offerings: dict[UUID, OfferingEntry]

    @cached_property
    def places(self) -> dict[tuple[UUID, UUID], list[OfferingEntry]]:
        """Who receives where: the offerings of each practitioner at each site, in order."""
        found: dict[tuple[UUID, UUID], list[OfferingEntry]] = {}
        for offering in self.offerings.values():
            found.setdefault((offering.practitioner_id, offering.site_id), []).append(offering)
        return dict(sorted(found.items()))

    @property
    def zones(self) -> set[ZoneInfo]:
        """The time zones of the sites."""
        return {site.zone for site in self.sites.values()}


_PRACTICES = bindparam("practices", type_=ARRAY(PG_UUID(as_uuid=True)))
_PRACTITIONERS = text("""
    select id, title, given_name, family_name, specialty, rpps, published from practitioner where practice_id = any(:practices) order by id
""").bindparams(_PRACTICES)
_SITES = text("""
    select s.id, s.name, s.street, s.postal_code, s.city, s.phone, s.zone, p.name as practice, s.closed_at is null as open
    from site s join practice p on p.id = s.practice_id where s.practice_id = any(:practices) order by s.id
""").bindparams(_PRACTICES)
_REASONS = text("""
    select r.id, r.practitioner_id, r.name, r.duration_minutes, r.mode, r.online and c.offer = 'premium' as online, r.active
    from visit_reason r join practice c on c.id = r.practice_id where r.practice_id = any(:practices) order by r.id
""").bindparams(_PRACTICES)
_OFFERINGS = text("""
    select id, practitioner_id, site_id, reason_id, active from offering where practice_id = any(:practices) order by id
""").bindparams(_PRACTICES)


def practice_catalogue(actor: Actor) -> Catalogue:
    """Read the practices that the actor acts for: four queries, a few hundred rows."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        run, practices = session.connection().execute, {"practices": list(actor.practice_ids)}
        return Catalogue(
            practitioners={
                row.id: PractitionerEntry(
                    row.id, row.title, row.given_name, row.family_name, Specialty(row.specialty), row.rpps, row.published
                )
                for row in run(_PRACTITIONERS, practices)
            },
            sites={
                row.id: SiteEntry(
                    row.id, row.name, row.street, row.postal_code, row.city, row.phone, zone_of(row.zone), row.practice, row.open
                )
                for row in run(_SITES, practices)
            },
            reasons={row.id: ReasonEntry(*row) for row in run(_REASONS, practices)},
            offerings={row.id: OfferingEntry(*row) for row in run(_OFFERINGS, practices)},
        )
