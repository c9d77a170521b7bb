"""By which channels a patient wants which messages."""

from typing import Any

import reflex as rx

from components.account.patient_page import patient_page
from components.ui.buttons import link, link_button, submit_button
from components.ui.forms import form, form_actions
from components.ui.messages import note
from maiia_pro.settings import get_settings
from state.own_preferences import OwnPreferences as Own


def preferences_page() -> rx.Component:
    """Ask for the channels of each kind of message."""
    return patient_page(
        "Mes messages",
        Own,
        ("ready", _ready()),
        broken="Vos préférences ne s’affichent pas",
        lead="Ce que nous vous écrivons, pour vous et vos proches, et par où.",
    )


def _ready() -> rx.Component:
    return form(
        rx.cond(
            Own.has_email,
            rx.fragment(),
            note("Votre compte n’a pas d’adresse e-mail\u00a0: les confirmations partent par SMS."),
        ),
        rx.cond(Own.has_phone, rx.fragment(), _without_phone()),
        rx.el.div(rx.foreach(Own.kinds, _kind), class_name="card card-body stack", custom_attrs={"style": {"--gap": "24px"}}),
        form_actions(submit_button("Enregistrer"), link_button("Mes rendez-vous", "/rendez-vous", icon_name="list")),
        on_submit=Own.save,
        label="Mes messages",
    )


def _without_phone() -> rx.Component:
    if not get_settings().phone_door:
        return note("Aucun SMS ne part\u00a0: ce service n’en envoie pas.")
    return note(
        rx.fragment(
            "Aucun SMS ne part\u00a0: votre compte n’a pas de numéro confirmé par un code. ",
            link("Ajouter ou confirmer un numéro", "/compte"),
        )
    )


def _kind(kind: Any) -> rx.Component:
    always = rx.el.p("Par e-mail, ils partent toujours.", class_name="hint")
    by_email = rx.cond(kind["fixed"], always, _box(kind, "email", "E-mail", kind["email"]))
    return rx.el.fieldset(
        rx.el.legend(kind["label"], class_name="legend"),
        rx.el.p(kind["when"], class_name="hint"),
        rx.el.div(
            rx.cond(Own.has_email, by_email, _kept(kind, "email", kind["email"])),
            rx.cond(Own.has_phone, _box(kind, "sms", "SMS", kind["sms"]), _kept(kind, "sms", kind["sms"])),
            class_name="radios",
        ),
        class_name="field",
    )


def _kept(kind: Any, channel: str, on: Any) -> rx.Component:
    """Keep a choice that waits for an address or a number."""
    return rx.el.input(type="hidden", name=kind["kind"].to(str) + f"_{channel}", value=rx.cond(on, "oui", ""))


def _box(kind: Any, channel: str, label: str, on: Any) -> rx.Component:
    name = kind["kind"].to(str) + f"_{channel}"
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, value="oui", default_checked=on.to(bool)), rx.el.span(label), class_name="check"
    )
