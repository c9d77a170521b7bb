"""Buttons, marks, ways to move."""

import reflex as rx

from components.gallery.frame import line, specimen
from components.ui.buttons import (
    button,
    button_group,
    count,
    danger_button,
    icon_button,
    link,
    link_button,
    primary_button,
    quiet_button,
)
from components.ui.icons import ICON_NAMES, icon
from components.ui.marks import Hue, avatar, chip, dot, hue_chip, kbd
from components.ui.navigation import breadcrumbs, pagination, segment, segments, tab, tab_panel, tabs
from components.ui.theme import theme_switch
from state.gallery import Gallery

LONG = "Renouvellement d’ordonnance avec examen de contrôle et compte rendu au médecin traitant"
HUES: tuple[Hue, ...] = ("azure", "indigo", "plum", "rose", "amber", "olive", "green", "teal")


def buttons(_mark: str) -> rx.Component:
    """Draw buttons in every variant and state."""
    return rx.el.div(
        specimen(
            "Variantes",
            line(
                button("Ouvrir le dossier"),
                primary_button("Confirmer", icon_name="check"),
                danger_button("Annuler le rendez-vous"),
                button("Supprimer", variant="danger-fill", icon_name="trash-2"),
                quiet_button("Plus tard"),
                primary_button("Rendez-vous", icon_name="plus", keys="n"),
            ),
        ),
        specimen(
            "Désactivé",
            line(
                button("Ouvrir", disabled=True),
                primary_button("Confirmer", disabled=True, icon_name="check"),
                danger_button("Annuler", disabled=True),
                quiet_button("Plus tard", disabled=True),
            ),
        ),
        specimen(
            "Attente (cliquer)",
            line(
                primary_button("Enregistrer", Gallery.wait, waiting=True),
                button("Basculer l’attente", Gallery.wait, waiting=Gallery.waiting),
            ),
        ),
        specimen(
            "Tailles et icônes",
            line(
                button("Petit", size="small"),
                button("Grand", size="large"),
                icon_button("printer", "Imprimer"),
                icon_button("ellipsis", "Autres actions", variant="plain", size="small"),
                link_button("Voir l’agenda", "/agenda", icon_name="calendar-days"),
            ),
        ),
        specimen("Enfoncé", line(button("Tout le groupe", pressed=True), button("Sur place", pressed=False))),
        specimen(
            "Groupe",
            button_group(
                icon_button("chevron-left", "Jour précédent", variant="plain"),
                button("Aujourd’hui"),
                icon_button("chevron-right", "Jour suivant", variant="plain"),
                label="Jour",
            ),
        ),
        specimen("Large, texte long", button(LONG, wide=True)),
        class_name="stack",
    )


def marks(_mark: str) -> rx.Component:
    """Draw chips, avatars, counts, keys."""
    return rx.el.div(
        specimen(
            "Étiquettes",
            line(
                chip("Neutre"),
                chip("Information", tone="info"),
                chip("Identité qualifiée", tone="success"),
                chip("E-mail à vérifier", tone="warning"),
                chip("Allergie : pénicilline", tone="danger"),
                chip("Téléconsultation", tone="accent", icon_name="video"),
                chip("Contour", tone="line"),
            ),
        ),
        specimen("Texte long", chip(LONG, tone="info")),
        specimen("Couleurs des motifs", line(*[hue_chip(hue, hue) for hue in HUES])),
        specimen("Points", line(*[dot(hue) for hue in HUES])),
        specimen(
            "Personnes", line(avatar("CV"), avatar("SM", hue="amber"), avatar("JK", hue="rose"), avatar("AB", hue="plum", large=True))
        ),
        specimen("Nombres", line(count("3"), count("12", alert=True, meaning=" en attente"), count("128"))),
        specimen("Touches", line(kbd("N"), kbd("Entrée"), kbd("Ctrl"), kbd("K"))),
        specimen(
            "Liens", rx.el.p("Voir ", link("les conditions", "/conditions"), " ou ", link("appeler", "tel:0100000000", outside=True), ".")
        ),
        class_name="stack",
    )


def movement(mark: str) -> rx.Component:
    """Draw tabs, segments, pages, trails."""
    names = (("jour", "Jour"), ("semaine", "Semaine"), ("liste", "Liste"))
    return rx.el.div(
        specimen(
            "Onglets",
            tabs(
                *[
                    tab(name, selected=Gallery.tab == key, controls=f"panneau-{key}-{mark}", on_select=Gallery.show(key))
                    for key, name in names
                ],
                label="Vues",
            ),
            *[
                tab_panel(rx.el.p(f"Contenu : {name.lower()}"), identifier=f"panneau-{key}-{mark}", selected=Gallery.tab == key)
                for key, name in names
            ],
        ),
        specimen(
            "Segments",
            segments(*[segment(name, pressed=Gallery.tab == key, on_click=Gallery.show(key)) for key, name in names], label="Vue"),
        ),
        specimen("Thème", theme_switch()),
        specimen("Pages", pagination(Gallery.page, 12, Gallery.turn, label=f"Pages {mark}")),
        specimen(
            "Fil",
            breadcrumbs(("Réglages", "/reglages"), ("Sites", "/reglages/sites"), here="Cabinet des Tilleuls", label=f"Fil d’Ariane {mark}"),
        ),
        class_name="stack",
    )


def drawings(_mark: str) -> rx.Component:
    """Draw every icon of the sprite with its name."""
    return rx.el.ul(
        *[rx.el.li(icon(name, large=True), rx.el.span(name, class_name="small soft")) for name in sorted(ICON_NAMES)],
        class_name="gallery-icons",
    )
