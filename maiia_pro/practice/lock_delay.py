"""After how long without a key or a pointer the screens of a practice lock."""

from typing import Final
from uuid import UUID

from sqlmodel import col, func, select

from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.practice.tables import Practice

DELAYS: Final = (2, 5, 10, 15, 30, 60)
"""In minutes."""


def lock_minutes(actor: Actor) -> int:
    """Tell after how many minutes the actor's screens lock: of several practices the most careful; 0 for who works in none."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        return session.exec(select(func.min(Practice.lock_minutes)).where(col(Practice.id).in_(actor.practice_ids))).one() or 0


def choose_lock_minutes(actor: Actor, practice_id: UUID, minutes: int) -> None:
    """Choose the delay of a practice."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    if minutes not in DELAYS:
        raise Invalid(fields={"lock_minutes": "Choisissez un des délais de la liste."})
    with transaction() as session:
        session.exec(select(Practice).where(Practice.id == practice_id).with_for_update()).one().lock_minutes = minutes
        audit.record(
            session, actor, AuditAction.LOCK_DELAY_CHOSEN, practice_id=practice_id, subject_type="practice", subject_id=practice_id,
            details={"minutes": minutes},
        )  # fmt: skip
