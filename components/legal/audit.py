"""What the grid of the RGAA says, for the public statement: a test holds both together."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Audit:
    """The day of the evaluation and what it counted."""

    day: str
    holding: int
    applicable: int
    level: str

    @property
    def rate(self) -> int:
        """Give the share of the applicable criteria that hold, as the RGAA counts it."""
        return self.holding * 100 // self.applicable


AUDITED: Final = Audit("26 novembre 2026", holding=52, applicable=69, level="partiellement conforme")
GAPS: Final = (
    ("3.1", "À vérifier\u00a0: aucune information donnée par la couleur seule."),
    ("7.1", "Le nom lu de certains boutons (jours d’une fiche, agenda) ne reprend pas tout ce qui est affiché."),
    ("7.4", "À vérifier\u00a0: aucun changement de page inattendu."),
    ("8.2", "À vérifier\u00a0: la validité du code HTML."),
    ("9.3", "Les menus, le pied de page et les créneaux ne sont pas structurés en listes."),
    ("10.5", "À vérifier\u00a0: les couleurs de fond et de texte, une à une."),
    ("10.6", "À vérifier\u00a0: les liens se distinguent du texte qui les entoure."),
    ("10.9", "À vérifier\u00a0: aucune information donnée par la forme ou la place seules."),
    ("10.10", "À vérifier\u00a0: ces indications sont dites autrement aussi."),
    ("10.12", "Avec un texte très espacé, des noms et des motifs sont coupés dans le logiciel du cabinet."),
    ("11.4", "À vérifier\u00a0: chaque étiquette est accolée à son champ."),
    ("11.10", "L’étiquette d’un champ obligatoire ne le dit pas\u00a0; seule celle d’un champ facultatif le dit."),
    ("11.11", "À vérifier\u00a0: chaque message d’erreur aide à corriger la saisie."),
    ("12.1", "Il n’y a pas de plan du site."),
    ("12.2", "À vérifier\u00a0: les menus sont toujours à la même place."),
    ("12.8", "Dans la barre de l’agenda, la touche Tab ne suit pas l’ordre affiché."),
    ("13.1", "La session finit après douze heures sans activité, sans avertissement."),
)
"""Criteria that do not hold or were not checked, in words for everybody."""
SAMPLE: Final = [
    "Accueil, recherche, fiche d’un praticien, connexion, confirmation, rendez-vous, messages et proches d’un patient",
    "Mentions légales, données personnelles, état du service, page introuvable",
    "Agenda (jour, semaine, liste), réglages, chiffres, demandes, liste d’attente, liste à imprimer",
]
