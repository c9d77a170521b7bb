"""Fields and choices in every state."""

import reflex as rx

from components.gallery.frame import specimen
from components.ui.buttons import button, submit_button
from components.ui.choices import Choice, choice_cards, radio_group
from components.ui.fields import (
    calendar_field,
    checkbox,
    combobox_field,
    date_field,
    email_field,
    password_field,
    phone_field,
    search_field,
    select_field,
    text_area,
    text_field,
    time_field,
)
from components.ui.forms import error_summary, form, form_actions, form_row
from state.gallery import Gallery

REASONS: list[Choice] = [
    {"value": "consultation", "label": "Consultation", "detail": "15 min, au cabinet"},
    {"value": "video", "label": "Téléconsultation", "detail": "15 min, en vidéo"},
]


def fields(mark: str) -> rx.Component:
    """Draw fields: plain, with a hint, wrong, off, long."""
    return rx.el.div(
        text_field("Nom", f"nom-{mark}", auto_complete="family-name"),
        email_field(name=f"email-{mark}", hint="Pour la confirmation du rendez-vous"),
        email_field(
            "Adresse e-mail, avec erreur",
            f"email-faux-{mark}",
            default_value="claire@",
            error="Indiquez une adresse e-mail, comme nom@exemple.fr.",
        ),
        phone_field(name=f"tel-{mark}", optional=True),
        date_field("Date de naissance", f"naissance-{mark}"),
        form_row(calendar_field("Jour", f"jour-{mark}"), time_field("Heure", f"heure-{mark}")),
        password_field(name=f"mdp-{mark}"),
        search_field("Médecin ou spécialité", f"q-{mark}", placeholder="Dr Vasseur, pédiatre…"),
        combobox_field(
            "Ville, avec propositions",
            f"ville-{mark}",
            options=rx.Var.create([{"title": "Angers", "detail": "49", "words": "Angers", "href": ""}]),
            answered=rx.Var.create("ang"),
            on_query=rx.noop(),
            default_value="ang",
            icon_name="map-pin",
        ),
        text_field("Numéro de dossier, désactivé", f"dossier-{mark}", default_value="2026-0042", disabled=True),
        select_field("Motif", f"motif-{mark}", [("c", "Consultation"), ("v", "Vaccination")], placeholder="Choisir…"),
        select_field("Site, avec erreur", f"site-{mark}", [("n", "Nantes")], placeholder="Choisir…", error="Choisissez un site."),
        text_area("Note du cabinet", f"note-{mark}", optional=True, hint="Le patient ne la voit pas."),
        class_name="stack gallery-fields",
    )


def choices(mark: str) -> rx.Component:
    """Draw checkboxes, radios, cards."""
    return rx.el.div(
        specimen(
            "Cases à cocher",
            checkbox("J’accepte les conditions d’utilisation", f"cgu-{mark}", default_checked=True),
            checkbox("M’envoyer un rappel par SMS", f"sms-{mark}", hint="La veille du rendez-vous, vers 18 h."),
            checkbox("Je suis le responsable légal", f"legal-{mark}", error="Cochez la case pour continuer."),
            checkbox("Indisponible", f"non-{mark}", disabled=True),
        ),
        radio_group("Civilité", f"civilite-{mark}", [("mme", "Madame"), ("m", "Monsieur")], default_value="mme"),
        radio_group("Déjà venu ?", f"connu-{mark}", [("oui", "Oui"), ("non", "Non")], error="Répondez par oui ou par non."),
        choice_cards("Motif de la visite", f"carte-{mark}", REASONS),
        class_name="stack",
    )


def trial_form(mark: str) -> rx.Component:
    """Draw a form whose refusal keeps what was typed."""
    if mark == "s":
        return rx.el.p("L’essai du formulaire est à gauche.", class_name="soft")
    return form(
        error_summary(Gallery.errors),
        email_field(
            name="essai-email", error=rx.cond(Gallery.errors.length() > 0, "Indiquez une adresse e-mail, comme nom@exemple.fr.", "")
        ),
        date_field("Date de naissance", "essai-naissance", error=rx.cond(Gallery.errors.length() > 0, "Le 31 février n’existe pas.", "")),
        password_field(name="essai-mdp", new=True),
        form_actions(submit_button("Créer le compte"), button("Comme si c’était enregistré", Gallery.finish)),
        on_submit=Gallery.refuse,
        label="Essai",
        draft="essai",
        done=Gallery.done,
    )
