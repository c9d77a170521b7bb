"""What each release of the software brought, and whom it is still to be told to (terms of use, article 8.1: features may evolve)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.operations.tables import Release, ReleaseRead


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    """A release: its version, when it was made, what it is about, what it brought to those who work with it and to patients."""

    version: str
    made_on: date
    title: str
    changes: tuple[str, ...]
    for_patients: tuple[str, ...]


RELEASES: Final[tuple[ReleaseNotes, ...]] = (
    ReleaseNotes(
        "0.4.0",
        date(2026, 11, 27),
        "Chacun son compte, chacun ses droits",
        (
            "Équipe\u00a0: pour chaque personne et chaque praticien, neuf droits donnés un à un, datés, retirés à l’instant.",
            "Invitations\u00a0: seuls les droits cochés sont donnés, et l’on voit qui n’a pas répondu ou ne peut pas travailler.",
            "Remplacements\u00a0: un compte propre au remplaçant, ouvert ses jours seulement, avec une fiche à l’aller et au retour.",
            "Pharmaciens, infirmiers et aides-soignants ont leur compte\u00a0; qui a plusieurs rôles choisit le sien et le voit toujours.",
            "Numéro RPPS ou ADELI, et pièces justificatives chiffrées, effacées dès la réponse\u00a0; une société a ses associés.",
            "Cabinet\u00a0: les administrateurs tiennent les lieux, les salles, les groupes et les membres.",
            "Seconde étape à la connexion, par application ou par clé d’accès, et codes de secours\u00a0; Pro Santé Connect par le RPPS.",
            "Vos sessions\u00a0: la liste des appareils connectés, un message à chaque nouvel appareil, et la déconnexion partout.",
            "Mot de passe perdu, volé ou trop faible\u00a0: chaque cas a son chemin, et rien ne sort de chez nous pour le vérifier.",
            "Journal\u00a0: qui a fait quoi, pour le compte de qui, quand et d’où, avec filtres et export\u00a0; toute retouche se voit.",
            "Applications reliées\u00a0: chacune est à votre cabinet, agit seule ou au nom de qui l’autorise, et s’arrête d’un geste.",
        ),
        (
            "«\u00a0Qui a vu mon dossier\u00a0»\u00a0: la liste de chaque lecture, avec son auteur et son heure.",
            "Si votre praticien n’est plus disponible ici, un message vous dit d’appeler avant de venir, et un autre qu’il est revenu.",
        ),
    ),
    ReleaseNotes(
        "0.3.0",
        date(2026, 11, 26),
        "L’accueil du cabinet et la porte des patients",
        (
            "Une seule boîte (touche /) trouve un patient, un créneau ou une page, même avec une faute de frappe ou une date de naissance.",
            "Un rendez-vous se donne, se déplace et s’annule sans quitter le clavier\u00a0; la touche\u00a0? montre les raccourcis.",
            "Poste partagé\u00a0: verrouillez l’écran, et changez de personne avec un code de quatre à six chiffres.",
            "Dix minutes puis deux minutes avant la fin d’une session, un avertissement laisse le temps d’enregistrer.",
            "Appel entrant\u00a0: le standard téléphonique ouvre la fiche du patient qui appelle.",
            "Nouveau cabinet\u00a0: six étapes mènent du premier lieu à l’agenda ouvert.",
            "Votre page publique\u00a0: photo, présentation, accès, langues, paiement\u00a0; relue avant publication, retirée aussitôt.",
            "Recherche des patients par nom, spécialité et lieu, du premier créneau libre au plus lointain.",
            "Compte patient par code reçu par e-mail ou par SMS, sans mot de passe\u00a0; proches et préférences de message.",
            "Après la réservation\u00a0: quoi apporter, ajout au calendrier, et lien pour annuler ou déplacer sans se connecter.",
        ),
        (
            "Cherchez par nom, spécialité et lieu\u00a0: les premiers créneaux libres sont en tête.",
            "Entrez dans votre compte par un code reçu par e-mail ou par SMS, sans mot de passe.",
            "Réservez pour vos proches, et choisissez par où nos messages vous parviennent\u00a0: e-mail, SMS, ou les deux.",
            "Après la réservation\u00a0: quoi apporter, ajout à votre calendrier, et lien pour annuler ou déplacer sans vous connecter.",
        ),
    ),
    ReleaseNotes(
        "0.2.0",
        date(2026, 11, 26),
        "L’agenda complet",
        (
            "Semaine de tous les praticiens\u00a0: qui a de la place, quand, et qui vient.",
            "Statuts du rendez-vous en une touche, avec retour en arrière et vérification d’identité avant «\u00a0honoré\u00a0».",
            "Rendez-vous en surnombre, pris sciemment et marqués comme tels.",
            "Demandes du cabinet\u00a0: rappels, renouvellements et questions, à côté de l’agenda.",
            "Liste d’attente\u00a0: une place qui se libère est proposée à un patient, puis au suivant.",
            "Créneau retenu dix minutes pour le patient qui réserve, et visible du cabinet.",
            "Séries de rendez-vous, absences réglées d’un coup, arrivée signalée à la porte et retards annoncés.",
            "Règles des motifs, salles et matériel, jours fériés, semaines A et B, copie d’une semaine.",
            "Calendrier personnel relié (CalDAV, .ics), reprise de données par CSV ou .ics, liste de demain chiffrée, chiffres du cabinet.",
            "Adresse secrète pour lire son agenda ailleurs, export en CSV et en ICS, listes du jour et de la semaine à imprimer.",
        ),
        (
            "Liste d’attente\u00a0: une place qui se libère vous est proposée.",
            "Le créneau que vous choisissez vous est gardé dix minutes.",
            "À l’entrée du cabinet, signalez votre arrivée avec votre téléphone.",
        ),
    ),
    ReleaseNotes(
        "0.1.0",
        date(2026, 11, 20),
        "Les premiers rendez-vous",
        (
            "Agenda partagé du cabinet, horaires et motifs de chaque praticien.",
            "Rendez-vous en ligne pour les patients et leurs proches, sans double réservation possible.",
            "Interface FHIR R4 pour les logiciels reliés.",
        ),
        ("Prenez rendez-vous en ligne, pour vous ou pour un proche.",),
    ),
)
"""The latest first; the software's own version is that of the first, which a test holds."""


def note_release(actor: Actor) -> None:
    """Write down since when this installation runs the present release."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        values = {"version": RELEASES[0].version, "since": clock.now()}
        session.connection().execute(insert(Release).values(values).on_conflict_do_nothing())


_READ = text("""
    insert into release_read (account_id, version) values (:account_id, :version)
    on conflict (account_id) do update set version = excluded.version
""")


def unread_release(actor: Actor) -> ReleaseNotes | None:
    """Give the present release where the account was there before it and has not opened its page yet."""
    require(actor, Permission.ACCOUNT_OWN)
    latest = RELEASES[0]
    with reading() as session:
        since = session.exec(select(Release.since).where(Release.version == latest.version)).first()
        account = session.get(Account, actor.account_id)
        read = session.get(ReleaseRead, actor.account_id)
    if since is None or account is None or account.created_at >= since or (read is not None and read.version == latest.version):
        return None
    return latest


def mark_release_read(actor: Actor) -> None:
    """Remember that the account has seen what the present release brought."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        session.connection().execute(_READ, {"account_id": actor.account_id, "version": RELEASES[0].version})
