"""What the agenda shows of a practice that is still to be set up: the way in."""

import reflex as rx

from components.ui.buttons import link_button
from components.ui.states import empty
from maiia_pro.kernel.actor import ActorKind
from state.session import SessionState


def way_in() -> rx.Component:
    """Lead a practitioner into the first steps; a secretary learns whom to ask."""
    return rx.cond(
        SessionState.kind == ActorKind.PRACTITIONER.value,
        empty(
            "Votre agenda n’est pas encore ouvert",
            "Lieu, motifs, horaires\u00a0: dix minutes suffisent, et vous pouvez vous arrêter à chaque étape.",
            link_button("Ouvrir mon agenda", "/demarrage", variant="primary", icon_name="arrow-right"),
            icon_name="calendar-plus",
        ),
        empty(
            "L’agenda n’est pas encore ouvert",
            "Il s’ouvrira dès qu’un praticien aura choisi ses motifs et ses horaires. Demandez-lui de le faire.",
            icon_name="calendar-plus",
        ),
    )
