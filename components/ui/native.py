"""The few behaviours that HTML lacks, as small React components next to this file; the rest is plain elements."""

from typing import Any, Final

import reflex as rx

_FILES: Final = (
    "arrival", "combobox", "deadline", "dialog", "draft", "keep_focus", "keys", "menu", "palette", "patience", "refocus", "reveal",
    "roving", "summary", "toasts", "watch",
)  # fmt: skip
_ASSETS: Final = {name: rx.asset(f"{name}.jsx", shared=True) for name in _FILES}


def _library(name: str) -> str:
    return f"$/public{_ASSETS[name]}"


class Arrival(rx.Component):
    """Brings the focus to the heading of the page one has moved to."""

    library = _library("arrival")
    tag = "Arrival"


class Combobox(rx.Component):
    """A text field that proposes what begins so."""

    library = _library("combobox")
    tag = "Combobox"

    name: rx.Var[str]
    icon: rx.Var[str]
    default_value: rx.Var[str]
    placeholder: rx.Var[str]
    max_length: rx.Var[int]
    enter_key_hint: rx.Var[str]
    options: rx.Var[list[dict[str, str]]]
    answered: rx.Var[str]
    on_query: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Deadline(rx.Component):
    """Opens the dialog that it stands in before the session ends, and tells the server of every sign of life."""

    library = _library("deadline")
    tag = "Deadline"

    idle: rx.Var[int]
    until: rx.Var[int]
    on_stay: rx.EventHandler[rx.event.no_args_event_spec]


class Dialog(rx.Component):
    """A modal `<dialog>` driven by a state var or by an element with `data-opens`."""

    library = _library("dialog")
    tag = "Dialog"

    open: rx.Var[bool]
    turn: rx.Var[int]
    light_dismiss: rx.Var[bool]
    labelled_by: rx.Var[str]
    described_by: rx.Var[str]
    label: rx.Var[str]
    role: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.no_args_event_spec]


class Draft(rx.Component):
    """Keeps what is being typed in its form, in this tab only, and says so when it brings it back."""

    library = _library("draft")
    tag = "Draft"

    name: rx.Var[str]
    owner: rx.Var[str]
    done: rx.Var[Any]
    open: rx.Var[bool]
    turn: rx.Var[int]
    """Of a dialog: what was typed is brought back whenever it opens."""
    held: rx.Var[dict[str, Any]]
    """What the state holds of the form (whom, where): kept with the rest, handed to `on_resume`, never typed back."""
    resumed: rx.Var[int]
    """Changes once the state has taken up what it was handed."""
    on_resume: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]
    on_drop: rx.EventHandler[rx.event.no_args_event_spec]


class Shortcut(rx.Component):
    """Binds keys while it is on the page."""

    library = _library("keys")
    tag = "Shortcut"

    keys: rx.Var[str]
    label: rx.Var[str]
    group: rx.Var[str]
    bar: rx.Var[bool]
    href: rx.Var[str]
    click: rx.Var[str]
    opens: rx.Var[str]
    focus: rx.Var[str]
    on_press: rx.EventHandler[rx.event.no_args_event_spec]


class KeyBar(rx.Component):
    """Shows the shortcuts marked for the foot of the page."""

    library = _library("keys")
    tag = "KeyBar"


class ShortcutMap(rx.Component):
    """Lists every shortcut that works at this moment."""

    library = _library("keys")
    tag = "ShortcutMap"


class Menu(rx.Component):
    """A popover of actions with the keyboard of a menu."""

    library = _library("menu")
    tag = "Menu"

    label: rx.Var[str]


class Palette(rx.Component):
    """The command palette."""

    library = _library("palette")
    tag = "Palette"

    label: rx.Var[str]
    placeholder: rx.Var[str]
    commands: rx.Var[list[dict[str, str]]]
    groups: rx.Var[list[dict[str, Any]]]
    answered: rx.Var[str]
    hint: rx.Var[str]
    on_query: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Patience(rx.Component):
    """Waits a moment before it shows its children."""

    library = _library("patience")
    tag = "Patience"

    after: rx.Var[int]


class Refocus(rx.Component):
    """Takes the focus to an element when it comes in the place of what held it."""

    library = _library("refocus")
    tag = "Refocus"

    target: rx.Var[str]


class Reveal(rx.Component):
    """A checkbox that shows the password of the field it names."""

    library = _library("reveal")
    tag = "Reveal"

    controls: rx.Var[str]
    label: rx.Var[str]


class Roving(rx.Component):
    """A group that is one stop of the Tab key; arrows move inside."""

    library = _library("roving")
    tag = "Roving"

    selector: rx.Var[str]
    orientation: rx.Var[str]
    as_: rx.Var[str]
    select_on_move: rx.Var[bool]
    role: rx.Var[str]


class ErrorSummary(rx.Component):
    """The list of what must be corrected, which takes the focus when it comes."""

    library = _library("summary")
    tag = "ErrorSummary"

    title: rx.Var[str]
    errors: rx.Var[list[dict[str, str]]]


class Toasts(rx.Component):
    """Messages of the server, shown and spoken."""

    library = _library("toasts")
    tag = "Toasts"

    items: rx.Var[list[dict[str, str]]]
    on_dismiss: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_action: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Watch(rx.Component):
    """Has the page read again what a topic of the live channel is about, whenever it changes."""

    library = _library("watch")
    tag = "Watch"

    topic: rx.Var[str]
    every: rx.Var[int]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(list[str])]
