"""Which practice somebody administers, and what it is called."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import name_key
from maiia_pro.kernel.text import one_line
from maiia_pro.practice.company import CompanyDetails, company_of
from maiia_pro.practice.tables import Practice

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class OwnPractice:
    """A practice that the actor administers; screens lock after so many minutes without a gesture."""

    id: UUID
    name: str
    lock_minutes: int
    company: CompanyDetails | None = None


def administered(actor: Actor) -> OwnPractice:
    """Give the practice that the actor administers, the first by name; raises `NotAdministrator` where there is none."""
    require(actor, Permission.PRACTICE_ADMIN)
    with reading() as session:
        row = session.exec(select(Practice).where(col(Practice.id).in_(actor.administers)).order_by(col(Practice.name))).first()
        if row is None:
            raise NotFound
        return OwnPractice(row.id, row.name, row.lock_minutes, company_of(session, row.id))


def rename_practice(actor: Actor, practice_id: UUID, typed: object) -> str:
    """Change what a practice is called; gives the name as it is written. Raises `Invalid` naming the field."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    try:
        name = one_line(typed, longest=LONGEST_NAME)
    except Invalid as refusal:
        raise Invalid(fields={"practice_name": refusal.message}) from None
    if not name_key(name):
        raise Invalid(fields={"practice_name": "Écrivez le nom du cabinet."})
    with transaction() as session:
        session.get_one(Practice, practice_id, with_for_update=True).name = name
        audit.record(
            session, actor, AuditAction.PRACTICE_RENAMED, subject_type="practice", subject_id=practice_id, practice_id=practice_id
        )  # fmt: skip
    return name
