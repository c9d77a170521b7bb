"""The operator's overview, the demonstration's outbox and the public status of the service."""

from typing import Any, Final

import reflex as rx

from components.account.again import again
from components.account.contact import readable
from components.account.viewer import viewer
from components.layout.public import public_page
from components.onboarding.company import company_dialog
from components.onboarding.opening import open_practice_button, open_practice_dialog
from components.operations.declarations import declarations_card
from components.ui.buttons import button, link_button
from components.ui.icons import icon
from components.ui.layers import confirm_dialog, dialog
from components.ui.marks import chip
from components.ui.messages import note
from components.ui.states import empty, failed, loading, not_allowed
from components.ui.surfaces import card, card_body, divided, facts, list_row, row, table
from maiia_pro.kernel.actor import ActorKind
from state.company import PracticeCompany
from state.opening_practice import OpenPractice
from state.operations import OperatorDesk, Outbox, ServiceStatus
from state.session import SessionState

PRACTICES: Final = ["Cabinet", "Offre", "Depuis", ("Sites", "number"), ("Professionnels", "number"), ("Comptes", "number"), "Actions"]


def status_page() -> rx.Component:
    """Tell whether the service answers now, and how often it did."""
    return public_page(
        "État du service",
        rx.match(
            ServiceStatus.status,
            (
                "ready",
                rx.el.div(
                    note("Les pages, les rendez-vous et la base de données répondent.", title="Le service fonctionne", meaning="success"),
                    card(
                        card_body(
                            facts(
                                ("Sur trente jours", rx.el.b(ServiceStatus.share)),
                                ("Mesurée depuis", rx.cond(ServiceStatus.since, ServiceStatus.since, "le prochain démarrage")),
                            )
                        ),
                        title="Disponibilité",
                    ),
                    rx.el.p(
                        "Chaque minute où le service a répondu est comptée ; une maintenance annoncée compte comme une absence.",
                        class_name="soft small",
                    ),
                    class_name="stack",
                ),
            ),
            (
                "failed",
                failed(
                    "Le service ne répond pas entièrement",
                    "La base de données ne répond pas. Nos équipes en sont averties ; réessayez dans quelques minutes.",
                    button("Réessayer", ServiceStatus.arrive),
                ),
            ),
            loading(),
        ),
        viewer=viewer(),
        active="/etat",
        narrow=True,
    )


def operator_page() -> rx.Component:
    """Show the practices and the accounts."""
    return public_page(
        "Exploitation",
        guarded(
            rx.match(
                OperatorDesk.status,
                ("ready", _overview()),
                ("failed", failed("Le tableau ne s’affiche pas", OperatorDesk.message, again(OperatorDesk.arrive))),
                loading(),
            ),
            "Cette page est celle de l’exploitant.",
        ),
        viewer=viewer(),
        active="/operateur",
    )


def guarded(content: rx.Component, message: str) -> rx.Component:
    """Show what is for the operator, or say to whoever else is signed in that it is not theirs."""
    return rx.cond(SessionState.forbidden, not_allowed(link_button("Revenir à l’accueil", SessionState.home), message=message), content)


def _overview() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(
                OperatorDesk.accounts,
                lambda count: rx.el.div(
                    rx.el.b(count["number"], class_name="figure figures"),
                    rx.el.span(count["label"], class_name="soft"),
                    class_name="card tally",
                ),
            ),
            class_name="tallies",
            role="group",
            aria_label="Comptes actifs",
        ),
        card(
            rx.cond(
                OperatorDesk.practices.length() > 0,
                table(
                    "Cabinets",
                    PRACTICES,
                    rx.foreach(OperatorDesk.practices, _practice),
                ),
                empty("Aucun cabinet", "Le premier cabinet apparaîtra ici dès sa création.", icon_name="building-2"),
            ),
            title="Cabinets",
            aside=open_practice_button(),
        ),
        _offer_dialog(),
        open_practice_dialog(),
        company_dialog(),
        declarations_card(),
        card(
            card_body(
                rx.el.p("Chercher un compte, le suspendre, le désactiver ou le rétablir."),
                link_button("Ouvrir les comptes", "/operateur/comptes", icon_name="users"),
            ),
            title="Comptes",
        ),
        _chain(),
        card(
            card_body(
                rx.el.p("Les e-mails et les SMS de la démonstration restent lisibles ici, même sans serveur."),
                link_button("Ouvrir la boîte d’envoi", "/demonstration/courriels", icon_name="mail"),
            ),
            title="Messages",
        ),
        class_name="stack",
    )


def _chain() -> rx.Component:
    """Say whether the trail is whole, and lead to it."""
    return card(
        card_body(
            rx.cond(
                OperatorDesk.broken,
                note(OperatorDesk.chain, title="Le journal des accès a été altéré", meaning="danger"),
                rx.el.p(OperatorDesk.chain),
            ),
            link_button("Ouvrir le journal", "/operateur/journal", icon_name="list"),
        ),
        title="Journal des accès",
    )


def _practice(line: Any) -> rx.Component:
    name = rx.el.span(line["name"], rx.cond(line["demo"], rx.el.span(" ", chip("Démonstration", tone="line"))))
    other = rx.cond(line["premium"], "Passer à l’offre Initial", "Passer à l’offre Premium")
    change = rx.el.span(
        button(other, OperatorDesk.ask(line["id"]), size="small"),
        button("Société", PracticeCompany.open(line["id"]), size="small"),
        rx.cond(line["waiting"], button("Renvoyer le lien", OpenPractice.send_again(line["id"]), size="small")),
        class_name="row wrap",
    )
    return row(PRACTICES, name, *[line[key] for key in ("offer", "since", "sites", "practitioners", "accounts")], change)


def _offer_dialog() -> rx.Component:
    premium = OperatorDesk.asked["premium"]
    leaves = "Les patients ne pourront plus prendre rendez-vous en ligne\u00a0: la page publique ne montrera plus de créneau."
    comes = "Les patients pourront prendre rendez-vous en ligne sur les créneaux que les praticiens ont ouverts."
    return confirm_dialog(
        identifier="offre",
        title=rx.cond(premium, "Passer ce cabinet à l’offre Initial\u00a0?", "Passer ce cabinet à l’offre Premium\u00a0?"),
        message=rx.el.div(
            rx.el.p(rx.el.b(OperatorDesk.asked["name"])),
            rx.el.p(rx.cond(premium, leaves, comes)),
            rx.el.p("Rien n’est effacé\u00a0: agenda, réglages, rendez-vous pris et fiches restent tels quels."),
            class_name="stack",
        ),
        confirm=rx.cond(premium, "Passer à l’offre Initial", "Passer à l’offre Premium"),
        on_confirm=OperatorDesk.change,
        opened=OperatorDesk.asked["id"] != "",
        on_close=OperatorDesk.keep,
        danger=False,
    )


def outbox_page() -> rx.Component:
    """List the messages of the demonstration; one opens over the list."""
    return public_page(
        "Messages de la démonstration",
        rx.match(
            Outbox.status,
            ("ready", _mails()),
            ("failed", failed("La boîte d’envoi ne s’ouvre pas", Outbox.message, again(Outbox.arrive))),
            loading(),
        ),
        viewer=viewer(),
        narrow=True,
        lead="Simulation\u00a0: les e-mails et les SMS que la démonstration enverrait. Aucune adresse, aucun numéro n’y est réel.",
    )


def _mails() -> rx.Component:
    return rx.el.div(
        rx.cond(
            SessionState.kind != ActorKind.OPERATOR.value,
            rx.el.p("Les liens qui ouvrent un compte n’y sont montrés qu’à l’exploitant de la démonstration.", class_name="small soft"),
        ),
        rx.el.div(button("Actualiser", Outbox.arrive, icon_name="refresh-cw", size="small"), class_name="row"),
        rx.cond(
            Outbox.mails.length() > 0,
            card(divided(rx.foreach(Outbox.mails, _line))),
            empty(
                "Aucun message",
                "Prenez un rendez-vous : sa confirmation arrive ici.",
                link_button("Prendre rendez-vous", "/"),
                icon_name="mail",
            ),
        ),
        dialog(
            rx.el.div(
                facts(("À", readable(Outbox.mail["recipient"])), ("Écrit", Outbox.mail["when"])),
                rx.cond(
                    Outbox.mail["calendar"],
                    rx.el.p(icon("calendar-check"), rx.el.span("Avec un fichier d’agenda (rendez-vous.ics)"), class_name="row"),
                ),
                rx.el.pre(Outbox.mail["body"], class_name="mail-text"),
                class_name="stack",
            ),
            identifier="courriel",
            title=Outbox.mail["subject"],
            opened=Outbox.mail["id"] != "",
            on_close=Outbox.close,
            wide=True,
            light_dismiss=True,
        ),
        class_name="stack",
    )


def _line(mail: Any) -> rx.Component:
    state = rx.cond(mail["sent"], chip("Envoyé", tone="success"), chip("En attente", icon_name="hourglass"))
    return list_row(
        icon("mail"),
        rx.el.span(
            rx.cond(mail["sms"], rx.el.span(chip("SMS", tone="line"), " ")),
            rx.el.span(mail["subject"], class_name="strong"),
            rx.el.span(rx.el.span(readable(mail["recipient"])), rx.el.span(mail["when"]), class_name="small soft mail-detail"),
            class_name="grow mail-line",
        ),
        state,
        on_click=Outbox.open(mail["id"]),
    )
