"""Printing and copying, which only the browser itself can do."""

from typing import Final

import reflex as rx

_LIBRARY: Final = f"$/public{rx.asset('outlets.jsx', shared=True)}"


class PrintButton(rx.Component):
    """Opens the browser's printing; by itself too, once for each `mark`, as soon as there is something to print."""

    library = _LIBRARY
    tag = "PrintButton"

    label: rx.Var[str]
    mark: rx.Var[str]
    """Names what there is to print; empty while there is nothing."""
    only_at_click: rx.Var[bool]
    quiet: rx.Var[bool]
    """Whether printing is not the main thing to do here."""


class SecretAddress(rx.Component):
    """A field that shows an address to be copied, with the button that copies it."""

    library = _LIBRARY
    tag = "SecretAddress"

    value: rx.Var[str]
    label: rx.Var[str]
    copy: rx.Var[str]
    copied: rx.Var[str]
