"""Replacements, seen from both sides, and the sheet that goes with each: handed over at its beginning and given back at its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.identity.presence import Presence, presence
from maiia_pro.identity.tables import DelegateKind, Delegation
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, NotAllowed, NotFound
from maiia_pro.kernel.text import paragraph
from maiia_pro.practice.handover_tables import Handover

LONGEST: Final = 10_000
KEPT: Final = timedelta(days=366)
"""How long a replacement that is over stays listed."""


class Changed(Conflict):
    """Somebody wrote on the sheet meanwhile, on another screen."""

    code = "handover-changed"
    message = "Cette fiche a changé depuis que vous l’avez ouverte. Copiez votre texte, puis rouvrez-la."


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replacement; instants are aware UTC, `zone` is an IANA name."""

    delegation_id: UUID
    practitioner: str
    substitute: str
    mine: bool
    """Whether the actor is the one who is replaced."""
    presence: Presence
    """What keeps the substitute from it, if anything."""
    starts_at: datetime
    ends_at: datetime
    zone: str
    before_at: datetime | None
    before_read_at: datetime | None
    after_at: datetime | None
    after_read_at: datetime | None

    def is_on(self, at: datetime) -> bool:
        """Tell whether the replacement goes on."""
        return self.starts_at <= at < self.ends_at


_LIST = text(f"""
    select d.id as delegation_id, trim(p.title || ' ' || p.given_name || ' ' || p.family_name) as practitioner,
           case when m.asked_at is null then a.name else m.name end as substitute, p.id = :own as mine,
           {presence("a", "m.role", "m.asked_at is not null")} as presence,
           d.starts_at, least(d.ends_at, d.ended_at) as ends_at,
           coalesce((select s.zone from site s where s.practice_id = d.practice_id order by s.name limit 1), 'Europe/Paris') as zone,
           h.before_at, h.before_read_at, h.after_at, h.after_read_at
    from delegation d join practitioner p on p.id = d.practitioner_id join account a on a.id = d.account_id
    join membership m on m.account_id = a.id and m.practice_id = d.practice_id
    left join handover h on h.delegation_id = d.id
    where d.kind = 'substitute' and (d.practitioner_id = :own or (d.account_id = :me and m.asked_at is null and m.role = :role))
      and (d.ended_at is null or d.ended_at > d.starts_at) and least(d.ends_at, d.ended_at) > :since
    order by d.starts_at desc, d.id
""").bindparams(  # noqa: S608 - the expression above, nothing that anybody typed
    bindparam("own", type_=PG_UUID(as_uuid=True)), bindparam("me", type_=PG_UUID(as_uuid=True))
)


def replacements(actor: Actor) -> list[Replacement]:
    """List the replacements of one's own agenda, and those that one does, the latest first."""
    require(actor, Permission.HANDOVER)
    values = {"own": actor.practitioner_id, "me": actor.account_id, "role": actor.kind, "since": clock.now() - KEPT}
    with reading() as session:
        return [
            Replacement(**dict(row._mapping) | {"presence": Presence(row.presence)}) for row in session.connection().execute(_LIST, values)
        ]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The words of a replacement, as the actor may read them, and which of both they may write."""

    before: str
    after: str
    writes: str
    """`before` or `after`."""


def read_handover(actor: Actor, delegation_id: UUID) -> Sheet:
    """Read a sheet; the other one's words count as read from now on. Raises `NotFound`, and `NotAllowed` out of its dates."""
    require(actor, Permission.HANDOVER)
    with transaction() as session:
        given, writes = _held(session, actor, delegation_id)
        sheet = session.get(Handover, delegation_id) or Handover(delegation_id=delegation_id)
        other = "after" if writes == "before" else "before"
        if getattr(sheet, f"{other}_at") and not getattr(sheet, f"{other}_read_at"):
            setattr(sheet, f"{other}_read_at", clock.now())
            session.add(sheet)
        _note(session, actor, given, AuditAction.HANDOVER_READ)
        return Sheet(sheet.before, sheet.after, writes)


def write_handover(actor: Actor, delegation_id: UUID, words: object, seen: object) -> None:
    """Write one's side of a sheet; `seen` are the words that its author changed.

    Raises `NotFound`, `NotAllowed` out of its dates, `Changed`, or `Invalid` for what is too long.
    """
    require(actor, Permission.HANDOVER)
    written, before = paragraph(words, longest=LONGEST), paragraph(seen, longest=LONGEST)
    with transaction() as session:
        given, side = _held(session, actor, delegation_id)
        sheet = session.get(Handover, delegation_id) or Handover(delegation_id=delegation_id)
        if getattr(sheet, side) not in {before, written}:
            raise Changed
        values: dict[str, Any] = {side: written, f"{side}_at": clock.now() if written else None, f"{side}_read_at": None}
        for name, value in values.items():
            setattr(sheet, name, value)
        session.add(sheet)
        _note(session, actor, given, AuditAction.HANDOVER_WRITTEN)


def _held(session: Session, actor: Actor, delegation_id: UUID) -> tuple[Delegation, str]:
    """Lock a replacement of the actor's, and tell which side is theirs."""
    given = session.get(Delegation, delegation_id, with_for_update=True)
    if given is None or given.kind != DelegateKind.SUBSTITUTE:
        raise NotFound
    if actor.practitioner_id is not None and given.practitioner_id == actor.practitioner_id:
        return given, "before"
    if given.account_id != actor.account_id:
        raise NotFound
    if given.practitioner_id not in actor.rights or not _goes_on(given):
        raise NotAllowed("Cette fiche s’ouvre pendant les jours du remplacement seulement.")
    return given, "after"


def _goes_on(given: Delegation) -> bool:
    now = clock.now()
    return given.ended_at is None and given.starts_at <= now and (given.ends_at is None or now < given.ends_at)


def _note(session: Session, actor: Actor, given: Delegation, action: AuditAction) -> None:
    audit.record(
        session, actor, action, subject_type="delegation", subject_id=given.id, practice_id=given.practice_id,
        on_behalf_of=actor.stands_for(given.practitioner_id),
    )  # fmt: skip
