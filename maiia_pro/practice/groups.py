"""Groups of practitioners whose agendas are looked at together: named and ordered by those who administer the practice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.practice.group_tables import GroupPlace, PractitionerGroup
from maiia_pro.practice.tables import Practice, Practitioner

MOST: Final = 50
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Group:
    """A group, with its practitioners in the order of their names."""

    id: UUID
    name: str
    practitioner_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a practice in their order, and whom they may hold."""

    groups: tuple[Group, ...]
    practitioners: tuple[tuple[UUID, str], ...]


def practice_groups(actor: Actor, practice_id: UUID) -> Groups:
    """Read the groups of a practice, for who sees to them."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with reading() as session:
        people = session.exec(
            select(Practitioner).where(Practitioner.practice_id == practice_id).order_by(col(Practitioner.sort_key), col(Practitioner.id))
        ).all()
        return Groups(
            groups_of(session, practice_id, [one.id for one in people]), tuple((one.id, one.display_name) for one in people)
        )  # fmt: skip


def groups_of(session: Session, practice_id: UUID, among: Sequence[UUID]) -> tuple[Group, ...]:
    """Read the groups with whom they hold of these practitioners, in the order of these, for a use case that has authorised."""
    rows = session.exec(
        select(PractitionerGroup, GroupPlace.practitioner_id)
        .join(GroupPlace, col(GroupPlace.group_id) == PractitionerGroup.id, isouter=True)
        .where(PractitionerGroup.practice_id == practice_id)
        .order_by(col(PractitionerGroup.position), col(PractitionerGroup.name))
    ).all()
    names = {group.id: group.name for group, _ in rows}
    placed = {(group.id, whose) for group, whose in rows}
    return tuple(Group(ident, name, tuple(one for one in among if (ident, one) in placed)) for ident, name in names.items())


def save_group(actor: Actor, practice_id: UUID, group_id: UUID | None, typed: object, practitioner_ids: Collection[UUID]) -> UUID:
    """Make a group, the last in order, or change one; gives its id. Raises `Invalid` naming the fields, `NotFound`."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        session.get_one(Practice, practice_id, with_for_update={"key_share": True})  # one group of a name, however many make one
        group = _group(session, practice_id, group_id) if group_id else _new(session, practice_id)
        group.name = _checked(session, group, typed, practitioner_ids)
        session.add(group)
        session.flush()
        session.exec(delete(GroupPlace).where(col(GroupPlace.group_id) == group.id))
        session.add_all(GroupPlace(group_id=group.id, practitioner_id=one, practice_id=practice_id) for one in set(practitioner_ids))
        _note(session, actor, group, "saved")
        return group.id


def _new(session: Session, practice_id: UUID) -> PractitionerGroup:
    count, last = session.exec(
        select(func.count(), func.max(PractitionerGroup.position)).where(PractitionerGroup.practice_id == practice_id)
    ).one()
    if count >= MOST:
        raise Conflict(f"Un cabinet a au plus {MOST} groupes.")
    return PractitionerGroup(practice_id=practice_id, name="", position=(last or 0) + 1)


def _checked(session: Session, group: PractitionerGroup, typed: object, practitioner_ids: Collection[UUID]) -> str:
    errors, name = FieldErrors(), ""
    try:
        name = one_line(typed, longest=LONGEST_NAME)
    except Invalid as refusal:
        errors.add("name", refusal.message)
    else:
        if not name_key(name):
            errors.add("name", "Écrivez le nom du groupe.")
    others = select(PractitionerGroup.name).where(PractitionerGroup.practice_id == group.practice_id, PractitionerGroup.id != group.id)
    if name_key(name) in map(name_key, session.exec(others)):  # the database's own lower() may leave É as it is
        errors.add("name", "Un autre groupe porte déjà ce nom.")
    if not practitioner_ids:
        errors.add("members", "Cochez au moins un praticien.")
    errors.check()
    here = select(func.count()).where(Practitioner.practice_id == group.practice_id, col(Practitioner.id).in_(practitioner_ids))
    if session.exec(here).one() != len(set(practitioner_ids)):
        raise NotFound
    return name


def move_group(actor: Actor, practice_id: UUID, group_id: UUID, *, earlier: bool) -> None:
    """Have a group change places with the one before it, or after it; at the end of the list nothing changes."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        session.get_one(Practice, practice_id, with_for_update={"key_share": True})
        moved = _group(session, practice_id, group_id)
        order = list(
            session.exec(
                select(PractitionerGroup)
                .where(PractitionerGroup.practice_id == practice_id)
                .order_by(col(PractitionerGroup.position), col(PractitionerGroup.name))
            )
        )
        place = order.index(moved)
        order.insert(max(0, place + (-1 if earlier else 1)), order.pop(place))
        for position, group in enumerate(order, start=1):
            group.position = position
        session.flush()
        _note(session, actor, moved, "moved")


def delete_group(actor: Actor, practice_id: UUID, group_id: UUID) -> None:
    """Forget a group; its practitioners and their agendas stay as they are."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        group = _group(session, practice_id, group_id)
        _note(session, actor, group, "deleted")
        session.delete(group)


def _group(session: Session, practice_id: UUID, group_id: UUID) -> PractitionerGroup:
    group = session.get(PractitionerGroup, group_id, with_for_update=True)
    if group is None or group.practice_id != practice_id:
        raise NotFound
    return group


def _note(session: Session, actor: Actor, group: PractitionerGroup, act: str) -> None:
    audit.record(
        session, actor, AuditAction.GROUP_CHANGED, subject_type="practitioner_group", subject_id=group.id,
        practice_id=group.practice_id, details={"act": act},
    )  # fmt: skip
