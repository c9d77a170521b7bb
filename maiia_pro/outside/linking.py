"""A practitioner's calendar elsewhere, linked both ways: they alone link, choose, look and take away; the network is the worker's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.setup import own_practitioner
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.kernel.vault import seal
from maiia_pro.outside.jobs import enqueue_sync
from maiia_pro.outside.notes import note_change
from maiia_pro.outside.tables import CalendarLink, LinkState, OutsideSource
from maiia_pro.outside.times import known_times, write_times
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings

PAUSE: Final = timedelta(minutes=5)
"""Between two readings that nobody asked for."""
ASKED_A_MINUTE: Final = 6
"""Each has our server go to an address, with a password, that somebody chose."""
TOO_MANY: Final = "Ce calendrier vient d’être lu plusieurs fois. Attendez une minute, puis réessayez."
FAULTS: Final = {
    "unreachable": "Le serveur du calendrier ne répond pas. Nous réessayons de nous-mêmes, de moins en moins souvent.",
    "password": "Le serveur refuse cet identifiant ou ce mot de passe. Certains services veulent un mot de passe d’application.",
    "address": "Cette adresse n’est pas permise. Donnez l’adresse publique de votre calendrier, en https://.",
    "no-calendar": "Aucun calendrier ne se trouve à cette adresse. Vérifiez-la dans les réglages de votre service.",
    "unreadable": "Ce calendrier ne peut pas être lu. Vérifiez l’adresse, ou les événements qui s’y répètent sans fin.",
    "write": "Ce calendrier n’accepte pas nos rendez-vous. Donnez-en un où vous pouvez écrire.",
    "lost": "Vos accès à Maiia Pro ont été remplacés. Est-ce bien votre calendrier\u00a0? Saisissez son mot de passe, ou déconnectez-le.",
    "key": "La clé qui protégeait votre mot de passe a changé. Saisissez-le à nouveau.",
}
"""What each code of a fault says."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """What its owner sees of a link; never the password."""

    state: LinkState
    address: str
    user_name: str
    calendar_name: str
    choices: tuple[tuple[str, str], ...]
    synced_at: datetime | None
    fault: str
    """A sentence, or ""."""
    waiting: bool
    """Whether the worker has something to do for it right now."""
    blocked: int
    """How many times of the calendar block the agenda."""


def own_link(actor: Actor, practitioner_id: UUID) -> LinkView | None:
    """Tell what there is of a linked calendar of one's own agenda."""
    require(actor, Permission.PROFILE_OWN)
    with reading() as session:
        own_practitioner(session, actor, practitioner_id)
        link = _link(session, practitioner_id)
        if link is None:
            return None
        return LinkView(
            LinkState(link.state),
            link.address,
            link.user_name,
            link.calendar_name,
            tuple((str(url), str(name)) for url, name in link.choices),
            link.synced_at,
            FAULTS.get(link.fault, ""),
            link.asked,
            len(known_times(session, practitioner_id, OutsideSource.CALDAV)),
        )


def connect(actor: Actor, practitioner_id: UUID, address: object, user: object, password: object) -> None:
    """Link a calendar, or give the linked one another password; the worker tries it. Raises `Invalid` and `TooMany`."""
    require(actor, Permission.PROFILE_OWN)
    url, name, secret = _checked(address, user, password)
    with transaction() as session:
        practitioner = own_practitioner(session, actor, practitioner_id)
        _count(practitioner_id)
        lock_practitioners(session, [practitioner_id])
        link = _link(session, practitioner_id)
        if link and (link.address, link.user_name) != (url, name):
            raise Conflict("Un autre calendrier est relié. Déconnectez-le d’abord.")
        if link and link.state == LinkState.LEAVING:
            raise Conflict("Ce calendrier est en cours de déconnexion. Réessayez dans une minute.")
        link = link or CalendarLink(practitioner_id=practitioner_id, address=url, user_name=name, sealed_password="")
        link.sealed_password = seal(secret, str(link.id))
        _try_again(session, link)
        note_change(session, actor, practitioner, AuditAction.CALENDAR_LINKED, {}, free_time=False)


def _count(practitioner_id: UUID) -> None:
    count_request(("calendar-link", practitioner_id), ASKED_A_MINUTE, TOO_MANY)


def _checked(address: object, user: object, password: object) -> tuple[str, str, str]:
    errors = FieldErrors()
    url = one_line(address, longest=500)
    name, secret = one_line(user, longest=200), password if isinstance(password, str) else ""
    url = url if "://" in url else f"https://{url}"
    if not _may_be_asked(url):
        errors.add("address", "Écrivez l’adresse du calendrier, en https:// et sans mot de passe.")
    if not name or ":" in name:
        errors.add("user", "Écrivez votre identifiant chez ce service.")
    if not secret or len(secret) > 500:
        errors.add("password", "Écrivez le mot de passe.")
    errors.check()
    return url, name, secret


def _may_be_asked(url: str) -> bool:
    """Tell whether an address looks like one of a calendar; whether our server may go there, the worker finds out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    schemes = {"https", "http"} if get_settings().calendar_private_hosts else {"https"}
    return parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc


def _try_again(session: Session, link: CalendarLink) -> None:
    """Let the worker begin anew, whatever went wrong before."""
    link.state = LinkState.ACTIVE if link.calendar_url else LinkState.NEW
    link.fault, link.failures, link.retry_at, link.read_tag = "", 0, None, ""
    link.asked, link.next_at = True, clock.now() + PAUSE
    session.add(link)
    session.flush()
    enqueue_sync(session, link.id)


def choose_calendar(actor: Actor, practitioner_id: UUID, url: str) -> None:
    """Choose which of the user's calendars is linked; raises `Invalid` for one that was not found there, and `TooMany`."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        _, link = _owned(session, actor, practitioner_id)
        _count(practitioner_id)
        name = next((str(known) for known_url, known in link.choices if known_url == url), None)
        if name is None:
            raise Invalid("Choisissez un calendrier de la liste.")
        link.calendar_url, link.calendar_name, link.choices = url, name, []
        _try_again(session, link)


def sync_now(actor: Actor, practitioner_id: UUID) -> None:
    """Have the worker bring the calendar and the agenda together at once; raises `TooMany`."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        _, link = _owned(session, actor, practitioner_id)
        _count(practitioner_id)
        if link.state not in {LinkState.LEAVING, LinkState.CHOOSE}:
            _try_again(session, link)


def disconnect(actor: Actor, practitioner_id: UUID, *, remove_ours: bool) -> None:
    """Take away what came in; what we wrote there goes too if asked for, which the worker does before it forgets the password."""
    require(actor, Permission.PROFILE_OWN)
    with transaction() as session:
        practitioner, link = _owned(session, actor, practitioner_id)
        take_away(session, actor, practitioner, link, remove_ours=remove_ours)


def take_away(session: Session, actor: Actor, practitioner: Practitioner, link: CalendarLink, *, remove_ours: bool) -> None:
    """End a link in the caller's transaction, which holds the practitioner's row and has authorised."""
    gone = list(known_times(session, practitioner.id, OutsideSource.CALDAV).values())
    write_times(session, practitioner.id, OutsideSource.CALDAV, (), gone)
    if remove_ours and link.calendar_url:
        _try_again(session, link)
        link.state = LinkState.LEAVING
        session.add(link)
    else:
        session.delete(link)
    note_change(session, actor, practitioner, AuditAction.CALENDAR_UNLINKED, {"removed": len(gone)}, free_time=bool(gone))


def _owned(session: Session, actor: Actor, practitioner_id: UUID) -> tuple[Practitioner, CalendarLink]:
    """Fetch one's own link under the practitioner's lock; raises `NotFound` where there is none."""
    practitioner = own_practitioner(session, actor, practitioner_id)
    lock_practitioners(session, [practitioner_id])
    link = _link(session, practitioner_id)
    if link is None:
        raise NotFound
    return practitioner, link


def _link(session: Session, practitioner_id: UUID) -> CalendarLink | None:
    return session.exec(select(CalendarLink).where(CalendarLink.practitioner_id == practitioner_id)).first()
