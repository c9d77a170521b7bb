"""The gallery: every component in every state, light and dark; served where the settings say that developers are at home."""

import reflex as rx

from components.gallery import basics, inputs, surfaces
from components.gallery.frame import themed
from components.layout.professional import pro_page
from components.layout.values import PRO_NAVIGATION, Viewer
from components.ui.buttons import link_button
from components.ui.marks import label_text
from components.ui.states import not_found
from state.gallery import Gallery

VIEWER = Viewer(
    signed_in=True,
    name="Dr Claire Vasseur",
    detail="Médecine générale",
    initials="CV",
    place="Maison de santé des Tilleuls",
    home="/agenda",
    sign_out=rx.noop(),
)


def _sections() -> rx.Component:
    return rx.el.div(
        themed("Boutons", basics.buttons),
        themed("Marques", basics.marks),
        themed("Navigation", basics.movement),
        themed("Champs", inputs.fields),
        themed("Choix", inputs.choices),
        themed("Formulaire", inputs.trial_form),
        themed("Surfaces", surfaces.surfaces),
        themed("Messages", surfaces.messages),
        themed("États", surfaces.states),
        themed("Boîtes et menus", surfaces.layers),
        themed("Icônes", basics.drawings),
        rx.el.section(
            rx.el.h2("Densité des patients"),
            label_text("Les mêmes composants, à l’aise sur un téléphone."),
            rx.el.div(
                *[
                    rx.el.div(part(mark), class_name="gallery-theme")
                    for part, mark in ((basics.buttons, "p"), (inputs.fields, "p"), (inputs.choices, "p"))
                ],
                class_name="roomy gallery-themes",
            ),
            class_name="gallery-section",
        ),
        class_name="gallery",
    )


def gallery() -> rx.Component:
    """Show the gallery to developers, and nothing to others."""
    return pro_page(
        "Composants",
        "/developpement/composants",
        rx.cond(Gallery.developer, _sections(), not_found(link_button("Revenir à l’accueil", "/"))),
        viewer=VIEWER,
        navigation=PRO_NAVIGATION,
    )
