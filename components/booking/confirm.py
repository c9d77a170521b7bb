"""Confirming a slot: one look, one tap."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.viewer import viewer
from components.booking.native import Countdown
from components.booking.parts import person_head, preparation, slot_list
from components.layout.public import public_page
from components.ui.buttons import button, link, link_button, primary_button, submit_button
from components.ui.choices import choice_cards
from components.ui.fields import date_field, text_field
from components.ui.forms import form, form_row
from components.ui.icons import icon
from components.ui.messages import note
from components.ui.states import empty, failed, loading, skeleton
from components.ui.surfaces import facts
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.settings import get_settings
from state.booking import Booking
from state.session import SessionState


def confirm_page() -> rx.Component:
    """Recall the slot, for whom it is, and ask for the one confirmation."""
    return public_page(
        rx.cond(Booking.moving, "Déplacer le rendez-vous", "Confirmer le rendez-vous"),
        rx.match(
            Booking.status,
            ("ready", _ready()),
            ("taken", _taken()),
            (
                "missing",
                empty(
                    "Ce créneau n’est pas proposé",
                    Booking.message,
                    link_button("Chercher un professionnel", "/", icon_name="search"),
                    icon_name="calendar-x",
                ),
            ),
            ("failed", failed("Cette page ne répond pas", Booking.message, again(Booking.arrive))),
            loading(skeleton(width="40%", height="24px"), skeleton(height="120px")),
        ),
        viewer=viewer(),
        narrow=True,
    )


def _ready() -> rx.Component:
    warning = rx.el.div(rx.cond(Booking.message != "", note(Booking.message, meaning="warning")), role="status")
    return rx.el.div(
        _summary(),
        preparation(Booking.slot["instructions"], Booking.slot["bring"].to(list[str])),
        warning,
        _held(),
        _for_whom(),
        _notice(),
        class_name="stack",
    )


def _held() -> rx.Component:
    """Say until when the slot is kept, or that it is not any more."""
    over = note(
        "Les dix minutes sont passées. Si personne ne l’a pris entre-temps, vous pouvez le retenir à nouveau.",
        title="Ce créneau n’est plus retenu pour vous",
        meaning="warning",
        action=button("Le retenir à nouveau", Booking.arrive),
    )
    kept = rx.el.p(
        icon("hourglass"),
        rx.el.span(
            "Créneau retenu pour vous jusqu’à ",
            rx.el.b(Booking.until),
            " ",
            Countdown.create(seconds=Booking.seconds, mark=Booking.until, on_end=Booking.run_out),
        ),
        class_name="row",
    )
    return rx.cond(Booking.run, rx.el.div(over, role="status"), rx.cond(Booking.until != "", kept))


def _summary() -> rx.Component:
    slot = Booking.slot
    return rx.el.section(
        rx.el.p(icon("calendar-check"), rx.el.b(slot["when"]), class_name="when"),
        rx.cond(Booking.moving, rx.el.p("Au lieu du ", Booking.moving, ".", class_name="soft")),
        person_head(slot["practitioner"], slot["specialty"], slot["initials"], slot["hue"]),
        facts(
            ("Motif", rx.fragment(slot["reason"], rx.el.br(), rx.el.span(slot["detail"], class_name="soft"))),
            ("Lieu", rx.fragment(slot["site"], rx.el.br(), slot["address"])),
        ),
        class_name="card card-body stack",
        aria_label="Le rendez-vous",
    )


def _for_whom() -> rx.Component:
    return rx.cond(
        SessionState.signed_in,
        rx.cond(
            SessionState.kind == ActorKind.PATIENT.value,
            rx.el.section(
                rx.cond(Booking.moving, _only_person(), _people()),
                primary_button(
                    rx.cond(Booking.moving, "Déplacer le rendez-vous", "Confirmer le rendez-vous"),
                    Booking.confirm,
                    size="large",
                    wide=True,
                    waiting=Booking.busy,
                ),
                link("Choisir un autre créneau", Booking.slot["back"]),
                class_name="stack",
            ),
            note(
                "Seul un compte patient prend rendez-vous ici. Depuis votre cabinet, passez par l’agenda.",
                title="Vous êtes connecté en tant que professionnel",
                meaning="warning",
                action=link_button("Ouvrir l’agenda", SessionState.home),
            ),
        ),
        rx.el.section(
            rx.el.p("Réserver demande un compte patient, gratuit. Le créneau sera à vous à la confirmation."),
            rx.el.a("Se connecter ou créer un compte", href=Booking.sign_in, class_name="button button-primary button-large button-wide"),
            link("Choisir un autre créneau", Booking.slot["back"]),
            class_name="stack",
        ),
    )


def _only_person() -> rx.Component:
    return rx.el.p(icon("user"), rx.el.span("Pour ", rx.el.b(Booking.people[0]["label"])), class_name="row")


def _people() -> rx.Component:
    """Ask for whom the visit is, among the people of the account, and let one add a relative without leaving."""
    return rx.fragment(
        rx.cond(
            Booking.people.length() > 1,
            choice_cards(
                "Pour qui est ce rendez-vous ?", "personne", Booking.people, value=Booking.person, on_change=Booking.choose_person
            ),
            _only_person(),
        ),
        rx.el.details(
            rx.el.summary(icon("user-plus"), rx.el.span("Ajouter un proche")),
            form(
                form_row(
                    text_field("Prénom", "given_name", error=Booking.errors["given_name"], max_length=80),
                    text_field("Nom", "family_name", error=Booking.errors["family_name"], max_length=80),
                ),
                date_field("Date de naissance", "birth_date", error=Booking.errors["birth_date"]),
                submit_button("Ajouter ce proche", variant="plain"),
                on_submit=Booking.add_relative,
                label="Ajouter un proche",
                draft="proche",
                owner=SessionState.account,
                done=Booking.added,
                class_name="card card-body stack",
            ),
            class_name="unfolds",
        ),
    )


def _notice() -> rx.Component:
    """Say who answers for lateness and cancellations (terms of use, article 8.1)."""
    name = get_settings().operator_name
    return note(
        f"Le professionnel peut avoir du retard, ou devoir annuler ou modifier ce rendez-vous. {name} vous transmet l’information quand "
        "le cabinet la donne, mais n’est pas responsable de ces retards, annulations et modifications. Si vous ne pouvez pas venir, "
        "annulez ou déplacez le rendez-vous depuis « Mes rendez-vous ».",
        title="Bon à savoir",
    )


def _taken() -> rx.Component:
    def other(slot: Any) -> rx.Component:
        return link(slot["label"], slot["href"], class_name="slot")

    slot = Booking.slot
    return rx.el.div(
        rx.el.p(rx.el.b(slot["when"]), " · ", slot["practitioner"], " · ", slot["reason"]),
        note(Booking.message, title="Ce rendez-vous n’est pas pris", meaning="warning"),
        rx.cond(
            Booking.others.length() > 0,
            rx.el.section(
                rx.el.h2("Les créneaux les plus proches"),
                slot_list(Booking.others, other, "next-slots"),
                class_name="card card-body stack",
            ),
        ),
        link_button("Voir tous les créneaux", slot["back"], icon_name="calendar-search"),
        class_name="stack",
    )
