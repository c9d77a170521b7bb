"""The posters to print, one page a site, and what may be done about them."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.agenda.native import PrintButton
from components.layout.desk import DeskStyles
from components.layout.parts import common, legal_links, main
from components.ui.buttons import button, danger_button, link_button
from components.ui.forms import form, form_actions
from components.ui.layers import confirm_dialog
from components.ui.marks import skip_link
from components.ui.states import empty, failed, loading, skeleton
from state.posters import Posters


def posters_page() -> rx.Component:
    """Show each site's poster as it comes out of the printer."""
    page = rx.el.div(
        DeskStyles.create(),
        skip_link(),
        main(
            _bar(),
            rx.match(
                Posters.status,
                ("ready", rx.cond(Posters.posters.length() > 0, _all(), empty("Aucun lieu", "Ce cabinet n’a pas encore de lieu."))),
                ("failed", failed("Les affiches ne s’affichent pas", Posters.message, again(Posters.arrive))),
                loading(skeleton(width="40%", height="24px"), skeleton(height="60dvh"), label="Chargement des affiches"),
            ),
            class_name="paper",
        ),
        rx.el.footer(legal_links(plan=False), class_name="paper-foot"),
        common(),
    )
    return unless_refused(page, "Affiche d’arrivée", "Les affiches sont celles des cabinets.")


def _bar() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Affiche d’arrivée"),
        rx.el.span(class_name="grow"),
        link_button("Revenir à l’agenda", "/agenda", icon_name="chevron-left"),
        PrintButton.create(label="Imprimer", mark=rx.cond(Posters.printable, "affiche", ""), only_at_click=True),
        class_name="toolbar paper-bar",
    )


def _all() -> rx.Component:
    return rx.el.div(
        rx.foreach(Posters.posters, _site),
        _confirm(
            "renew",
            "Changer le code\u00a0?",
            "L’affiche en place cessera de répondre tout de suite. Imprimez la nouvelle et remplacez-la.",
            "Changer le code",
        ),
        _confirm("withdraw", "Retirer l’affiche\u00a0?", "Les patients ne pourront plus signaler leur arrivée ici.", "Retirer l’affiche"),
        class_name="posters",
    )


def _confirm(what: str, title: str, message: str, verb: str) -> rx.Component:
    return confirm_dialog(
        identifier=f"affiche-{what}",
        title=title,
        message=rx.el.p(rx.el.b(Posters.asked_site), ". ", message),
        confirm=verb,
        on_confirm=Posters.renew if what == "renew" else Posters.withdraw,
        opened=Posters.asking == what,
        on_close=Posters.keep,
        danger=what != "renew",
    )


def _site(poster: Any) -> rx.Component:
    return rx.el.section(
        rx.cond(
            poster["path"] != "",
            rx.fragment(_poster(poster), _settings(poster)),
            rx.el.div(
                rx.el.h2(poster["site"]),
                rx.el.p("Une affiche à l’entrée permet aux patients de signaler leur arrivée avec leur téléphone.", class_name="soft"),
                button(
                    "Créer l’affiche",
                    Posters.issue(poster["id"]),
                    variant="primary",
                    aria_label="Créer l’affiche, " + poster["site"].to(str),
                ),
                class_name="stack poster-none",
            ),
        ),
        key=poster["id"],
        aria_label=poster["site"],
    )


def _poster(poster: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(poster["practice"], class_name="poster-practice"),
        rx.el.h2("Vous avez rendez-vous\u00a0?"),
        rx.el.p("Signalez votre arrivée avec votre téléphone\u00a0: visez ce code avec l’appareil photo."),
        rx.el.svg(
            rx.el.svg.path(d=poster["path"]),
            view_box=poster["box"],
            role="img",
            aria_label=rx.Var.create("Code QR de l’arrivée, ") + poster["site"].to(str),
            class_name="poster-code",
        ),
        rx.el.p("Sans téléphone, présentez-vous à l’accueil."),
        rx.el.p(poster["site"], " · ", poster["address"], class_name="poster-place"),
        class_name="poster",
        data_theme="light",
    )


def _settings(poster: Any) -> rx.Component:
    ident = rx.Var.create("consigne-") + poster["id"].to(str)
    return rx.el.div(
        form(
            rx.el.input(type="hidden", name="site", value=poster["id"]),
            rx.el.div(
                rx.el.label("Où attendre", html_for=ident),
                rx.el.p("Lu par les patients une fois leur arrivée signalée.", class_name="hint"),
                rx.el.input(
                    id=ident,
                    name="directions",
                    class_name="input",
                    default_value=poster["directions"],
                    max_length=160,
                    placeholder="Salle d’attente du premier étage",
                    auto_complete="off",
                ),
                class_name="field",
            ),
            form_actions(button("Enregistrer", submits=True)),
            on_submit=Posters.direct,
            aria_label=rx.Var.create("Où attendre, ") + poster["site"].to(str),
        ),
        rx.el.p("Code en place depuis le ", poster["since"], class_name="small soft"),
        rx.el.div(
            button("Changer le code", Posters.ask("renew", poster["id"]), icon_name="refresh-cw"),
            danger_button("Retirer", Posters.ask("withdraw", poster["id"]), icon_name="trash-2"),
            class_name="row wrap",
        ),
        class_name="stack poster-settings",
    )
