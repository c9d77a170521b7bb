"""The addresses of the public pages that are shown, for search engines."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, func, select

from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.practice.profile_tables import ProfilePage
from maiia_pro.practice.tables import Practitioner


class PublishedPage(NamedTuple):
    """The last part of a page's address, and when it was published as it is, where that is known."""

    slug: str
    at: datetime | None


def count_published(actor: Actor) -> int:
    """Count the pages shown to everybody."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        return session.exec(select(func.count()).select_from(Practitioner).where(col(Practitioner.published))).one()


def published_pages(actor: Actor, limit: int, offset: int = 0) -> list[PublishedPage]:
    """List the pages shown to everybody, in an order that stays."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        rows = session.exec(
            select(Practitioner.slug, ProfilePage.published_at)
            .join(ProfilePage, col(ProfilePage.practitioner_id) == col(Practitioner.id), isouter=True)
            .where(col(Practitioner.published))
            .order_by(col(Practitioner.id))
            .limit(limit)
            .offset(offset)
        )
        return [PublishedPage(slug, at) for slug, at in rows]
