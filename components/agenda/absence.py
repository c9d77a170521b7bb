"""The page of an absence: the form, then the visits that it strands."""

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.settling import settling_list
from components.layout.professional import pro_page
from components.requests.watch import request_watch
from components.ui.buttons import button, link_button
from components.ui.fields import calendar_field, select_field, text_field, time_field
from components.ui.forms import form, form_actions, form_row
from components.ui.messages import note
from components.ui.states import failed, loading, not_allowed, skeleton
from components.ui.surfaces import card, card_body
from state.absence import AbsenceForm as Absence
from state.session import SessionState
from state.settling import Settling

PATH = "/agenda/absence"


def absence_page() -> rx.Component:
    """Note an absence and settle its visits."""
    page = pro_page(
        "Absence",
        "/agenda",
        rx.match(
            Absence.status,
            ("ready", _ready()),
            ("refused", not_allowed(_back(), message=Absence.message)),
            ("failed", failed("La page ne s’affiche pas", Absence.message, again(Absence.arrive, icon_name="refresh-cw"))),
            loading(rx.el.div(skeleton(width="40%", height="24px"), skeleton(height="240px"), class_name="setup setup-narrow")),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Absence", "L’agenda est celui des cabinets.")


def _ready() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Settling.status != "",
            card(
                card_body(settling_list(rx.cond(Settling.status == "done", _back(), button("Revenir à l’absence", Settling.close)))),
                title="Rendez-vous concernés par l’absence",
            ),
            rx.fragment(),
        ),
        rx.el.div(card(card_body(_form()), title="Noter une absence"), hidden=Settling.status != "", class_name="setup-narrow"),
        request_watch(),
        class_name="setup",
    )


def _back() -> rx.Component:
    return link_button("Revenir à l’agenda", "/agenda", icon_name="calendar-days")


def _form() -> rx.Component:
    return form(
        select_field(
            "Praticien",
            "practitioner",
            Absence.practitioners,
            value=Absence.practitioner,
            on_change=Absence.choose,
            placeholder="Choisissez un praticien",
            error=Absence.errors.get("practitioner", ""),
            identifier="absence-practitioner",
        ),
        rx.cond(
            (Absence.practitioner != "") & (Absence.practitioner != Absence.own),
            note(
                "Seul le praticien ferme son agenda, dans ses réglages ou ici. Vous pouvez déjà déplacer ou annuler ses rendez-vous.",
            ),
        ),
        form_row(
            calendar_field("Premier jour", "first", error=Absence.errors.get("first", "")),
            calendar_field("Dernier jour", "last", optional=True, error=Absence.errors.get("last", "")),
        ),
        form_row(
            time_field("De", "opens", optional=True, hint="Vide\u00a0: toute la journée", error=Absence.errors.get("opens", "")),
            time_field("À", "closes", optional=True, hint="Vide\u00a0: toute la journée", error=Absence.errors.get("closes", "")),
        ),
        text_field(
            "Intitulé",
            "label",
            optional=True,
            max_length=80,
            hint="Par exemple «\u00a0Congés\u00a0»",
            error=Absence.errors.get("label", ""),
        ),
        form_actions(button("Voir les rendez-vous concernés", submits=True, variant="primary"), _back()),
        on_submit=Absence.look,
        label="Noter une absence",
        draft="absence",
        owner=SessionState.account,
        done=rx.cond(Settling.status == "done", "réglé", Absence.saved.to(str)),
        key=Absence.turn.to(str),
    )
