"""A patient's account: who holds it, and by which address and number it is reached."""

import reflex as rx

from components.account.passwords import account_links
from components.account.patient_page import patient_page
from components.ui.buttons import button, link, link_button, submit_button
from components.ui.fields import text_field
from components.ui.forms import form, form_actions
from components.ui.kinds import Text
from components.ui.messages import note
from components.ui.surfaces import card, card_body
from maiia_pro.settings import get_settings
from state.own_contact import OwnContact as Own

PHONE_CHANGE = rx.cond(Own.unproven, "Confirmer ce numéro", "Changer de numéro")


def account_page() -> rx.Component:
    """Show the account, and let its holder change how it is reached."""
    return patient_page(
        "Mon compte",
        Own,
        ("ready", _ready()),
        broken="Votre compte ne s’affiche pas",
        lead="Votre nom, et par où nous vous écrivons.",
        reminds=False,
    )


def _ready() -> rx.Component:
    by_phone = get_settings().phone_door
    unreached = note(
        rx.el.div(
            rx.el.p("Le serveur de votre adresse refuse nos e-mails. Vérifiez qu’elle est exacte, ou changez-en."),
            rx.el.div(button("Vérifier cette adresse", Own.check_address, icon_name="mail")),
            class_name="stack",
        ),
        title="Vos messages ne vous parviennent plus",
        meaning="warning",
    )
    return rx.el.div(
        rx.cond(Own.unreached & (Own.awaited == ""), unreached),
        card(
            card_body(
                rx.el.p(Own.name),
                rx.el.div(link_button("Corriger mon identité", "/compte/proches", icon_name="pencil")),
            ),
            title="Qui vous êtes",
        ),
        _line("email", "Adresse e-mail", Own.email, ("Non renseignée", "Ajouter une adresse e-mail", "Changer d’adresse e-mail")),
        _line("phone", "Téléphone mobile", Own.phone, ("Non renseigné", "Ajouter un numéro", PHONE_CHANGE)) if by_phone else rx.fragment(),
        account_links(),
        form_actions(
            link_button("Mes messages", "/compte/preferences", icon_name="mail"),
            link_button("Mes rendez-vous", "/rendez-vous", icon_name="list"),
        ),
        class_name="stack",
    )


def _line(what: str, title: str, value: rx.Var[str], words: tuple[str, str, Text]) -> rx.Component:
    """Show one way to reach the holder; `words` say that there is none, the act that adds one and the act that changes it."""
    none, add, change = words
    open_here = Own.changing == what
    return card(
        card_body(
            rx.el.p(rx.cond(value != "", readable(value), none)),
            rx.cond(Own.unproven, rx.el.p("Pas encore confirmé par un code\u00a0: aucun SMS n’y part.", class_name="small soft"))
            if what == "phone"
            else rx.fragment(),
            rx.cond(
                open_here,
                rx.cond(Own.awaited != "", _code(), _new(what)),
                rx.el.div(button(rx.cond(value != "", change, add), Own.change(what), icon_name="pencil")),
            ),
        ),
        title=title,
    )


def readable(value: rx.Var[str]) -> rx.Component:
    """Let an address go to the next line after its @, not within a word."""
    parts = value.split("@")
    return rx.cond(parts.length() > 1, rx.fragment(parts[0], "@", rx.el.wbr(), parts[1]), value)


def _new(what: str) -> rx.Component:
    label = "Nouvelle adresse e-mail" if what == "email" else rx.cond(Own.unproven, "Numéro de mobile", "Nouveau numéro de mobile")
    return form(
        text_field(
            label,
            "identifier",
            default_value=rx.cond(Own.unproven, Own.phone, "") if what == "phone" else None,
            auto_complete="email" if what == "email" else "tel",
            input_mode="email" if what == "email" else "tel",
            max_length=254,
            spell_check=False,
            hint="Nous y envoyons un code à recopier ici.",
            error=Own.errors["identifier"],
            identifier=f"champ-nouveau-{what}",
        ),
        form_actions(submit_button("Recevoir un code"), button("Ne rien changer", Own.close)),
        on_submit=Own.ask,
        label="Recevoir un code",
        key=Own.mark,
    )


def _simulated() -> rx.Component:
    read = link("messages de la démonstration", "/demonstration/courriels")
    return note(rx.fragment("Rien n’est vraiment envoyé\u00a0: le code se lit dans les ", read, "."), title="Simulation")


def _code() -> rx.Component:
    return form(
        rx.el.p("Un code à six chiffres part vers ", rx.el.b(Own.awaited), ". Il est valable dix minutes.", role="status"),
        _simulated() if get_settings().simulated_mail else rx.fragment(),
        text_field(
            "Code à six chiffres",
            "code",
            auto_complete="one-time-code",
            input_mode="numeric",
            max_length=20,
            error=Own.errors["code"],
            identifier="champ-code-du-compte",
        ),
        form_actions(
            submit_button("Confirmer"), button("Renvoyer le code", Own.send_again, icon_name="mail"), button("Ne rien changer", Own.close)
        ),
        on_submit=Own.confirm,
        label="Code reçu",
        key=Own.mark,
    )
