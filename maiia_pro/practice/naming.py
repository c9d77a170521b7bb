"""What the bar of every professional page calls the practice."""

from sqlmodel import col, select

from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Practice


def practice_name(actor: Actor) -> str:
    """Name the practice that the actor works in, the same that the agenda shows; nothing for who works in none."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        practice = session.exec(select(Practice).where(col(Practice.id).in_(actor.practice_ids)).order_by(col(Practice.name))).first()
    if practice is None:
        return ""
    return f"{practice.name} (démonstration)" if practice.is_demo else practice.name
