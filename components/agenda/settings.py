"""The settings of an agenda: weekly hours by site, exceptions, visit reasons."""

from collections.abc import Callable
from typing import Final

import reflex as rx
from reflex_components_core.el.elements.inline import A

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.days_off_settings import days_off_card
from components.agenda.exception_settings import exceptions_card
from components.agenda.feed_settings import feed_card
from components.agenda.outside_settings import calendar_file_card, calendar_link_card
from components.agenda.program_settings import programs_card
from components.agenda.reason_settings import reasons_card
from components.agenda.room_settings import rooms_card
from components.agenda.settling import settling_dialog
from components.agenda.team_settings import team_card
from components.agenda.webhook_settings import webhooks_card
from components.agenda.week_settings import week_card
from components.evening.card import evening_card
from components.layout.professional import pro_page
from components.operations.journal_card import journal_card
from components.profile.card import profile_settings_card
from components.requests.watch import request_watch
from components.ui.buttons import link_button
from components.ui.fields import select_field
from components.ui.kinds import shown
from components.ui.messages import note
from components.ui.states import empty, failed, loading, skeleton, skeleton_lines
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from state.session import SessionState
from state.setup_hours import HoursSetup as Hours
from state.setup_whose import SetupFor as For

SECTIONS: Final[tuple[tuple[str, str, Callable[[], rx.Component]], ...]] = (
    ("horaires", "Horaires", lambda: rx.foreach(Hours.sites, week_card)),
    ("exceptions", "Exceptions", exceptions_card),
    ("jours-feries", "Jours fériés", days_off_card),
    ("motifs", "Motifs de consultation", reasons_card),
    ("page-publique", "Page publique", profile_settings_card),
    ("equipe", "Équipe", team_card),
    ("applications", "Applications", programs_card),
    ("webhooks", "Événements envoyés", webhooks_card),
    ("journal", "Journal des accès", journal_card),
    ("salles", "Salles et matériel", rooms_card),
    ("flux", "Votre calendrier", feed_card),
    ("calendrier-relie", "Calendrier relié", calendar_link_card),
    ("import-ics", "Importer un calendrier", calendar_file_card),
    ("liste-du-soir", "Liste de demain", evening_card),
)
"""The cards of the page in their order: where each is, what the contents call it."""


def settings_page() -> rx.Component:
    """Show a practitioner what they alone decide; a secretary learns whom to ask."""
    page = pro_page(
        "Réglages de l’agenda",
        "/reglages",
        rx.cond(
            (SessionState.kind != ActorKind.PRACTITIONER.value) & (For.agenda == "") & SessionState.signed_in,
            rx.el.div(
                rooms_card(),
                note(
                    "Les horaires et les motifs sont ceux de chaque praticien\u00a0: demandez-lui de les changer, ou de vous les confier."
                ),
                class_name="setup",
            ),
            rx.match(
                Hours.status,
                ("ready", _ready()),
                ("none", empty("Pas d’agenda à régler", Hours.message, icon_name="calendar-x")),
                ("failed", failed("Les réglages ne s’affichent pas", Hours.message, again(Hours.arrive))),
                loading(rx.el.div(skeleton_lines(), skeleton(height="240px"), class_name="setup-page")),
            ),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Réglages", "Les réglages sont ceux des praticiens.")


DELEGATED: Final = frozenset({"horaires", "exceptions", "jours-feries", "motifs"})
"""What a practitioner may let others see to; the rest is theirs alone."""


def _here(section: str) -> rx.Var[bool] | bool:
    if section in DELEGATED:
        return True
    return For.own & SessionState.administers if section in {"applications", "webhooks"} else For.own


def _chooser() -> rx.Component:
    """Say whose settings these are where they are not one's own, or where there are several to choose from."""
    return rx.cond(
        (For.choices.length() > 1) | ~For.own,
        card(
            card_body(
                rx.cond(
                    For.choices.length() > 1,
                    select_field("Réglages de", "reglages-de", For.choices, value=For.agenda, on_change=For.choose),
                    rx.el.p("Réglages de ", rx.el.span(For.name, class_name="strong")),
                ),
                rx.cond(
                    For.own,
                    rx.fragment(),
                    rx.el.p("Vous agissez pour le compte de ce praticien\u00a0: son journal le note.", class_name="small soft"),
                ),
            )
        ),
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.nav(
            shown(SessionState.administers, link_button("Gérer le cabinet", "/cabinet", icon_name="building-2")),
            rx.el.ul(*[shown(_here(ident), rx.el.li(A.create(title, href=f"#{ident}"))) for ident, title, _ in SECTIONS]),
            class_name="setup-contents stack",
            aria_label="Sur cette page",
        ),
        rx.el.div(
            _chooser(),
            *[shown(_here(ident), rx.el.div(draw(), id=ident, class_name="setup-section")) for ident, _, draw in SECTIONS],
            settling_dialog(),
            request_watch(),
            class_name="setup",
        ),
        class_name="setup-page",
    )
