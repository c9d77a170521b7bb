"""What a public page says of its practitioner: the page shows it, and its owner's preview with the same words."""

from typing import Any

import reflex as rx

from components.booking.parts import demo_chip, person_head
from components.ui.icons import icon
from components.ui.kinds import Child, Text
from state.profile_views import FeeView, PlaceView


def profile_head(view: Any, places: rx.Var[list[PlaceView]]) -> rx.Component:
    """Draw who it is, and where one calls and comes: what stands before the booking."""
    return rx.el.section(
        person_head(view["name"], view["specialty"], view["initials"], view["hue"], photo=view["photo"].to(str)),
        demo_chip(view["demo"].to(bool)),
        rx.el.ul(rx.foreach(places, _place), class_name="meta"),
        class_name="card card-body stack",
        aria_label="Le professionnel",
    )


def profile_more(view: Any, places: rx.Var[list[PlaceView]], fees: rx.Var[list[FeeView]]) -> rx.Component:
    """Draw what they say, how one comes in, what it costs; a reason that is booked online says its fee itself."""
    listed = rx.cond(view["online"], [], fees).to(list[FeeView])
    return rx.el.section(
        rx.el.h2("À propos", id="a-propos"),
        rx.cond(view["logo"], rx.el.img(src=view["logo"], alt=rx.Var.create("Logo de ") + view["name"].to(str), class_name="brand-logo")),
        rx.cond(view["presentation"], rx.el.p(view["presentation"], class_name="said")),
        _part("Tarifs", _fees(view, listed), (view["sector"] != "") | (view["fee_note"] != "") | (listed.length() > 0)),
        _part("Moyens de paiement", rx.el.p(view["payments"]), view["payments"] != ""),
        rx.foreach(places, _access),
        _part("Langues parlées", rx.el.p(view["languages"]), view["languages"] != ""),
        _part("Diplômes et parcours", rx.el.p(view["diplomas"], class_name="said"), view["diplomas"] != ""),
        rx.cond(view["rpps"], rx.el.p("Numéro\u00a0: ", view["rpps"], class_name="small soft figures")),
        class_name="card card-body stack",
        aria_labelledby="a-propos",
    )


def _part(title: Text, content: Child, shows: Any) -> rx.Component:
    return rx.cond(shows, rx.el.div(rx.el.h3(title), content))


def _fees(view: Any, fees: rx.Var[list[FeeView]]) -> rx.Component:
    return rx.fragment(
        rx.cond(view["sector"], rx.el.p(view["sector"])),
        rx.cond(view["sector_hint"], rx.el.p(view["sector_hint"], class_name="small soft")),
        rx.cond(
            fees.length() > 0,
            rx.el.dl(
                rx.foreach(fees, lambda one: rx.fragment(rx.el.dt(one["name"]), rx.el.dd(one["fee"], class_name="figures"))),
                class_name="facts",
            ),
        ),
        rx.cond(view["fee_note"], rx.el.p(view["fee_note"], class_name="said")),
    )


def _place(place: Any) -> rx.Component:
    return rx.el.li(
        icon("map-pin"),
        rx.el.div(
            rx.el.span(place["name"], class_name="strong"),
            rx.el.br(),
            place["address"],
            rx.el.br(),
            rx.el.a(place["phone"], href="tel:" + place["tel"].to(str)),
        ),
    )


def _access(place: Any) -> rx.Component:
    lines = place["access"].to(list[str])
    title = rx.Var.create("Accès · ") + place["name"].to(str)
    return _part(title, rx.foreach(lines, lambda line: rx.el.p(line, class_name="said")), lines.length() > 0)
