"""The cards of the settings that bring the practitioner's other calendars into the agenda."""

from typing import Final

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import password_field, select_field, text_field
from components.ui.forms import all_required, error_summary, form, form_actions
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.surfaces import card, card_body, facts
from state.outside import CalendarFileSetup as Files
from state.outside_link import LinkSetup as Link

FORGET: Final = "retirer-imports"
LEAVE: Final = "deconnecter-calendrier"
LEAVE_NOTHING: Final = "deconnecter-et-retirer"


class CalendarFile(rx.Component):
    """Chooses a calendar file, shows what it holds, imports it."""

    library = f"$/public{rx.asset('calendar_file.jsx', shared=True)}"
    tag = "CalendarFile"

    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class WhileWaiting(rx.Component):
    """Asks again while something is under way."""

    library = f"$/public{rx.asset('while_waiting.jsx', shared=True)}"
    tag = "WhileWaiting"

    active: rx.Var[bool]
    on_tick: rx.EventHandler[rx.event.no_args_event_spec]


def calendar_file_card() -> rx.Component:
    """Let a practitioner block the times of a calendar file, and take them away again."""
    return card(
        card_body(
            rx.el.p(
                "Bloquez dans votre agenda les plages d’un calendrier tenu ailleurs. Les patients n’y trouvent plus de créneau\u00a0; le "
                "cabinet y lit « Occupé ». Importer le même fichier une seconde fois met à jour.",
                class_name="soft",
            ),
            CalendarFile.create(on_done=Files.arrive),
            rx.cond(Files.ahead != "", _imported()),
        ),
        title="Importer un calendrier (.ics)",
    )


def _imported() -> rx.Component:
    return rx.el.div(
        rx.el.p(Files.ahead),
        rx.el.div(button("Tout retirer", icon_name="trash-2", variant="danger", opens=FORGET), class_name="form-actions"),
        confirm_dialog(
            identifier=FORGET,
            title="Retirer tout ce qui a été importé\u00a0?",
            message="Les plages venues de fichiers quittent l’agenda, leurs heures redeviennent libres. Vos rendez-vous ne changent pas.",
            confirm="Tout retirer",
            on_confirm=Files.forget,
        ),
        class_name="stack",
    )


def calendar_link_card() -> rx.Component:
    """Let a practitioner link a calendar both ways, and see how it goes."""
    return card(
        card_body(
            rx.el.p(
                "Reliez votre calendrier personnel (CalDAV : Nextcloud, Fastmail, Zimbra…). Ses événements bloquent votre agenda, sans "
                "leur intitulé\u00a0; vos rendez-vous y apparaissent « Occupé », sans nom ni motif.",
                class_name="soft",
            ),
            WhileWaiting.create(active=Link.working, on_tick=Link.arrive),
            rx.cond(Link.fault != "", note(Link.fault, meaning="warning")),
            rx.match(
                Link.status,
                ("none", _unlinked()),
                ("new", rx.fragment(_progress("Connexion au calendrier…"), _again(), _actions(written=False))),
                ("choose", rx.fragment(_choose(), _actions(written=False))),
                ("active", rx.fragment(_linked(), _actions(button("Synchroniser maintenant", Link.sync, icon_name="refresh-cw")))),
                ("stopped", rx.fragment(_linked(), _password(), _actions())),
                ("leaving", _progress("Déconnexion\u00a0: vos rendez-vous quittent ce calendrier…")),
                rx.fragment(),
            ),
        ),
        title="Relier un calendrier",
    )


def _progress(words: str) -> rx.Component:
    return rx.cond(Link.working, rx.el.p(words, role="status"))


def _unlinked() -> rx.Component:
    return form(
        error_summary(Link.summary),
        all_required(),
        text_field(
            "Adresse CalDAV",
            "address",
            kind="url",
            max_length=500,
            placeholder="https://",
            hint="Dans les réglages de votre service, à « CalDAV » ou « Adresse du serveur ».",
            error=Link.errors.get("address", ""),
        ),
        text_field("Identifiant", "user", error=Link.errors.get("user", "")),
        _password_field(),
        form_actions(button("Relier", submits=True, variant="primary")),
        on_submit=Link.link,
        label="Relier un calendrier",
    )


def _password_field() -> rx.Component:
    return password_field(
        "Mot de passe du calendrier",
        hint="De préférence un mot de passe d’application. Il est chiffré et ne sera plus affiché.",
        error=Link.errors.get("password", ""),
        identifier="champ-calendrier-mot-de-passe",
        new=True,
    )


def _password() -> rx.Component:
    return form(
        error_summary(Link.summary),
        _password_field(),
        form_actions(
            button("Réessayer avec ce mot de passe", submits=True, variant="primary"), button("Réessayer sans changer", Link.sync)
        ),
        on_submit=Link.link,
        label="Nouveau mot de passe",
    )


def _again() -> rx.Component:
    return rx.cond(Link.fault != "", form_actions(button("Réessayer", Link.sync, icon_name="refresh-cw")))


def _choose() -> rx.Component:
    return form(
        select_field("Quel calendrier relier\u00a0?", "calendar", Link.choices),
        form_actions(button("Relier ce calendrier", submits=True, variant="primary")),
        on_submit=Link.choose,
        label="Choisir un calendrier",
    )


def _linked() -> rx.Component:
    return rx.fragment(
        facts(
            ("Calendrier", Link.name),
            ("Dernière synchronisation", rx.cond(Link.synced != "", Link.synced, "Jamais encore")),
            ("Plages bloquées", Link.blocked),
        ),
        _progress("Synchronisation en cours…"),
    )


def _actions(*more: rx.Component, written: bool = True) -> rx.Component:
    words = "Les plages venues de ce calendrier quittent l’agenda, et leurs heures redeviennent libres. "
    return rx.el.div(
        rx.el.div(
            *more,
            button("Déconnecter", icon_name="trash-2", variant="danger", opens=LEAVE),
            button("Déconnecter et tout retirer", variant="danger", opens=LEAVE_NOTHING) if written else rx.fragment(),
            class_name="form-actions",
        ),
        confirm_dialog(
            identifier=LEAVE,
            title="Déconnecter ce calendrier\u00a0?",
            message=words + "Les rendez-vous que nous y avons inscrits y restent.",
            confirm="Déconnecter",
            on_confirm=Link.leave,
        ),
        confirm_dialog(
            identifier=LEAVE_NOTHING,
            title="Déconnecter et retirer nos rendez-vous\u00a0?",
            message=words + "Les rendez-vous que nous y avons inscrits en sont retirés.",
            confirm="Déconnecter et retirer",
            on_confirm=Link.leave_nothing,
        ),
        class_name="stack",
    )
