"""The states a view can be in besides full: waiting, empty, failed, offline, forbidden, ended."""

from collections.abc import Callable
from typing import Any, Final

import reflex as rx

from components.ui.buttons import button
from components.ui.icons import IconName, icon
from components.ui.kinds import Child, Text, classes
from components.ui.native import Patience
from components.ui.surfaces import card_body, divided


def skeleton(*, width: str = "100%", height: str = "12px") -> rx.Component:
    """Draw the ghost of a line of text."""
    return rx.el.span(class_name="skeleton", custom_attrs={"style": {"width": width, "height": height}})


def skeleton_lines(count: int = 3) -> rx.Component:
    """Draw the ghost of a paragraph."""
    widths = ("92%", "100%", "64%", "84%")
    return rx.el.div(*[skeleton(width=widths[line % len(widths)]) for line in range(count)], class_name="stack")


def loading(*ghosts: Child, label: Text = "Chargement en cours") -> rx.Component:
    """Show ghosts after 200 ms of waiting, and say so to those who hear the page; after ten seconds say what to do."""
    drawing = ghosts or (skeleton_lines(),)
    long = rx.el.p("C’est plus long que d’habitude. Patientez, ou rechargez la page.", class_name="soft")
    return Patience.create(
        rx.el.div(
            rx.el.div(*drawing, class_name="stack", aria_hidden="true"),
            rx.el.span(label, class_name="visually-hidden"),
            Patience.create(long, after=10_000),
            role="status",
            class_name="loading stack",
        ),
        after=200,
    )


def progress(value: rx.Var[int] | int | None, *, label: Text, detail: Text = "", cancel: Child | None = None) -> rx.Component:
    """Show how far long work has come, out of 100 (None: unknown), with a way to stop it."""
    known: dict[str, Any] = {} if value is None else {"value": rx.Var.create(value).to(str)}
    return rx.el.div(
        rx.el.div(rx.el.span(label, class_name="strong"), rx.el.span(detail, class_name="soft small push figures"), class_name="row"),
        rx.el.progress(max="100", class_name="progress", aria_label=label, **known),
        rx.el.div(cancel, class_name="row") if cancel is not None else rx.fragment(),
        class_name="stack",
        custom_attrs={"style": {"--gap": "8px"}},
    )


def _state(name: IconName, title: Text, message: Child, actions: tuple[Child, ...], *, tone: str = "", role: str = "") -> rx.Component:
    spoken: dict[str, Any] = {"role": role} if role else {}
    return rx.el.div(
        rx.el.span(icon(name), class_name=classes("emblem", f"emblem-{tone}" if tone else None)),
        rx.el.h2(title),
        rx.el.p(message),
        rx.el.div(*actions, class_name="row") if actions else rx.fragment(),
        class_name="empty",
        **spoken,
    )


def empty(title: Text, message: Child, *actions: Child, icon_name: IconName = "inbox") -> rx.Component:
    """Say that there is nothing yet, and what to do next."""
    return _state(icon_name, title, message, actions)


def failed(title: Text, message: Child, *actions: Child) -> rx.Component:
    """Say what happened, what was kept, what to do."""
    return _state("triangle-alert", title, message, actions, tone="danger", role="alert")


_OFFLINE: Final = "Ce qui est affiché reste lisible et ce que vous avez tapé est gardé. Rien ne part avant le retour de la connexion."
_NOT_ALLOWED: Final = "Votre compte n’ouvre pas cette page. Demandez l’accès au responsable du cabinet."


def offline(*actions: Child, message: Child = _OFFLINE) -> rx.Component:
    """Say that the network is gone and what still works."""
    return _state("wifi-off", "Pas de connexion", message, actions, tone="warning", role="status")


def not_allowed(*actions: Child, message: Child = _NOT_ALLOWED) -> rx.Component:
    """Say that this is not for this account, and whom to ask."""
    return _state("lock", "Accès réservé", message, actions, tone="warning")


def ended(title: Text, message: Child, *actions: Child) -> rx.Component:
    """Say that something is over, such as a session or a visit."""
    return _state("circle-check", title, message, actions)


def not_found(*actions: Child, message: Child = "L’adresse est peut-être incomplète, ou la page a été retirée.") -> rx.Component:
    """Say that there is no such page."""
    return _state("search", "Page introuvable", message, actions)


def card_states(state: Any, unread: Text, ready: Child) -> rx.Component:
    """Show in a card what its state has read, else why not: its `status` is ready, none, failed or waiting; `arrive` reads again."""
    return rx.match(
        state.status,
        ("ready", ready),
        ("none", card_body(rx.el.p(state.message, class_name="soft"))),
        ("failed", card_body(failed(unread, state.message, button("Réessayer", state.arrive)))),
        card_body(loading(skeleton(height="80px"))),
    )


def listed(items: rx.Var[list[Any]], draw: Callable[[Any], rx.Component], nothing: Text) -> rx.Component:
    """List what a card holds, or say in a line that there is nothing."""
    return rx.cond(items.length() > 0, divided(rx.foreach(items, draw)), card_body(rx.el.p(nothing, class_name="soft")))
