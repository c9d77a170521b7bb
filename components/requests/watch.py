"""What keeps the number of pressing requests true on a page without a live line of its own."""

import reflex as rx

from components.ui.native import Watch
from state.requests import RequestBadge

EVERY_MINUTE = 60
"""A request becomes late by the clock alone."""


def request_watch() -> rx.Component:
    """Count again whenever a request of the practice changes."""
    return rx.cond(RequestBadge.topic != "", Watch.create(topic=RequestBadge.topic, every=EVERY_MINUTE, on_change=RequestBadge.changed))
