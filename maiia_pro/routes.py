"""The one table of pages: French address, page, title, and who may enter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from components.account.consent import consent_page
from components.account.contact import account_page
from components.account.details import details_page
from components.account.own_journal import own_journal_page
from components.account.pages import activation_page, lock_page, pin_page, sign_in_page, sign_out_page
from components.account.passwords import block_page, change_page, forgotten_page, lost_page, reset_page
from components.account.preferences import preferences_page
from components.account.relatives import relatives_page
from components.account.roles import assistance_page, role_page
from components.account.security import second_step_page, security_page
from components.administration.page import administration_page
from components.agenda.absence import absence_page
from components.agenda.figures import figures_page
from components.agenda.page import agenda_page
from components.agenda.paper import paper_page
from components.agenda.replacements import replacements_page
from components.agenda.settings import settings_page
from components.booking.confirm import confirm_page
from components.booking.linked import linked_page
from components.booking.mine import own_appointments_page
from components.booking.practitioner import practitioner_public_page
from components.booking.search import search_page
from components.booking.visit import visit_page
from components.calling.page import call_page
from components.gallery.page import gallery
from components.intake.page import intake_page
from components.legal.pages import accessibility_page, legal_notice_page, personal_data_page, terms_page
from components.legal.site_plan import site_plan_page
from components.missing import missing_page
from components.onboarding.page import onboarding_page
from components.operations.accounts import account_sheet_page, accounts_page
from components.operations.journal import journal_page, operator_journal_page
from components.operations.pages import operator_page, outbox_page, status_page
from components.profile.page import own_profile_page
from components.reception.door import door_page
from components.reception.posters import posters_page
from components.releases.page import releases_page
from components.requests.page import requests_page
from components.waiting.page import waiting_page
from components.waiting.wish_page import wish_page
from maiia_pro.kernel.actor import MEMBERS, STAFF, ActorKind
from state.absence import AbsenceForm
from state.account_list import AccountList
from state.account_sheet import AccountPage
from state.administration import Administration
from state.administration_groups import Groups
from state.administration_members import Members
from state.administration_sites import Places
from state.agenda import AgendaState
from state.appointment import AppointmentState
from state.booking import Booking
from state.calling import Call
from state.consent import Consent
from state.declarations import Declarations
from state.directory import Directory
from state.doorway import Doorway
from state.evening import EveningSetup
from state.feed import FeedSetup
from state.figures import FiguresState
from state.gallery import Gallery
from state.hats import Hats
from state.journal import Journal
from state.linked_visit import LinkedVisit
from state.lock_delay import LockDelay
from state.new_request import NewRequestForm
from state.next_free import NextFree
from state.onboarding import Onboarding
from state.onboarding_hours import HoursStep
from state.onboarding_reasons import ReasonsStep
from state.operations import OperatorDesk, Outbox, ServiceStatus
from state.outside import CalendarFileSetup
from state.outside_link import LinkSetup
from state.own_appointments import OwnAppointments
from state.own_contact import OwnContact
from state.own_details import OwnDetails
from state.own_journal import OwnJournal
from state.own_preferences import OwnPreferences
from state.own_profile import PublicProfile
from state.own_relatives import OwnRelatives
from state.own_visit import OwnVisit
from state.own_waiting import OwnWaiting
from state.own_wish import OwnWish
from state.paper import Paper
from state.posters import Posters
from state.practitioner import PractitionerState
from state.programs import Programs
from state.releases import Releases
from state.replacements import Replacements
from state.request_panel import RequestPanel
from state.requests import RequestBadge, RequestList
from state.setup_days_off import DaysOffSetup
from state.setup_hours import HoursSetup
from state.setup_reasons import ReasonsSetup
from state.setup_rooms import RoomsSetup
from state.setup_whose import SetupFor
from state.team import Team
from state.waiting import WaitingPage
from state.webhooks import Webhooks

EVERYONE = frozenset(ActorKind) - {ActorKind.LOCKED}
PATIENTS = frozenset({ActorKind.PATIENT})
PRACTITIONERS = frozenset({ActorKind.PRACTITIONER})
OPERATORS = frozenset({ActorKind.OPERATOR})
AT_WORK = MEMBERS | {ActorKind.OPERATOR}
SIGNED_IN = MEMBERS | {ActorKind.PATIENT, ActorKind.OPERATOR}


@dataclass(frozen=True)
class Route:
    """A page: what it shows, what it is called, and which kinds of actor it is for."""

    path: str
    page: Callable[[], rx.Component]
    title: str | rx.Var[str]
    who: frozenset[ActorKind] = EVERYONE
    description: str = ""
    on_load: list[Any] = field(default_factory=list)


PRACTITIONER_TITLE = rx.cond(
    PractitionerState.profile["name"],
    f"{PractitionerState.profile['name']}, {PractitionerState.profile['specialty']} · Maiia Pro",
    "Prendre rendez-vous · Maiia Pro",
)
"""As the route in front of the page has it."""

ROUTES: tuple[Route, ...] = (
    Route(
        "/",
        search_page,
        "Prendre rendez-vous · Maiia Pro",
        description="Trouvez un professionnel de santé et prenez rendez-vous en ligne.",
        on_load=[Directory.arrive],
    ),
    Route("/medecin/[slug]", practitioner_public_page, PRACTITIONER_TITLE, on_load=[PractitionerState.arrive]),
    Route("/rendez-vous/confirmer", confirm_page, "Confirmer le rendez-vous · Maiia Pro", on_load=[Booking.arrive]),
    Route(
        "/rendez-vous",
        own_appointments_page,
        "Mes rendez-vous · Maiia Pro",
        who=PATIENTS,
        on_load=[OwnAppointments.arrive, OwnWaiting.arrive],
    ),
    Route("/rendez-vous/lien", linked_page, "Votre rendez-vous · Maiia Pro", on_load=[LinkedVisit.arrive]),
    Route("/rendez-vous/[visite]", visit_page, "Votre rendez-vous · Maiia Pro", who=PATIENTS, on_load=[OwnVisit.arrive]),
    Route("/compte", account_page, "Mon compte · Maiia Pro", who=PATIENTS, on_load=[OwnContact.arrive]),
    Route("/compte/preferences", preferences_page, "Mes messages · Maiia Pro", who=PATIENTS, on_load=[OwnPreferences.arrive]),
    Route("/compte/proches", relatives_page, "Mes proches · Maiia Pro", who=PATIENTS, on_load=[OwnRelatives.arrive]),
    Route("/compte/journal", own_journal_page, "Qui a vu mon dossier · Maiia Pro", who=PATIENTS, on_load=[OwnJournal.arrive]),
    Route("/rendez-vous/attente", wish_page, "Liste d’attente · Maiia Pro", who=PATIENTS, on_load=[OwnWish.arrive]),
    Route(
        "/agenda",
        agenda_page,
        "Agenda · Maiia Pro",
        who=STAFF,
        on_load=[RequestBadge.arrive, AgendaState.arrive, AppointmentState.arrive, NextFree.arrive, Call.show],
    ),
    Route("/appel", call_page, "Appel · Maiia Pro", who=STAFF, on_load=[Call.arrive]),
    Route("/agenda/absence", absence_page, "Absence · Maiia Pro", who=STAFF, on_load=[RequestBadge.arrive, AbsenceForm.arrive]),
    Route("/agenda/affiche", posters_page, "Affiche d’arrivée · Maiia Pro", who=STAFF, on_load=[Posters.arrive]),
    Route("/arrivee", door_page, "Votre arrivée · Maiia Pro", on_load=[Doorway.arrive]),
    Route("/agenda/impression", paper_page, "Liste à imprimer · Maiia Pro", who=STAFF, on_load=[Paper.arrive]),
    Route(
        "/agenda/attente",
        waiting_page,
        "Liste d’attente · Maiia Pro",
        who=STAFF,
        on_load=[RequestBadge.arrive, WaitingPage.arrive],
    ),
    Route(
        "/demandes",
        requests_page,
        "Demandes · Maiia Pro",
        who=STAFF,
        on_load=[RequestBadge.arrive, RequestList.arrive, RequestPanel.arrive, NewRequestForm.arrive],
    ),
    Route("/chiffres", figures_page, "Chiffres · Maiia Pro", who=STAFF, on_load=[RequestBadge.arrive, FiguresState.arrive]),
    Route(
        "/reglages",
        settings_page,
        "Réglages · Maiia Pro",
        who=STAFF,
        on_load=[
            SetupFor.arrive,
            HoursSetup.arrive,
            DaysOffSetup.arrive,
            ReasonsSetup.arrive,
            RoomsSetup.arrive,
            FeedSetup.arrive,
            CalendarFileSetup.arrive,
            LinkSetup.arrive,
            EveningSetup.arrive,
            Team.arrive,
            Programs.arrive,
            Webhooks.arrive,
            RequestBadge.arrive,
        ],
    ),
    Route(
        "/cabinet",
        administration_page,
        "Cabinet · Maiia Pro",
        who=STAFF,
        on_load=[
            Administration.arrive,
            Members.arrive,
            Places.arrive,
            RoomsSetup.arrive,
            Groups.arrive,
            LockDelay.arrive,
            RequestBadge.arrive,
        ],
    ),
    Route(
        "/reglages/reprise",
        intake_page,
        "Reprise de données · Maiia Pro",
        who=PRACTITIONERS,
        on_load=[RequestBadge.arrive],
    ),
    Route(
        "/reglages/profil",
        own_profile_page,
        "Ma page publique · Maiia Pro",
        who=PRACTITIONERS,
        on_load=[RequestBadge.arrive, PublicProfile.arrive],
    ),
    Route(
        "/demarrage",
        onboarding_page,
        "Ouvrir mon agenda · Maiia Pro",
        who=PRACTITIONERS,
        on_load=[Onboarding.arrive, ReasonsStep.arrive, HoursStep.arrive],
    ),
    Route("/journal", journal_page, "Journal des accès · Maiia Pro", who=PRACTITIONERS, on_load=[RequestBadge.arrive, Journal.arrive]),
    Route("/connexion", sign_in_page, "Se connecter · Maiia Pro"),
    Route("/connexion/etape", second_step_page, "Seconde étape · Maiia Pro"),
    Route("/compte/securite", security_page, "Sécurité de votre compte · Maiia Pro", who=SIGNED_IN),
    Route("/inscription", sign_in_page, "Créer un compte · Maiia Pro"),
    Route("/activation", activation_page, "Choisir votre mot de passe · Maiia Pro"),
    Route("/mot-de-passe-oublie", forgotten_page, "Mot de passe oublié · Maiia Pro"),
    Route("/nouveau-mot-de-passe", reset_page, "Nouveau mot de passe · Maiia Pro"),
    Route("/identifiants-perdus", lost_page, "Identifiants perdus ou volés · Maiia Pro"),
    Route("/identifiants-perdus/bloquer", block_page, "Bloquer votre compte · Maiia Pro"),
    Route("/compte/mot-de-passe", change_page, "Changer de mot de passe · Maiia Pro", who=SIGNED_IN),
    Route("/compte/informations", details_page, "Mes informations · Maiia Pro", who=AT_WORK, on_load=[OwnDetails.arrive]),
    Route("/verrou", lock_page, "Écran verrouillé · Maiia Pro"),
    Route(
        "/remplacements",
        replacements_page,
        "Remplacements · Maiia Pro",
        who=STAFF,
        on_load=[RequestBadge.arrive, Replacements.arrive],
    ),
    Route("/compte/role", role_page, "Mes rôles · Maiia Pro", who=SIGNED_IN, on_load=[Hats.arrive]),
    Route("/assistance", assistance_page, "Téléconsultation assistée · Maiia Pro", who=frozenset({ActorKind.AIDANT})),
    Route("/compte/code-pin", pin_page, "Code PIN · Maiia Pro", who=STAFF),
    Route("/autorisation", consent_page, "Applications autorisées · Maiia Pro", who=STAFF, on_load=[Consent.arrive]),
    Route("/deconnexion", sign_out_page, "Déconnexion · Maiia Pro"),
    Route("/mentions-legales", legal_notice_page, "Mentions légales · Maiia Pro"),
    Route("/donnees-personnelles", personal_data_page, "Données personnelles et cookies · Maiia Pro"),
    Route("/conditions", terms_page, "Conditions d’utilisation · Maiia Pro"),
    Route("/accessibilite", accessibility_page, "Accessibilité · Maiia Pro"),
    Route("/plan-du-site", site_plan_page, "Plan du site · Maiia Pro"),
    Route("/etat", status_page, "État du service · Maiia Pro", on_load=[ServiceStatus.arrive]),
    Route("/nouveautes", releases_page, "Nouveautés · Maiia Pro", on_load=[Releases.read]),
    Route("/operateur", operator_page, "Exploitation · Maiia Pro", who=OPERATORS, on_load=[OperatorDesk.arrive, Declarations.arrive]),
    Route("/operateur/comptes", accounts_page, "Comptes · Maiia Pro", who=OPERATORS, on_load=[AccountList.arrive]),
    Route("/operateur/comptes/[compte]", account_sheet_page, "Compte · Maiia Pro", who=OPERATORS, on_load=[AccountPage.arrive]),
    Route("/operateur/journal", operator_journal_page, "Journal des accès · Maiia Pro", who=OPERATORS, on_load=[Journal.arrive]),
    Route("/demonstration/courriels", outbox_page, "Messages · Maiia Pro", who=SIGNED_IN, on_load=[Outbox.arrive]),
    Route("404", missing_page, "Page introuvable · Maiia Pro"),
    Route("/developpement/composants", gallery, "Composants · Maiia Pro", on_load=[Gallery.open]),
)
