"""The card of the settings that has tomorrow's list sent, encrypted, every evening."""

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import checkbox, email_field, password_field, time_field
from components.ui.forms import all_required, error_summary, form, form_actions, form_row
from components.ui.messages import note
from components.ui.states import failed
from components.ui.surfaces import card, card_body
from state.evening import EveningSetup as Evening


def evening_card() -> rx.Component:
    """Ask where to, when and under which password; tell how the last one went."""
    return card(
        card_body(
            rx.el.p(
                "Chaque soir, la liste de demain de tous les praticiens part dans un PDF chiffré, pour travailler sur papier "
                "si le logiciel ne répond pas. Tout ordinateur l’ouvre avec votre mot de passe.",
                class_name="soft",
            ),
            rx.match(
                Evening.status,
                ("ready", _ready()),
                ("failed", failed("La liste du soir ne s’affiche pas", "Réessayez.", button("Réessayer", Evening.arrive))),
                rx.fragment(),
            ),
        ),
        title="Liste de demain, chaque soir",
        class_name="evening-card",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        _latest(),
        form(
            error_summary(Evening.summary),
            rx.cond(Evening.has_password, rx.fragment(), all_required()),
            form_row(
                email_field(
                    "Adresse e-mail du cabinet", "recipient", default_value=Evening.recipient, error=Evening.errors.get("recipient", "")
                ),
                time_field("Heure d’envoi", "at", default_value=Evening.at, hint="Par exemple 19h00", error=Evening.errors.get("at", "")),
            ),
            password_field(
                "Mot de passe du PDF",
                "list_password",
                new=True,
                optional=Evening.has_password,
                hint=rx.cond(
                    Evening.has_password,
                    "Laissez vide pour garder l’actuel. Il n’est jamais envoyé.",
                    "Au moins 10 caractères. Notez-le au cabinet : il n’est jamais envoyé.",
                ),
                error=Evening.errors.get("list_password", ""),
            ),
            checkbox("Envoyer la liste chaque soir", "enabled", default_checked=Evening.enabled),
            form_actions(
                button("Enregistrer", submits=True, variant="primary"),
                rx.cond(Evening.has_password, button("Envoyer maintenant", Evening.send_now, icon_name="mail")),
            ),
            on_submit=Evening.save,
            label="Liste de demain, chaque soir",
            key=Evening.turn.to(str),
        ),
        class_name="stack",
    )


def _latest() -> rx.Component:
    """Tell how the latest list went: left, waiting, or why it could not."""
    tried = rx.cond(
        Evening.gone,
        "Elle n’est plus essayée\u00a0: choisissez «\u00a0Envoyer maintenant\u00a0».",
        "Elle est essayée à nouveau toute seule.",
    )
    return rx.cond(
        Evening.failed != "",
        note(
            rx.fragment("La dernière liste n’est pas partie (", Evening.failed, ")\u00a0: ", Evening.failure, " ", tried), meaning="danger"
        ),
        rx.cond(
            Evening.last != "",
            rx.cond(
                Evening.late,
                note(
                    rx.fragment(
                        "La liste préparée ", Evening.last, " attend de partir\u00a0: elle part toute seule, rechargez la page pour voir."
                    )
                ),
                note(rx.fragment("Dernière liste partie ", Evening.last, "."), meaning="success"),
            ),
        ),
    )
