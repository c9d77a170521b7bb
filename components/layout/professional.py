"""The frame of professionals: rail, bar with search and account, work area, key bar."""

from typing import Any

import reflex as rx

from components.layout.desk import DeskStyles
from components.layout.parts import (
    SHORTCUTS,
    account_banner,
    account_button,
    account_menu,
    brand,
    common,
    legal_links,
    main,
    release_banner,
    shortcut_dialog,
)
from components.layout.values import PRO_NAVIGATION, NavEntry, Viewer
from components.ui.buttons import count, icon_button, link
from components.ui.icons import icon
from components.ui.keys import key_bar, shortcut
from components.ui.kinds import Child, Text, classes, present, shown
from components.ui.marks import skip_link
from components.ui.palette import PALETTE, PaletteOption, palette, search_box


def _rail_entry(entry: NavEntry, active: str) -> rx.Component:
    here: dict[str, Any] = {"aria_current": "page"} if entry.href == active else {}
    number = rx.cond(entry.count > 0, count(entry.count, alert=True, meaning=" en attente")) if entry.count is not None else rx.fragment()
    return shown(
        entry.shown,
        rx.el.li(
            link(rx.fragment(icon(entry.icon, large=True), rx.el.span(entry.label), number), entry.href, class_name="rail-entry", **here),
            **present(class_name="push-down" if entry.end else None),
        ),
    )


def rail(navigation: tuple[NavEntry, ...], active: str, home: Text) -> rx.Component:
    """Draw the places one can go to; on phones it is the bar at the bottom."""
    return rx.el.nav(
        brand(home, words=False),
        rx.el.ul(*[_rail_entry(entry, active) for entry in navigation]),
        class_name="rail",
        aria_label="Navigation principale",
    )


def topbar(viewer: Viewer, actions: tuple[Child, ...], search_label: Text) -> rx.Component:
    """Draw the practice's name, the search box, what one does most, the account."""
    return rx.el.header(
        rx.el.span(viewer.place, class_name="place"),
        search_box(search_label),
        *actions,
        rx.el.span(class_name="grow"),
        icon_button("keyboard", "Raccourcis clavier", large_icon=True, opens=SHORTCUTS, class_name="wide"),
        account_button(viewer),
        account_menu(viewer),
        class_name="topbar",
    )


LOCK: PaletteOption = {"id": "verrouiller", "title": "Verrouiller l’écran", "icon": "lock", "keys": "Alt Maj V", "click": "[data-lock]"}


def commands_of(navigation: tuple[NavEntry, ...]) -> list[PaletteOption]:
    """Turn the navigation into commands of the palette, and lock the screen where it is shared."""
    places: list[PaletteOption] = [
        {
            "id": entry.href,
            "title": entry.label,
            "icon": entry.icon,
            "href": entry.href,
            **({"keys": entry.keys.upper()} if entry.keys else {}),
        }  # type: ignore[typeddict-item]
        for entry in navigation
        if entry.shown is True
    ]
    return [*places, LOCK]


def pro_page(
    title: Text,
    active: str,
    *body: Child,
    viewer: Viewer,
    navigation: tuple[NavEntry, ...] = PRO_NAVIGATION,
    side: Child | None = None,
    toolbar: Child | None = None,
    actions: tuple[Child, ...] = (),
    flush: bool = False,
    banner: Child | None = None,
    news: Child | None = None,
    finder: rx.Component | None = None,
    search_label: Text = "Nom, date de naissance ou téléphone",
) -> rx.Component:
    """Frame a professional page.

    `toolbar` replaces the line that holds the title (it must then hold the h1), `flush` lets the body reach the edges,
    `side` is a panel at the right, `news` stands at the end of the key bar, `finder` replaces the palette.
    """
    head = toolbar if toolbar is not None else rx.el.div(rx.el.h1(title), class_name="toolbar")
    foot = rx.el.footer(key_bar(news if news is not None else rx.fragment()), legal_links(plan=False), class_name="page-foot")
    return rx.el.div(
        DeskStyles.create(),
        skip_link(),
        rail(navigation, active, viewer.home),
        topbar(viewer, actions, search_label),
        main(
            rx.el.div(release_banner(), account_banner(), head, banner if banner is not None else rx.fragment(), class_name="page-head"),
            rx.el.div(*body, class_name=classes("page-content", "flush" if flush else None)),
            side if side is not None else rx.fragment(),
            class_name=classes("main page", "page-with-side" if side is not None else None),
        ),
        foot,
        finder if finder is not None else palette(commands_of(navigation), placeholder=search_label),
        shortcut("/ Ctrl+k", "Chercher", opens=PALETTE, group="Partout", bar=True),
        *[shortcut(entry.keys, entry.label, href=entry.href, group="Partout") for entry in navigation if entry.keys],
        shortcut_dialog(),
        common(),
        class_name="shell",
    )


def beside(*sections: Child, label: Text, close: rx.EventHandler, close_label: Text) -> rx.Component:
    """Hold one thing that was picked beside the list or agenda that it was picked from, and its button to close."""
    head = rx.el.div(
        rx.el.h2(label, class_name="side-title"),
        icon_button("x", close_label, close, class_name="push"),
        class_name="row side-head",
    )
    return rx.el.div(side_panel(*sections, label=label, head=head), class_name="side-holder side-detail")


def side_panel(*sections: Child, label: Text, foot: Child | None = None, head: Child | None = None) -> rx.Component:
    """Hold details at the right of a professional page; under the page on phones."""
    return rx.el.aside(
        head if head is not None else rx.fragment(),
        rx.el.div(*sections, class_name="side-body"),
        rx.el.div(foot, class_name="side-foot") if foot is not None else rx.fragment(),
        class_name="side",
        aria_label=label,
    )
