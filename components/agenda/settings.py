"""The settings of an agenda: weekly hours by site, exceptions, visit reasons."""

import reflex as rx

from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.days_off_settings import days_off_card
from components.agenda.exception_settings import exceptions_card
from components.agenda.feed_settings import feed_card
from components.agenda.outside_settings import calendar_file_card, calendar_link_card
from components.agenda.reason_settings import reasons_card
from components.agenda.room_settings import rooms_card
from components.agenda.settling import settling_dialog
from components.agenda.week_settings import week_card
from components.evening.card import evening_card
from components.intake.card import intake_card
from components.layout.professional import pro_page
from components.requests.watch import request_watch
from components.ui.buttons import button, link_button
from components.ui.states import empty, failed, loading, not_allowed, skeleton
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
        rx.foreach(Hours.sites, week_card),
        exceptions_card(),
        days_off_card(),
        reasons_card(),
        rooms_card(),
        feed_card(),
        calendar_link_card(),
        calendar_file_card(),
        evening_card(),
        intake_card(),
        settling_dialog(),
        request_watch(),
        class_name="setup",
    )
