"""Values that the agenda's tables hold, and how they read in French."""

from enum import StrEnum


class Mode(StrEnum):
    """How the patient is seen (terms of use, article 2): each reason and appointment has exactly one."""

    IN_PERSON = "in_person"
    VIDEO = "video"


MODE_LABELS: dict[Mode, str] = {Mode.IN_PERSON: "Au cabinet", Mode.VIDEO: "En vidéo"}


class Status(StrEnum):
    """Where an appointment stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    MISSED = "missed"
    CANCELLED = "cancelled"


STATUS_LABELS: dict[Status, str] = {
    Status.PLANNED: "Prévu",
    Status.CONFIRMED: "Confirmé",
    Status.ARRIVED: "Arrivé",
    Status.IN_PROGRESS: "En cours",
    Status.FULFILLED: "Honoré",
    Status.MISSED: "Absent",
    Status.CANCELLED: "Annulé",
}


class IdentityMeans(StrEnum):
    """What a patient's identity was checked by (référentiel national d'identitovigilance; terms of use, article 8.1)."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    DIGITAL = "digital"
    FAMILY_BOOK = "family_book"
    KNOWN = "known"
    UNRECORDED = "unrecorded"
    """Visits closed before the check was asked for; nobody may choose it."""


IDENTITY_LABELS: dict[IdentityMeans, str] = {
    IdentityMeans.IDENTITY_CARD: "Carte d’identité",
    IdentityMeans.PASSPORT: "Passeport",
    IdentityMeans.RESIDENCE_PERMIT: "Titre de séjour",
    IdentityMeans.DIGITAL: "Identité numérique (France Identité)",
    IdentityMeans.FAMILY_BOOK: "Livret de famille ou acte de naissance",
    IdentityMeans.KNOWN: "Identité déjà vérifiée, patient reconnu",
    IdentityMeans.UNRECORDED: "Non consignée",
}


class CompanionMeans(StrEnum):
    """How somebody who came along was identified."""

    NONE = "none"
    DOCUMENT = "document"
    KNOWN = "known"


COMPANION_LABELS: dict[CompanionMeans, str] = {
    CompanionMeans.NONE: "Personne n’accompagne",
    CompanionMeans.DOCUMENT: "Pièce d’identité présentée",
    CompanionMeans.KNOWN: "Déjà connu du cabinet",
}


class EntitlementMeans(StrEnum):
    """How the patient's entitlements to the health insurance were checked."""

    VITALE_CARD = "vitale_card"
    CERTIFICATE = "certificate"
    ONLINE = "online"
    NONE = "none"


ENTITLEMENT_LABELS: dict[EntitlementMeans, str] = {
    EntitlementMeans.VITALE_CARD: "Carte Vitale",
    EntitlementMeans.CERTIFICATE: "Attestation de droits",
    EntitlementMeans.ONLINE: "Droits consultés en ligne",
    EntitlementMeans.NONE: "Aucun droit à vérifier",
}


class Origin(StrEnum):
    """By which door an appointment came in."""

    DESK = "desk"
    ONLINE = "online"
    API = "api"
    INTAKE = "intake"


ORIGIN_LABELS: dict[Origin, str] = {
    Origin.DESK: "Par le cabinet",
    Origin.ONLINE: "En ligne",
    Origin.API: "Par un logiciel relié",
    Origin.INTAKE: "Repris d’un autre logiciel",
}


class Audience(StrEnum):
    """Whom a reason is for, where patients and programs book; `online` says whether they may at all."""

    EVERYBODY = "everybody"
    KNOWN = "known"
    NEW = "new"


class ExceptionKind(StrEnum):
    """What an exception does to the weekly hours."""

    CLOSED = "closed"
    OPEN = "open"
    SPECIAL = "special"
    """Replaces the weekly hours of one day at a site; a row for each of its ranges, or one that lasts no time."""
