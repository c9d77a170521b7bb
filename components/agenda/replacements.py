"""The page of replacements: when, who, and the sheet that is handed over and given back."""

from typing import Any, Final

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.presence import presence_chip
from components.layout.parts import DETAILS
from components.layout.professional import pro_page
from components.requests.watch import request_watch
from components.ui.buttons import button, link_button
from components.ui.fields import text_area
from components.ui.forms import form, form_actions
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.native import Draft
from components.ui.states import empty, failed, loading, not_allowed, skeleton
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.practice.handover import LONGEST
from state.replacements import Replacements as Page
from state.session import SessionState

FORM: Final = "formulaire-fiche"


def replacements_page() -> rx.Component:
    """Show the replacements, and let both sides write their part of the sheet."""
    page = pro_page(
        "Remplacements",
        "/remplacements",
        rx.match(
            Page.status,
            ("ready", _ready()),
            ("refused", not_allowed(link_button("Voir mes informations", DETAILS), message=Page.message)),
            ("failed", failed("Les remplacements ne s’affichent pas", Page.message, again(Page.arrive))),
            loading(rx.el.div(skeleton(height="120px"), skeleton(height="120px"), class_name="setup setup-narrow")),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Remplacements", "Les remplacements sont ceux des cabinets.")


def _ready() -> rx.Component:
    practitioner = SessionState.kind == ActorKind.PRACTITIONER.value
    return rx.el.div(
        rx.cond(
            Page.lines.length() > 0,
            rx.fragment(rx.foreach(Page.lines, _line)),
            empty(
                "Aucun remplacement",
                rx.cond(
                    practitioner,
                    "Pour confier votre agenda quelques jours, ajoutez un remplaçant dans Réglages, Équipe.",
                    "Quand un praticien vous confiera son agenda, les dates et sa fiche de transmission seront ici.",
                ),
                rx.cond(practitioner, link_button("Ouvrir Équipe", "/reglages#equipe", icon_name="users")),
                icon_name="calendar-days",
            ),
        ),
        _sheet(),
        request_watch(),
        class_name="setup setup-narrow",
    )


def _line(one: Any) -> rx.Component:
    return card(
        card_body(
            rx.el.p(one["when"]),
            rx.el.p(one["before"], class_name="small soft"),
            rx.el.p(one["after"], class_name="small soft"),
            rx.cond(
                one["opens"],
                rx.el.div(button("Ouvrir la fiche", Page.open(one["id"]), icon_name="file-text")),
                rx.el.p(one["why"], class_name="small"),
            ),
        ),
        title=one["title"],
        aside=rx.match(
            one["stands"],
            ("on", chip(one["label"], icon_name="circle-play", tone="accent")),
            ("ahead", chip(one["label"], icon_name="clock")),
            ("over", chip(one["label"], icon_name="check")),
            presence_chip(one["stands"]),
        ),
    )


def _sheet() -> rx.Component:
    replaced = Page.writes == "before"
    return dialog(
        rx.cond(
            Page.theirs != "",
            rx.el.section(
                rx.el.h3(rx.cond(replaced, "Compte rendu du remplaçant", "Consignes du praticien")),
                rx.el.p(Page.theirs, class_name="written"),
                class_name="handed-over",
            ),
        ),
        form(
            text_area(
                rx.cond(replaced, "Vos consignes", "Votre compte rendu"),
                "words",
                default_value=Page.mine,
                optional=True,
                max_length=LONGEST,
                rows=10,
                hint=rx.cond(
                    replaced,
                    "Patients à suivre, résultats attendus, choses à savoir. Votre remplaçant les lit pendant ses jours.",
                    "Ce qui s’est passé, ce qui reste à faire. À écrire avant la fin du dernier jour.",
                ),
                identifier="champ-fiche",
                key=Page.mark,
            ),
            on_submit=Page.save,
            id=FORM,
            keeper=Draft.create(name="fiche-" + Page.opened["id"], owner=SessionState.account, done=Page.opened["id"] == ""),
        ),
        identifier="fiche-transmission",
        title="Fiche de transmission",
        intro=Page.opened["title"],
        opened=Page.opened["id"] != "",
        on_close=Page.close,
        wide=True,
        footer=form_actions(button("Enregistrer", submits=True, variant="primary", form=FORM), button("Fermer", closes=True)),
    )
