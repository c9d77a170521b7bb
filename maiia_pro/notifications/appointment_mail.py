"""What a patient is told of an appointment: booked, moved, cancelled. No reason for the visit is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.agenda.calendar import CalendarEntry, calendar_object
from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.tables import Appointment, VisitReason
from maiia_pro.agenda.visit_link import LINK_AT, issue_link
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import NBSP, moment, phone
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.profile_tables import ProfilePage
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.tables import Practice, Practitioner, Site
from maiia_pro.settings import get_settings

SUBJECTS = {
    "booked": "Votre rendez-vous du {when} est confirmé",
    "moved": "Votre rendez-vous est déplacé au {when}",
    "cancelled": "Votre rendez-vous du {when} est annulé",
    "restored": "Votre rendez-vous du {when} est maintenu",
}
OPENINGS = {
    "booked": "Votre rendez-vous est confirmé.",
    "moved": "Votre rendez-vous a changé. Voici la nouvelle date.",
    "cancelled": "Ce rendez-vous est annulé ; vous n’avez rien d’autre à faire.",
    "restored": "Votre rendez-vous est maintenu. Ne tenez pas compte de l’annulation.",
}
SUBJECTS_FOR = {
    "booked": "Rendez-vous du {when} confirmé pour {who}",
    "moved": "Rendez-vous déplacé au {when} pour {who}",
    "cancelled": "Rendez-vous du {when} annulé pour {who}",
}
"""For a relative of the reader's."""
OPENINGS_FOR = {
    "booked": "Le rendez-vous pris pour {who} est confirmé.",
    "moved": "Le rendez-vous pris pour {who} a changé. Voici la nouvelle date.",
    "cancelled": "Le rendez-vous pris pour {who} est annulé ; vous n’avez rien d’autre à faire.",
}


@dataclass(frozen=True, slots=True)
class AppointmentMail:
    """A message ready for the outbox."""

    practice_id: UUID
    recipients: Sequence[str]
    """An address, a number, or both."""
    subject: str
    body: str
    calendar: str
    link: str = ""
    """What opens the visit without signing in; of several, the first."""
    opens: str = "Le voir, l’annuler"
    """What an SMS says of the link."""


def appointment_mail(session: Session, appointment_id: UUID, event: str, version: int) -> AppointmentMail | None:
    """Write the message from the appointment as it stands; nothing where nobody would read it, or where a later event tells more."""
    appointment = session.get(Appointment, appointment_id)
    patient = session.get(Patient, appointment.patient_id) if appointment and appointment.patient_id else None
    practitioner = session.get(Practitioner, appointment.practitioner_id) if appointment else None
    site = session.get(Site, appointment.site_id) if appointment else None
    if appointment is None or patient is None or practitioner is None or site is None:
        return None
    recipients = reach(session, patient.id, Kind.CHANGES)
    if not recipients or appointment.told_version > version:
        return None
    practice = session.get_one(Practice, appointment.practice_id)
    when, who, holder = moment(appointment.starts_at, zone_of(site.zone)), patient.display_name, account_holder(session, patient)
    place = "En vidéo" if appointment.mode == Mode.VIDEO else f"{site.name}, {site.street}, {site.postal_code} {site.city}"
    lines = [
        f"Bonjour {holder or who},",
        "",
        (OPENINGS_FOR if holder else OPENINGS)[event].format(who=who).replace(" ;", f"{NBSP};"),
        "",
        *([f"Pour{NBSP}: {who}"] if holder else []),
        f"Quand{NBSP}: {when}",
        f"Avec{NBSP}: {practitioner.display_name}",
        *(_place_before(session, appointment, version) if event == "moved" else []),
        f"Où{NBSP}: {place}",
        *access_lines(session, appointment, event),
        f"Téléphone du cabinet{NBSP}: {phone(site.phone)}",
        *_word(appointment, event),
        "",
        *advice(event, to_bring(session, appointment)),
        *_instructed(session, appointment, event),
        *_link_lines(link := message_link(session, appointment)),
        "",
        practice.name + (" (démonstration)" if practice.is_demo else ""),
    ]
    entry = CalendarEntry(
        appointment_id=appointment.id,
        sequence=appointment.version,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        summary=f"Rendez-vous avec {practitioner.display_name}" + (f" pour {who}" if holder else ""),
        location=place,
        cancelled=event == "cancelled",
        stamped_at=clock.now(),
    )
    subject = (SUBJECTS_FOR if holder else SUBJECTS)[event].format(when=when, who=who)
    return AppointmentMail(practice.id, recipients, subject, "\n".join(lines), calendar_object(entry), link)


_HOLDER = text("""
    select trim(h.given_name || ' ' || h.family_name) from person p join person h on h.account_id = p.account_id and h.is_self
    where p.id = :person_id and not p.is_self
""")


def account_holder(session: Session, patient: Patient) -> str:
    """Name the account's holder, who reads what concerns a relative; nothing where patients read for themselves."""
    return str(session.connection().execute(_HOLDER, {"person_id": patient.person_id}).scalar() or "")


_LAST_KNOWN = text("""
    select e.details from audit_entry e
    where e.subject_type = 'appointment' and e.subject_id = :id and e.details ? 'starts_at' and (e.details ->> 'version')::int = (
        select max(split_part(m.key, ':', 4)::int) from outgoing_email m
        where m.key like 'appointment:' || cast(:id as text) || ':%' and split_part(m.key, ':', 4)::int < :version)
    order by e.sequence desc limit 1
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))
_LEFT = text("""
    select e.details -> 'before' from audit_entry e
    where e.subject_type = 'appointment' and e.subject_id = :id and e.action = 'appointment:moved'
      and (e.details ->> 'version')::int = :version
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def _place_before(session: Session, appointment: Appointment, version: int) -> list[str]:
    """Say where the visit was when its patient last read of it, not always where it moved from; nothing where it is there again."""
    values = {"id": appointment.id, "version": version}
    before = session.connection().execute(_LAST_KNOWN, values).scalar() or session.connection().execute(_LEFT, values).scalar()
    if not before:
        return []
    was, whose = datetime.fromisoformat(before["starts_at"]), UUID(before["practitioner_id"])
    if (was, whose) == (appointment.starts_at, appointment.practitioner_id):
        return []
    zone = zone_of(session.get_one(Site, appointment.site_id).zone)
    other = f", avec {session.get_one(Practitioner, whose).display_name}" if whose != appointment.practitioner_id else ""
    return [f"Au lieu du{NBSP}: {moment(was, zone)}{other}"]


def _word(appointment: Appointment, event: str) -> list[str]:
    """Give the word that came with a cancellation or a move."""
    if event == "moved":
        return [f"Message du cabinet{NBSP}: {appointment.told_word}"] if appointment.told_word else []
    said = appointment.cancellation_note if event == "cancelled" else ""
    return [f"Message joint à l’annulation{NBSP}: {said}"] if said else []


def _instructed(session: Session, appointment: Appointment, event: str) -> list[str]:
    """Say that the practice left words; they stay out of the message, for they may tell what the visit is for."""
    if event == "cancelled" or not session.get_one(VisitReason, appointment.reason_id).instructions:
        return []
    return [f"Le cabinet vous a laissé des consignes, à lire ici{NBSP}: {get_settings().base_url}/rendez-vous/{appointment.id.hex}"]


def access_lines(session: Session, appointment: Appointment, event: str) -> list[str]:
    """Say how one comes in, as the practitioner's page does; nothing of a visit by video, or that is not to be."""
    page = session.get(ProfilePage, appointment.practitioner_id)
    shown = session.get_one(Practitioner, appointment.practitioner_id).published
    if event == "cancelled" or appointment.mode == Mode.VIDEO or page is None or not shown:
        return []
    lines = Profile.load(page.shown).access_lines(appointment.site_id)
    return [f"Accès{NBSP}: {lines[0]}", *lines[1:]] if lines else []


def message_link(session: Session, appointment: Appointment) -> str:
    """Give a link that needs no account, for a visit that stands and is to come; each message carries its own."""
    if appointment.status == Status.CANCELLED or appointment.starts_at <= clock.now():
        return ""
    return f"{get_settings().base_url}{LINK_AT}{issue_link(session, appointment.id)}"


def _link_lines(address: str) -> list[str]:
    if not address:
        return []
    return [
        "",
        f"Sans vous connecter, pour voir, déplacer ou annuler ce rendez-vous{NBSP}: {address}",
        "Ce lien est à vous seul et ne sert qu’à un changement.",
    ]


def to_bring(session: Session, appointment: Appointment) -> list[str]:
    """Say what the practice asks to bring."""
    return session.get_one(VisitReason, appointment.reason_id).bring


def advice(event: str, bring: Sequence[str] = ()) -> list[str]:
    """Say what to bring or where to go next; `bring` is what the practice asks for."""
    base = get_settings().base_url
    if event == "cancelled":
        return [f"Pour reprendre rendez-vous{NBSP}: {base}/"]
    return [
        f"À apporter{NBSP}: {', '.join(bring)}." if bring else "Pensez à votre carte Vitale et à vos documents de santé utiles.",
        f"Un empêchement{NBSP}? Déplacez ou annulez ici, vous libérez la place pour quelqu’un d’autre{NBSP}: {base}/rendez-vous",
    ]
