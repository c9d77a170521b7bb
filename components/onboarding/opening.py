"""The operator's form of a new practice."""

import reflex as rx

from components.onboarding.company import company_fields
from components.onboarding.fields import person_fields
from components.ui.buttons import button, submit_button
from components.ui.fields import email_field, select_field, text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from state.opening_practice import OpenPractice as Opening
from state.session import SessionState


def open_practice_button() -> rx.Component:
    """Open the form."""
    return button("Ouvrir un cabinet", Opening.show(True), icon_name="plus", variant="primary", size="small")


def open_practice_dialog() -> rx.Component:
    """Ask for what a new practice needs: its name, its offer, its first practitioner."""
    return dialog(
        form(
            error_summary(Opening.summary),
            text_field("Nom du cabinet", "practice_name", max_length=120, error=Opening.errors.get("practice_name", "")),
            select_field(
                "Offre", "offer", [("premium", "Premium"), ("initial", "Initial")], default_value="premium",
                error=Opening.errors.get("offer", ""),
            ),
            rx.el.h3("Premier praticien"),
            *person_fields(Opening.errors, on_number=Opening.look_at_number, doubt=Opening.doubt),
            email_field(hint="Le lien d’activation y arrive\u00a0; il sert une fois.", error=Opening.errors.get("email", "")),
            rx.el.h3("Si ce cabinet est une société"),
            *company_fields(Opening.errors),
            form_actions(submit_button("Ouvrir le cabinet"), button("Fermer", closes=True)),
            on_submit=Opening.save,
            draft="nouveau-cabinet",
            owner=SessionState.account,
            done=Opening.saved,
        ),
        identifier="nouveau-cabinet",
        title="Ouvrir un cabinet",
        opened=Opening.opened,
        on_close=Opening.show(False),
    )  # fmt: skip
