"""The acts of the trail in words: for those who work, grouped as one looks for them, and for patients."""

from enum import StrEnum
from typing import Final

from maiia_pro.kernel.audit import AuditAction as Act


class Group(StrEnum):
    """What one looks for."""

    READS = "reads"
    VISITS = "visits"
    PATIENTS = "patients"
    REQUESTS = "requests"
    SETTINGS = "settings"
    RIGHTS = "rights"
    SIGN_IN = "sign_in"
    FILES = "files"


GROUP_LABELS: Final = {
    Group.READS: "Consultations de dossiers",
    Group.VISITS: "Rendez-vous",
    Group.PATIENTS: "Patients et comptes de patients",
    Group.REQUESTS: "Demandes et liste d’attente",
    Group.SETTINGS: "Réglages",
    Group.RIGHTS: "Comptes et droits",
    Group.SIGN_IN: "Connexions",
    Group.FILES: "Exports, impressions et calendriers",
}

_WORDS: Final[dict[Group, dict[Act, str]]] = {
    Group.READS: {
        Act.APPOINTMENT_READ: "Rendez-vous ouvert",
        Act.APPOINTMENT_SEARCHED: "Liste de rendez-vous lue",
        Act.PATIENT_READ: "Dossier ouvert",
        Act.HANDOVER_READ: "Fiche de transmission lue",
        Act.PATIENT_SEARCHED: "Patients cherchés",
        Act.REQUEST_READ: "Demande lue",
        Act.WISHES_READ: "Liste d’attente lue",
    },
    Group.VISITS: {
        Act.APPOINTMENT_BOOKED: "Rendez-vous pris",
        Act.APPOINTMENT_MOVED: "Rendez-vous déplacé",
        Act.APPOINTMENT_CANCELLED: "Rendez-vous annulé",
        Act.APPOINTMENT_RESTORED: "Rendez-vous rétabli",
        Act.APPOINTMENT_MARKED: "Statut du rendez-vous changé",
        Act.APPOINTMENT_PROMOTED: "Rendez-vous sorti du surnombre",
        Act.APPOINTMENT_NOTED: "Note du rendez-vous modifiée",
        Act.HANDOVER_WRITTEN: "Fiche de transmission écrite",
        Act.HOLD_BROKEN: "Créneau retenu repris",
        Act.IDENTITY_CHECKED: "Identité vérifiée",
        Act.DELAY_ANNOUNCED: "Retard annoncé",
        Act.DOOR_ISSUED: "Affiche d’arrivée créée",
        Act.DOOR_WITHDRAWN: "Affiche d’arrivée retirée",
        Act.DOOR_DIRECTED: "Consigne d’arrivée changée",
    },
    Group.PATIENTS: {
        Act.PATIENT_CREATED: "Fiche créée",
        Act.PATIENT_CORRECTED: "Fiche corrigée",
        Act.PERSON_ADDED: "Proche ajouté",
        Act.PERSON_CORRECTED: "Identité corrigée par le patient",
        Act.PERSON_REMOVED: "Proche retiré",
        Act.CONTACT_CHANGED: "Coordonnées changées",
        Act.PREFERENCES_CHANGED: "Préférences de message changées",
    },
    Group.REQUESTS: {
        Act.REQUEST_CREATED: "Demande notée",
        Act.REQUEST_TAKEN: "Demande prise",
        Act.REQUEST_ASSIGNED: "Demande confiée",
        Act.REQUEST_RESCHEDULED: "Échéance de la demande changée",
        Act.REQUEST_COMMENTED: "Demande commentée",
        Act.REQUEST_CLOSED: "Demande fermée",
        Act.REQUEST_REOPENED: "Demande rouverte",
        Act.WISH_ADDED: "Inscription en liste d’attente",
        Act.WISH_CHANGED: "Souhait d’attente changé",
        Act.WISH_WITHDRAWN: "Sortie de la liste d’attente",
        Act.WISH_OFFERED: "Place proposée",
        Act.WISH_ANSWERED: "Réponse à une place proposée",
    },
    Group.SETTINGS: {
        Act.OPENING_CHANGED: "Horaires changés",
        Act.REASON_CHANGED: "Motif changé",
        Act.RESOURCE_CHANGED: "Salle ou matériel changé",
        Act.PROFILE_PUBLISHED: "Page publique publiée",
        Act.PROFILE_WITHDRAWN: "Page publique retirée",
        Act.PRACTICE_RENAMED: "Cabinet renommé",
        Act.GROUP_CHANGED: "Groupe de praticiens changé",
        Act.WEBHOOK_ADDED: "Envoi d’événements ajouté",
        Act.WEBHOOK_STOPPED: "Envoi d’événements arrêté",
        Act.WEBHOOK_RESUMED: "Envoi d’événements repris",
        Act.WEBHOOK_ENDED: "Envoi d’événements retiré",
        Act.OFFER_CHANGED: "Offre du cabinet changée",
        Act.COMPANY_CHANGED: "Société et associés du cabinet changés",
        Act.PRACTICE_OPENED: "Cabinet ouvert",
        Act.SITE_CHANGED: "Lieu changé",
        Act.PRACTITIONER_CHANGED: "Praticien changé",
        Act.LOCK_DELAY_CHOSEN: "Délai de verrouillage changé",
        Act.EVENING_LIST_CHANGED: "Liste du soir réglée",
        Act.INTAKE_CHECKED: "Reprise de données relue",
        Act.INTAKE_DONE: "Données reprises",
    },
    Group.RIGHTS: {
        Act.ACCOUNT_INVITED: "Invitation envoyée",
        Act.ACCOUNT_CREATED: "Compte créé",
        Act.ACCOUNT_ACTIVATED: "Compte activé",
        Act.ACCOUNT_RESTRICTED: "Compte fermé par l’exploitant",
        Act.ACCOUNT_RESTORED: "Compte rouvert",
        Act.ACCOUNT_BLOCKED: "Compte bloqué par son titulaire",
        Act.ACCOUNT_RENAMED: "Nom changé",
        Act.MEMBERSHIP_ACCEPTED: "Invitation acceptée",
        Act.MEMBERSHIP_DECLINED: "Invitation déclinée",
        Act.ADMINISTRATOR_NAMED: "Administrateur nommé",
        Act.ADMINISTRATOR_UNNAMED: "Administrateur retiré",
        Act.MEMBER_REMOVED: "Personne retirée du cabinet",
        Act.MEMBER_BACK: "Personne revenue au cabinet",
        Act.DETAILS_CHECKED: "Informations vérifiées",
        Act.DETAILS_CHANGED: "Informations changées",
        Act.IDENTITY_DECLARED: "Profession ou numéro déclaré",
        Act.IDENTITY_DECIDED: "Déclaration examinée par l’exploitant",
        Act.PROOF_ADDED: "Pièce justificative déposée",
        Act.PROOF_READ: "Pièce justificative lue",
        Act.PROOF_REMOVED: "Pièce justificative retirée",
        Act.DELEGATION_GRANTED: "Droits confiés",
        Act.DELEGATION_ENDED: "Droits retirés",
        Act.API_CLIENT_REGISTERED: "Application reliée",
        Act.API_CLIENT_REVOKED: "Application retirée",
        Act.API_SECRET_RENEWED: "Secret d’une application renouvelé",
        Act.API_GRANT_GIVEN: "Application autorisée par une personne",
        Act.API_GRANT_ENDED: "Autorisation d’une application retirée",
        Act.API_GRANT_MISUSED: "Jeton d’une application employé deux fois",
        Act.API_TOKEN_ISSUED: "Jeton donné à une application",
    },
    Group.SIGN_IN: {
        Act.SESSION_OPENED: "Connexion",
        Act.SESSION_REFUSED: "Connexion refusée",
        Act.SESSION_ENDED: "Session fermée",
        Act.SESSION_LOCKED: "Écran verrouillé",
        Act.SESSION_UNLOCKED: "Écran déverrouillé",
        Act.SESSION_HALF_OPENED: "Mot de passe accepté, seconde étape attendue",
        Act.STEP_REFUSED: "Seconde étape refusée",
        Act.PROOF_GIVEN: "Identité confirmée de nouveau",
        Act.PSC_LINKED: "Compte relié à Pro Santé Connect",
        Act.PASSWORD_CHANGED: "Mot de passe changé",
        Act.PASSWORD_RESET: "Mot de passe choisi de nouveau par un lien",
        Act.FACTOR_ADDED: "Seconde étape ajoutée",
        Act.FACTOR_REMOVED: "Seconde étape supprimée",
        Act.FACTORS_RESET: "Seconde étape réinitialisée par l’exploitant",
        Act.RECOVERY_CODES_MADE: "Codes de secours créés",
        Act.RECOVERY_CODE_USED: "Code de secours employé",
        Act.PIN_CHOSEN: "Code PIN choisi",
        Act.PIN_REFUSED: "Code PIN refusé",
    },
    Group.FILES: {
        Act.AGENDA_PRINTED: "Liste imprimée",
        Act.AGENDA_EXPORTED: "Rendez-vous exportés",
        Act.EVENING_LIST_SENT: "Liste du soir envoyée",
        Act.FEED_ISSUED: "Adresse d’agenda créée",
        Act.FEED_CHANGED: "Adresse d’agenda changée",
        Act.FEED_REVOKED: "Adresse d’agenda retirée",
        Act.FEED_READ: "Agenda lu par son adresse",
        Act.CALENDAR_IMPORTED: "Calendrier importé",
        Act.CALENDAR_FORGOTTEN: "Calendrier oublié",
        Act.CALENDAR_LINKED: "Calendrier relié",
        Act.CALENDAR_UNLINKED: "Calendrier délié",
        Act.CALENDAR_READ: "Calendrier relié lu",
        Act.JOURNAL_EXPORTED: "Journal exporté",
    },
}
ACTION_LABELS: Final[dict[str, str]] = {str(act): words for acts in _WORDS.values() for act, words in acts.items()}


def label_of(action: str) -> str:
    """Name an act; one that this release does not know stays as it is written."""
    return ACTION_LABELS.get(action, action)


def actions_of(group: Group) -> list[str]:
    """List the acts of a group."""
    return [str(act) for act in _WORDS[group]]


PATIENT_WORDS: Final[dict[str, str]] = {
    str(act): words
    for act, words in {
        Act.PATIENT_READ: "a ouvert votre fiche",
        Act.PATIENT_SEARCHED: "a vu votre nom dans une recherche",
        Act.PATIENT_CREATED: "a créé votre fiche",
        Act.PATIENT_CORRECTED: "a corrigé votre fiche",
        Act.APPOINTMENT_READ: "a ouvert votre rendez-vous",
        Act.APPOINTMENT_SEARCHED: "a vu votre rendez-vous dans une liste",
        Act.APPOINTMENT_BOOKED: "a pris votre rendez-vous",
        Act.APPOINTMENT_MOVED: "a déplacé votre rendez-vous",
        Act.APPOINTMENT_CANCELLED: "a annulé votre rendez-vous",
        Act.APPOINTMENT_RESTORED: "a rétabli votre rendez-vous",
        Act.APPOINTMENT_MARKED: "a changé l’état de votre rendez-vous",
        Act.APPOINTMENT_PROMOTED: "a confirmé votre place",
        Act.APPOINTMENT_NOTED: "a écrit une note sur votre rendez-vous",
        Act.IDENTITY_CHECKED: "a vérifié votre identité",
        Act.REQUEST_CREATED: "a noté une demande de votre part",
        Act.REQUEST_READ: "a lu votre demande",
        Act.WISHES_READ: "a vu votre nom dans la liste d’attente",
        Act.WISH_ADDED: "vous a inscrit en liste d’attente",
        Act.WISH_OFFERED: "vous a proposé une place",
    }.items()
}


def told_to_patient(action: str) -> str:
    """Say to a patient what somebody did, as a sentence goes on."""
    kind = action.partition(":")[0]
    others = {"request": "a traité votre demande", "wish": "a changé votre place en liste d’attente"}
    return PATIENT_WORDS.get(action) or others.get(kind, "a fait quelque chose dans votre dossier")
