"""Passwords and lost identifiers: choosing a password with its meter, changing one's own, coming back in, blocking an account."""

import reflex as rx

from components.account.native import ApiForm, PasswordMeter
from components.layout.public import bare_page
from components.ui.buttons import link, link_button, submit_button
from components.ui.fields import field_id, password_field, text_field
from components.ui.kinds import Text
from components.ui.messages import note
from components.ui.surfaces import card, card_body
from maiia_pro.settings import get_settings
from state.session import SessionState

NEW_WORDS = "Au moins 12 caractères. Une phrase courte convient très bien."
FORGOTTEN = "/mot-de-passe-oublie"
LOST = "/identifiants-perdus"


def new_password(label: str = "Mot de passe", *, optional: bool = False, identifier: str = "") -> rx.Component:
    """Ask for a password of one's choosing; how strong it is shows as it is typed, and stays in the browser."""
    ident = identifier or field_id("password")
    return rx.fragment(
        password_field(label, new=True, hint=NEW_WORDS, optional=optional, identifier=ident), PasswordMeter.create(controls=ident)
    )


def forgotten_page() -> rx.Component:
    """Ask where the link goes by which another password is chosen."""
    return bare_page(
        "Mot de passe oublié",
        ApiForm.create(
            _where(),
            submit_button("Recevoir un lien", size="large", wide=True),
            action="/api/password/forgotten",
            label="Mot de passe oublié",
        ),
        _simulated(),
        rx.el.p(
            "Le lien sert une fois, pendant une heure. Rien reçu\u00a0? Regardez aussi dans vos courriers indésirables.",
            class_name="small soft",
        ),
        rx.el.p(link("Patient\u00a0? Un code suffit pour vous connecter", "/connexion")),
        lead="Nous vous envoyons un lien pour choisir un nouveau mot de passe.",
    )


def _where() -> rx.Component:
    by_phone = get_settings().phone_door
    return text_field(
        "Adresse e-mail ou numéro de téléphone" if by_phone else "Adresse e-mail",
        "identifier",
        auto_complete="username",
        input_mode="email",
        max_length=254,
        spell_check=False,
        hint="Ce qui vous sert à vous connecter.",
    )


def _simulated() -> rx.Component:
    if not get_settings().simulated_mail:
        return rx.fragment()
    return note(
        "Rien n’est vraiment envoyé\u00a0: l’exploitant de la démonstration lit les liens dans la boîte d’envoi.", title="Simulation"
    )


def reset_page() -> rx.Component:
    """Ask for another password, opened by the link of a message."""
    return bare_page(
        "Nouveau mot de passe",
        ApiForm.create(
            new_password("Nouveau mot de passe"),
            submit_button("Changer le mot de passe", size="large", wide=True),
            action="/api/password/reset",
            label="Nouveau mot de passe",
            token_from_hash=True,
        ),
        rx.el.p("Toutes vos sessions seront fermées.", class_name="small soft"),
        rx.el.p(link("Demander un autre lien", FORGOTTEN)),
    )


def change_page() -> rx.Component:
    """Ask whoever is signed in for their password, and another."""
    return bare_page(
        "Changer de mot de passe",
        ApiForm.create(
            password_field("Mot de passe actuel", "old"),
            new_password("Nouveau mot de passe"),
            submit_button("Changer le mot de passe", size="large", wide=True),
            action="/api/password",
            label="Changer de mot de passe",
        ),
        rx.el.p("Vos autres sessions seront fermées, et un message vous le dira.", class_name="small soft"),
        rx.el.p(link("Mot de passe oublié, ou pas encore choisi", FORGOTTEN)),
        rx.el.p(link("Revenir à l’accueil", SessionState.home)),
    )


def lost_page() -> rx.Component:
    """Report lost or stolen identifiers: who is signed in blocks at once, anybody else by a link that goes to the holder."""
    return bare_page("Identifiants perdus ou volés", rx.cond(SessionState.signed_in, _block_now(), _ask_to_block()))


def _block_now() -> rx.Component:
    return rx.el.div(
        rx.el.p("Bloquer votre compte ferme aussitôt toutes vos sessions. Votre mot de passe et votre code PIN ne serviront plus."),
        rx.el.p("Un message part vers votre adresse, avec un lien pour choisir un nouveau mot de passe."),
        _block_form("/api/account/block"),
        rx.el.p(link("Ne rien bloquer", SessionState.home)),
        class_name="stack",
    )


def _block_form(action: str, *, by_link: bool = False) -> rx.Component:
    return ApiForm.create(
        submit_button("Bloquer mon compte", size="large", wide=True, variant="danger-fill"),
        action=action,
        label="Bloquer le compte",
        token_from_hash=by_link,
    )


def _ask_to_block() -> rx.Component:
    return rx.el.div(
        rx.el.p("Nous vous envoyons un lien qui bloque votre compte en un clic. Personne d’autre ne peut le bloquer à votre place."),
        ApiForm.create(
            _where(),
            submit_button("Recevoir le lien", size="large", wide=True),
            action="/api/account/lost",
            label="Identifiants perdus ou volés",
        ),
        _simulated(),
        _no_mail(),
        class_name="stack",
    )


def _no_mail() -> rx.Component:
    settings = get_settings()
    return rx.el.p(
        "Vous n’avez plus accès à votre adresse\u00a0? Appelez-nous\u00a0: ",
        link(settings.support_phone.replace(" ", "\u00a0"), "tel:" + "".join(settings.support_phone.split()), outside=True),
        ".",
        class_name="small soft",
    )


def block_page() -> rx.Component:
    """Block an account, opened by the link of a message; a button, for programs that look at mail open its links too."""
    return bare_page(
        "Bloquer votre compte",
        rx.el.p("Toutes vos sessions se ferment, votre mot de passe ne sert plus. Un autre message vous permettra de rouvrir le compte."),
        _block_form("/api/account/lost/block", by_link=True),
        rx.el.p(link("Demander un autre lien", LOST)),
    )


def account_links(title: Text = "Sécurité") -> rx.Component:
    """Lead from the page of an account to its password, its second step and sessions, and to what to do when identifiers are lost."""
    return card(
        card_body(
            rx.el.div(
                link_button("Changer de mot de passe", "/compte/mot-de-passe", icon_name="lock"),
                link_button("Seconde étape et sessions", "/compte/securite", icon_name="shield-check"),
                link_button("Identifiants perdus ou volés", LOST, icon_name="triangle-alert"),
                class_name="row wrap",
            ),
        ),
        title=title,
    )
