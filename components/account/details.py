"""The page of what an account says of who works with the software, with its last check and its history."""

from dataclasses import replace
from typing import Any, Final

import reflex as rx

from components.account.again import again
from components.account.contact import readable
from components.account.native import ApiForm
from components.account.passwords import account_links
from components.account.proofs import proofs_field
from components.account.viewer import viewer
from components.layout.public import public_page
from components.onboarding.fields import SPECIALTIES
from components.ui.buttons import button, link, link_button, submit_button
from components.ui.fields import email_field, password_field, phone_field, select_field, text_area, text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.marks import chip
from components.ui.messages import note
from components.ui.states import failed, loading, not_allowed, skeleton
from components.ui.surfaces import card, card_body, facts, timeline, timeline_event
from maiia_pro.identity.national_number import HINT
from maiia_pro.identity.tables import AIDANTS, PROFESSION_LABELS
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.practice.declared_tables import Declared
from maiia_pro.settings import get_settings
from state.own_details import OwnDetails as Own
from state.session import SessionState

PROOF_HINT: Final = "Par exemple le numéro et la date de l’inscription à l’ordre, ou du diplôme."
OWN_NAME: Final = "Un compte ne passe pas à quelqu’un d’autre\u00a0: les administrateurs de votre cabinet sont prévenus d’un nouveau nom."


def details_page() -> rx.Component:
    """Show what the account says, and let its holder correct, check and declare."""
    return public_page(
        "Mes informations",
        rx.cond(
            SessionState.forbidden,
            not_allowed(link_button("Revenir à l’accueil", SessionState.home), message="Cette page est celle des professionnels."),
            rx.match(
                Own.status,
                ("ready", _ready()),
                ("failed", failed("Vos informations ne s’affichent pas", Own.message, again(Own.arrive))),
                loading(skeleton(width="50%", height="24px"), skeleton(height="160px")),
            ),
        ),
        viewer=replace(viewer(), open_to_all=False),
        narrow=True,
        lead="Ce que votre compte dit de vous, et par où nous vous écrivons.",
        reminds=False,
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.cond(Own.details["unreached"], _unreached()),
        _check(),
        _who(),
        _address(),
        rx.cond(Own.details["profession"] != "", _profession()),
        account_links(),
        rx.cond(Own.history.length() > 0, _history()),
        class_name="stack",
    )


def _check() -> rx.Component:
    last = rx.cond(
        Own.details["checked_on"] != "",
        f"Dernière vérification\u00a0: {Own.details['checked_on']}.",
        "Vous ne les avez pas encore vérifiées.",
    )
    return note(
        rx.el.div(
            rx.el.p(last),
            rx.el.div(button("Tout est exact", Own.confirm_all, icon_name="circle-check", variant="primary")),
            class_name="stack",
        ),
        title=rx.cond(Own.details["due"], "Vérifiez vos coordonnées", "Vos informations sont\u2011elles exactes\u00a0?"),
        meaning="info",
    )


def _unreached() -> rx.Component:
    return note(
        rx.el.div(
            rx.el.p("Le serveur de votre adresse refuse nos e-mails. Vérifiez qu’elle est exacte, ou changez-en."),
            rx.el.div(button("Vérifier cette adresse", Own.check_address, icon_name="mail")),
            class_name="stack",
        ),
        title="Vos messages ne vous parviennent plus",
        meaning="warning",
    )


def _who() -> rx.Component:
    shown = rx.el.div(
        facts(("Nom", Own.details["name"]), ("Téléphone", rx.cond(Own.details["phone"] != "", Own.details["phone"], "Non renseigné"))),
        rx.el.div(
            button(rx.cond(Own.details["has_sheet"], "Corriger le téléphone", "Corriger"), Own.open("details"), icon_name="pencil"),
            rx.cond(Own.details["has_sheet"], link_button("Corriger le nom", "/demarrage?etape=praticien", icon_name="pencil")),
            class_name="row wrap",
        ),
        class_name="stack",
    )
    return card(card_body(rx.cond(Own.changing == "details", _who_form(), shown)), title="Qui vous êtes")


def _who_form() -> rx.Component:
    return form(
        error_summary(Own.summary),
        rx.cond(
            ~Own.details["has_sheet"].to(bool),
            text_field(
                "Nom",
                "name",
                default_value=Own.details["name"],
                auto_complete="name",
                max_length=120,
                error=Own.errors.get("name", ""),
                hint=OWN_NAME,
            ),
        ),
        phone_field("Téléphone où vous joindre", default_value=Own.details["phone"], optional=True, error=Own.errors.get("phone", "")),
        form_actions(submit_button("Enregistrer"), button("Ne rien changer", Own.close)),
        on_submit=Own.save,
        label="Qui vous êtes",
        key=Own.mark,
    )


def _address() -> rx.Component:
    shown = rx.el.div(
        rx.el.p(readable(Own.details["email"])),
        rx.el.div(button("Changer d’adresse e-mail", Own.open("email"), icon_name="pencil")),
        class_name="stack",
    )
    return card(
        card_body(rx.cond(Own.changing == "email", rx.cond(Own.awaited != "", _code_form(), _address_form()), shown)),
        title="Adresse e-mail",
    )


def _address_form() -> rx.Component:
    return rx.el.div(
        ApiForm.create(
            email_field("Nouvelle adresse e-mail", "identifier", hint="Nous y envoyons un code à recopier ici."),
            password_field("Votre mot de passe", hint="Pour vérifier que c’est bien vous."),
            form_actions(submit_button("Recevoir un code"), button("Ne rien changer", Own.close)),
            action="/api/account/email",
            label="Nouvelle adresse",
        ),
        class_name="stack",
    )


def _code_form() -> rx.Component:
    simulated = note(
        rx.fragment(
            "Rien n’est vraiment envoyé\u00a0: le code se lit dans les ",
            link("messages de la démonstration", "/demonstration/courriels"),
            ".",
        ),
        title="Simulation",
    )
    return form(
        rx.el.p("Un code à six chiffres part vers ", rx.el.b(Own.awaited), ". Il est valable dix minutes.", role="status"),
        simulated if get_settings().simulated_mail else rx.fragment(),
        text_field(
            "Code à six chiffres",
            "code",
            auto_complete="one-time-code",
            input_mode="numeric",
            max_length=20,
            error=Own.errors.get("code", ""),
        ),
        form_actions(
            submit_button("Confirmer"), button("Renvoyer le code", Own.send_again, icon_name="mail"), button("Ne rien changer", Own.close)
        ),
        on_submit=Own.confirm_code,
        label="Code reçu",
        key=Own.mark,
    )


def _profession() -> rx.Component:
    what = Own.details["what"].to(str)
    shown = rx.el.div(
        facts(
            ("Profession", Own.details["profession"]),
            ("Numéro", rx.cond(Own.details["rpps"] != "", Own.details["rpps"], "Aucun")),
        ),
        rx.cond(Own.details["checked"], rx.fragment(), _unchecked()),
        rx.el.p("Elles ne changent qu’une fois vérifiées par nous. Déclarez le changement ici.", class_name="small soft"),
        rx.el.div(
            button("Changer de profession", Own.open(what), icon_name="pencil"),
            button("Changer de numéro", Own.open("rpps"), icon_name="pencil"),
            class_name="row wrap",
        ),
        class_name="stack",
    )
    forms = [(one.value, _declare_form(one)) for one in Declared]
    return card(
        card_body(
            rx.match(Own.changing, *forms, shown),
            rx.cond(Own.declared.length() > 0, timeline(rx.foreach(Own.declared, _declared))),
        ),
        title="Profession",
    )


def _unchecked() -> rx.Component:
    """Say that the operator has not checked the profession yet, or let its holder ask for another look."""
    waits = rx.fragment(
        note(
            rx.cond(
                Own.details["role"] == ActorKind.AIDANT.value,
                "Nous vérifions votre profession\u00a0: un e-mail vous dira que c’est fait. Votre service n’est pas encore ouvert.",
                "Nous vérifions votre profession. Vous pourrez travailler dès que c’est fait\u00a0: un e-mail vous le dira.",
            ),
            title="Vérification en cours",
        ),
        proofs_field(),
    )
    refused = note(
        rx.el.div(
            rx.el.p("Corrigez ce qui doit l’être, puis demandez une nouvelle vérification. D’ici là, vous ne pouvez pas travailler ici."),
            rx.el.div(button("Demander une vérification", Own.open(Declared.CHECK.value), icon_name="shield-check")),
            class_name="stack",
        ),
        title="Votre profession n’est pas vérifiée",
        meaning="warning",
    )
    return rx.cond(Own.looked_at, waits, refused)


def _declare_form(what: Declared) -> rx.Component:
    return form(
        error_summary(Own.summary),
        _asked(what),
        text_area("Ce qui le prouve", "proof", hint=PROOF_HINT, max_length=1000, error=Own.errors.get("proof", "")),
        proofs_field(),
        form_actions(
            submit_button("Demander une vérification" if what is Declared.CHECK else "Déclarer ce changement"),
            button("Ne rien changer", Own.close),
        ),
        on_submit=Own.declare,
        label="Déclarer un changement",
        key=Own.mark,
    )


def _asked(what: Declared) -> rx.Component:
    """Ask for the new value; a first look has none."""
    error = Own.errors.get(what.value, "")
    if what is Declared.RPPS:
        return text_field("Nouveau numéro RPPS ou ADELI", "rpps", max_length=20, hint=HINT, error=error)
    if what is Declared.SPECIALTY:
        return select_field("Nouvelle profession", "specialty", SPECIALTIES, placeholder="Choisissez", error=error)
    if what is Declared.PROFESSION:
        aidant = Own.details["role"] == ActorKind.AIDANT.value
        return rx.cond(aidant, _of_role(error, aidants=True), _of_role(error, aidants=False))
    return rx.fragment()


def _of_role(error: Any, *, aidants: bool) -> rx.Component:
    choices = [(one.value, label) for one, label in PROFESSION_LABELS.items() if (one in AIDANTS) is aidants]
    return select_field("Nouvelle profession", "profession", choices, placeholder="Choisissez", error=error)


def _declared(one: Any) -> rx.Component:
    standing = rx.match(
        one["standing"],
        ("accepted", chip("Accepté", tone="success")),
        ("refused", chip("Refusé", tone="danger")),
        chip("À l’examen", icon_name="hourglass"),
    )
    return timeline_event(rx.el.span(one["title"], " ", standing), one["when"], detail=one["answer"])


def _history() -> rx.Component:
    changes = rx.foreach(Own.history, lambda one: timeline_event(one["title"], one["when"]))
    return card(card_body(timeline(changes)), title="Ce qui a changé")
