"""The frame of the pages that belong to a patient: refused to others, waited for, tried again where it failed."""

from dataclasses import replace
from typing import Any

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.buttons import button, link_button
from components.ui.kinds import Text
from components.ui.states import failed, loading, not_allowed, skeleton
from maiia_pro.kernel.actor import ActorKind
from state.session import SessionState


def patient_page(
    title: Text, state: Any, *cases: tuple[str, rx.Component], broken: Text, height: str = "160px", **frame: Any
) -> rx.Component:
    """Draw one of `cases` by the `status` of a state that has `message` and `arrive`; `broken` says what does not show."""
    return public_page(
        title,
        rx.cond(
            SessionState.forbidden,
            not_allowed(link_button("Revenir à l’accueil", SessionState.home), message="Cette page est celle des patients."),
            rx.match(
                state.status,
                *cases,
                ("failed", failed(broken, state.message, button("Réessayer", [SessionState.enter(ActorKind.PATIENT.value), state.arrive]))),
                loading(skeleton(width="50%", height="24px"), skeleton(height=height)),
            ),
        ),
        viewer=replace(viewer(), open_to_all=False),
        narrow=True,
        **frame,
    )
