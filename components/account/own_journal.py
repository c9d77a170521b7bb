"""« Qui a vu mon dossier »: what others did with a patient's file, in words that people understand."""

from typing import Any

import reflex as rx

from components.account.patient_page import patient_page
from components.ui.buttons import button, link_button
from components.ui.fields import checkbox
from components.ui.states import empty
from components.ui.surfaces import card, card_body, timeline, timeline_event
from state.own_journal import OwnJournal as Own


def own_journal_page() -> rx.Component:
    """Show who opened the file, and what was done with it."""
    return patient_page(
        "Qui a vu mon dossier",
        Own,
        ("ready", _ready()),
        broken="Le journal ne s’affiche pas",
        lead="Chaque personne qui ouvre votre dossier ou change vos rendez-vous laisse une trace ici, que personne ne peut effacer.",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        checkbox("Montrer aussi ce que j’ai fait moi-même", "les-miens", default_checked=Own.with_own, on_change=Own.choose),
        rx.cond(
            Own.seen.length() > 0,
            rx.el.div(
                card(card_body(timeline(rx.foreach(Own.seen, _seen)))),
                rx.cond(Own.more, button("Voir la suite", Own.go_on)),
                class_name="stack",
            ),
            empty(
                "Personne n’a ouvert votre dossier",
                "Dès qu’un cabinet le lit ou change l’un de vos rendez-vous, cela s’inscrit ici.",
                link_button("Mes rendez-vous", "/rendez-vous"),
                icon_name="shield-check",
            ),
        ),
        rx.el.p("Un accès vous étonne\u00a0? Demandez-en la raison au cabinet nommé.", class_name="soft"),
        class_name="stack",
    )


def _seen(one: Any) -> rx.Component:
    return timeline_event(one["title"], one["when"], detail=one["detail"])
