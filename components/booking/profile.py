"""What a public page says of its practitioner: the page shows it, and its owner's preview with the same words."""

from typing import Any

import reflex as rx

from components.booking.parts import demo_chip, person_head
from components.ui.icons import icon
from components.ui.kinds import Child
from state.profile_views import FeeView, PlaceView


def profile_card(view: Any, places: rx.Var[list[PlaceView]], fees: rx.Var[list[FeeView]]) -> rx.Component:
    """Draw who it is, what they say, where and how one comes, what it costs."""
    return rx.el.section(
        person_head(view["name"], view["specialty"], view["initials"], view["hue"], photo=view["photo"].to(str)),
        rx.cond(view["logo"], rx.el.img(src=view["logo"], alt=rx.Var.create("Logo de ") + view["name"].to(str), class_name="brand-logo")),
        demo_chip(view["demo"].to(bool)),
        rx.cond(view["presentation"], rx.el.p(view["presentation"], class_name="said")),
        rx.el.ul(rx.foreach(places, _place), class_name="meta"),
        _part("Tarifs", _fees(view, fees), (view["sector"] != "") | (view["fee_note"] != "") | (fees.length() > 0)),
        _part("Moyens de paiement", rx.el.p(view["payments"]), view["payments"] != ""),
        _part("Langues parlées", rx.el.p(view["languages"]), view["languages"] != ""),
        _part("Diplômes et parcours", rx.el.p(view["diplomas"], class_name="said"), view["diplomas"] != ""),
        rx.cond(view["rpps"], rx.el.p("Numéro RPPS\u00a0: ", view["rpps"], class_name="small soft figures")),
        class_name="card card-body stack",
        aria_label="Le professionnel",
    )


def _part(title: str, content: Child, shows: Any) -> rx.Component:
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
            rx.foreach(place["access"].to(list[str]), lambda line: rx.el.p(line, class_name="said")),
        ),
    )
