"""Rooms and equipment of a practice, by kind: added, renamed and retired by those who administer it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.resource_tables import Resource, ResourceKind
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.practice.tables import Practice, Site

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of rooms or equipment."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A room or a piece of equipment."""

    id: UUID
    name: str
    kind: KindView
    site_id: UUID
    site: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Resources:
    """All that a practice has, and where more of it may be."""

    kinds: tuple[KindView, ...]
    resources: tuple[ResourceView, ...]
    sites: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class ResourceForm:
    """A room as somebody filled it in; its kind is written by its name, new or known."""

    name: str
    kind: str
    site_id: UUID


def practice_resources(actor: Actor) -> Resources:
    """Read the rooms and equipment of the actor's practice; raises `NotFound` where the actor works in none."""
    require(actor, Permission.RESOURCE_VIEW)
    with reading() as session:
        practice_id = _practice(session, actor)
        known = session.exec(select(Site).where(Site.practice_id == practice_id).order_by(col(Site.name))).all()
        sites = {one.id: one.name for one in known}
        rows = session.exec(select(ResourceKind).where(ResourceKind.practice_id == practice_id).order_by(col(ResourceKind.name)))
        kinds = {row.id: KindView(row.id, row.name) for row in rows}
        found = session.exec(
            select(Resource)
            .where(Resource.practice_id == practice_id)
            .order_by(col(Resource.retired), col(Resource.name), col(Resource.id))
        )
        resources = [ResourceView(one.id, one.name, kinds[one.kind_id], one.site_id, sites[one.site_id], one.retired) for one in found]
        return Resources(tuple(kinds.values()), tuple(resources), tuple((one.id, one.name) for one in known if one.closed_at is None))


def save_resource(actor: Actor, form: ResourceForm, resource_id: UUID | None = None) -> UUID:
    """Add a room or equipment, or rename one; a kind of a name not known yet is made. Site and kind stay what they were at first.

    Raises `Invalid` naming the fields, and `NotFound` for another practice's.
    """
    require(actor, Permission.RESOURCE_MANAGE)
    with transaction() as session:
        practice_id = _administered(session, actor)
        name = _checked(form, resource_id)
        if resource_id:
            row = _resource(session, practice_id, resource_id)
            row.name = name
        else:
            row = _added(session, practice_id, form, name)
        session.add(row)
        session.flush()
        _record(session, actor, row, "saved")
        return row.id


def retire_resource(actor: Actor, resource_id: UUID, *, retired: bool = True) -> None:
    """Give a room or equipment to no visit any more, or take that back; visits that have it keep it."""
    require(actor, Permission.RESOURCE_MANAGE)
    with transaction() as session:
        row = _resource(session, _administered(session, actor), resource_id)
        row.retired = retired
        session.flush()
        _record(session, actor, row, "retired" if retired else "back")


def _practice(session: Session, actor: Actor) -> UUID:
    found = session.exec(select(Practice.id).where(col(Practice.id).in_(actor.practice_ids)).order_by(col(Practice.name))).first()
    if found is None:
        raise NotFound("Aucun cabinet n’est relié à votre compte. Demandez à votre responsable de vous y ajouter.")
    return found


def _administered(session: Session, actor: Actor) -> UUID:
    """Give the practice whose rooms `practice_resources` lists; raises `NotAdministrator` where the actor does not administer it."""
    practice_id = _practice(session, actor)
    require(actor, Permission.RESOURCE_MANAGE, practice_id)
    return practice_id


def _checked(form: ResourceForm, resource_id: UUID | None) -> str:
    errors, name = FieldErrors(), one_line(form.name, longest=80)
    if not name:
        errors.add("name", "Écrivez le nom, par exemple « Salle 2 ».")
    if not resource_id and not one_line(form.kind, longest=80):
        errors.add("kind", "Écrivez le genre, par exemple « Salle d’examen ».")
    errors.check()
    return name


def _added(session: Session, practice_id: UUID, form: ResourceForm, name: str) -> Resource:
    session.get_one(Practice, practice_id, with_for_update={"key_share": True})  # one kind of a name, however many add one
    site = session.get(Site, form.site_id)
    if site is None or site.practice_id != practice_id or site.closed_at is not None:
        raise NotFound
    if len(session.exec(select(Resource.id).where(Resource.practice_id == practice_id)).all()) >= MOST:
        raise Invalid(f"Un cabinet a au plus {MOST} salles et matériels.")
    wanted = one_line(form.kind, longest=80)
    kinds = session.exec(select(ResourceKind).where(ResourceKind.practice_id == practice_id)).all()
    kind = next((one for one in kinds if one.name.casefold() == wanted.casefold()), None)
    if kind is None:
        kind = ResourceKind(practice_id=practice_id, name=wanted)
        session.add(kind)
        session.flush()
    return Resource(practice_id=practice_id, site_id=site.id, kind_id=kind.id, name=name)


def _resource(session: Session, practice_id: UUID, resource_id: UUID) -> Resource:
    row = session.get(Resource, resource_id, with_for_update={"key_share": True})
    if row is None or row.practice_id != practice_id:
        raise NotFound
    return row


def _record(session: Session, actor: Actor, row: Resource, what: str) -> None:
    audit.record(
        session, actor, AuditAction.RESOURCE_CHANGED, subject_type="resource", subject_id=row.id, practice_id=row.practice_id,
        details={"act": what},
    )  # fmt: skip
