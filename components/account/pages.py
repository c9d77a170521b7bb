"""Signing in, signing up, choosing a password, signing out."""

import reflex as rx

from components.account.native import ApiForm, OnwardLink, SignOut
from components.layout.public import bare_page
from components.ui.buttons import link, submit_button
from components.ui.fields import date_field, email_field, password_field, phone_field, text_field
from components.ui.forms import form_row

NEW_WORDS = "Au moins 12 caractères. Une phrase courte convient très bien."


def sign_in_page() -> rx.Component:
    """Ask for the e-mail address and the password."""
    return bare_page(
        "Se connecter",
        ApiForm.create(
            email_field(auto_complete="username"),
            password_field(),
            submit_button("Se connecter", size="large", wide=True),
            action="/api/session",
            label="Connexion",
        ),
        rx.el.p("Vous n’avez pas encore de compte ? ", OnwardLink.create("Créer un compte patient", href="/inscription")),
        rx.el.p(
            "Professionnel de santé ou secrétariat : votre compte est ouvert par votre cabinet, qui vous envoie un lien.",
            class_name="small soft",
        ),
        lead="Pour prendre un rendez-vous, retrouver les vôtres ou tenir l’agenda de votre cabinet.",
    )


def sign_up_page() -> rx.Component:
    """Ask a patient for what an account needs, and no more."""
    return bare_page(
        "Créer un compte patient",
        ApiForm.create(
            form_row(
                text_field("Prénom", "given_name", auto_complete="given-name", max_length=80),
                text_field("Nom", "family_name", auto_complete="family-name", max_length=80),
            ),
            date_field("Date de naissance", "birth_date", auto_complete="bday"),
            phone_field(optional=True),
            email_field(hint="Vos confirmations de rendez-vous y arrivent."),
            password_field(new=True, hint=NEW_WORDS),
            rx.el.p(
                "En créant ce compte, vous acceptez les ",
                link("conditions d’utilisation", "/conditions"),
                ". Ce que nous faisons de vos données est dit dans ",
                link("Données personnelles", "/donnees-personnelles"),
                ".",
                class_name="small soft",
            ),
            submit_button("Créer mon compte", size="large", wide=True),
            action="/api/account",
            label="Création d’un compte",
        ),
        rx.el.p("Vous avez déjà un compte ? ", OnwardLink.create("Se connecter", href="/connexion")),
        lead="Votre nom et votre date de naissance permettent au cabinet de vous reconnaître.",
    )


def activation_page() -> rx.Component:
    """Ask for the first password of an account, opened by the link of an e-mail."""
    return bare_page(
        "Choisir votre mot de passe",
        ApiForm.create(
            password_field(new=True, hint=NEW_WORDS),
            submit_button("Activer mon compte", size="large", wide=True),
            action="/api/activation",
            label="Activation du compte",
            token_from_hash=True,
        ),
        rx.el.p("Le lien ne sert qu’une fois, pendant trois jours.", class_name="small soft"),
        lead="Ce mot de passe ouvrira votre compte avec votre adresse e-mail.",
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
            failure="La déconnexion n’a pas abouti : le serveur ne répond pas. Rechargez la page pour réessayer.",
        ),
    )
