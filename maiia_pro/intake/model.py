"""A file to start from: twenty invented lines that this practice could import as they are."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from maiia_pro.agenda.export import table_file
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.french import short_date
from maiia_pro.practice.tables import Practitioner

_PEOPLE: Final = (
    ("Aubry", "Manon"), ("Besson", "Louis"), ("Carlier", "Inès"), ("Delmas", "Hugo"), ("Étienne", "Zoé"), ("Faucher", "Paul"),
    ("Garnier", "Lina"), ("Hamel", "Noé"), ("Imbert", "Rose"), ("Jacquet", "Adam"), ("Klein", "Alice"), ("Le Bihan", "Yann"),
    ("Mallet", "Jeanne"), ("Noël", "Simon"), ("Ollivier", "Mia"), ("Perrot", "Gaël"), ("Quentin", "Anna"), ("Renaud", "Tom"),
    ("Sabatier", "Léonie"), ("Tessier", "Marc"),
)  # fmt: skip
FILE_NAMES: Final = {Kind.PATIENTS: "modele-patients.csv", Kind.VISITS: "modele-rendez-vous.csv"}


def model_file(actor: Actor, practice_id: UUID, kind: Kind) -> bytes:
    """Write the model of a kind of file, with one's own practitioners and days to come."""
    require(actor, Permission.PRACTICE_INTAKE, practice_id)
    born = [short_date((clock.now() - timedelta(days=6_000 + 977 * number)).date()) for number in range(len(_PEOPLE))]
    if kind is Kind.PATIENTS:
        rows = [(*who, born[number], f"06 00 00 00 {number:02d}", "") for number, who in enumerate(_PEOPLE)]
        return table_file(("Nom", "Prénom", "Date de naissance", "Mobile", "E-mail"), rows)
    with reading() as session:
        found = session.exec(
            select(Practitioner).where(Practitioner.practice_id == practice_id).order_by(col(Practitioner.sort_key))
        ).first()
    whose = f"{found.given_name} {found.family_name}" if found else ""
    day = short_date((clock.now() + timedelta(days=28)).date())
    visits = [
        (day, f"{8 + number // 3}h{number % 3 * 20:02d}", "20", whose, "", *who, born[number], "Prévu", "")
        for number, who in enumerate(_PEOPLE)
    ]
    return table_file(("Date", "Heure", "Durée", "Praticien", "Motif", "Nom", "Prénom", "Date de naissance", "Statut", "Note"), visits)
