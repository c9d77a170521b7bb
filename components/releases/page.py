"""The page that tells what each release brought."""

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.french import long_date
from maiia_pro.operations.releases import RELEASES, ReleaseNotes


def releases_page() -> rx.Component:
    """List the releases, the latest first."""
    return public_page(
        "Nouveautés",
        rx.el.div(*[_release(one) for one in RELEASES], class_name="stack"),
        viewer=viewer(),
        active="/nouveautes",
        narrow=True,
        lead="Ce que chaque version a apporté, la dernière d’abord.",
    )


def _release(one: ReleaseNotes) -> rx.Component:
    return card(
        card_body(
            rx.el.p(f"Version {one.version}, {long_date(one.made_on, year=True)}", class_name="soft small"),
            rx.el.div(rx.el.ul(*[rx.el.li(change) for change in one.changes]), class_name="prose"),
        ),
        title=one.title,
    )
