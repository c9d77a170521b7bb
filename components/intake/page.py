"""The page « Reprise de données »: a practitioner brings in what the practice kept in another software."""

import reflex as rx

from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.intake.native import IntakeWizard
from components.layout.professional import pro_page
from components.requests.watch import request_watch
from components.ui.buttons import link_button
from components.ui.states import not_allowed
from maiia_pro.kernel.actor import ActorKind
from state.session import SessionState


def intake_page() -> rx.Component:
    """Lead a practitioner through an import; who does not administer the practice learns whom to ask."""
    page = pro_page(
        "Reprise de données",
        "/cabinet",
        rx.cond(
            SessionState.forbidden | ~SessionState.administers,
            not_allowed(
                link_button("Revenir à l’agenda", "/agenda"),
                message="Seul un praticien qui administre le cabinet reprend des données. Demandez-lui.",
            ),
            rx.el.div(
                rx.el.p(
                    "Reprenez les patients et les rendez-vous que vous aviez dans un autre logiciel, depuis un fichier CSV ou un "
                    "calendrier. Rien n’est enregistré avant la dernière étape, et personne ne reçoit de message.",
                    class_name="soft",
                ),
                IntakeWizard.create(),
                link_button("Revenir au cabinet", "/cabinet", icon_name="chevron-left"),
                request_watch(),
                class_name="setup intake",
            ),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    outsider = SessionState.forbidden & (SessionState.kind != ActorKind.SECRETARY.value)
    return unless_refused(page, "Reprise de données", "La reprise de données est celle des cabinets.", refused=outsider)
