"""Icons: one sprite of Lucide drawings (ISC), each shown by its name."""

from typing import Any, Final, Literal, get_args

import reflex as rx

from components.ui.kinds import Text

IconName = Literal[
    "arrow-right",
    "ban",
    "building-2",
    "calendar-check",
    "calendar-clock",
    "calendar-days",
    "calendar-plus",
    "calendar-search",
    "calendar-x",
    "chart-column",
    "check",
    "check-check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "circle-dashed",
    "circle-play",
    "circle-x",
    "clock",
    "door-open",
    "ellipsis",
    "file-text",
    "globe",
    "hourglass",
    "inbox",
    "info",
    "keyboard",
    "layers-2",
    "list",
    "loader-circle",
    "lock",
    "log-in",
    "log-out",
    "mail",
    "map-pin",
    "monitor",
    "moon",
    "move",
    "pencil",
    "phone",
    "plus",
    "printer",
    "refresh-cw",
    "search",
    "settings",
    "shield-check",
    "stethoscope",
    "sticky-note",
    "sun",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "user",
    "user-plus",
    "user-x",
    "users",
    "video",
    "wifi-off",
    "x",
]
"""Drawings in `assets/icons.svg`; add a name, then `python -m components.ui.sprite <folder of Lucide's svgs>`."""

ICON_NAMES: Final[frozenset[str]] = frozenset(get_args(IconName))
SPRITE: Final = "/icons.svg"


def icon(name: IconName | rx.Var[str], *, label: Text = "", large: bool = False, class_name: str = "") -> rx.Component:
    """Draw an icon; silent for screen readers unless it bears a label of its own."""
    if isinstance(name, str) and name not in ICON_NAMES:
        raise ValueError(f"unknown icon: {name}")
    classes = " ".join(part for part in ("icon", "icon-large" if large else "", class_name) if part)
    spoken: dict[str, Any] = {"role": "img", "aria_label": label} if isinstance(label, rx.Var) or label else {"aria_hidden": "true"}
    href = f"{SPRITE}#{name}"  # a var in an f-string is joined in the browser
    return rx.el.svg(rx.el.svg.use(href=href), class_name=classes, **spoken)


def brand_mark(size: int = 28) -> rx.Component:
    """Draw the mark of Maiia Pro in the accent colour."""
    return rx.el.svg(
        rx.el.svg.rect(custom_attrs={"width": "28", "height": "28", "rx": "8", "fill": "var(--accent)"}),
        rx.el.svg.path(
            d="M6.5 20V10.5c0-2 2.4-2.7 3.5-1l4 6 4-6c1.1-1.7 3.5-1 3.5 1V20",
            custom_attrs={
                "fill": "none",
                "stroke": "var(--on-accent)",
                "strokeWidth": "2.6",
                "strokeLinecap": "round",
                "strokeLinejoin": "round",
            },
        ),
        width=str(size),
        height=str(size),
        view_box="0 0 28 28",
        aria_hidden="true",
    )
