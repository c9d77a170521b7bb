"""The page of one visit: what, when, where, for whom, what to bring, and what may be done about it."""

import reflex as rx

from components.account.patient_page import patient_page
from components.agenda.native import PrintButton
from components.booking.parts import call_first, person_head, preparation, standing_chip, visit_facts
from components.ui.buttons import danger_button, link_button
from components.ui.icons import icon
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.native import Watch
from components.ui.states import empty
from state.own_visit import OwnVisit as Visit


def visit_page() -> rx.Component:
    """Show the visit that the address names, to the account whose it is."""
    back = link_button("Tous mes rendez-vous", "/rendez-vous", icon_name="list")
    return patient_page(
        _title(),
        Visit,
        ("ready", rx.el.div(_ready(), rx.el.div(back, class_name="form-actions"), class_name="stack")),
        ("missing", empty("Rendez-vous introuvable", "Il n’est pas à votre nom. Regardez parmi les vôtres.", back, icon_name="calendar-x")),
        broken="Ce rendez-vous ne s’affiche pas",
    )


def _title() -> rx.Var[str]:
    """The heading takes the focus and is read out: it says what was just done."""
    done = rx.match(Visit.done, ("moved", "C’est déplacé"), ("known", "Ce rendez-vous est déjà le vôtre"), "C’est confirmé")
    return rx.cond(Visit.fresh != "", done, "Votre rendez-vous").to(str)


def _ready() -> rx.Component:
    visit = Visit.visit
    return rx.el.section(
        rx.cond(Visit.watched != "", Watch.create(topic=f"slots:{Visit.watched}", on_change=Visit.changed)),
        rx.el.article(
            rx.el.p(icon(_mark()), rx.el.b(visit["when"]), class_name="when"),
            call_first(visit),
            rx.cond(Visit.fresh == visit["id"], _done()),
            rx.cond(Visit.coming, rx.fragment(), rx.el.div(standing_chip(visit))),
            person_head(visit["practitioner"], visit["specialty"], visit["initials"], visit["hue"]),
            visit_facts(visit, way_in=Visit.coming),
            rx.cond(Visit.coming, rx.fragment(preparation(visit["instructions"], visit["bring"].to(list[str])), _outlets())),
            rx.cond(Visit.coming, _acts(), rx.el.div(link_button("Reprendre rendez-vous", visit["again"]))),
            class_name="card card-body stack",
        ),
        confirm_dialog(
            identifier="annuler",
            title="Annuler ce rendez-vous ?",
            message=rx.el.p("Votre rendez-vous du ", rx.el.b(visit["when"]), " sera annulé, et son créneau proposé à d’autres."),
            confirm="Annuler le rendez-vous",
            cancel="Garder le rendez-vous",
            on_confirm=Visit.cancel,
            opened=Visit.asking,
            on_close=Visit.keep,
        ),
        aria_label=rx.cond(Visit.coming, "Rendez-vous à venir", "Rendez-vous passé ou annulé"),
    )


def _mark() -> rx.Var[str]:
    """Tick only what is to come."""
    return rx.cond(Visit.coming, "calendar-check", rx.cond(Visit.visit["cancelled"], "calendar-x", "calendar-days")).to(str)


def _done() -> rx.Component:
    sent = note("Vous le retrouvez ici et dans le message qui vient de partir.", meaning="success")
    return rx.cond(Visit.done == "known", note("Vous l’aviez déjà pris\u00a0: rien n’a été changé."), sent)


def _outlets() -> rx.Component:
    visit = Visit.visit
    return rx.el.div(
        link_button("Ajouter à mon agenda", visit["file"], icon_name="calendar-plus", outside=True),
        rx.cond(visit["video"], rx.fragment(), link_button("Ouvrir dans un plan", visit["map"], icon_name="map-pin", outside=True)),
        PrintButton.create(label="Imprimer", mark=visit["id"], only_at_click=True, quiet=True),
        class_name="form-actions",
    )


def _acts() -> rx.Component:
    visit = Visit.visit
    return rx.cond(
        visit["locked"] != "",
        rx.el.p(visit["locked"], class_name="soft"),
        rx.el.div(
            rx.cond(visit["move"] != "", link_button("Déplacer", visit["move"], icon_name="calendar-clock")),
            danger_button("Annuler", Visit.ask, icon_name="calendar-x"),
            class_name="form-actions",
        ),
    )
