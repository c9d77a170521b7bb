"""The licence that a practitioner grants before patients may see their page (terms of use, « Agenda premium »), in our own words."""

from typing import Final

VERSION: Final = "2026-11"
"""Of the text below: whoever agreed to another version is asked again when they next publish."""
CARRIED_OVER: Final = "conditions"
"""Version of the consents of pages that were public before this licence was asked for: granted with the terms of use alone."""

TEXT: Final = (
    (
        "Vous autorisez l’exploitant du service à utiliser, reproduire, communiquer et diffuser les informations, les photos, les "
        "logos et les marques que vous avez saisis dans votre page, pour la montrer aux patients et la faire trouver."
    ),
    "Cette autorisation est gratuite et non exclusive : tout cela reste à vous et vous en faites l’usage que vous voulez ailleurs.",
    "Elle dure tant que votre page est publiée. Vous la retirez quand vous voulez : la page disparaît aussitôt.",
    "Vous confirmez avoir le droit d’utiliser ces photos, ces logos et ces marques.",
)
AGREE: Final = "J’accorde cette licence gratuite et non exclusive"
