"""What stops somebody of a practice from working there, in a word beside their name."""

from typing import Any

import reflex as rx

from components.ui.icons import IconName
from components.ui.marks import Tone, chip
from maiia_pro.identity.presence import Presence
from state.team import PRESENCES

_DRAWN: dict[Presence, tuple[IconName, Tone]] = {
    Presence.INVITED: ("mail", "neutral"),
    Presence.BLOCKED: ("lock", "warning"),
    Presence.SUSPENDED: ("ban", "warning"),
    Presence.DEACTIVATED: ("ban", "danger"),
    Presence.UNCHECKED: ("hourglass", "neutral"),
}


def presence_chip(presence: Any, otherwise: rx.Component | None = None) -> rx.Component:
    """Say why they do not work there now, or what is given for who does."""
    drawn = [(one.value, chip(PRESENCES[one], icon_name=icon, tone=tone)) for one, (icon, tone) in _DRAWN.items()]
    return rx.match(presence, *drawn, otherwise or rx.fragment())
