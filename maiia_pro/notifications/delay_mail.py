"""What a patient is told of a practitioner's delay."""

from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.tables import Appointment
from maiia_pro.kernel.french import NBSP, clock_time, duration, phone
from maiia_pro.notifications.appointment_mail import AppointmentMail
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice, Practitioner, Site
from maiia_pro.settings import get_settings


def delay_mail(session: Session, appointment_id: UUID, minutes: int) -> AppointmentMail | None:
    """Write the message; nothing where the patient is not reached, or does not want it. No reason for the visit is written."""
    appointment = session.get(Appointment, appointment_id)
    patient = session.get(Patient, appointment.patient_id) if appointment and appointment.patient_id else None
    recipients = reach(session, patient.id, Kind.DELAYS) if patient else []
    if appointment is None or patient is None or not recipients:
        return None
    practitioner = session.get_one(Practitioner, appointment.practitioner_id)
    site, practice = session.get_one(Site, appointment.site_id), session.get_one(Practice, appointment.practice_id)
    at = clock_time(appointment.starts_at.astimezone(zone_of(site.zone)))
    late = (
        f"{practitioner.display_name} a environ {duration(minutes)} de retard."
        if minutes
        else f"{practitioner.display_name} est à l’heure."
    )
    lines = [
        f"Bonjour {patient.display_name},",
        "",
        late,
        f"Votre rendez-vous d’aujourd’hui, prévu à {at}, est maintenu. Pensez à vos documents.",
        "",
        f"Le retard à jour{NBSP}: {get_settings().base_url}/rendez-vous",
        f"Téléphone du cabinet{NBSP}: {phone(site.phone)}",
        "",
        practice.name + (" (démonstration)" if practice.is_demo else ""),
    ]
    subject = f"Retard à votre rendez-vous de {at}" if minutes else f"Plus de retard à votre rendez-vous de {at}"
    return AppointmentMail(practice.id, recipients, subject, "\n".join(lines), "")
