"""The fields that say when a place would suit: days, hours, last day."""

from typing import Any

import reflex as rx

from components.ui.fields import calendar_field, checkbox, time_field
from components.ui.forms import form_row
from components.ui.kinds import Text
from maiia_pro.kernel.french import DAYS


def when_fields(errors: rx.Var[dict[str, str]], until: Text, *, start: Any = None, mark: Any = "") -> rx.Component:
    """Ask for days, hours and the last day; `start` is the wish that is changed, `mark` changes with it."""
    days = start["days"].to(list[int]) if start is not None else None
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("Jours qui conviennent", rx.el.span(" (aucun coché\u00a0: tous)", class_name="optional"), class_name="legend"),
            rx.el.div(*[_day(number, name, days, mark) for number, name in enumerate(DAYS)], class_name="wish-days"),
            class_name="field",
        ),
        form_row(
            _hour("À partir de", "begins", errors, start["begins"] if start is not None else "", mark),
            _hour("Avant", "ends", errors, start["ends"] if start is not None else "", mark),
        ),
        calendar_field(
            "Jusqu’au",
            "until",
            default_value=until,
            identifier="souhait-until",
            error=errors.get("until", ""),
            hint="Le dernier jour qui convient.",
            key=_named("until", mark, until),
        ),
    )


def _named(name: str, mark: Any, value: Any = "") -> Any:
    return rx.Var.create(mark).to(str) + f"-{name}-" + rx.Var.create(value).to(str)


def _day(number: int, name: str, days: Any, mark: Any) -> rx.Component:
    checked = days.contains(number) if days is not None else False
    return rx.el.div(
        checkbox(name.capitalize(), f"day_{number}", default_checked=checked, identifier=f"souhait-day_{number}"),
        key=_named(f"day_{number}", mark),
    )


def _hour(label: str, name: str, errors: rx.Var[dict[str, str]], value: Any, mark: Any) -> rx.Component:
    return time_field(
        label,
        name,
        optional=True,
        hint="Vide\u00a0: toute heure. Par exemple 14h30.",
        default_value=value,
        identifier=f"souhait-{name}",
        error=errors.get(name, ""),
        key=_named(name, mark),
    )
