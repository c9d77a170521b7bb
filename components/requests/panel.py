"""The panel of one request: what is asked, the acts on it, what was said and done."""

from typing import Any

import reflex as rx

from components.layout.professional import beside
from components.requests.dialog import DUE_HINT
from components.ui.buttons import button, link
from components.ui.fields import checkbox, text_area, text_field
from components.ui.forms import form, form_actions
from components.ui.icons import icon
from components.ui.marks import chip
from components.ui.states import failed, loading, skeleton_lines
from components.ui.surfaces import facts, timeline, timeline_event
from state.request_panel import RequestPanel as Panel
from state.requests import RequestList
from state.session import SessionState


def request_panel() -> rx.Component:
    """Show one request beside the list."""
    return beside(
        rx.match(
            Panel.status,
            ("ready", _detail()),
            ("failed", failed("Cette demande ne s’affiche pas", Panel.message, button("Fermer", Panel.close))),
            loading(skeleton_lines(5)),
        ),
        label="Demande",
        close=Panel.close,
        close_label="Fermer la demande",
    )


def _detail() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.div(
                chip(Panel.shown["kind"], icon_name=Panel.shown["icon"]),
                chip(Panel.shown["progress"], icon_name=Panel.shown["progress_icon"], tone="accent"),
                rx.cond(Panel.shown["urgent"], chip("Urgente", tone="danger", icon_name="triangle-alert")),
                rx.cond(Panel.shown["overdue"], chip("En retard", tone="warning", icon_name="clock")),
                class_name="row wrap",
            ),
            rx.el.h3(Panel.shown["subject"], class_name="request-subject"),
            rx.cond(Panel.shown["words"] != "", rx.el.p(Panel.shown["words"], class_name="written")),
            _acts(),
            class_name="stack",
        ),
        rx.el.section(_facts()),
        rx.cond(Panel.shown["open"], rx.el.section(_follow_up(), class_name="stack")),
        _comments(),
        rx.el.section(
            rx.el.h3("Historique"),
            rx.cond(
                Panel.acts.length() > 0,
                timeline(rx.foreach(Panel.acts, lambda line: timeline_event(line["title"], line["when"], detail=line["detail"]))),
                rx.el.p("Aucun changement noté.", class_name="soft small"),
            ),
        ),
    )


def _acts() -> rx.Component:
    return rx.cond(
        Panel.shown["open"],
        rx.el.div(
            rx.cond(Panel.shown["takeable"], button("Je m’en occupe", Panel.take, icon_name="check", variant="primary")),
            button("Marquer faite", Panel.finish(True), icon_name="circle-check"),
            button("Abandonner", Panel.finish(False), icon_name="ban", variant="quiet"),
            class_name="row wrap",
        ),
        rx.el.div(
            button("Rouvrir", Panel.reopen(Panel.shown["id"], Panel.shown["version"]), icon_name="refresh-cw"), class_name="row wrap"
        ),
    )


def _facts() -> rx.Component:
    born = rx.cond(Panel.shown["born"] != "", rx.el.span(Panel.shown["born"], class_name="small soft figures"))
    return facts(
        ("Patient", rx.cond(Panel.shown["patient"] != "", rx.fragment(Panel.shown["patient"], rx.el.br(), born), "Sans fiche")),
        ("Appelant", rx.cond(Panel.shown["caller"] != "", Panel.shown["caller"], "Le patient")),
        (
            "Téléphone",
            rx.cond(Panel.shown["phone"] != "", link(Panel.shown["phone"], Panel.shown["tel"], outside=True), "Non renseigné"),
        ),
        ("Praticien", Panel.shown["practitioner"]),
        ("À faire pour", rx.el.span(Panel.shown["due"], class_name="figures")),
        ("Responsable", Panel.shown["owner"]),
        (
            "Rendez-vous",
            rx.cond(Panel.shown["visit"] != "", link(Panel.shown["visit"], Panel.shown["visit_href"]), "Aucun"),
        ),
        ("Notée", Panel.shown["created"]),
    )


def _follow_up() -> rx.Component:
    """Hand over and put off."""
    return rx.fragment(
        rx.el.div(
            rx.el.label("Confier à", html_for="suivi-owner"),
            rx.el.select(
                rx.el.option("À prendre par tous", value=""),
                rx.foreach(RequestList.staff, lambda one: rx.el.option(one["label"], value=one["value"])),
                id="suivi-owner",
                class_name="select",
                value=Panel.shown["owner_id"],
                on_change=Panel.assign,
            ),
            class_name="field",
        ),
        form(
            text_field(
                "À faire pour",
                "due",
                hint=DUE_HINT,
                default_value=Panel.shown["typed"],
                max_length=60,
                identifier="suivi-due",
                error=Panel.errors.get("due", ""),
                key=_mark("due", Panel.shown["typed"]),
            ),
            rx.el.div(
                checkbox("Urgente", "urgent", default_checked=Panel.shown["urgent"].to(bool), identifier="suivi-urgent"),
                key=_mark("urgent", Panel.shown["urgent"].to(str)),
            ),
            form_actions(button("Changer l’échéance", submits=True, size="small")),
            on_submit=Panel.reschedule,
            label="Échéance",
        ),
    )


def _mark(name: str, value: Any) -> Any:
    """Name a field by what it starts from, so that another request draws it anew and a refusal does not."""
    return Panel.shown["id"] + f"-{name}-" + value


def _comments() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Commentaires"),
        rx.cond(
            Panel.comments.length() > 0,
            rx.el.ol(rx.foreach(Panel.comments, _comment), class_name="stack request-comments"),
            rx.el.p("Aucun commentaire.", class_name="soft small"),
        ),
        form(
            text_area(
                "Ajouter un commentaire",
                "comment",
                max_length=2000,
                rows=2,
                identifier="suivi-comment",
                error=Panel.errors.get("comment", ""),
            ),
            form_actions(button("Ajouter", submits=True, size="small", aria_label="Ajouter le commentaire")),
            on_submit=Panel.comment,
            label="Commentaire",
            draft=f"commentaire-{Panel.shown['id']}",
            owner=SessionState.account,
            done=Panel.said,
            key=Panel.shown["id"],
        ),
        class_name="stack",
    )


def _comment(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            icon("user"),
            rx.el.span(one["title"], class_name="strong"),
            rx.el.span(one["when"], class_name="small soft figures"),
            class_name="row wrap",
        ),
        rx.el.p(one["detail"], class_name="written"),
    )
