"""Signing in, signing up, choosing a password, signing out."""

import reflex as rx

from components.account.native import ApiForm, CameBy, CodeSent, LockScreen, SendAgain, SignInPath, SignOut, SimulatedMessage, Step
from components.account.passwords import FORGOTTEN, LOST, new_password
from components.account.psc import psc_sign_in
from components.account.security import PasskeySignIn
from components.layout.public import bare_page
from components.ui.buttons import link, submit_button
from components.ui.fields import date_field, password_field, phone_field, text_field
from components.ui.forms import all_required, form_row
from components.ui.icons import icon
from components.ui.messages import note
from components.ui.native import Draft
from maiia_pro.settings import get_settings


def sign_in_page() -> rx.Component:
    """Ask for an address or a number, then for the code sent there, and for a name from who is new; or for a password."""
    return bare_page("Se connecter ou créer un compte", SignInPath.create(_start(), _code(), _person(), _password()))


def _start() -> rx.Component:
    by_phone = get_settings().phone_door
    return Step.create(
        rx.el.p("Nous vous envoyons un code à recopier ici. Le compte est gratuit."),
        ApiForm.create(
            text_field(
                "Votre adresse e-mail ou votre numéro de téléphone" if by_phone else "Votre adresse e-mail",
                "identifier",
                auto_complete="username",
                input_mode="email",
                max_length=254,
                spell_check=False,
                hint="Le numéro d’un mobile, par exemple 06 12 34 56 78" if by_phone else "",
            ),
            submit_button("Recevoir un code", size="large", wide=True),
            action="/api/session/code",
            label="Recevoir un code",
        ),
        link("Utiliser un mot de passe", "#mot-de-passe", outside=True, class_name="button button-wide"),
        PasskeySignIn.create(),
        rx.el.p(_for_professionals(), class_name="small soft"),
        _simulated() if get_settings().simulated_mail else rx.fragment(),
        name="start",
    )


def _for_professionals() -> rx.Component:
    if not get_settings().psc_door:
        return rx.fragment("Professionnels et secrétariats se connectent avec leur mot de passe.")
    return rx.fragment(
        "Professionnels et secrétariats\u00a0: ", link("mot de passe ou Pro Santé Connect", "#mot-de-passe", outside=True), "."
    )


def _simulated() -> rx.Component:
    return note(
        "Rien n’est vraiment envoyé\u00a0: le message et son code s’afficheront ici. Essayez par exemple le numéro 06 39 98 00 01.",
        title="Simulation",
    )


def _code() -> rx.Component:
    return Step.create(
        CodeSent.create(),
        SimulatedMessage.create() if get_settings().demo else rx.fragment(),
        ApiForm.create(
            text_field("Code à six chiffres", "code", auto_complete="one-time-code", input_mode="numeric", max_length=20),
            submit_button("Continuer", size="large", wide=True),
            action="/api/session/code/try",
            label="Code reçu",
        ),
        SendAgain.create(),
        CameBy.create(
            rx.el.p("Rien reçu ? Regardez aussi dans vos courriers indésirables.", class_name="small soft"),
            way="email",
        ),
        rx.el.p(link("Corriger l’adresse ou le numéro" if get_settings().phone_door else "Corriger l’adresse", "#", outside=True)),
        rx.el.p(link("Utiliser un mot de passe", "#mot-de-passe", outside=True)),
        name="code",
    )


def _person() -> rx.Component:
    return Step.create(
        rx.el.p("Bienvenue\u00a0! Dites-nous qui vous êtes, pour que le cabinet vous reconnaisse."),
        ApiForm.create(
            form_row(
                text_field("Prénom", "given_name", auto_complete="given-name", max_length=80),
                text_field("Nom", "family_name", auto_complete="family-name", max_length=80),
            ),
            date_field("Date de naissance", "birth_date", auto_complete="bday"),
            CameBy.create(phone_field(optional=True), way="email"),
            rx.el.details(
                rx.el.summary(icon("lock"), rx.el.span("Choisir un mot de passe (facultatif)")),
                new_password(optional=True, identifier="champ-nouveau-mot-de-passe"),
                class_name="unfolds",
            ),
            rx.el.p(
                "En créant ce compte, vous acceptez les ",
                link("conditions d’utilisation", "/conditions"),
                ". Ce que nous faisons de vos données est dit dans ",
                link("Données personnelles", "/donnees-personnelles"),
                ".",
                class_name="small soft",
            ),
            Draft.create(name="inscription"),
            submit_button("Créer mon compte", size="large", wide=True),
            action="/api/account",
            label="Création d’un compte",
        ),
        name="person",
    )


def _password() -> rx.Component:
    by_phone = get_settings().phone_door
    return Step.create(
        psc_sign_in(),
        ApiForm.create(
            all_required(),
            text_field(
                "Adresse e-mail ou numéro de téléphone" if by_phone else "Adresse e-mail",
                "email",
                auto_complete="username",
                input_mode="email",
                max_length=254,
                spell_check=False,
            ),
            password_field(),
            submit_button("Se connecter", size="large", wide=True),
            action="/api/session",
            label="Connexion",
        ),
        rx.el.p(link("Mot de passe oublié", FORGOTTEN)),
        PasskeySignIn.create(),
        rx.el.p(link("Recevoir plutôt un code", "#", outside=True), " (comptes de patients)"),
        rx.el.p(link("Identifiants perdus ou volés", LOST)),
        rx.el.p(
            "Professionnel de santé ou secrétariat : votre compte est ouvert par votre cabinet, qui vous envoie un lien.",
            class_name="small soft",
        ),
        name="password",
    )


def activation_page() -> rx.Component:
    """Ask for the first password of an account, opened by the link of an e-mail."""
    return bare_page(
        "Choisir votre mot de passe",
        ApiForm.create(
            new_password(),
            submit_button("Activer mon compte", size="large", wide=True),
            action="/api/activation",
            label="Activation du compte",
            token_from_hash=True,
        ),
        rx.el.p(
            "Le lien ne sert qu’une fois, pendant trois jours. Ensuite, demandez-en un autre au cabinet qui vous a invité.",
            class_name="small soft",
        ),
        rx.el.p(link("Mot de passe déjà choisi\u00a0? Se connecter", "/connexion#mot-de-passe", outside=True)),
        lead="Ce mot de passe ouvrira votre compte avec votre adresse e-mail.",
    )


def lock_page() -> rx.Component:
    """Lock the screen on arrival, and let somebody enrolled here unlock it."""
    return bare_page("Écran verrouillé", LockScreen.create())


def pin_page() -> rx.Component:
    """Ask somebody of a practice for the PIN that unlocks shared screens."""
    return bare_page(
        "Votre code PIN",
        ApiForm.create(
            all_required(),
            password_field(hint="Celui de votre compte, pour vérifier que c’est bien vous."),
            text_field(
                "Nouveau code PIN",
                "pin",
                kind="password",
                auto_complete="new-password",
                hint="4 à 6 chiffres, sans suite, répétition ni date.",
                input_mode="numeric",
                max_length=6,
            ),
            submit_button("Choisir ce code", size="large", wide=True),
            action="/api/pin",
            label="Code PIN",
        ),
        rx.el.p(
            "Le code déverrouille l’écran là où vous vous êtes connecté avec votre mot de passe, pendant 7 jours au plus et 12 heures "
            "sans activité. Cinq codes faux de suite, et votre mot de passe est redemandé.",
            class_name="small soft",
        ),
        lead="Pour prendre et rendre en deux secondes un poste partagé : chaque acte reste signé de son auteur.",
    )


def sign_out_page() -> rx.Component:
    """End the session on arrival; ask first when it is to end everywhere."""
    return bare_page(
        "Déconnexion",
        SignOut.create(
            leaving="Déconnexion en cours…",
            everywhere="Toutes vos sessions seront fermées, sur cet appareil et sur les autres. Les écrans ouverts se vident aussitôt.",
            confirm="Se déconnecter partout",
            back="Rester connecté",
            failure="La déconnexion n’a pas abouti\u00a0: le serveur ne répond pas.",
            again="Réessayer",
        ),
    )
