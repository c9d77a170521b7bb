"""What stands above the page: dialogs, sheets, menus."""

from typing import Any

import reflex as rx

from components.ui.buttons import Variant, button, icon_button, link
from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Flag, Handler, Text, classes, either, present, truth
from components.ui.native import Dialog, Menu


def dialog(
    *children: Child,
    identifier: str,
    title: Text,
    opened: Flag | None = None,
    turn: rx.Var[int] | None = None,
    on_close: Handler = None,
    on_open: Handler = None,
    footer: Child | None = None,
    intro: Text = "",
    sheet: bool = True,
    wide: bool = False,
    light_dismiss: bool = False,
    alert: bool = False,
) -> rx.Component:
    """Draw a modal dialog, a sheet on phones; `opened` follows a state var (`turn` grows with it), else any button with `data-opens`."""
    return Dialog.create(
        rx.el.div(
            rx.el.div(
                rx.el.h2(title, id=f"{identifier}-titre"),
                rx.el.p(intro, class_name="soft") if isinstance(intro, rx.Var) or intro else rx.fragment(),
                class_name="grow",
            ),
            icon_button("x", "Fermer", closes=True),
            class_name="sheet-head",
        ),
        rx.el.div(*children, class_name="sheet-body"),
        rx.el.div(footer, class_name="sheet-foot") if footer is not None else rx.fragment(),
        id=identifier,
        class_name=classes("dialog", "sheet" if sheet else None, "dialog-wide" if wide else None),
        labelled_by=f"{identifier}-titre",
        **present(
            open=opened if isinstance(opened, rx.Var) or opened is None else rx.Var.create(opened),
            turn=turn,
            on_close=on_close,
            on_open=on_open,
            light_dismiss=light_dismiss,
            role="alertdialog" if alert else None,
        ),
    )


def confirm_dialog(
    *,
    identifier: str,
    title: Text,
    message: Child,
    confirm: Text,
    on_confirm: Handler,
    opened: Flag | None = None,
    on_close: Handler = None,
    cancel: Text = "Ne rien changer",
    waiting: Flag = False,
    danger: Flag = True,
) -> rx.Component:
    """Ask before something that cannot be undone; the verb is on the button, red where something goes."""
    variants: tuple[Variant, ...] = ("danger-fill", "primary")
    red, calm = (button(confirm, on_confirm, variant=variant, waiting=waiting) for variant in variants)
    return dialog(
        rx.el.p(message) if isinstance(message, (str, rx.Var)) else message,
        identifier=identifier,
        title=title,
        opened=opened,
        on_close=on_close,
        alert=True,
        footer=rx.el.div(
            either(danger, red, calm),
            button(cancel, closes=True, data_autofocus="true"),
            class_name="form-actions",
        ),
    )


def menu_button(label: Text, menu: str, *, icon_name: IconName = "ellipsis", align_end: bool = True) -> rx.Component:
    """Draw the button of a menu of actions."""
    return rx.el.button(
        icon(icon_name),
        type="button",
        class_name="button button-icon",
        aria_label=label,
        title=label,
        **opens_menu(menu, align_end=align_end),
    )


def opens_menu(menu: str, *, align_end: bool = True) -> dict[str, Any]:
    """Give any button the attributes that open a menu."""
    return {
        "custom_attrs": {
            "popoverTarget": menu,
            "aria-haspopup": "menu",
            "aria-expanded": "false",
            "data-menu-align": "end" if align_end else "start",
        }
    }


def menu(*items: Child, identifier: str, label: Text) -> rx.Component:
    """Hold actions in a popover."""
    return Menu.create(*items, id=identifier, label=label, class_name="menu")


def menu_item(
    label: Text,
    on_click: Handler = None,
    *,
    href: Text = "",
    icon_name: IconName | None = None,
    keys: str = "",
    disabled: Flag = False,
    outside: bool = False,
    checked: Flag | None = None,
    danger: bool = False,
    **attributes: Any,
) -> rx.Component:
    """Draw one action of a menu, or one choice when `checked` is given."""
    content: list[Child] = [
        icon(icon_name) if icon_name else rx.fragment(),
        rx.el.span(label, class_name="grow"),
        either(checked, icon("check"), rx.fragment()) if checked is not None else rx.fragment(),
        rx.el.kbd(keys, aria_hidden="true") if keys else rx.fragment(),
    ]
    role = "menuitemradio" if checked is not None else "menuitem"
    marks = present(
        aria_disabled=truth(disabled) if disabled is not False else None,
        aria_checked=truth(checked) if checked is not None else None,
        class_name="menu-danger" if danger else None,
    )
    if isinstance(href, rx.Var) or href:
        return link(rx.fragment(*content), href, outside=outside, role=role, tab_index=-1, **marks, **attributes)
    return rx.el.button(*content, type="button", role=role, tab_index=-1, **marks, **present(on_click=on_click), **attributes)


def menu_line() -> rx.Component:
    """Part two groups of a menu."""
    return rx.el.hr(role="separator")
