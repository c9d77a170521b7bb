"""A practitioner writes their public page, agrees to the licence, publishes, and withdraws; nobody else writes or publishes it for them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete

from maiia_pro.kernel import audit, clock, live
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.practice import licence
from maiia_pro.practice.own_agenda import open_sites, own_row
from maiia_pro.practice.profile_tables import LicenceConsent, LicenceWithdrawal, ProfilePage, ProfilePicture
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.tables import Practitioner

MUST_AGREE: Final = "Cochez cette case pour publier : votre page ne peut être montrée sans votre accord."
NOTHING_WRITTEN: Final = "Écrivez d’abord votre présentation, enregistrez-la, puis publiez."


@dataclass(frozen=True, slots=True)
class SiteName:
    """A site as the form names it."""

    id: UUID
    name: str
    city: str


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """One's own page as its owner sees it."""

    practitioner_id: UUID
    slug: str
    draft: Profile
    sites: tuple[SiteName, ...]
    published_at: datetime | None
    """Since when what is shown is shown; nothing where the page is not public."""
    differs: bool
    """Whether the draft says something else than what is shown."""
    consent: LicenceConsent | None
    """The consent in force."""

    @property
    def must_agree(self) -> bool:
        """Whether publishing asks for the licence: no consent in force, or to another text."""
        return self.consent is None or self.consent.licence != licence.VERSION


def own_profile(actor: Actor) -> OwnProfile:
    """Read one's own page."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        practitioner = own_row(session, actor)
        page = session.get(ProfilePage, practitioner.id)
        draft, shown = (Profile.load(page.draft), Profile.load(page.shown)) if page else (Profile(), Profile())
        sites = session.exec(open_sites(practitioner.practice_id))
        consent = session.get(LicenceConsent, practitioner.consent_id) if practitioner.consent_id else None
        return OwnProfile(
            practitioner.id,
            practitioner.slug,
            draft,
            tuple(SiteName(site.id, site.name, site.city) for site in sites),
            page.published_at if page and consent else None,
            draft != shown,
            consent,
        )


def draft_of(session: Session, practitioner: Practitioner) -> ProfilePage:
    """Fetch the page to write on, made where there is none yet."""
    page = session.get(ProfilePage, practitioner.id)
    if page is None:
        page = ProfilePage(practitioner_id=practitioner.id)
        session.add(page)
        session.flush()
    return page


def keep_draft(session: Session, page: ProfilePage, draft: Profile) -> None:
    """Write a draft, and drop the pictures that neither it nor the public page shows."""
    page.draft, page.changed_at = draft.kept(), clock.now()
    session.add(page)
    used = draft.pictures | Profile.load(page.shown).pictures
    unused = col(ProfilePicture.practitioner_id) == page.practitioner_id, col(ProfilePicture.digest).not_in(used)
    session.exec(delete(ProfilePicture).where(*unused))


def save_draft(actor: Actor, written: Profile) -> None:
    """Keep what was written; patients go on seeing what was published. The pictures stay: they are chosen on their own."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_row(session, actor, lock=True)
        page = draft_of(session, practitioner)
        before = Profile.load(page.draft)
        keep_draft(session, page, replace(written, photo=before.photo, logo=before.logo))


def publish(actor: Actor, *, agrees: bool) -> None:
    """Show the draft to everybody; raises `Invalid` where the licence is not agreed to, or nothing is written."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_row(session, actor, lock=True)
        page = draft_of(session, practitioner)
        if not Profile.load(page.draft).presentation:
            raise Invalid(fields={"presentation": NOTHING_WRITTEN})
        consent = session.get(LicenceConsent, practitioner.consent_id) if practitioner.consent_id else None
        if consent is None or consent.licence != licence.VERSION:
            if not agrees:
                raise Invalid(fields={"licence": MUST_AGREE})
            if consent is not None:
                _end(session, actor, consent.id)
            consent = _grant(session, actor, practitioner)
        page.shown, page.published_at = page.draft, clock.now()
        session.add(page)
        _turn(session, actor, practitioner, consent.id, AuditAction.PROFILE_PUBLISHED)


def withdraw(actor: Actor) -> None:
    """Take the page from the public at once, and the licence with it; the draft stays. Raises `Conflict` where it is not public."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner = own_row(session, actor, lock=True, works_there=False)
        if practitioner.consent_id is None:
            raise Conflict("Votre page n’est déjà plus publiée.")
        take_down(session, actor, practitioner)


def take_down(session: Session, actor: Actor, practitioner: Practitioner) -> None:
    """Take a public page from the public in the caller's transaction, which has authorised and holds the practitioner's row."""
    if practitioner.consent_id is None:
        return
    _end(session, actor, practitioner.consent_id)
    _turn(session, actor, practitioner, None, AuditAction.PROFILE_WITHDRAWN)


def _grant(session: Session, actor: Actor, practitioner: Practitioner) -> LicenceConsent:
    consent = LicenceConsent(
        practitioner_id=practitioner.id, licence=licence.VERSION, account_id=actor.account_id, given_by=actor.name, at=clock.now()
    )
    session.add(consent)
    session.flush()
    return consent


def _end(session: Session, actor: Actor, consent_id: UUID) -> None:
    session.add(LicenceWithdrawal(consent_id=consent_id, account_id=actor.account_id, withdrawn_by=actor.name, at=clock.now()))


_TURN = text("update practitioner set consent_id = :consent, agenda_version = agenda_version + 1 where id = :id")


def _turn(session: Session, actor: Actor, practitioner: Practitioner, consent_id: UUID | None, action: AuditAction) -> None:
    """Show or hide the page, in the history and on every open screen; a booking under way learns of it by the agenda's version."""
    session.flush()
    session.connection().execute(_TURN, {"consent": consent_id, "id": practitioner.id})
    audit.record(
        session,
        actor,
        action,
        subject_type="practitioner",
        subject_id=practitioner.id,
        practice_id=practitioner.practice_id,
        details={"consent": str(consent_id or practitioner.consent_id)},
    )
    live.announce(session, live.Change(live.agenda_topic(practitioner.id), practitioner.id, 0))
