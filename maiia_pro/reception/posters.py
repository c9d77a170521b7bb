"""The posters at the door: each site's secret, issued, renewed and withdrawn by staff; a new one voids the old."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import zone_of
from maiia_pro.identity.tokens import new_token
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound
from maiia_pro.kernel.text import one_line
from maiia_pro.practice.tables import Practice, Site
from maiia_pro.reception.tables import SiteDoor


@dataclass(frozen=True, slots=True)
class Poster:
    """A site with the secret of its poster, empty where there is none."""

    site_id: UUID
    site: str
    address: str
    practice: str
    token: str
    directions: str
    created_at: datetime | None
    """By the site's own clock."""


def posters(actor: Actor) -> list[Poster]:
    """List the sites of the actor's practices with their posters."""
    require(actor, Permission.AGENDA_VIEW)
    if not actor.is_staff:
        raise NotAllowed
    with reading() as session:
        statement = (
            select(Site, Practice, SiteDoor)
            .join(Practice, col(Practice.id) == Site.practice_id)
            .outerjoin(SiteDoor, col(SiteDoor.site_id) == Site.id)
            .where(col(Site.practice_id).in_(actor.practice_ids), col(Site.closed_at).is_(None))
            .order_by(col(Site.name))
        )
        return [_poster(*row) for row in session.exec(statement).all()]


def _poster(site: Site, practice: Practice, door: SiteDoor | None) -> Poster:
    address = f"{site.street}, {site.postal_code} {site.city}"
    if door is None:
        return Poster(site.id, site.name, address, practice.name, "", "", None)
    return Poster(site.id, site.name, address, practice.name, door.token, door.directions, door.created_at.astimezone(zone_of(site.zone)))


def issue_poster(actor: Actor, site_id: UUID) -> None:
    """Give the site a new secret: posters printed before answer no more."""
    require(actor, Permission.APPOINTMENT_MANAGE)
    with transaction() as session:
        site = _own_site(session, actor, site_id)
        session.refresh(site, with_for_update={"key_share": True})  # a site has one poster, however many issue its first
        door = session.get(SiteDoor, site_id, with_for_update=True)
        if door is None:
            session.add(SiteDoor(site_id=site_id, token=new_token()))
        else:
            door.token, door.created_at = new_token(), clock.now()
        _note(session, actor, site, AuditAction.DOOR_ISSUED)


def withdraw_poster(actor: Actor, site_id: UUID) -> None:
    """Take the secret away; where there is none, nothing happens."""
    require(actor, Permission.APPOINTMENT_MANAGE)
    with transaction() as session:
        site = _own_site(session, actor, site_id)
        door = session.get(SiteDoor, site_id, with_for_update=True)
        if door is not None:
            session.delete(door)
            _note(session, actor, site, AuditAction.DOOR_WITHDRAWN)


def save_directions(actor: Actor, site_id: UUID, directions: str) -> None:
    """Say where those wait who signalled themselves; raises `NotFound` where there is no poster."""
    require(actor, Permission.APPOINTMENT_MANAGE)
    with transaction() as session:
        site = _own_site(session, actor, site_id)
        door = session.get(SiteDoor, site_id, with_for_update=True)
        if door is None:
            raise NotFound
        door.directions = one_line(directions, longest=160)
        _note(session, actor, site, AuditAction.DOOR_DIRECTED)


def _own_site(session: Session, actor: Actor, site_id: UUID) -> Site:
    if not actor.is_staff:
        raise NotAllowed
    site = session.get(Site, site_id)
    if site is None or site.practice_id not in actor.practice_ids:
        raise NotFound
    return site


def _note(session: Session, actor: Actor, site: Site, action: AuditAction) -> None:
    audit.record(session, actor, action, subject_type="site", subject_id=site.id, practice_id=site.practice_id)
