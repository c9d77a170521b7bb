"""The settings of an agenda: weekly hours by site, exceptions, visit reasons."""

from typing import Any

import reflex as rx

from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.feed_settings import feed_card
from components.agenda.reason_settings import reasons_card
from components.agenda.room_settings import rooms_card
from components.agenda.settling import settling_dialog
from components.evening.card import evening_card
from components.intake.card import intake_card
from components.layout.professional import pro_page
from components.requests.watch import request_watch
from components.ui.buttons import button, icon_button, link_button
from components.ui.fields import calendar_field, described, error_text, select_field, text_field, time_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.navigation import segment, segments
from components.ui.states import empty, failed, loading, not_allowed, skeleton
from components.ui.surfaces import card, card_body, divided
from maiia_pro.kernel.actor import ActorKind
from state.agenda import AgendaState
from state.session import SessionState
from state.setup_hours import HoursSetup as Hours


def settings_page() -> rx.Component:
    """Show a practitioner what they alone decide; a secretary learns whom to ask."""
    page = pro_page(
        "Réglages de l’agenda",
        "/reglages",
        rx.cond(
            SessionState.forbidden,
            rx.el.div(
                not_allowed(
                    link_button("Revenir à l’agenda", "/agenda"),
                    message="Seul le praticien choisit ses horaires et ses motifs. Demandez-lui de les changer.",
                ),
                rooms_card(),
                class_name="setup",
            ),
            rx.match(
                Hours.status,
                ("ready", _ready()),
                ("none", empty("Pas d’agenda à régler", Hours.message, icon_name="calendar-x")),
                ("failed", failed("Les réglages ne s’affichent pas", Hours.message, button("Réessayer", Hours.arrive))),
                loading(skeleton(width="40%", height="24px"), skeleton(height="240px")),
            ),
        ),
        viewer=viewer(AgendaState.place),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    outsider = SessionState.forbidden & (SessionState.kind != ActorKind.SECRETARY.value)
    return unless_refused(page, "Réglages", "Les réglages sont ceux des praticiens.", refused=outsider)


def _ready() -> rx.Component:
    return rx.el.div(
        rx.foreach(Hours.sites, _site),
        _exceptions(),
        reasons_card(),
        rooms_card(),
        feed_card(),
        evening_card(),
        intake_card(),
        _exception_dialog(),
        settling_dialog(),
        request_watch(),
        class_name="setup",
    )


def _site(site: Any) -> rx.Component:
    return card(
        card_body(
            form(
                rx.el.input(type="hidden", name="site", value=site["id"]),
                error_summary(rx.cond(Hours.summaries.contains(site["id"]), Hours.summaries[site["id"]], [])),
                rx.el.ul(rx.foreach(site["days"], lambda day: _day(site, day)), class_name="setup-days"),
                form_actions(button("Enregistrer les horaires", submits=True, variant="primary")),
                on_submit=Hours.save_hours,
                aria_label=rx.Var.create("Horaires, ") + site["name"].to(str),
            ),
        ),
        title=rx.fragment("Horaires · ", site["name"]),
    )


def _day(site: Any, day: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(day["label"], class_name="strong"),
        rx.el.div(
            rx.cond(
                day["ranges"].to(list[Any]).length() == 0,
                rx.el.span("Fermé", class_name="soft"),
                rx.foreach(day["ranges"].to(list[dict[str, str]]), lambda one: _range(day, one)),
            ),
            class_name="setup-ranges",
        ),
        button(
            "Ajouter",
            Hours.add_range(site["id"], day["weekday"]),
            icon_name="plus",
            size="small",
            variant="quiet",
            aria_label=rx.Var.create("Ajouter une plage, ") + day["label"].to(str),
        ),
    )


def _range(day: Any, one: Any) -> rx.Component:
    def name_of(side: str) -> rx.Var[str]:
        return rx.Var.create(f"{side}-") + one["rid"].to(str)  # type: ignore[return-value]

    def error_of(side: str) -> rx.Var[str]:
        return rx.cond(Hours.wrong.contains(name_of(side)), Hours.wrong[name_of(side)], "").to(str)  # type: ignore[return-value]

    def field(name: str, word: str) -> rx.Component:
        return rx.el.input(
            id=rx.Var.create("champ-") + name_of(name),
            name=name_of(name),
            class_name="input",
            default_value=one[name],
            aria_label=day["label"].to(str) + f", {word}",
            input_mode="text",
            auto_complete="off",
            placeholder="8h30",
            max_length=10,
            **described(f"champ-{name_of(name)}", "", error_of(name)),
        )

    return rx.el.div(
        rx.el.div(
            field("opens", "ouvre à"),
            rx.el.span("à", aria_hidden="true"),
            field("closes", "ferme à"),
            icon_button("trash-2", "Retirer cette plage", Hours.remove_range(one["rid"]), size="small"),
            class_name="row",
        ),
        *[error_text(f"champ-{name_of(side)}", error_of(side)) for side in ("opens", "closes")],
        class_name="setup-range",
        key=one["rid"],
    )


def _exceptions() -> rx.Component:
    return card(
        rx.cond(
            Hours.exceptions.length() > 0,
            divided(rx.foreach(Hours.exceptions, _exception)),
            card_body(rx.el.p("Aucune exception : vos horaires habituels s’appliquent.", class_name="soft")),
        ),
        title="Exceptions : congés et ouvertures en plus",
        aside=button("Ajouter une exception", Hours.open_dialog(True), icon_name="plus", size="small"),
    )


def _exception(one: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(one["closed"], chip(one["kind"], icon_name="ban"), chip(one["kind"], tone="accent", icon_name="door-open")),
        rx.el.div(rx.el.p(one["when"], class_name="strong"), rx.el.p(one["detail"], class_name="small soft"), class_name="grow"),
        button("Retirer", Hours.drop_exception(one["id"]), size="small", aria_label=rx.Var.create("Retirer : ") + one["when"].to(str)),
        class_name="setup-exception",
    )


def _exception_dialog() -> rx.Component:
    return dialog(
        form(
            segments(
                segment("Fermer", pressed=Hours.kind == "closed", on_click=Hours.choose_kind("closed")),
                segment("Ouvrir en plus", pressed=Hours.kind == "open", on_click=Hours.choose_kind("open")),
                label="Genre d’exception",
            ),
            form_row(
                calendar_field("Premier jour", "first", error=Hours.errors.get("first", "")),
                calendar_field("Dernier jour", "last", optional=True, error=Hours.errors.get("last", "")),
            ),
            form_row(
                time_field("De", "opens", optional=True, hint="Rien : toute la journée", error=Hours.errors.get("opens", "")),
                time_field("À", "closes", optional=True, hint="Par exemple 14h30", error=Hours.errors.get("closes", "")),
            ),
            select_field(
                "Lieu",
                "site",
                Hours.places,
                placeholder="Tous les lieux",
                optional=True,
                error=Hours.errors.get("site_id", ""),
            ),
            text_field(
                "Intitulé", "label", optional=True, max_length=80, hint="Par exemple « Congés »", error=Hours.errors.get("label", "")
            ),
            form_actions(button("Enregistrer l’exception", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Hours.save_exception,
            key=Hours.turn.to(str),
        ),
        identifier="nouvelle-exception",
        title="Nouvelle exception",
        opened=Hours.adding,
        on_close=Hours.open_dialog(False),
    )
