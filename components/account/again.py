"""Reading a page again that could not be read."""

from typing import Any

import reflex as rx

from components.ui.buttons import button
from state.session import SessionState


def again(read: Any, **options: Any) -> rx.Component:
    """A button that reads a page again, and who is at it: while the database was away its frame was not told either."""
    return button("Réessayer", [SessionState.enter(""), read], **options)
