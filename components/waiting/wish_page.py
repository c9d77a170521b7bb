"""The page where a patient asks to be told when a place becomes free."""

import reflex as rx

from components.account.patient_page import patient_page
from components.booking.parts import person_head
from components.ui.buttons import button, link_button
from components.ui.choices import choice_cards, radio_group
from components.ui.forms import error_summary, form, form_actions
from components.ui.states import empty
from components.waiting.fields import when_fields
from state.own_wish import OwnWish as Wish


def wish_page() -> rx.Component:
    """Say what for, ask when, promise a word."""
    return patient_page(
        "Liste d’attente",
        Wish,
        ("ready", _ready()),
        (
            "none",
            empty(
                "Choisissez d’abord un motif",
                "La liste d’attente s’ouvre sur la page d’un professionnel, une fois le motif choisi.",
                link_button("Chercher un professionnel", "/", icon_name="search"),
            ),
        ),
        (
            "missing",
            empty(
                "Ce motif n’est pas proposé",
                "Il ne se prend plus en ligne. Choisissez-en un autre, ou cherchez un autre professionnel.",
                link_button("Chercher un professionnel", "/", icon_name="search"),
            ),
        ),
        broken="Cette page ne répond pas",
        height="220px",
        lead="Dites quand vous pourriez venir. Si une place se libère, nous la gardons pour vous et nous vous écrivons.",
    )


def _ready() -> rx.Component:
    return form(
        error_summary(Wish.summary),
        rx.el.section(
            person_head(Wish.target["practitioner"], Wish.target["specialty"], Wish.target["initials"], Wish.target["hue"]),
            rx.el.p("Motif\u00a0: ", rx.el.b(Wish.target["reason"]), id="souhait-reason", tab_index=-1),
            rx.cond(
                Wish.people.length() > 1,
                choice_cards("Pour qui\u00a0?", "person", Wish.people, value=Wish.person, on_change=Wish.choose_person),
            ),
            radio_group(
                "Avec qui\u00a0?",
                "whom",
                [("practitioner", "Ce praticien seulement"), ("specialty", "Un autre de la même spécialité me convient aussi")],
                default_value="practitioner",
            ),
            class_name="card card-body stack",
        ),
        rx.el.section(when_fields(Wish.errors, Wish.until), class_name="card card-body stack form"),
        form_actions(
            button("Rejoindre la liste d’attente", submits=True, variant="primary", size="large"),
            link_button("Revenir aux créneaux", Wish.target["back"]),
        ),
        on_submit=Wish.save,
        label="Liste d’attente",
        class_name="stack",
    )
