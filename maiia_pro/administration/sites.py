"""The places of a practice, as its administrators see to them: added, changed, closed, opened again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, select

from maiia_pro.administration.errors import LastSite, SiteInUse
from maiia_pro.agenda.resource_tables import Resource
from maiia_pro.agenda.tables import Offering
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, NotFound
from maiia_pro.kernel.french import NBSP
from maiia_pro.onboarding.sites import SiteForm, check_only_one, lock_agendas, new_site, note_site, write_site
from maiia_pro.practice.own_agenda import open_sites
from maiia_pro.practice.tables import Site

MOST: Final = 100
LONGEST_VISIT: Final = timedelta(hours=8)
"""As the database has it: what ends in the future began no earlier."""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A place, and what hangs on it: practitioners with hours there, visits to come, rooms."""

    site: Site
    practitioners: int
    visits: int
    rooms: int


_LINES = text("""
    select s.id,
           (select count(distinct practitioner_id) from (
                select practitioner_id from opening_rule where site_id = s.id and (valid_until is null or valid_until >= :now)
                union select practitioner_id from opening_exception where site_id = s.id and kind <> 'closed' and ends_at > :now) h
           ) as practitioners,
           (select count(*) from appointment a where a.practice_id = s.practice_id and a.site_id = s.id and a.active
                and a.starts_at > :since and a.ends_at > :now and (a.held_until is null or a.held_until > :now)) as visits,
           (select count(*) from resource r where r.practice_id = s.practice_id and r.site_id = s.id and not r.retired) as rooms
    from site s where s.practice_id = :practice_id and (cast(:id as uuid) is null or s.id = :id)
""").bindparams(*(bindparam(name, type_=PG_UUID(as_uuid=True)) for name in ("practice_id", "id")))


def practice_sites(actor: Actor, practice_id: UUID) -> list[SiteLine]:
    """List the places of a practice with what hangs on each: open ones by name, then closed ones."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with reading() as session:
        used = _used(session, practice_id)
        known = select(Site).where(Site.practice_id == practice_id).order_by(col(Site.closed_at).is_not(None), col(Site.name))
        return [SiteLine(site, *used[site.id]) for site in session.exec(known)]


def _used(session: Session, practice_id: UUID, site_id: UUID | None = None) -> dict[UUID, tuple[int, int, int]]:
    """Count what hangs on each place: practitioners, visits, rooms."""
    now = clock.now()
    values = {"practice_id": practice_id, "id": site_id, "now": now, "since": now - LONGEST_VISIT}
    return {row.id: (row.practitioners, row.visits, row.rooms) for row in session.connection().execute(_LINES, values)}


def keep_site(actor: Actor, practice_id: UUID, site_id: UUID, form: SiteForm) -> UUID:
    """Change a place of a practice, or add it under this id; the public pages and the search follow. Raises `SamePlace`, `NotFound`."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        agendas = lock_agendas(session, practice_id)
        site = session.get(Site, site_id)
        if site is None and len(session.exec(select(Site.id).where(Site.practice_id == practice_id)).all()) >= MOST:
            raise Conflict(f"Un cabinet a au plus {MOST} lieux.")
        if site is not None and (site.practice_id != practice_id or site.closed_at is not None):
            raise NotFound
        return write_site(session, actor, site or new_site(site_id, practice_id), form, agendas)


def close_site(actor: Actor, practice_id: UUID, site_id: UUID) -> None:
    """Receive somewhere no more: its reasons are offered there no longer, its rooms are retired, past visits keep it.

    Raises `SiteInUse` while hours or visits to come hang on it, `LastSite`, `NotFound`.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        agendas = lock_agendas(session, practice_id)  # bookings and hours take the same rows
        site = _site(session, practice_id, site_id)
        if site.closed_at is not None:
            return
        if len(session.exec(open_sites(practice_id)).all()) == 1:
            raise LastSite
        practitioners, visits, _ = _used(session, practice_id, site_id)[site_id]
        if practitioners or visits:
            raise SiteInUse(in_use(practitioners, visits))
        site.closed_at = clock.now()
        for row in session.exec(select(Offering).where(Offering.practice_id == practice_id, Offering.site_id == site_id)):
            row.active = False
        for room in session.exec(select(Resource).where(Resource.practice_id == practice_id, Resource.site_id == site_id)):
            room.retired = True
        session.flush()
        note_site(session, actor, site, agendas, moved=True)


def in_use(practitioners: int, visits: int) -> str:
    """Say what still hangs on a place, and what to do about it."""
    who = f"{practitioners}{NBSP}praticien{'s' if practitioners > 1 else ''} y {'ont' if practitioners > 1 else 'a'} des horaires"
    what = f"{visits}{NBSP}rendez-vous y {'sont' if visits > 1 else 'est'} à venir"
    held = " et ".join([*([who] if practitioners else []), *([what] if visits else [])])
    acts = " et ".join([*(["retirez ces horaires (Réglages)"] if practitioners else []), *(["déplacez ces rendez-vous"] if visits else [])])
    return f"Ce lieu sert encore{NBSP}: {held}. {acts[:1].upper()}{acts[1:]}, puis fermez-le."


def open_site_again(actor: Actor, practice_id: UUID, site_id: UUID) -> None:
    """Receive at a closed place again; hours, reasons and rooms there are set anew. Raises `SamePlace`, `NotFound`."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        agendas = lock_agendas(session, practice_id)
        site = _site(session, practice_id, site_id)
        check_only_one(session, site)
        site.closed_at = None
        session.flush()
        note_site(session, actor, site, agendas, moved=False)


def _site(session: Session, practice_id: UUID, site_id: UUID) -> Site:
    site = session.get(Site, site_id, with_for_update=True)
    if site is None or site.practice_id != practice_id:
        raise NotFound
    return site
