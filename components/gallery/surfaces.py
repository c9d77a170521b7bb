"""Cards, lists, tables, messages, states, layers."""

from typing import Final

import reflex as rx

from components.gallery.frame import line, specimen
from components.ui.buttons import button, icon_button, primary_button
from components.ui.icons import icon
from components.ui.keys import shortcut
from components.ui.layers import confirm_dialog, dialog, menu, menu_button, menu_item, menu_line
from components.ui.marks import avatar, chip
from components.ui.messages import banner, note
from components.ui.states import empty, ended, failed, loading, not_allowed, not_found, offline, progress, skeleton_lines
from components.ui.surfaces import card, card_body, divided, facts, list_row, row, table, timeline, timeline_event
from state.gallery import Gallery

TABLE: Final = ["Heure", "Patient", ("Durée", "number")]


def surfaces(mark: str) -> rx.Component:
    """Draw cards, lists, facts, tables, timelines."""
    return rx.el.div(
        card(
            card_body(facts(("Né le", "12/03/1979, 47 ans"), ("Téléphone", "06 39 98 41 27"), ("Médecin traitant", "Dr Claire Vasseur"))),
            title="Samir Haddad",
            aside=chip("Identité qualifiée", tone="success"),
        ),
        card(
            divided(
                list_row(
                    avatar("NL"),
                    rx.el.span("Nolwenn Le Goff", class_name="grow strong clip"),
                    rx.el.span("4 min", class_name="soft"),
                    href="/agenda",
                ),
                list_row(
                    avatar("MG", hue="rose"), rx.el.span("Mathis Garnier", class_name="grow strong clip"), href="/agenda", current=True
                ),
                list_row(
                    icon("door-open"),
                    rx.el.span("Samir Haddad, arrivé en avance pour sa téléconsultation", class_name="grow clip"),
                    on_click=rx.noop(),
                ),
            ),
            title="Salle d’attente",
        ),
        card(
            table(
                f"Rendez-vous du jour {mark}",
                TABLE,
                row(TABLE, "8 h 30", "Henri Lemaire", "15 min"),
                row(TABLE, "8 h 45", "Aïssatou Diallo", "30 min"),
            )
        ),
        specimen(
            "Historique",
            timeline(
                timeline_event("Déplacé à 11 h 50", "mardi 24 novembre, 10 h 42", detail="par Sylvie Moreau"),
                timeline_event("Réservé en ligne", "lundi 16 novembre, 21 h 05"),
            ),
        ),
        class_name="stack",
    )


def messages(_mark: str) -> rx.Component:
    """Draw banners, notes, toasts."""
    tell = [("success", "Fait"), ("info", "Nouvelle"), ("warning", "Attention"), ("error", "Erreur")]
    return rx.el.div(
        banner("Maintenance prévue dimanche de 6 h à 7 h.", spoken=False),
        banner(
            "Votre adresse e-mail reste à confirmer.", meaning="warning", action=button("Renvoyer l’e-mail", size="small"), spoken=False
        ),
        note("Le rendez-vous est confirmé et un e-mail est parti.", title="C’est noté", meaning="success"),
        note("Ce créneau vient d’être réservé. Choisissez-en un autre.", meaning="danger"),
        note("Apportez votre carte Vitale et vos dernières ordonnances.", title="À prévoir"),
        specimen("Annonces", line(*[button(name, Gallery.tell(kind), size="small") for kind, name in tell])),
        class_name="stack",
    )


def states(_mark: str) -> rx.Component:
    """Draw what a view shows when it is not full."""
    return rx.el.div(
        card(
            empty(
                "Aucun rendez-vous",
                "La journée est libre.",
                primary_button("Donner un rendez-vous", icon_name="plus"),
                icon_name="calendar-days",
            )
        ),
        card(
            failed(
                "L’agenda ne s’ouvre pas",
                "Rien n’est perdu. Réessayez, ou appelez l’assistance.",
                button("Réessayer", icon_name="refresh-cw"),
            )
        ),
        card(offline(button("Réessayer"))),
        card(not_allowed(button("Revenir à l’agenda"))),
        card(ended("Rendez-vous terminé", "Le compte rendu est dans le dossier.")),
        card(not_found(button("Revenir à l’accueil"))),
        card(loading(skeleton_lines(4))),
        card(card_body(progress(62, label="Import des patients", detail="186 sur 300", cancel=button("Arrêter", size="small")))),
        card(card_body(progress(None, label="Envoi en cours"))),
        class_name="stack",
    )


def layers(mark: str) -> rx.Component:
    """Draw dialogs and menus."""
    return rx.el.div(
        line(
            button("Ouvrir une boîte", opens=f"boite-{mark}"),
            button("Confirmer par le serveur", Gallery.ask(True)) if mark == "c" else rx.fragment(),
            button("Raccourcis", opens="raccourcis"),
            button("Palette", opens="palette"),
            menu_button("Actions du rendez-vous", f"menu-{mark}"),
            icon_button("keyboard", "Raccourcis clavier", opens="raccourcis"),
        ),
        dialog(
            rx.el.p("Le contenu défile, le pied reste en place."),
            identifier=f"boite-{mark}",
            title="Déplacer le rendez-vous",
            intro="Samir Haddad, mardi 24 novembre, 11 h 00",
            footer=line(primary_button("Déplacer", closes=True), button("Ne rien changer", closes=True)),
        ),
        confirm_dialog(
            identifier="boite-serveur",
            title="Annuler ce rendez-vous ?",
            message="Le patient reçoit un e-mail. Le créneau redevient libre.",
            confirm="Annuler le rendez-vous",
            on_confirm=Gallery.ask(False),
            opened=Gallery.asked,
            on_close=Gallery.ask(False),
        )
        if mark == "c"
        else rx.fragment(),
        menu(
            menu_item("Ouvrir le dossier", rx.noop(), icon_name="file-text", keys="O"),
            menu_item("Déplacer", rx.noop(), icon_name="move"),
            menu_item("Imprimer", rx.noop(), icon_name="printer", disabled=True),
            menu_line(),
            menu_item("Supprimer", rx.noop(), icon_name="trash-2", danger=True),
            identifier=f"menu-{mark}",
            label="Actions du rendez-vous",
        ),
        shortcut("w", "Basculer l’attente", Gallery.wait, bar=True) if mark == "c" else rx.fragment(),
        class_name="stack",
    )
