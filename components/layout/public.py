"""The frames of patients and visitors: roomy, one column on a phone."""

import reflex as rx

from components.layout.parts import account_banner, brand, common, legal_links, main, release_banner, sign_in_or_account
from components.layout.values import NavEntry, Viewer
from components.ui.buttons import link
from components.ui.icons import icon
from components.ui.kinds import Child, Text, classes, present, shown
from components.ui.marks import skip_link
from components.ui.messages import note
from components.ui.theme import theme_switch


def _place(entry: NavEntry, here: bool) -> rx.Component:
    words = rx.fragment(icon(entry.icon), rx.el.span(entry.label))
    return shown(entry.shown, rx.el.li(link(words, entry.href, **present(aria_current="page" if here else None))))


def public_bar(viewer: Viewer, active: str = "") -> rx.Component:
    """Draw the bar of public pages: the mark, the search, the account."""
    return rx.el.header(
        brand(),
        rx.el.nav(
            rx.el.ul(*[_place(entry, entry.href == active) for entry in viewer.entries]),
            class_name="public-nav",
            aria_label="Navigation principale",
        )
        if viewer.entries
        else rx.fragment(),
        rx.el.div(sign_in_or_account(viewer), class_name="push row"),
        class_name="public-bar",
    )


def public_foot() -> rx.Component:
    """Draw the foot: legal links, emergency numbers, the theme."""
    return rx.el.footer(
        rx.el.div(
            rx.el.p(
                icon("phone"),
                rx.el.span(
                    "En cas d’urgence, appelez le ",
                    link("15", "tel:15", outside=True),
                    " ou\u00a0le\u00a0",
                    link("112", "tel:112", outside=True),
                    ".",
                ),
                class_name="row",
            ),
            theme_switch(),
            class_name="row wrap foot-line",
        ),
        legal_links(),
        class_name="public-foot",
    )


def without_scripts() -> rx.Component:
    """Say to a browser without scripts why nothing answers."""
    return rx.el.noscript(
        note(
            "Autorisez-le dans votre navigateur pour chercher, réserver ou vous connecter. Sinon, téléphonez au cabinet.",
            title="Cette page a besoin de JavaScript",
            meaning="warning",
        )
    )


def public_page(
    title: Text,
    *body: Child,
    viewer: Viewer,
    active: str = "",
    lead: Child | None = None,
    hidden_title: bool = False,
    narrow: bool = False,
    reminds: bool = True,
) -> rx.Component:
    """Frame a page for patients and visitors; `narrow` keeps forms and texts to a readable width.

    `reminds` says what is to be mended in the account; the page where it is mended says so itself.
    """
    heading = rx.el.h1(title, class_name="visually-hidden" if hidden_title else "")
    return rx.el.div(
        skip_link(),
        public_bar(viewer, active),
        main(
            without_scripts(),
            release_banner(),
            account_banner() if reminds else rx.fragment(),
            rx.el.div(heading, rx.el.p(lead, class_name="soft lead") if lead is not None else rx.fragment(), class_name="page-title"),
            *body,
            class_name=classes("public", "public-narrow" if narrow else None),
        ),
        public_foot(),
        common(),
        class_name="roomy public-frame",
    )


def bare_page(title: Text, *body: Child, lead: Child | None = None, beside: Child | None = None) -> rx.Component:
    """Frame sign-in and the like: one card in the middle, nothing to distract."""
    return rx.el.div(
        skip_link(),
        rx.el.header(brand(), class_name="public-bar"),
        main(
            without_scripts(),
            rx.el.div(
                rx.el.h1(title),
                rx.el.p(lead, class_name="soft") if lead is not None else rx.fragment(),
                *body,
                class_name="card bare-card stack",
            ),
            beside if beside is not None else rx.fragment(),
            class_name="public bare",
        ),
        public_foot(),
        common(),
        class_name="roomy public-frame",
    )
