"""The places where a practice receives: their address, their telephone, their clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.territories import clock_of
from maiia_pro.kernel import audit, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.french import name_key, read_phone
from maiia_pro.kernel.text import FieldErrors, named, read_field
from maiia_pro.onboarding.progress import note_step
from maiia_pro.onboarding.tables import Step
from maiia_pro.practice.own_agenda import open_sites, own_row
from maiia_pro.practice.tables import Practice, Practitioner, Site

ZONES: Final = {
    "Europe/Paris": "France métropolitaine",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "Saint-Barthélemy",
    "America/Marigot": "Saint-Martin",
    "Pacific/Wallis": "Wallis-et-Futuna",
    "Pacific/Tahiti": "Polynésie\u00a0: Tahiti",
    "Pacific/Marquesas": "Polynésie\u00a0: îles Marquises",
    "Pacific/Gambier": "Polynésie\u00a0: îles Gambier",
    "Pacific/Noumea": "Nouvelle-Calédonie",
}
"""The clocks of the Republic, and whose they are."""


@dataclass(frozen=True, slots=True)
class SiteForm:
    """A place as somebody filled it in, cleaned."""

    name: str
    street: str
    postal_code: str
    city: str
    phone: str
    zone: str
    closed_on_holidays: bool

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form; the clock is that of the postal code where none is chosen. Raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        name = read_field(errors, "site_name", typed, named, "Écrivez le nom du lieu.")
        street = read_field(errors, "street", typed, named, "Écrivez le numéro et la rue.")
        code = read_field(errors, "postal_code", typed, _postal_code, "Écrivez le code postal.")
        city = read_field(errors, "city", typed, named, "Écrivez la ville.")
        phone = read_field(errors, "phone", typed, read_phone, "Écrivez le téléphone du lieu\u00a0: les patients le lisent.")
        zone = str(typed.get("zone") or "") or clock_of(code)
        if zone not in ZONES:
            errors.add("zone", "Choisissez un fuseau de la liste.")
        errors.check()
        return cls(name, street, code, city, phone, zone, bool(typed.get("closed_on_holidays")))

    def fill(self, site: Site) -> bool:
        """Write the form into a row; tells whether hours there may mean other instants than before."""
        moved = (site.zone, site.postal_code) != (self.zone, self.postal_code)
        site.name, site.street, site.postal_code, site.city = self.name, self.street, self.postal_code, self.city
        site.place_key, site.phone, site.zone = self.place_key, self.phone, self.zone
        return moved

    @property
    def place_key(self) -> str:
        """What the search by place compares."""
        return name_key(f"{self.city} {self.postal_code} {self.street}")


def _postal_code(line: str) -> str:
    digits = re.sub(r"\s", "", line)
    if re.fullmatch(r"[0-9]{5}", digits):
        return digits
    raise Invalid("Écrivez un code postal de cinq chiffres.")


def first_site_id(practice_id: UUID) -> UUID:
    """Name the first place of a practice before it is there: two screens that fill it in make one place."""
    return uuid5(NAMESPACE_OID, f"first-site:{practice_id}")


_RAISE_VERSIONS = text("update practitioner set agenda_version = agenda_version + 1 where practice_id = :practice_id")


def save_site(actor: Actor, site_id: UUID, form: SiteForm) -> UUID:
    """Change a place of the practice, or make it under this id; says too whether one's own hours stop on public holidays.

    A place of the same name and address is the same place. Takes the practitioners' rows first: no booking under way rests on the
    clock or the holidays that are left. Gives the place's id; raises `NotFound` for another practice's, `NotAdministrator` for who does
    not administer theirs.
    """
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        own = own_row(session, actor)
        require(actor, Permission.PRACTICE_ADMIN, own.practice_id)
        agendas = lock_agendas(session, own.practice_id)
        session.refresh(own)
        rests = own.closed_on_holidays != form.closed_on_holidays
        own.closed_on_holidays = form.closed_on_holidays
        session.add(own)
        note_step(session, own.id, Step.SITE)
        return write_site(session, actor, _site(session, own.practice_id, site_id, form), form, agendas, rests=rests)


def lock_agendas(session: Session, practice_id: UUID) -> Sequence[UUID]:
    """Take the rows of every practitioner of a practice, before a place of it changes; gives their ids."""
    agendas = session.exec(select(Practitioner.id).where(Practitioner.practice_id == practice_id)).all()
    lock_practitioners(session, agendas)
    return agendas


class SamePlace(Invalid):
    """Another open place of the practice bears this name at this address."""

    code = "same-place"
    status = HTTPStatus.CONFLICT
    message = "Un autre lieu ouvert du cabinet porte déjà ce nom à cette adresse. Changez l’un ou l’autre."

    def __init__(self) -> None:
        super().__init__(type(self).message, fields={"site_name": type(self).message})


def check_only_one(session: Session, site: Site) -> None:
    """Refuse a second open place of one name and address, capitals and accents alike, under the practice's lock; raises `SamePlace`."""
    session.get_one(Practice, site.practice_id, with_for_update={"key_share": True})  # one place of a name, however many are added at once
    same = open_sites(site.practice_id).where(Site.place_key == site.place_key, Site.id != site.id)
    if name_key(site.name) in (name_key(one.name) for one in session.exec(same)):
        raise SamePlace


def write_site(session: Session, actor: Actor, site: Site, form: SiteForm, agendas: Sequence[UUID], *, rests: bool = False) -> UUID:
    """Write a place in the caller's transaction, which has authorised and holds these agendas; `rests` if other days are holidays now."""
    moved = form.fill(site) | rests
    with session.no_autoflush:
        check_only_one(session, site)
    session.add(site)
    session.flush()
    note_site(session, actor, site, agendas, moved=moved)
    return site.id


def note_site(session: Session, actor: Actor, site: Site, agendas: Sequence[UUID], *, moved: bool) -> None:
    """Note that a place changed and tell the open screens; where hours may have `moved`, bookings under way learn of it too."""
    if moved:
        session.connection().execute(_RAISE_VERSIONS, {"practice_id": site.practice_id})
    audit.record(session, actor, AuditAction.SITE_CHANGED, subject_type="site", subject_id=site.id, practice_id=site.practice_id)
    for agenda in agendas:
        live.announce(session, live.Change(live.agenda_topic(agenda), agenda, 0))


def _site(session: Session, practice_id: UUID, site_id: UUID, form: SiteForm) -> Site:
    site = session.get(Site, site_id)
    if site is not None and site.practice_id != practice_id:
        raise NotFound
    if site is None:
        same = open_sites(practice_id).where(Site.place_key == form.place_key)
        site = next((one for one in session.exec(same) if name_key(one.name) == name_key(form.name)), None)
    return site or new_site(site_id, practice_id)


def new_site(site_id: UUID, practice_id: UUID) -> Site:
    """Make the row of a place that a form is about to fill."""
    return Site(id=site_id, practice_id=practice_id, name="", street="", postal_code="", city="", place_key="", phone="")
