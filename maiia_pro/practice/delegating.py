"""What a practitioner lets others of the practice do for them: given, limited in time and taken back by them alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from maiia_pro.identity.presence import Presence, presence
from maiia_pro.identity.tables import DelegateKind, Delegation, Membership
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.live import Change, account_topic, announce
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.tables import Practitioner, Site

USUAL: Final = frozenset({Right.AGENDA, Right.BOOK, Right.CHANGE})
"""What is ticked in advance where a secretary is asked in: the agenda alone. Only what stays ticked is given."""
REPLACING: Final = USUAL | {Right.FILE, Right.DOCUMENTS}
"""What is ticked in advance where a substitute is asked in: what seeing the patients needs."""
LONGEST: Final = timedelta(days=366)
"""From the first to the last day of what is let for a time."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is let, and when: days by the practice's clock, the last one included; without a first day, from now on."""

    rights: Collection[Right]
    substitute: bool = False
    first: date | None = None
    last: date | None = None


def rights_of(typed: Mapping[str, object]) -> frozenset[Right]:
    """Read which rights are ticked in a form whose boxes bear their values."""
    return frozenset(right for right in Right if typed.get(right.value))


@dataclass(frozen=True, slots=True)
class Delegate:
    """Somebody of the practice, and what the practitioner lets them do; instants are aware UTC."""

    account_id: UUID
    name: str
    role: ActorKind
    presence: Presence
    delegation_id: UUID | None
    kind: DelegateKind | None
    rights: frozenset[Right]
    starts_at: datetime | None
    ends_at: datetime | None
    last_used_at: datetime | None
    """When they last acted for the practitioner."""


_PEOPLE = text(
    f"""
    select a.id, case when m.asked_at is not null then m.name else a.name end as name, m.role,
           {presence("a", "m.role", "m.asked_at is not null")} as presence,
           d.id as delegation_id, d.kind, d.rights, d.starts_at, d.ends_at,
           (select max(e.at) from audit_entry e where e.practice_id = :practice_id and e.actor_id = a.id and e.on_behalf_of = :id) as used
    from membership m join account a on a.id = m.account_id
    left join delegation d on d.account_id = a.id and d.practitioner_id = :id and d.ended_at is null
        and (d.ends_at is null or d.ends_at > :now)
    where m.practice_id = :practice_id and a.id <> :me and m.role <> 'aidant'
    order by 2, a.id, d.starts_at
"""  # noqa: S608 - the condition above, nothing that anybody typed
).bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("practice_id", "id", "me")))


def delegates(actor: Actor) -> list[Delegate]:
    """List everybody of the practice with what the actor lets them do now or later; who has two periods ahead stands there twice."""
    require(actor, Permission.DELEGATE)
    with reading() as session:
        own = own_row(session, actor)
        values = {"practice_id": own.practice_id, "id": own.id, "me": actor.account_id, "now": clock.now()}
        return [
            Delegate(
                account_id=row.id,
                name=row.name,
                role=ActorKind(row.role),
                presence=Presence(row.presence),
                delegation_id=row.delegation_id,
                kind=DelegateKind(row.kind) if row.kind else None,
                rights=frozenset(Right(one) for one in row.rights or ()),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                last_used_at=row.used,
            )
            for row in session.connection().execute(_PEOPLE, values)
        ]


def delegate(actor: Actor, account_id: UUID, terms: Terms) -> UUID:
    """Let somebody of one's practice act for oneself; what was let for the same time ends. Gives the delegation's id.

    Raises `Invalid` naming the fields, and `NotFound` for who does not work in the practice.
    """
    require(actor, Permission.DELEGATE)
    with transaction() as session:
        return give(session, actor, own_row(session, actor, lock=True), account_id, terms)


def give(session: Session, actor: Actor, own: Practitioner, account_id: UUID, terms: Terms) -> UUID:
    """Let somebody act for the practitioner who acts, in the caller's transaction; `own` is locked. Raises what `delegate` raises."""
    if not terms.rights:
        raise Invalid(fields={"rights": "Cochez au moins un droit, ou retirez l’accès."})
    role = _role_there(session, own.practice_id, account_id)
    if role not in _KINDS or account_id == actor.account_id:
        raise NotFound
    substitute = terms.substitute or role is ActorKind.SUBSTITUTE
    now, kind = clock.now(), DelegateKind.SUBSTITUTE if substitute else _KINDS[role]
    starts_at, ends_at = _bounds(_zone(session, own.practice_id), terms, now, substitute=substitute)
    for earlier in session.exec(_standing(own.id, account_id, kind, starts_at, ends_at)).all():
        if starts_at > now:
            raise Invalid(fields={"first": "Ces dates recoupent un accès déjà donné. Retirez-le d’abord."})
        _end(session, actor, earlier, now)
    session.flush()
    given = Delegation(
        practice_id=own.practice_id,
        practitioner_id=own.id,
        account_id=account_id,
        kind=kind,
        rights=[one.value for one in Right if one in terms.rights],
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=actor.account_id,
    )
    session.add(given)
    session.flush()
    _note(session, actor, given, AuditAction.DELEGATION_GRANTED)
    return given.id


def end_delegation(actor: Actor, delegation_id: UUID) -> None:
    """Take back what one let somebody do, from their next act on; raises `NotFound` for another practitioner's."""
    require(actor, Permission.DELEGATE)
    with transaction() as session:
        own = own_row(session, actor, lock=True)
        found = session.get(Delegation, delegation_id)
        if found is None or found.practitioner_id != own.id or found.ended_at is not None:
            raise NotFound
        _end(session, actor, found, clock.now())


def end_all(session: Session, actor: Actor, practice_id: UUID, account_id: UUID, practitioner_id: UUID | None) -> None:
    """End what was let to somebody of a practice, and what they let others do in an agenda of theirs, in the caller's transaction."""
    theirs = or_(Delegation.account_id == account_id, Delegation.practitioner_id == practitioner_id)
    open_ones = select(Delegation).where(Delegation.practice_id == practice_id, col(Delegation.ended_at).is_(None), theirs)
    for given in session.exec(open_ones).all():
        _end(session, actor, given, clock.now())
    session.flush()


_KINDS: Final = {
    ActorKind.SECRETARY: DelegateKind.SECRETARY,
    ActorKind.PRACTITIONER: DelegateKind.COLLEAGUE,
    ActorKind.SUBSTITUTE: DelegateKind.SUBSTITUTE,
}


def _role_there(session: Session, practice_id: UUID, account_id: UUID) -> ActorKind | None:
    """Tell what somebody is in the practice, and hold that: who is being removed is let nothing more."""
    there = select(Membership.role).where(Membership.practice_id == practice_id, Membership.account_id == account_id)
    role = session.exec(there.with_for_update(read=True)).first()
    return ActorKind(role) if role else None


def _zone(session: Session, practice_id: UUID) -> ZoneInfo:
    zone = session.exec(select(Site.zone).where(Site.practice_id == practice_id).order_by(col(Site.name)).limit(1)).first()
    return ZoneInfo(zone or "Europe/Paris")


def _bounds(zone: ZoneInfo, terms: Terms, now: datetime, *, substitute: bool) -> tuple[datetime, datetime | None]:
    """Give the instants that the terms' days begin and end at; raises `Invalid`."""
    first = max(datetime.combine(terms.first, time(), zone), now) if terms.first else now
    last = datetime.combine(terms.last + timedelta(days=1), time(), zone) if terms.last else None
    if substitute and last is None:
        raise Invalid(fields={"last": "Écrivez le dernier jour du remplacement."})
    if last is not None and last <= first:
        raise Invalid(fields={"last": "Choisissez un dernier jour à venir, qui ne précède pas le premier."})
    if last is not None and last - first > LONGEST:
        raise Invalid(fields={"last": "Choisissez un an au plus."})
    return first, last


def _standing(
    practitioner_id: UUID, account_id: UUID, kind: DelegateKind, starts_at: datetime, ends_at: datetime | None
) -> SelectOfScalar[Delegation]:
    """Select what is let to the account for a part of that time."""
    mine = select(Delegation).where(
        Delegation.practitioner_id == practitioner_id, Delegation.account_id == account_id, Delegation.kind == kind
    )
    mine = mine.where(Delegation.kind == kind, col(Delegation.ended_at).is_(None))
    mine = mine.where(or_(col(Delegation.ends_at).is_(None), col(Delegation.ends_at) > starts_at))
    return mine if ends_at is None else mine.where(col(Delegation.starts_at) < ends_at)


def _end(session: Session, actor: Actor, given: Delegation, at: datetime) -> None:
    given.ended_at, given.ended_by = at, actor.account_id
    session.add(given)
    _note(session, actor, given, AuditAction.DELEGATION_ENDED)


def _note(session: Session, actor: Actor, given: Delegation, action: AuditAction) -> None:
    whom = {"account_id": str(given.account_id), "practitioner_id": str(given.practitioner_id)}
    details = whom | {"kind": given.kind, "rights": given.rights}
    announce(session, Change(account_topic(given.account_id), given.account_id, int(clock.now().timestamp() * 1000)))
    audit.record(session, actor, action, subject_type="delegation", subject_id=given.id, practice_id=given.practice_id, details=details)
