"""Parts that the patient's pages share."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components.ui.buttons import link
from components.ui.icons import icon
from components.ui.kinds import Child, shown
from components.ui.marks import avatar, chip
from components.ui.messages import note

Text = str | rx.Var[str]


def person_head(
    name: Text, specialty: Text, initials: Text, hue: Any, *, href: Text = "", level: int = 2, photo: Text = ""
) -> rx.Component:
    """Draw a practitioner: photo or initials, name as a heading, specialty."""
    words: Child = link(name, href) if isinstance(href, rx.Var) or href else name
    heading = {1: rx.el.h1, 2: rx.el.h2, 3: rx.el.h3}[level]
    letters = avatar(initials, hue=hue, large=True)
    seen = rx.cond(photo, rx.el.img(src=photo, alt=rx.Var.create("Photo de ") + name, class_name="photo"), letters)
    return rx.el.div(
        seen if isinstance(photo, rx.Var) else letters,
        rx.el.div(heading(words), rx.el.p(specialty, class_name="soft"), class_name="grow"),
        class_name="person",
    )


def slot_list(slots: Any, draw: Callable[[Any], rx.Component], class_name: str = "slot-grid") -> rx.Component:
    """List the slots that may be chosen."""
    return rx.el.ul(rx.foreach(slots, lambda slot: rx.el.li(draw(slot))), class_name=class_name)


def demo_chip(demo: rx.Var[bool]) -> rx.Component:
    """Say that the practice is not a real one."""
    return shown(demo, rx.el.div(chip("Démonstration", tone="line")))


def preparation(instructions: rx.Var[str], bring: rx.Var[list[str]]) -> rx.Component:
    """Say what the practice asks one to know and to bring."""
    return rx.fragment(
        shown(instructions != "", note(instructions, title="Consignes du cabinet")),
        shown(
            bring.length() > 0,
            note(rx.el.ul(rx.foreach(bring, lambda one: rx.el.li(icon("check"), one)), class_name="meta"), title="À apporter"),
        ),
    )


def _access(line: Any) -> rx.Component:
    """Say how one comes in."""
    return rx.el.p(line, class_name="small soft")


def call_first(visit: Any) -> rx.Component:
    """Say to call before coming, where the practitioner may not be there."""
    return shown(visit["warned"].to(str) != "", note(visit["warned"], meaning="warning"))


def standing_chip(visit: Any) -> rx.Component:
    """Say what became of a visit."""
    return rx.cond(visit["cancelled"], chip(visit["status"], tone="danger", icon_name="ban"), chip(visit["status"]))


def visit_facts(visit: Any, *, way_in: bool | rx.Var[bool] = True) -> rx.Component:
    """List for whom a visit is, what for, where and how one comes in there, and whom to call."""
    ways = visit["access"].to(list[str])
    return rx.el.ul(
        rx.el.li(icon("user"), rx.el.span("Pour ", rx.el.span(visit["person"], class_name="strong"))),
        rx.el.li(icon("stethoscope"), rx.el.span(visit["reason"])),
        rx.cond(
            visit["video"],
            rx.el.li(icon("video"), rx.el.span("En vidéo, depuis chez vous\u00a0: ne vous déplacez pas.")),
            rx.el.li(icon("map-pin"), rx.el.div(visit["place"], shown(way_in, rx.foreach(ways, _access)))),
        ),
        rx.el.li(icon("phone"), rx.el.a(visit["phone"], href="tel:" + visit["tel"].to(str))),
        class_name="meta",
    )
