"""The page that tells what each release brought."""

from typing import Final

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.french import long_date
from maiia_pro.operations.releases import RELEASES, ReleaseNotes
from state.session import SessionState

_PATIENT: Final = SessionState.kind == ActorKind.PATIENT.value


def releases_page() -> rx.Component:
    """List the releases, the latest first: to patients what is theirs, to everybody else what the software does."""
    return public_page(
        "Nouveautés",
        rx.el.div(*[_release(one) for one in RELEASES], class_name="stack"),
        viewer=viewer(),
        active="/nouveautes",
        narrow=True,
        lead="Ce que chaque version a apporté, la dernière d’abord.",
    )


def _release(one: ReleaseNotes) -> rx.Component:
    made_on = long_date(one.made_on, year=True)
    return card(
        card_body(
            rx.el.p(rx.cond(_PATIENT, made_on, f"Version {one.version}, {made_on}"), class_name="soft small"),
            rx.el.div(rx.cond(_PATIENT, _list(one.for_patients), _list(one.changes)), class_name="prose"),
        ),
        title=rx.cond(_PATIENT, f"Version {one.version}", one.title),
    )


def _list(changes: tuple[str, ...]) -> rx.Component:
    return rx.el.ul(*[rx.el.li(change) for change in changes])
