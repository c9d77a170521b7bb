"""The page that the link of a message opens, without signing in."""

from typing import Any

import reflex as rx

from components.account.viewer import viewer
from components.booking.native import LinkToken
from components.booking.parts import call_first, person_head, preparation, slot_list, visit_facts
from components.layout.public import public_page
from components.ui.buttons import button, danger_button, link_button
from components.ui.icons import icon
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.native import Refocus
from components.ui.states import empty, ended, failed, loading, skeleton
from state.linked_visit import LinkedVisit as Page


def linked_page() -> rx.Component:
    """Show the visit of the link, to look at, cancel or move."""
    search = link_button("Prendre rendez-vous", "/", icon_name="search")
    mine = link_button("Mes rendez-vous", "/rendez-vous", icon_name="list")
    moved = rx.el.span("Il est maintenant le ", rx.el.b(Page.asked), ". Un message vous le confirme, avec un nouveau lien.")
    return public_page(
        "Votre rendez-vous",
        LinkToken.create(mark=Page.mark, on_read=Page.read),
        rx.el.div(
            rx.match(
                Page.status,
                ("ready", _ready()),
                ("over", empty("Ce lien ne sert plus", Page.message, mine, icon_name="calendar-x")),
                ("failed", failed("Ce rendez-vous ne s’affiche pas", Page.message, button("Réessayer", Page.arrive))),
                ("cancelled", ended("Rendez-vous annulé", "Le cabinet est prévenu. Un message vous le confirme.", search)),
                ("moved", ended("Rendez-vous déplacé", moved, mine)),
                loading(skeleton(width="50%", height="24px"), skeleton(height="160px")),
            ),
            aria_live="polite",
        ),
        viewer=viewer(),
        narrow=True,
    )


def _ready() -> rx.Component:
    visit = Page.visit
    return rx.el.div(
        rx.el.article(
            rx.el.p(icon("calendar-check"), rx.el.b(visit["when"]), class_name="when"),
            call_first(visit),
            person_head(visit["practitioner"], visit["specialty"], visit["initials"], visit["hue"]),
            visit_facts(visit),
            preparation(visit["instructions"], visit["bring"].to(list[str])),
            rx.cond(Page.message != "", rx.el.div(note(Page.message, meaning="warning"), role="alert")),
            rx.cond(visit["can_change"], _acts(), rx.el.p(visit["locked"], class_name="soft")),
            class_name="card card-body stack",
        ),
        rx.cond(Page.choosing, _days()),
        confirm_dialog(
            identifier="changer",
            title=rx.cond(Page.asking == "cancel", "Annuler ce rendez-vous ?", "Déplacer ce rendez-vous ?"),
            message=rx.cond(
                Page.asking == "cancel",
                rx.el.p("Votre rendez-vous du ", rx.el.b(Page.asked), " sera annulé, et son créneau proposé à d’autres."),
                rx.fragment(
                    rx.el.p("Il passe du ", rx.el.b(visit["when"]), " au ", rx.el.b(Page.asked), "."),
                    rx.cond(Page.until != "", rx.el.p("Ce créneau vous est réservé jusqu’à ", Page.until, ".", class_name="soft")),
                ),
            ),
            confirm=rx.cond(Page.asking == "cancel", "Annuler le rendez-vous", "Déplacer le rendez-vous"),
            cancel="Ne rien changer",
            danger=Page.asking == "cancel",
            opened=Page.asking != "",
            on_confirm=Page.confirm,
            on_close=Page.keep,
        ),
        class_name="stack",
    )


def _acts() -> rx.Component:
    return rx.el.div(
        # one button with two words, so that the focus stays on it
        button(rx.cond(Page.choosing, "Ne pas déplacer", "Déplacer"), Page.choose(~Page.choosing), icon_name="calendar-clock"),
        danger_button("Annuler le rendez-vous", Page.ask, icon_name="calendar-x"),
        class_name="form-actions",
    )


def _days() -> rx.Component:
    def slot(one: Any) -> rx.Component:
        return rx.el.button(one["label"], type="button", class_name="slot", aria_label=one["spoken"], on_click=Page.pick(one["key"]))

    def day(one: Any) -> rx.Component:
        return rx.el.section(
            rx.el.h3(one["day"], class_name="slot-part"),
            slot_list(one["slots"].to(list[dict[str, str]]), slot),
        )

    return rx.el.section(
        Refocus.create(target="nouveau-creneau"),
        rx.el.h2("Choisissez le nouveau créneau", id="nouveau-creneau", tab_index=-1),
        rx.cond(Page.days.length() > 0, rx.foreach(Page.days, day), rx.el.p("Aucun créneau libre ces jours-ci.", class_name="soft")),
        rx.cond(
            Page.more_days,
            rx.el.div(button("Voir les jours suivants", Page.more, icon_name="chevron-right")),
            rx.el.p("Rien n’est proposé ensuite. Pour une autre date, téléphonez au cabinet.", class_name="soft", role="status"),
        ),
        class_name="card card-body stack",
    )
