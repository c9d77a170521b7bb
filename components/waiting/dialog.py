"""The dialog of a wish: who, with whom, for what, when."""

import reflex as rx

from components.agenda.booking_dialog import chosen_patient, patient_search
from components.ui.buttons import button
from components.ui.fields import select_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from components.ui.native import Draft
from components.waiting.fields import when_fields
from state.new_wish import NewWishForm as New
from state.patient_picker import PatientPicker as Picker
from state.session import SessionState

FORM = "formulaire-souhait"


def wish_dialog() -> rx.Component:
    """Draw the dialog; a wish that is changed keeps its patient and its reason."""
    return dialog(
        form(
            error_summary(New.summary),
            rx.cond(New.editing != "", rx.el.p(New.what, class_name="strong"), _who_and_what()),
            when_fields(New.errors, New.start["until"], start=New.start, mark=New.turn),
            on_submit=New.save,
            id=FORM,
            label="Souhait",
            keeper=Draft.create(
                name="souhait" + New.editing,
                owner=SessionState.account,
                done=New.saved,
                open=New.opened,
                turn=New.turn,
                held={"chosen": Picker.patient["id"], "with": New.wanted},
                resumed=New.resumed,
                on_resume=New.resume,
                on_drop=New.start_again,
            ),
            class_name="stack",
        ),
        identifier="souhait",
        title=rx.cond(New.editing != "", "Modifier le souhait", "Ajouter à la liste d’attente"),
        opened=New.opened,
        turn=New.turn,
        on_close=New.close,
        wide=True,
        footer=form_actions(
            button(rx.cond(New.editing != "", "Enregistrer le souhait", "Ajouter à la liste"), submits=True, variant="primary", form=FORM),
            button("Fermer", closes=True),
        ),
    )


def _who_and_what() -> rx.Component:
    return rx.fragment(
        rx.cond(
            New.opened,
            rx.cond(Picker.patient["id"] != "", chosen_patient("souhait-with"), patient_search("souhait-patient")),
        ),
        select_field(
            "Avec",
            "with",
            New.whom,
            placeholder="Choisir un praticien ou une spécialité",
            value=New.wanted,
            on_change=New.choose_whom,
            identifier="souhait-with",
            error=New.errors.get("with", ""),
        ),
        select_field(
            "Motif",
            "reason",
            New.reasons,
            placeholder="Choisir un motif",
            identifier="souhait-reason",
            error=New.errors.get("reason", ""),
            key=New.wanted + New.turn.to(str),
        ),
    )
