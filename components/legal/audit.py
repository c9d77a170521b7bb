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


AUDITED: Final = Audit("26 novembre 2026", holding=70, applicable=71, level="partiellement conforme")
GAPS: Final = (("7.1", "À vérifier\u00a0: ce que disent les lecteurs d’écran. Les noms sont vérifiés, mais personne ne les a écoutés"),)
"""Criteria that do not hold or were not checked, in words for everybody."""
SAMPLE: Final = [
    "Accueil, recherche, fiche d’un praticien, connexion, confirmation, rendez-vous, messages et proches d’un patient",
    "Mentions légales, données personnelles, état du service, page introuvable",
    "Plan du site, nouveautés",
    "Agenda (jour, semaine, liste), volet et prise d’un rendez-vous, réglages, chiffres, demandes, liste d’attente, liste à imprimer",
    "Premier démarrage, code PIN, écran verrouillé",
]
