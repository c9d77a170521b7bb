"""What stands at the right of the calendar: the next free times, or one appointment with what may be done about it."""

from typing import Any

import reflex as rx

from components.agenda.series_panel import obstacles, scope_choice, series_section
from components.agenda.visit_status import identity_dialog, note_form, status_buttons
from components.layout.professional import beside, side_panel
from components.ui.buttons import button, link
from components.ui.fields import calendar_field, select_field, text_area, text_field, time_field
from components.ui.forms import all_required, form, form_actions, form_row
from components.ui.icons import icon
from components.ui.layers import dialog
from components.ui.marks import avatar, chip, dot
from components.ui.messages import note
from components.ui.navigation import segment, segments
from components.ui.states import failed, loading, skeleton_lines
from components.ui.surfaces import facts, timeline, timeline_event
from maiia_pro.agenda.codes import Status
from state.agenda import AgendaState
from state.appointment import AppointmentState as Panel
from state.desk_booking import DeskBooking
from state.new_request import NewRequestForm
from state.next_free import NextFree
from state.series_acts import SeriesActs

MOVE_FORM = "formulaire-deplacement"


def next_free_panel() -> rx.Component:
    """List the next free times for a reason, one key each."""
    return rx.el.div(
        side_panel(
            rx.el.section(
                rx.el.h2("Prochains créneaux"),
                select_field("Motif", "next-reason", NextFree.reasons, value=NextFree.reason, on_change=NextFree.choose_reason),
                segments(
                    *[
                        segment(label, pressed=NextFree.mode == mode, on_click=NextFree.choose_mode(mode))
                        for mode, label in (("", "Tous"), ("in_person", "Sur place"), ("video", "Vidéo"))
                    ],
                    label="Mode de consultation des créneaux",
                ),
                class_name="stack",
            ),
            slot_lines("creneau"),
            label="Prochains créneaux",
        ),
        class_name="side-holder next-free",
    )


def slot_lines(prefix: str) -> rx.Component:
    """Draw the free times; each is a button that its number presses too."""
    return rx.match(
        NextFree.status,
        ("waiting", loading(skeleton_lines(6))),
        ("failed", failed("Les créneaux ne s’affichent pas", NextFree.message, button("Réessayer", NextFree.arrive))),
        rx.cond(
            NextFree.slots.length() > 0,
            rx.el.ul(rx.foreach(NextFree.slots, lambda slot: _slot_line(slot, prefix)), class_name="divided slot-lines"),
            rx.el.p("Aucun créneau libre dans les deux mois pour ce motif.", class_name="soft none", role="status"),
        ),
    )


def _slot_line(slot: Any, prefix: str) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.time(slot["when"]),
            rx.el.kbd(slot["number"], aria_hidden="true"),
            rx.el.span(dot(slot["hue"]), slot["who"], class_name="small"),
            type="button",
            id=rx.Var.create(f"{prefix}-") + slot["number"].to(str),
            class_name="slot-line",
            aria_pressed=rx.cond(DeskBooking.opened & (DeskBooking.chosen == slot["key"]), "true", "false"),
            on_click=DeskBooking.pick(slot["key"]),
        )
    )


def detail_panel() -> rx.Component:
    """Show one appointment, its history, and the acts on it."""
    return beside(
        rx.match(
            Panel.status,
            ("ready", _detail()),
            ("failed", failed("Ce rendez-vous ne s’affiche pas", Panel.message, button("Fermer", Panel.close))),
            loading(skeleton_lines(5)),
        ),
        label="Rendez-vous",
        close=Panel.close,
        close_label="Fermer le rendez-vous",
    )


def _detail() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.div(
                avatar(Panel.shown["initials"], hue=Panel.shown["hue"], large=True),
                rx.el.div(rx.el.h3(Panel.shown["name"]), rx.el.p(Panel.shown["who"], class_name="small soft figures")),
                class_name="person",
            ),
            rx.el.p(icon("clock"), rx.el.span(Panel.shown["when"], class_name="strong"), class_name="row"),
            rx.el.div(
                rx.cond(
                    Panel.shown["active"].to(bool) & (Panel.shown["code"] != Status.MISSED.value),
                    chip(Panel.shown["status"], icon_name=Panel.shown["icon"], tone="accent"),
                    chip(Panel.shown["status"], icon_name=Panel.shown["icon"], tone="danger"),
                ),
                chip(Panel.shown["mode"], icon_name=rx.cond(Panel.shown["video"], "video", "building-2").to(str)),
                class_name="row wrap",
            ),
            rx.cond(
                ~Panel.shown["changes"].to(bool),
                rx.el.p("Ce rendez-vous est en lecture\u00a0: ce praticien ne vous a pas confié ses changements.", class_name="soft small"),
            ),
            rx.cond(
                Panel.shown["changes"].to(bool) & Panel.shown["active"].to(bool),
                rx.fragment(
                    status_buttons(),
                    rx.cond(
                        Panel.shown["code"] != Status.FULFILLED.value,
                        rx.el.div(
                            button("Déplacer", Panel.ask("move", ""), icon_name="calendar-clock"),
                            button("Annuler", Panel.ask("cancel", ""), icon_name="calendar-x", variant="danger"),
                            class_name="row",
                        ),
                    ),
                ),
                rx.cond(Panel.shown["changes"], button("Rétablir le rendez-vous", Panel.restore(""), icon_name="undo-2")),
            ),
            rx.el.div(button("Nouvelle demande", NewRequestForm.begin(Panel.shown["id"]), icon_name="inbox"), class_name="row"),
            class_name="stack",
        ),
        rx.el.section(
            facts(
                ("Motif", Panel.shown["reason"]),
                ("Praticien", Panel.shown["practitioner"]),
                ("Lieu", rx.fragment(Panel.shown["site"], Panel.shown["rooms"])),
                ("Pris", Panel.shown["origin"]),
            ),
            rx.cond(
                Panel.shown["contact"],
                facts(
                    (
                        "Téléphone",
                        rx.cond(Panel.shown["phone"] != "", link(Panel.shown["phone"], Panel.shown["tel"], outside=True), "Non renseigné"),
                    ),
                    ("E-mail", rx.cond(Panel.shown["email"] != "", Panel.shown["email"], "Non renseigné")),
                ),
            ),
            rx.cond(Panel.shown["unreminded"], rx.el.p("Le patient ne veut pas de rappel.", class_name="soft")),
        ),
        series_section(),
        rx.cond(Panel.shown["changes"], note_form(), _words("Note du cabinet", Panel.shown["note"])),
        _words("Mot de l’annulation", Panel.shown["cancellation"]),
        rx.el.section(
            rx.el.h3("Historique"),
            rx.cond(
                Panel.history.length() > 0,
                timeline(rx.foreach(Panel.history, lambda line: timeline_event(line["title"], line["when"], detail=line["detail"]))),
                rx.el.p("Aucun changement noté.", class_name="soft small"),
            ),
        ),
    )


def _words(title: str, words: rx.Var[str]) -> rx.Component:
    return rx.cond(words != "", rx.el.section(rx.el.h3(title), rx.el.p(words, class_name="written")))


def act_dialogs() -> rx.Component:
    """Hold the dialogs of cancelling and of moving without a drag."""
    return rx.fragment(_cancel_dialog(), _move_dialog(), identity_dialog())


def _cancel_dialog() -> rx.Component:
    return dialog(
        form(
            rx.cond(
                Panel.shown["told"] != "",
                rx.el.p(Panel.shown["told"], " Ce créneau sera de nouveau libre."),
                rx.el.p(Panel.shown["name"], " ne reçoit aucun message\u00a0: prévenez par téléphone. Ce créneau sera de nouveau libre."),
            ),
            text_area(
                "Mot pour le patient",
                "words",
                optional=True,
                max_length=500,
                hint=rx.cond(Panel.shown["email"] != "", "Il est joint au message d’annulation.", "Il reste noté avec le rendez-vous."),
                error=Panel.errors.get("words", ""),
            ),
            scope_choice("annuler"),
            form_actions(
                button("Annuler le rendez-vous", submits=True, variant="danger-fill"),
                button("Ne rien changer", closes=True, data_autofocus="true"),
            ),
            on_submit=SeriesActs.cancel,
        ),
        identifier="annuler-rendez-vous",
        title="Annuler ce rendez-vous ?",
        intro=Panel.shown["when"],
        opened=Panel.asking == "cancel",
        on_close=Panel.keep,
        alert=True,
    )


def _move_dialog() -> rx.Component:
    return dialog(
        form(
            all_required(),
            rx.el.div(
                rx.el.label("Praticien", html_for="champ-move-practitioner"),
                rx.el.select(
                    rx.foreach(AgendaState.practitioners, lambda one: rx.el.option(one["name"], value=one["id"])),
                    id="champ-move-practitioner",
                    name="practitioner",
                    class_name="select",
                    default_value=Panel.shown["practitioner_id"],
                    key=Panel.shown["id"] + Panel.shown["practitioner_id"],
                ),
                class_name="field",
            ),
            form_row(
                calendar_field("Jour", "day", **_start("day")),
                time_field("Heure", "time", **_start("time")),
                text_field("Durée (minutes)", "length", input_mode="numeric", max_length=8, **_start("length")),
            ),
            rx.el.div(
                rx.cond(SeriesActs.remark != "", note(SeriesActs.remark, meaning="warning")), obstacles(), role="status", class_name="stack"
            ),
            scope_choice("deplacer"),
            on_submit=SeriesActs.move,
            id=MOVE_FORM,
        ),
        identifier="deplacer-rendez-vous",
        title="Déplacer ce rendez-vous",
        intro=Panel.shown["name"],
        opened=Panel.asking == "move",
        on_open=SeriesActs.begin,
        on_close=Panel.keep,
        footer=form_actions(
            button("Déplacer le rendez-vous", submits=True, variant="primary", form=MOVE_FORM),
            button("Ne rien changer", closes=True),
        ),
    )


def _start(name: str) -> dict[str, Any]:
    """Fill a field with what the appointment says; another appointment draws the field anew."""
    return {
        "default_value": Panel.shown[name],
        "error": Panel.errors.get(name, ""),
        "identifier": f"champ-move-{name}",
        "key": Panel.shown["id"] + Panel.shown[name],
    }
