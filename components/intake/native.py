"""The steps of an import, in the browser: it holds the file, and sends it at each step, so that the server keeps nothing of it."""

from typing import Final

import reflex as rx

_ASSETS: Final = {name: rx.asset(name, shared=True) for name in ("wizard.jsx", "calendar.jsx", "parts.jsx")}
_LIBRARY: Final = f"$/public{_ASSETS['wizard.jsx']}"


class IntakeWizard(rx.Component):
    """What and which file, its columns, what is refused, the import."""

    library = _LIBRARY
    tag = "IntakeWizard"
