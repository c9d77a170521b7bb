"""A patient's appointments."""

from typing import Any

import reflex as rx

from components.account.patient_page import patient_page
from components.account.viewer import PAGES
from components.booking.parts import call_first, person_head, preparation, standing_chip, visit_facts
from components.reception.delays import late_line, watch_topics
from components.ui.buttons import danger_button, link_button
from components.ui.forms import form_actions
from components.ui.icons import icon
from components.ui.kinds import shown
from components.ui.layers import confirm_dialog
from components.ui.marks import chip
from components.ui.native import Roving
from components.ui.states import empty
from components.ui.surfaces import results
from components.waiting.own import own_waiting, own_wishes
from state.own_appointments import OwnAppointments as Mine


def own_appointments_page() -> rx.Component:
    """List what is to come with what may be done about it, then what is past."""
    return patient_page(
        "Mes rendez-vous",
        Mine,
        ("ready", _ready()),
        broken="Vos rendez-vous ne s’affichent pas",
        height="120px",
        active="/rendez-vous",
    )


def _ready() -> rx.Component:
    return rx.el.div(
        own_waiting(),
        rx.cond(Mine.persons.length() > 0, _persons()),
        rx.cond(
            Mine.coming.length() > 0,
            results("À venir", Mine.coming, _coming, label="Rendez-vous à venir"),
            empty(
                "Aucun rendez-vous à venir",
                "Cherchez un professionnel et choisissez un créneau : il apparaîtra ici.",
                link_button("Prendre rendez-vous", "/", icon_name="search", variant="primary"),
                icon_name="calendar-days",
            ),
        ),
        own_wishes(),
        rx.cond(
            Mine.past.length() > 0,
            results("Passés et annulés", Mine.past, _past, label="Rendez-vous passés et annulés"),
        ),
        form_actions(*[link_button(label, href, icon_name=name) for href, label, name in PAGES]),
        confirm_dialog(
            identifier="annuler",
            title="Annuler ce rendez-vous ?",
            message=rx.el.p("Votre rendez-vous du ", rx.el.b(Mine.leaving_when), " sera annulé, et son créneau proposé à d’autres."),
            confirm="Annuler le rendez-vous",
            cancel="Garder le rendez-vous",
            on_confirm=Mine.cancel,
            opened=Mine.leaving != "",
            on_close=Mine.keep,
        ),
        watch_topics(Mine.watched, Mine.changed),
        class_name="stack own-visits",
    )


def _persons() -> rx.Component:
    def one(ident: Any, name: Any) -> rx.Component:
        return rx.el.button(name, type="button", aria_pressed=rx.cond(Mine.person == ident, "true", "false"), on_click=Mine.show(ident))

    return Roving.create(
        one("", "Tous"),
        rx.foreach(Mine.persons, lambda person: one(person["id"].to(str), person["name"])),
        selector="button",
        class_name="segments segments-wrap",
        role="group",
        aria_label="Rendez-vous de",
    )


def _coming(visit: Any) -> rx.Component:
    return rx.el.article(
        rx.el.p(icon("calendar-check"), rx.el.b(visit["when"]), class_name="when"),
        shown(Mine.late.contains(visit["id"]), late_line(visit["practitioner"], Mine.late[visit["id"].to(str)])),
        call_first(visit),
        shown(Mine.fresh == visit["id"], rx.el.div(chip("Confirmé à l’instant", tone="success"))),
        person_head(visit["practitioner"], visit["specialty"], visit["initials"], visit["hue"], level=3),
        visit_facts(visit, way_in=False),
        preparation(visit["instructions"].to(str), visit["bring"].to(list[str])),
        rx.cond(visit["locked"] != "", rx.el.p(visit["locked"], class_name="soft"), shown(visit["can_change"], _acts(visit))),
        class_name="card card-body stack",
    )


def _acts(visit: Any) -> rx.Component:
    return rx.el.div(
        link_button("Détails", visit["page"], icon_name="file-text", aria_label="Détails du rendez-vous du " + visit["when"].to(str)),
        shown(
            visit["move"].to(str) != "",
            link_button(
                "Déplacer", visit["move"], icon_name="calendar-clock", aria_label="Déplacer le rendez-vous du " + visit["when"].to(str)
            ),
        ),
        danger_button(
            "Annuler", Mine.ask(visit["id"]), icon_name="calendar-x", aria_label="Annuler le rendez-vous du " + visit["when"].to(str)
        ),
        class_name="row wrap acts",
    )


def _past(visit: Any) -> rx.Component:
    return rx.el.article(
        rx.el.p(rx.el.b(visit["when"])),
        rx.el.p(visit["practitioner"], " · ", visit["reason"], " · pour ", visit["person"]),
        rx.el.div(
            standing_chip(visit),
            link_button("Reprendre rendez-vous", visit["again"], size="small"),
            class_name="row wrap",
        ),
        class_name="card card-body stack",
    )
