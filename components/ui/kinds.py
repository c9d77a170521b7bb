"""Kinds of values that components take: known when the page is built, or a state var."""

from typing import Any, TypeAlias

import reflex as rx

Text: TypeAlias = str | rx.Var[str]
Flag: TypeAlias = bool | rx.Var[bool]
Number: TypeAlias = int | float | rx.Var[int] | rx.Var[float]
Child: TypeAlias = rx.Component | rx.Var[Any] | str
Handler: TypeAlias = Any
"""Whatever Reflex takes as an event: a handler, a call of one, a list of them, or None."""


def filled(value: Text | None) -> bool | rx.Var[bool]:
    """Say whether a text has something to show."""
    if isinstance(value, rx.Var):
        return value.to(str) != ""
    return bool(value)


def shown(condition: Flag, *children: Child) -> rx.Component:
    """Show children if a condition holds, known now or in the browser."""
    if isinstance(condition, rx.Var):
        return rx.cond(condition, rx.fragment(*children))
    return rx.fragment(*children) if condition else rx.fragment()


def either(condition: Flag, yes: Any, no: Any) -> Any:
    """Choose between two values, now if the condition is known, else in the browser."""
    if isinstance(condition, rx.Var):
        return rx.cond(condition, yes, no)
    return yes if condition else no


def truth(flag: Flag) -> Any:
    """Write a flag as the `true` or `false` that ARIA attributes want."""
    return either(flag, "true", "false")


def present(**attributes: Any) -> dict[str, Any]:
    """Keep the attributes that have a value, so that absent ones leave no trace in the page."""
    return {name: value for name, value in attributes.items() if isinstance(value, rx.Var) or value not in (None, "", False)}


def classes(*parts: str | None) -> str:
    """Join class names, skipping the absent ones."""
    return " ".join(part for part in parts if part)


def styled(variables: dict[str, Text | int]) -> dict[str, Any]:
    """Set CSS custom properties on an element without creating a generated class."""
    return {"custom_attrs": {"style": variables}}
