"""The trail as a page: a practitioner's own practice, and everybody's acts for the operator."""

from typing import Any, Final

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.layout.professional import pro_page
from components.layout.public import public_page
from components.operations.pages import guarded
from components.ui.buttons import button, submit_button
from components.ui.fields import calendar_field, search_field, select_field
from components.ui.forms import form_row
from components.ui.navigation import breadcrumbs
from components.ui.states import empty, failed, loading, skeleton
from components.ui.surfaces import card, divided, list_row
from maiia_pro.journal.labels import GROUP_LABELS
from state.journal import Journal

GROUPS: Final = [("", "Tous les actes"), *((group.value, label) for group, label in GROUP_LABELS.items())]
TITLE: Final = "Journal des accès"


def journal_page() -> rx.Component:
    """Show a practitioner who did what in the practice."""
    page = pro_page(
        TITLE,
        "/reglages",
        rx.el.div(_failure(), _asked(practice=True), _answer(), class_name="figures-page stack"),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    return unless_refused(page, TITLE, "Le journal est celui des praticiens. Un patient a le sien dans son compte.")


def operator_journal_page() -> rx.Component:
    """Show the operator who did what, without any patient's name."""
    return public_page(
        TITLE,
        guarded(
            rx.el.div(
                breadcrumbs(("Exploitation", "/operateur"), here=TITLE), _failure(), _asked(practice=False), _answer(), class_name="stack"
            ),
            "Cette page est celle de l’exploitant.",
        ),
        viewer=viewer(),
        active="/operateur",
        lead="Qui a fait quoi, et d’où. Aucun nom de patient, rien de médical.",
    )


def _asked(*, practice: bool) -> rx.Component:
    days = form_row(_day("Du", "first"), _day("Au", "last"))
    group = select_field("Genre d’acte", "group", GROUPS, value=_value("group"), on_change=lambda value: Journal.ask("group", value))
    person = _words("Qui a agi, par nom ou e-mail", "person")
    if not practice:
        return rx.el.div(days, form_row(group, person), class_name="stack", role="search")
    whose = select_field(
        "Pour quel praticien",
        "practitioner",
        Journal.practitioners,
        value=_value("practitioner"),
        on_change=lambda value: Journal.ask("practitioner", value),
    )
    return rx.el.div(
        days, form_row(group, whose), form_row(person, _words("Patient concerné", "patient")), class_name="stack", role="search"
    )  # fmt: skip


def _value(field: str) -> Any:
    return Journal.asked.get(field, "")


def _day(label: str, field: str) -> rx.Component:
    return calendar_field(
        label, field, default_value=_value(field), error=Journal.errors.get(field, ""),
        on_change=lambda typed: Journal.ask(field, typed).debounce(400),
    )  # fmt: skip


def _words(label: str, field: str) -> rx.Component:
    return search_field(
        label, field, default_value=_value(field), error=Journal.errors.get(field, ""), optional=True,
        on_change=lambda typed: Journal.ask(field, typed).debounce(400),
    )  # fmt: skip


def _failure() -> rx.Component:
    """Say above the filters that nothing can be read: below them a phone would not show it."""
    said = failed("Le journal ne s’affiche pas", Journal.message, again(Journal.arrive))
    return rx.cond(Journal.status == "failed", said)


def _answer() -> rx.Component:
    return rx.match(
        Journal.status,
        ("ready", _acts()),
        ("failed", rx.fragment()),
        loading(skeleton(height="260px"), label="Lecture du journal"),
    )


def _acts() -> rx.Component:
    file = rx.el.form(
        rx.foreach(Journal.file, lambda one: rx.el.input(type="hidden", name=one["name"], value=one["value"], read_only=True)),
        submit_button("Exporter (CSV)", variant="plain", size="small", icon_name="file-text"),
        action="/api/journal",
        method="post",
        on_submit=None,  # the browser sends it: Reflex would keep it from doing so
    )
    return rx.cond(
        Journal.acts.length() > 0,
        rx.el.div(
            card(divided(rx.foreach(Journal.acts, _act)), title="Actes, le dernier en tête", aside=file),
            rx.cond(Journal.more, button("Voir la suite", Journal.go_on)),
            class_name="stack",
        ),
        empty("Aucun acte", "Élargissez la période, ou retirez un filtre.", icon_name="list"),
    )


def _act(one: Any) -> rx.Component:
    return list_row(
        rx.el.div(
            rx.el.p(rx.el.span(one["act"], class_name="strong"), rx.cond(one["on"] != "", rx.el.span(" · ", one["on"]))),
            rx.el.p(one["who"], class_name="small"),
            rx.el.p(one["when"], rx.cond(one["place"] != "", rx.el.span(" · ", one["place"])), class_name="small soft"),
            class_name="grow",
        )
    )
