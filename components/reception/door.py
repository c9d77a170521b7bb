"""The page at the door, on the patient's phone."""

from typing import Any, Final

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.reception.delays import late_line, watch_topics
from components.ui.buttons import button, link_button
from components.ui.fields import date_field, text_field
from components.ui.forms import error_summary, form
from components.ui.icons import icon
from components.ui.messages import note
from components.ui.states import empty, failed, loading, skeleton
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from state.doorway import Doorway as Door
from state.session import SessionState

SIGNAL: Final = "Signaler mon arrivée"
MAIN: Final[dict[str, Any]] = {"variant": "primary", "size": "large", "wide": True, "icon_name": "door-open"}
SAME_ANSWER: Final = (
    "Si un rendez-vous vous attend maintenant à ce nom, l’accueil est prévenu de votre arrivée. "
    "Dans le doute, ou si personne ne vous appelle, présentez-vous à l’accueil."
)


def door_page() -> rx.Component:
    """Signal an arrival."""
    return public_page(
        "Votre arrivée",
        rx.match(
            Door.status,
            ("ready", _ready()),
            ("missing", empty("Affiche inconnue", Door.message, icon_name="door-open")),
            ("failed", failed("La page ne s’affiche pas", Door.message, button("Réessayer", Door.arrive))),
            loading(skeleton(width="50%", height="24px"), skeleton(height="120px")),
        ),
        viewer=viewer(),
        narrow=True,
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.p(icon("map-pin"), rx.el.b(Door.site), class_name="row"),
        rx.cond(SessionState.kind == ActorKind.PATIENT.value, _own(), _by_name()),
        rx.cond((Door.late.length() > 0) & (SessionState.kind != ActorKind.PATIENT.value), _late()),
        watch_topics(Door.watched, Door.changed),
        class_name="stack",
    )


def _own() -> rx.Component:
    return rx.cond(
        Door.visits.length() > 0,
        rx.el.div(rx.foreach(Door.visits, _visit), class_name="results"),
        empty(
            "Aucun rendez-vous ici aujourd’hui",
            "Présentez-vous à l’accueil si vous pensez en avoir un.",
            link_button("Voir mes rendez-vous", "/rendez-vous"),
            icon_name="calendar-days",
        ),
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.article(
        rx.el.p(icon("clock"), rx.el.span(rx.el.b(visit["at"]), " · ", visit["practitioner"]), class_name="when"),
        rx.el.p("Pour ", rx.el.b(visit["person"])),
        rx.match(
            visit["turn"],
            (
                "open",
                button("Signaler mon arrivée", Door.signal(visit["id"]), variant="primary", size="large", wide=True, icon_name="door-open"),
            ),
            ("here", rx.el.div(note(_where(), title="Votre arrivée est signalée", meaning="success"), role="status")),
            ("early", rx.el.p("Vous pourrez signaler votre arrivée à partir de ", rx.el.b(visit["opens"]), ".", class_name="soft")),
            rx.el.p("Ce rendez-vous est passé. Présentez-vous à l’accueil.", class_name="soft"),
        ),
        rx.cond(visit["late"] != "", late_line(visit["practitioner"], visit["late"])),
        class_name="card card-body stack",
    )


def _where() -> rx.Component:
    return rx.cond(
        Door.directions != "", rx.el.span("Patientez ici\u00a0: ", Door.directions), rx.el.span("Installez-vous en salle d’attente.")
    )


def _by_name() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Door.sent,
            rx.el.div(
                note(rx.fragment(rx.el.p(SAME_ANSWER), rx.el.p(_where())), title="C’est noté"),
                role="status",
            ),
            card(
                card_body(
                    form(
                        error_summary(Door.summary),
                        text_field("Nom de famille", "family_name", max_length=80, error=Door.errors.get("family_name", "")),
                        date_field("Date de naissance", "birth_date", error=Door.errors.get("birth_date", "")),
                        button(SIGNAL, submits=True, **MAIN),
                        on_submit=Door.signal_by_name,
                        label="Signaler mon arrivée",
                    )
                ),
                title="Sans compte",
            ),
        ),
        rx.cond(
            SessionState.signed_in,
            rx.fragment(),
            rx.el.p(
                "Vous avez un compte\u00a0? ",
                link_button("Se connecter", Door.again, icon_name="log-in", outside=True),
                class_name="row wrap",
            ),
        ),
        class_name="stack",
    )


def _late() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Retards annoncés"),
        rx.foreach(Door.late, lambda one: late_line(one["name"], one["late"])),
        class_name="stack",
    )
