"""Refusals of the agenda, each with its sentence."""

from datetime import datetime
from http import HTTPStatus
from typing import Self

from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.french import NBSP, phone


class SlotTaken(Conflict):
    """Somebody else came first."""

    code = "slot-taken"
    message = "Ce créneau vient d’être réservé. Choisissez-en un autre."


class SlotHeld(SlotTaken):
    """Somebody is about to book: the slot may come back."""

    code = "slot-held"
    message = "Ce créneau est en cours de réservation en ligne. Choisissez-en un autre, ou réessayez dans dix minutes."


class NotOffered(Conflict):
    """The time is not, or no longer, open to online booking."""

    code = "not-offered"
    message = "Ce créneau n’est pas proposé à la réservation. Choisissez-en un autre."


class ForKnownPatients(NotOffered):
    """The reason is for those whom the practitioner has seen already."""

    code = "for-known-patients"
    message = "Ce motif est réservé aux patients déjà suivis par ce praticien. Choisissez un autre motif."


class ForNewPatients(NotOffered):
    """The reason is for those whom the practitioner has never seen."""

    code = "for-new-patients"
    message = "Ce motif est réservé à une première consultation avec ce praticien. Choisissez un autre motif."


class FirstVisitTooLong(NotOffered):
    """The time is open, and too short for somebody new."""

    code = "first-visit-too-long"
    message = "Une première consultation avec ce praticien dure plus longtemps que ce créneau. Choisissez-en un autre."


class NoNewPatients(NotOffered):
    """The practitioner takes no more new patients that day."""

    code = "no-new-patients"
    message = "Ce praticien ne prend plus de nouveau patient ce jour-là. Choisissez un autre jour."


class TooManyOpen(NotOffered):
    """The patient has as many visits to come as the reason allows."""

    code = "too-many-open"
    message = "Ce patient a déjà autant de rendez-vous à venir que ce motif le permet. Déplacez-en ou annulez-en un d’abord."


class NoOnlineBooking(Conflict):
    """The practice's offer has no online booking (terms of use, article 8.1)."""

    code = "no-online-booking"
    message = "Ce cabinet ne propose pas la réservation en ligne. Appelez-le pour prendre rendez-vous."


class AlreadyCancelled(Conflict):
    """The appointment is cancelled, so it cannot change any more."""

    code = "already-cancelled"
    message = "Ce rendez-vous est déjà annulé. Prenez-en un nouveau si besoin."


class VersionConflict(Conflict):
    """The appointment is no longer the version that the caller read."""

    code = "version-conflict"
    status = HTTPStatus.PRECONDITION_FAILED
    message = "Ce rendez-vous a changé depuis que vous l’avez lu. Relisez-le, puis recommencez."


class NotCancelled(Conflict):
    """The appointment stands: there is nothing to restore."""

    code = "not-cancelled"
    message = "Ce rendez-vous n’est plus annulé. Fermez-le et rouvrez-le pour voir où il en est."


class Over(Conflict):
    """The visit took place and is closed: it neither moves nor goes away."""

    code = "over"
    message = "Ce rendez-vous est honoré : il ne se déplace ni ne s’annule. S’il l’est par erreur, choisissez d’abord un autre statut."


class NotYet(Conflict):
    """The status is for the day of the visit, or for what has begun."""

    code = "not-yet"
    message = "Ce rendez-vous est à venir : ce statut se choisit le jour même."


class IdentityNotChecked(Conflict):
    """A visit is closed only once the patient's identity was checked (terms of use, article 8.1)."""

    code = "identity-not-checked"
    message = "Indiquez d’abord comment l’identité et les droits du patient ont été vérifiés."


class ChangedMeanwhile(Conflict):
    """Somebody else changed it since it was read."""

    code = "changed-meanwhile"
    message = "Quelqu’un d’autre vient de modifier cette note. Relisez-la, puis enregistrez à nouveau."


class TooLate(Conflict):
    """The appointment has begun or is over."""

    code = "too-late"
    message = "Ce rendez-vous est commencé ou passé : il ne peut plus être changé en ligne. Appelez le cabinet."


class TooLateOnline(TooLate):
    """The reason lets nobody move or cancel online so shortly before."""

    code = "too-late-online"

    @classmethod
    def calling(cls, hours: int, number: str) -> Self:
        """Say how long before, and whom to call."""
        when = f"{hours}{NBSP}h" if hours < 72 else f"{hours // 24}{NBSP}jours"
        return cls(f"Ce rendez-vous ne se change plus en ligne moins de {when} avant. Appelez le cabinet au {phone(number)}.")


class LinkOver(NotFound):
    """The link is unknown, has served, or its visit is over or cancelled: the answer is the same."""

    code = "link-over"
    message = "Il a déjà servi, ou le rendez-vous est passé ou annulé. Ouvrez le lien de notre dernier message, ou connectez-vous."


class InThePast(Invalid):
    """The time asked for is over."""

    code = "in-the-past"
    message = "Cette heure est passée. Choisissez une heure à venir."


class NoSuchSlot(NotFound):
    """The key of the slot names nothing."""

    code = "no-such-slot"
    message = "Ce créneau n’existe pas ou plus. Choisissez-en un autre."


class NotOfferedByColleague(Conflict):
    """The colleague has no reason of that name at that site, or works in another practice."""

    code = "not-offered-by-colleague"
    message = "Ce praticien ne propose pas ce motif sur ce site. Choisissez un autre praticien, ou annulez et reprenez un rendez-vous."


class ResourceTaken(Conflict):
    """No room or equipment that the reason needs is free for the whole visit."""

    code = "resource-taken"
    message = "La salle ou le matériel qu’il faut n’est pas libre à cette heure. Choisissez une autre heure."


class SeriesTaken(Conflict):
    """Some times of a series were taken since they were looked at; nothing of it is booked or changed."""

    code = "series-taken"
    message = "Des dates de la série sont prises. Rien n’est enregistré : vérifiez les lignes signalées, puis recommencez."

    def __init__(self, lost: tuple[datetime, ...]) -> None:
        self.lost = lost
        super().__init__()


class LengthIsThePractices(Conflict):
    """The practice gave the visit a length of its own, which only it can fit elsewhere."""

    code = "length-is-the-practices"
    message = "Le cabinet a choisi la durée de ce rendez-vous. Appelez-le pour le déplacer, ou annulez-le et prenez-en un autre."
