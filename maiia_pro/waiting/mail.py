"""What a patient is told when a place is kept for them: when, with whom, until when. No reason for the visit is written."""

from uuid import UUID

from sqlmodel import Session

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.context import zone_of
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import NBSP, moment, phone
from maiia_pro.notifications.appointment_mail import AppointmentMail, account_holder
from maiia_pro.notifications.outbox import tell_by
from maiia_pro.patients.preferences import Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice, Practitioner, Site
from maiia_pro.settings import get_settings
from maiia_pro.waiting.tables import Answer, Wish, WishOffer

SUBJECT = "Une place se libère le {when}"
ANSWER_AT = "/rendez-vous#places"


def tell_place(actor: Actor, offer_id: UUID) -> UUID | None:
    """Put the word of an offer into the outbox, once; gives the message's id, or nothing where it is over or nobody would read it."""
    require(actor, Permission.SYSTEM)
    return tell_by(actor, f"offer:{offer_id}", lambda session: place_mail(session, offer_id))


def place_mail(session: Session, offer_id: UUID) -> AppointmentMail | None:
    """Write the word of an offer that still waits for its answer."""
    offer = session.get(WishOffer, offer_id)
    if offer is None or offer.answer != Answer.AWAITED or offer.expires_at <= clock.now():
        return None
    wish = session.get_one(Wish, offer.wish_id)
    patient = session.get_one(Patient, wish.patient_id)
    recipients = reach(session, patient.id, Kind.OFFERS)
    if not recipients:
        return None
    practitioner = session.get_one(Practitioner, offer.practitioner_id)
    offering = session.get_one(Offering, offer.offering_id)
    site, mode = session.get_one(Site, offering.site_id), session.get_one(VisitReason, offering.reason_id).mode
    place = "En vidéo" if mode == Mode.VIDEO else f"{site.name}, {site.street}, {site.postal_code} {site.city}"
    practice = session.get_one(Practice, wish.practice_id)
    zone, who, holder = zone_of(site.zone), patient.display_name, account_holder(session, patient)
    when, until = moment(offer.starts_at, zone), moment(offer.expires_at, zone)
    lines = [
        f"Bonjour {holder or who},",
        "",
        "Une place s’est libérée, et nous la gardons pour vous.",
        "",
        *([f"Pour{NBSP}: {who}"] if holder else []),
        f"Quand{NBSP}: {when}",
        f"Avec{NBSP}: {practitioner.display_name}",
        f"Où{NBSP}: {place}",
        f"Téléphone du cabinet{NBSP}: {phone(site.phone)}",
        "",
        f"Répondez avant le {until}{NBSP}: {get_settings().base_url}{ANSWER_AT}",
        "Sans réponse, la place sera proposée à quelqu’un d’autre, et vous resterez sur la liste d’attente.",
        "",
        practice.name + (" (démonstration)" if practice.is_demo else ""),
    ]
    return AppointmentMail(practice.id, recipients, SUBJECT.format(when=when), "\n".join(lines), "")
