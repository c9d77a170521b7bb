"""The boxes that say what somebody may do for a practitioner, where they are asked in and where it is changed."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components.ui.fields import checkbox, error_text
from components.ui.kinds import Flag, Text
from maiia_pro.kernel.actor import Right
from state.team import LABELS


def rights_fields(prefix: str, held: Callable[[Right], Flag], error: Text, **attributes: Any) -> rx.Component:
    """Ask for each right of requirement 59 by a box named `prefix` and the right; `held` says which are ticked to begin with."""
    ident = f"champ-{prefix}rights"
    return rx.el.fieldset(
        rx.el.legend("Ce que cette personne peut faire pour vous", class_name="legend"),
        rx.el.p("Ce qui n’est pas coché reste fermé. Vous changez ces droits quand vous voulez.", class_name="hint"),
        *[checkbox(label, f"{prefix}{right.value}", default_checked=held(right), hint=hint) for right, (label, hint) in LABELS.items()],
        error_text(ident, error),
        class_name="field",
        id=ident,
        tab_index=-1,
        **attributes,
    )
