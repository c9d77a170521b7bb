"""What the operator sees first: the practices, and how many accounts of each kind there are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading
from maiia_pro.practice.tables import Offer


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A practice, with how many people work there."""

    id: UUID
    name: str
    offer: Offer
    is_demo: bool
    created_at: datetime
    sites: int
    practitioners: int
    accounts: int
    waiting: int
    """Accounts whose activation link was not followed yet."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The platform at a glance."""

    practices: tuple[PracticeLine, ...]
    accounts: dict[ActorKind, int]
    """Active accounts of each kind that exists."""


_PRACTICES = text("""
    select c.id, c.name, c.offer, c.is_demo, c.created_at,
        (select count(*) from site s where s.practice_id = c.id and s.closed_at is null) as sites,
        (select count(*) from practitioner p where p.practice_id = c.id) as practitioners,
        (select count(distinct m.account_id) from membership m where m.practice_id = c.id) as accounts,
        (select count(distinct a.id) from membership m join account a on a.id = m.account_id
         where m.practice_id = c.id and a.status = 'pending') as waiting
    from practice c order by c.name, c.id limit 500
""")
_ACCOUNTS = text("select role, count(*) as number from account where status = 'active' group by role")


def overview(actor: Actor) -> Overview:
    """Count what there is; nothing about any patient."""
    require(actor, Permission.OPERATION)
    with reading() as session:
        practices = session.connection().execute(_PRACTICES).all()
        accounts = session.connection().execute(_ACCOUNTS).all()
    lines = (
        PracticeLine(
            row.id, row.name, Offer(row.offer), row.is_demo, row.created_at, row.sites, row.practitioners, row.accounts, row.waiting
        )
        for row in practices
    )
    return Overview(tuple(lines), {ActorKind(row.role): row.number for row in accounts})
