"""The styles that only professionals' screens need."""

from typing import Final

import reflex as rx

DESK_STYLES: Final = rx.asset("desk.jsx", shared=True)


class DeskStyles(rx.Component):
    """Brings the styles of professionals' screens with the page that it stands on."""

    library = f"$/public{DESK_STYLES}"
    tag = "DeskStyles"
