"""Who and what the lines of a file may name: the practitioners of the practice, their reasons, the sites."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import OfferingContext, load_offerings
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.intake.fields import Cells
from maiia_pro.kernel.french import PARIS, name_key
from maiia_pro.practice.own_agenda import open_sites
from maiia_pro.practice.tables import Practitioner

_TITLES: Final = frozenset({"dr", "docteur", "pr", "professeur", "m", "mme", "monsieur", "madame"})


@dataclass(frozen=True, slots=True)
class Offered:
    """A reason at a site."""

    context: OfferingContext
    reason: str
    """The name, reduced."""


@dataclass(frozen=True, slots=True)
class Roster:
    """What a practice offers, by the names that people write."""

    practitioners: dict[str, frozenset[UUID]]
    """By each way to write the name."""
    everybody: frozenset[UUID]
    offered: dict[UUID, tuple[Offered, ...]] = field(default_factory=dict)
    """Of each practitioner, in the order of their settings."""
    sites: dict[str, frozenset[UUID]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the practice."""
        return next((one.context.zone for offered in self.offered.values() for one in offered), PARIS)

    def offering_of(self, cells: Cells) -> OfferingContext | None:
        """Find what a line names: practitioner, then reason and site, each optional where there is one only; notes what is wrong."""
        practitioner = self._practitioner(cells)
        if practitioner is None:
            return None
        site = self.sites.get(name_key(cells["site"]), frozenset()) if cells["site"] else None
        if site is not None and not site:
            cells.refuse("site", "Ce lieu n’est pas un lieu du cabinet. Corrigez-le ou laissez la case vide.")
            return None
        reason = name_key(cells["reason"])
        fitting = [one for one in self.offered.get(practitioner, ()) if site is None or one.context.site_id in site]
        named = [one for one in fitting if not reason or one.reason == reason]
        if not named:
            cells.refuse("reason", "Ce praticien n’a pas ce motif ici. Créez-le dans ses réglages, ou laissez la case vide.")
            return None
        return named[0].context

    def _practitioner(self, cells: Cells) -> UUID | None:
        written = " ".join(word for word in name_key(cells["practitioner"]).split() if word not in _TITLES)
        found = self.practitioners.get(written, frozenset()) if written else self.everybody
        if len(found) == 1:
            return next(iter(found))
        if written and not found:
            cells.refuse("practitioner", "Ce praticien n’est pas du cabinet. Écrivez son prénom et son nom comme dans l’agenda.")
        else:
            cells.refuse("practitioner", "Plusieurs praticiens sont possibles. Écrivez le prénom et le nom de celui qui reçoit.")
        return None


def load_roster(session: Session, practice_id: UUID) -> Roster:
    """Read what a practice offers."""
    people = session.exec(select(Practitioner).where(Practitioner.practice_id == practice_id)).all()
    names: dict[str, set[UUID]] = {}
    for one in people:
        given, family = name_key(one.given_name), name_key(one.family_name)
        for written in (family, f"{given} {family}", f"{family} {given}", one.rpps):
            names.setdefault(written, set()).add(one.id)
    places: dict[str, set[UUID]] = {}
    for site in session.exec(open_sites(practice_id)):
        for written in (name_key(site.name), name_key(site.city)):
            places.setdefault(written, set()).add(site.id)
    return Roster(
        {name: frozenset(ids) for name, ids in names.items()},
        frozenset(one.id for one in people),
        _offered(session, practice_id),
        {name: frozenset(ids) for name, ids in places.items()},
    )


def _offered(session: Session, practice_id: UUID) -> dict[UUID, tuple[Offered, ...]]:
    rows = session.exec(
        select(Offering.id, VisitReason.name)
        .join(VisitReason, col(VisitReason.id) == Offering.reason_id)
        .where(Offering.practice_id == practice_id, col(Offering.active), col(VisitReason.active))
        .order_by(col(VisitReason.position), col(VisitReason.name), col(Offering.id))
    ).all()
    contexts = load_offerings(session, [ident for ident, _ in rows])
    found: dict[UUID, list[Offered]] = {}
    for ident, name in rows:
        found.setdefault(contexts[ident].practitioner_id, []).append(Offered(contexts[ident], name_key(name)))
    return {practitioner: tuple(offered) for practitioner, offered in found.items()}
