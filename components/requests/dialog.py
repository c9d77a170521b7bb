"""The dialog that notes a request: from whom, what, for whom, for when."""

from typing import Any

import reflex as rx

from components.agenda.booking_dialog import chosen_patient, patient_search
from components.ui.buttons import button
from components.ui.choices import radio_group
from components.ui.fields import checkbox, phone_field, select_field, text_area, text_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.icons import icon
from components.ui.layers import dialog
from maiia_pro.requests.tables import KIND_LABELS, Kind
from state.new_request import NewRequestForm as New
from state.patient_picker import PatientPicker as Picker
from state.session import SessionState

FORM = "formulaire-demande"
DUE_HINT = "Par exemple « demain 9h30 », « lundi » ou « 27/11 14h »"
CALLER_HINT = "Si ce n’est pas le patient"
LATER_TODAY = "aujourd’hui 18h"


def new_request_dialog() -> rx.Component:
    """Draw the dialog; what is typed waits in it until it is saved, in this tab."""
    return dialog(
        form(
            error_summary(New.summary),
            rx.cond(
                (New.visit != "") & (Picker.patient["id"] == New.about),
                rx.el.p(icon("calendar-days"), rx.el.span("Au sujet du rendez-vous\u00a0: ", New.visit), class_name="row soft"),
            ),
            _who(),
            _what(),
            _whose(),
            on_submit=New.save,
            id=FORM,
            label="Nouvelle demande",
            draft="demande",
            owner=SessionState.account,
            done=New.turn,
        ),
        identifier="nouvelle-demande",
        title="Nouvelle demande",
        opened=New.opened,
        on_close=New.close,
        wide=True,
        footer=form_actions(
            button("Noter la demande", submits=True, variant="primary", form=FORM),
            button("Fermer", closes=True),
        ),
    )


def _named(name: str) -> dict[str, Any]:
    return {"identifier": f"demande-{name}", "error": New.errors.get(name, "")}


def _who() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("De qui vient la demande", class_name="legend"),
        rx.cond(
            New.opened,
            rx.cond(Picker.patient["id"] != "", chosen_patient("demande-subject"), patient_search("demande-patient", optional=True)),
        ),
        form_row(
            text_field("Nom de l’appelant", "caller_name", optional=True, max_length=80, hint=CALLER_HINT, **_named("caller_name")),
            phone_field("Téléphone à rappeler", "caller_phone", optional=True, auto_complete="off", **_named("caller_phone")),
        ),
        class_name="booking-part stack",
    )


def _what() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Demande", class_name="legend"),
        radio_group("Nature", "kind", [(kind.value, KIND_LABELS[kind]) for kind in Kind], default_value=Kind.CALL_BACK, hint="", error=""),
        text_field(
            "Objet",
            "subject",
            hint="En une ligne",
            max_length=120,
            data_autofocus=rx.cond(Picker.patient["id"] != "", "true", rx.Var("undefined")),
            **_named("subject"),
        ),
        text_area("Précisions", "words", optional=True, max_length=4000, rows=3, **_named("words")),
        class_name="booking-part stack",
    )


def _whose() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Suivi", class_name="legend"),
        text_field("À faire pour", "due", default_value=LATER_TODAY, hint=DUE_HINT, max_length=60, **_named("due")),
        form_row(
            select_field(
                "Praticien concerné",
                "practitioner",
                New.practitioners,
                placeholder="Tout le cabinet",
                optional=True,
                default_value=New.practitioner,
                key=New.practitioner + New.turn.to(str),
                **_named("practitioner"),
            ),
            select_field("Confier à", "owner", New.staff, placeholder="À prendre par tous", optional=True, **_named("owner")),
        ),
        checkbox("Urgente", "priority", value="urgent", identifier="demande-priority"),
        class_name="booking-part stack",
    )
