"""The page « Cabinet »: its name, places, rooms, groups and people, for those who administer it."""

from collections.abc import Callable
from typing import Final

import reflex as rx
from reflex_components_core.el.elements.inline import A

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.administration.groups import groups_card
from components.administration.members import members_card
from components.administration.sites import sites_card
from components.agenda.lock_settings import lock_card
from components.agenda.room_settings import rooms_card
from components.intake.card import intake_card
from components.layout.professional import pro_page
from components.onboarding.company import company_facts
from components.requests.watch import request_watch
from components.ui.buttons import link_button, submit_button
from components.ui.fields import text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.kinds import shown
from components.ui.states import failed, loading, not_allowed, skeleton, skeleton_lines
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from state.administration import Administration as Here
from state.session import SessionState


def _name_card() -> rx.Component:
    return card(
        card_body(
            form(
                error_summary(Here.summary),
                text_field(
                    "Nom du cabinet", "practice_name", max_length=120, default_value=Here.name, error=Here.errors.get("practice_name", ""),
                    hint="Vos patients le lisent sur les pages publiques et dans les messages.",
                ),
                form_actions(submit_button("Enregistrer")),
                on_submit=Here.rename,
                key=Here.mark,
            ),
            rx.cond(Here.company["name"] != "", _company()),
        ),
        title="Identité",
    )  # fmt: skip


def _company() -> rx.Component:
    return rx.el.div(
        company_facts(Here.company),
        rx.el.p("Ces informations sont vérifiées\u00a0: écrivez-nous pour les changer.", class_name="small soft"),
        class_name="stack",
    )


def _intake() -> rx.Component:
    return shown(SessionState.kind == ActorKind.PRACTITIONER.value, intake_card())


SECTIONS: Final[tuple[tuple[str, str, Callable[[], rx.Component]], ...]] = (
    ("identite", "Identité", _name_card),
    ("membres", "Membres", members_card),
    ("lieux", "Lieux", sites_card),
    ("salles", "Salles et matériel", rooms_card),
    ("groupes", "Groupes", groups_card),
    ("verrouillage", "Verrouillage", lock_card),
    ("reprise", "Reprise de données", _intake),
)
"""The cards of the page in their order: where each is, what the contents call it."""


def administration_page() -> rx.Component:
    """Show the practice to those who administer it; its other people learn whom to ask."""
    page = pro_page(
        "Cabinet",
        "/cabinet",
        rx.match(
            Here.status,
            ("ready", _ready()),
            (
                "refused",
                not_allowed(
                    link_button("Revenir à l’agenda", "/agenda"),
                    message="Cette page est celle des administrateurs du cabinet. Demandez à l’un d’eux ce qu’il vous faut.",
                ),
            ),
            ("failed", failed("Le cabinet ne s’affiche pas", Here.message, again(Here.arrive))),
            loading(rx.el.div(skeleton_lines(), skeleton(height="240px"), class_name="setup-page")),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, "Cabinet", "Cette page est celle des cabinets.")


def _ready() -> rx.Component:
    contents = [rx.el.li(A.create(title, href=f"#{ident}")) for ident, title, _ in SECTIONS if ident != "reprise"]
    return rx.el.div(
        rx.el.nav(rx.el.ul(*contents), class_name="setup-contents", aria_label="Sur cette page"),
        rx.el.div(
            *[rx.el.div(draw(), id=ident, class_name="setup-section") for ident, _, draw in SECTIONS],
            request_watch(),
            class_name="setup",
        ),
        class_name="setup-page",
    )
