"""What a patient is told of several visits of a series, in one message: given, moved, cancelled. No reason for them is written."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.calendar import CalendarEntry, calendar_object
from maiia_pro.agenda.codes import Mode, Status
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.jobs import SeriesTold
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import NBSP, moment, phone
from maiia_pro.notifications.appointment_mail import AppointmentMail, access_lines, account_holder, advice, message_link, to_bring
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice, Practitioner, Site

SUBJECTS: Final = {
    "booked": "Vos {count} rendez-vous sont confirmés, dès le {when}",
    "moved": "{count} de vos rendez-vous sont déplacés",
    "cancelled": "{count} de vos rendez-vous sont annulés",
}
OPENINGS: Final = {
    "booked": "Vos rendez-vous sont confirmés.",
    "moved": "Vos rendez-vous ont changé. Voici leurs nouvelles dates.",
    "cancelled": f"Ces rendez-vous sont annulés{NBSP}; vous n’avez rien d’autre à faire.",
}


LINKS: Final = "Chaque lien ouvre son rendez-vous, pour le voir, le déplacer ou l’annuler sans vous connecter. Il ne sert qu’une fois."


def series_mail(session: Session, told: SeriesTold) -> AppointmentMail | None:
    """Write the message from the visits as they stand, without those that changed since; nothing where none is left, or no address."""
    visits = _visits(session, told)
    patient = session.get(Patient, visits[0].patient_id) if visits else None
    recipients = reach(session, patient.id, Kind.CHANGES) if patient else []
    if not visits or patient is None or not recipients:
        return None
    practitioner, site = session.get_one(Practitioner, visits[0].practitioner_id), session.get_one(Site, visits[0].site_id)
    practice, zone = session.get_one(Practice, visits[0].practice_id), zone_of(site.zone)
    place = "En vidéo" if visits[0].mode == Mode.VIDEO else f"{site.name}, {site.street}, {site.postal_code} {site.city}"
    holder, who = account_holder(session, patient), patient.display_name
    links = [message_link(session, one) for one in visits]
    lines = [
        f"Bonjour {holder or who},",
        "",
        OPENINGS[told.event],
        "",
        *([f"Pour{NBSP}: {who}"] if holder else []),
        *(_line(number, one, link, zone) for number, (one, link) in enumerate(zip(visits, links, strict=True), start=1)),
        *([] if told.event == "cancelled" else [LINKS]),
        "",
        f"Avec{NBSP}: {practitioner.display_name}",
        f"Où{NBSP}: {place}",
        *access_lines(session, visits[0], told.event),
        f"Téléphone du cabinet{NBSP}: {phone(site.phone)}",
        *_word(visits[0], told.event),
        "",
        *advice(told.event, to_bring(session, visits[0])),
        "",
        practice.name + (" (démonstration)" if practice.is_demo else ""),
    ]
    summary = f"Rendez-vous avec {practitioner.display_name}" + (f" pour {who}" if holder else "")
    subject = SUBJECTS[told.event].format(count=len(visits), when=moment(visits[0].starts_at, zone))
    calendar = calendar_object(*(_entry(one, summary, place) for one in visits))
    first = next((link for link in links if link), "")
    return AppointmentMail(practice.id, recipients, subject, "\n".join(lines), calendar, first, opens="Le 1er")


def _visits(session: Session, told: SeriesTold) -> Sequence[Appointment]:
    wanted = select(Appointment).where(col(Appointment.id).in_([UUID(hex=one) for one in told.visits]))
    visits = session.exec(wanted.order_by(col(Appointment.starts_at))).all()
    gone = told.event == "cancelled"
    return [one for one in visits if (one.status == Status.CANCELLED) == gone]


def _line(number: int, visit: Appointment, link: str, zone: ZoneInfo) -> str:
    """Say when a visit is, with the link that opens it alone."""
    return f"{number}. {moment(visit.starts_at, zone, year=True)}" + (f"{NBSP}: {link}" if link else "")


def _word(visit: Appointment, event: str) -> list[str]:
    said = visit.cancellation_note if event == "cancelled" else ""
    return [f"Message joint à l’annulation{NBSP}: {said}"] if said else []


def _entry(visit: Appointment, summary: str, place: str) -> CalendarEntry:
    return CalendarEntry(
        appointment_id=visit.id,
        sequence=visit.version,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        summary=summary,
        location=place,
        cancelled=visit.status == Status.CANCELLED,
        stamped_at=clock.now(),
    )
