"""Rules of the demonstration's reasons."""

from typing import Final

from maiia_pro.agenda.codes import Audience

FREE: Final[dict[str, object]] = {
    "new_patient_minutes": None,
    "audience": Audience.EVERYBODY,
    "notice_minutes": 0,
    "horizon_days": 366,
    "cancel_hours": 0,
    "new_patients_a_day": None,
    "open_bookings": None,
    "instructions": "",
    "bring": [],
}
RULES: Final[dict[tuple[str, str], dict[str, object]]] = {
    ("belkacem", "Première consultation"): {
        "audience": Audience.NEW,
        "new_patients_a_day": 4,
        "instructions": "Arrivez dix minutes avant l’heure, le temps d’ouvrir votre dossier.",
        "bring": ["Carte Vitale", "Ordonnances en cours", "Comptes rendus récents", "Courrier du médecin traitant"],
    },
    ("belkacem", "Renouvellement"): {
        "audience": Audience.KNOWN,
        "notice_minutes": 120,
        "open_bookings": 1,
        "bring": ["Carte Vitale", "Dernière ordonnance"],
    },
    ("okafor", "Dépistage"): {
        "new_patient_minutes": 60,
        "horizon_days": 90,
        "cancel_hours": 48,
        "instructions": "Venez sans maquillage ni vernis à ongles.",
    },
}


def rules_of(practitioner: str, reason: str) -> dict[str, object]:
    """Give the columns of a reason's rules."""
    return FREE | RULES.get((practitioner, reason), {})
