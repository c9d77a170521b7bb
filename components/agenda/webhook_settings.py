"""The card of the settings that says which addresses are told what happens to appointments, and what was sent there."""

from typing import Any, Final

import reflex as rx

from components.agenda.native import SecretAddress
from components.ui.buttons import button
from components.ui.fields import checkbox, error_text, text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.messages import note
from components.ui.states import card_states, listed
from components.ui.surfaces import card, card_body, divided
from state.webhooks import EVENT_WORDS, Webhooks

FORM: Final = "formulaire-webhook"


def webhooks_card() -> rx.Component:
    """List the addresses with what they are told and how it goes."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Dès qu’un rendez-vous change, nous prévenons l’adresse que l’éditeur d’une application vous a donnée (webhook). Aucun "
                    "nom ni motif n’y part\u00a0: l’application vient les lire avec ses propres droits.",
                    class_name="soft",
                ),
            ),
            card_states(
                Webhooks,
                "Les adresses ne s’affichent pas",
                rx.fragment(
                    listed(Webhooks.listed, _hook, "Aucune adresse n’est prévenue."),
                    card_body(rx.el.div(button("Prévenir une adresse", Webhooks.add, icon_name="plus"), class_name="form-actions")),
                ),
            ),
            title="Événements envoyés",
        ),
        _new(),
        _sent(),
        _removal(),
        _secret(),
    )


def _hook(one: Any) -> rx.Component:
    url = one["url"].to(str)
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(url, class_name="strong"),
                rx.cond(one["stopped"], rx.fragment(" ", chip("Arrêté", tone="warning", icon_name="triangle-alert"))),
            ),
            rx.el.p(one["events"], class_name="small"),
            rx.cond(one["failing"] != "", rx.el.p(one["failing"], class_name="small strong")),
            rx.cond(
                one["stopped"],
                rx.el.p("Trois jours sans réponse\u00a0: prévenez l’éditeur, puis reprenez l’envoi.", class_name="small"),
            ),
            rx.el.div(
                rx.cond(one["stopped"], button("Reprendre l’envoi", Webhooks.resume(one["id"]), size="small")),
                button("Envoyer un essai", Webhooks.test(one["id"]), size="small", aria_label=rx.Var.create("Envoyer un essai à ") + url),
                button(
                    "Derniers envois", Webhooks.ask(one["id"], "sent"), size="small", aria_label=rx.Var.create("Derniers envois à ") + url
                ),
                button("Retirer", Webhooks.ask(one["id"], "remove"), size="small", aria_label=rx.Var.create("Retirer ") + url),
                class_name="row wrap",
            ),
            class_name="grow stack",
        ),
        class_name="setup-exception",
        key=one["id"],
    )


def _new() -> rx.Component:
    return dialog(
        form(
            error_summary(Webhooks.summary),
            text_field(
                "Adresse",
                "hook-url",
                max_length=500,
                input_mode="url",
                spell_check=False,
                hint="Elle commence par https:// et mène à un site public.",
                error=_error("url"),
            ),
            rx.el.fieldset(
                rx.el.legend("Prévenir de", class_name="legend"),
                *[checkbox(words, f"hook-{kind.name.lower()}", default_checked=True) for kind, words in EVENT_WORDS.items()],
                error_text("champ-hook-events", _error("events")),
                class_name="field",
                id="champ-hook-events",
                tab_index=-1,
            ),
            on_submit=Webhooks.save,
            id=FORM,
            key=Webhooks.mark,
        ),
        identifier="webhook",
        title="Prévenir une adresse",
        opened=Webhooks.adding,
        on_close=Webhooks.close,
        footer=form_actions(button("Enregistrer l’adresse", submits=True, variant="primary", form=FORM), button("Fermer", closes=True)),
    )


def _sent() -> rx.Component:
    return dialog(
        rx.cond(
            Webhooks.chosen["last"].to(list[dict[str, Any]]).length() > 0,
            divided(
                rx.foreach(
                    Webhooks.chosen["last"].to(list[dict[str, Any]]),
                    lambda one: rx.el.li(
                        rx.el.div(
                            rx.el.p(rx.el.span(one["event"], class_name="strong"), " · ", one["at"]),
                            rx.el.p(one["says"], class_name="small soft"),
                        )
                    ),
                )
            ),
            rx.el.p("Rien n’est encore parti vers cette adresse.", class_name="soft"),
        ),
        identifier="envois-webhook",
        title="Derniers envois",
        intro=Webhooks.chosen["url"].to(str),
        opened=Webhooks.asking == "sent",
        on_close=Webhooks.close,
        footer=form_actions(button("Actualiser", Webhooks.ask(Webhooks.chosen["id"], "sent")), button("Fermer", closes=True)),
    )


def _removal() -> rx.Component:
    return dialog(
        rx.el.p("Plus rien ne partira vers ", rx.el.b(Webhooks.chosen["url"].to(str)), "\u00a0; ce qui attendait est abandonné."),
        identifier="retrait-webhook",
        title="Retirer cette adresse",
        opened=Webhooks.asking == "remove",
        on_close=Webhooks.close,
        footer=form_actions(button("Retirer l’adresse", Webhooks.remove, variant="danger"), button("Garder", closes=True)),
    )


def _secret() -> rx.Component:
    return dialog(
        note(
            "Copiez-le maintenant\u00a0: il ne sera plus affiché. L’application vérifie par lui que les événements viennent de nous.",
            meaning="warning",
        ),
        rx.cond(
            Webhooks.secret != "",
            SecretAddress.create(value=Webhooks.secret, label="Secret de signature", copy="Copier", copied="Secret copié."),
        ),
        identifier="secret-webhook",
        title="Le secret de l’adresse",
        opened=Webhooks.secret != "",
        on_close=Webhooks.close,
        footer=form_actions(button("C’est fait", closes=True, variant="primary")),
    )


def _error(field: str) -> Any:
    return Webhooks.errors.get(f"hook-{field}", "")
