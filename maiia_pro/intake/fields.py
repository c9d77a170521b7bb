"""What we take from a line, and by which names other software calls it in its first line. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from maiia_pro.intake.sheet import Row, Sheet
from maiia_pro.intake.tables import Kind
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import name_key

Mapping = dict[str, int]
"""The column of each field that has one."""


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field of ours; `names` are compared without accents and case, the first that is there wins."""

    name: str
    label: str
    names: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is refused; `field` is the French name of the field."""

    line: int
    field: str
    message: str


def _field(name: str, label: str, names: str, *, required: bool = False) -> FieldOf:
    return FieldOf(name, label, tuple(names.split("|")), required)


_FAMILY: Final = _field(
    "family_name",
    "Nom",
    "nom|nom de famille|nom usuel|nom d usage|nom patient|nom du patient|patient nom|nom de naissance|last name|lastname|surname",
    required=True,
)
_GIVEN: Final = _field(
    "given_name",
    "Prénom",
    "prenom|prenom usuel|prenom patient|prenom du patient|patient prenom|prenoms|first name|firstname|given name",
    required=True,
)
_BORN: Final = (
    "date de naissance|ddn|naissance|ne le|nee le|ne e le|date naissance|patient naissance|date of birth|dob|birth date|birthdate|birthday"
)
_PHONE: Final = "telephone|tel|tel fixe|telephone fixe|telephone 1|tel 1|fixe|numero de telephone|phone|phone number"
_MOBILE: Final = "mobile|portable|tel portable|telephone portable|tel mobile|telephone mobile|gsm|cell|cell phone|mobile phone"
_NUMBER: Final = (
    "n patient|numero patient|numero du patient|id patient|patient id|identifiant patient|code patient|n dossier|numero de dossier"
)
_SOURCE: Final = "Numéro dans l’ancien logiciel"
FIELDS: Final[dict[Kind, tuple[FieldOf, ...]]] = {
    Kind.PATIENTS: (
        _FAMILY,
        _GIVEN,
        _field("birth_date", "Date de naissance", _BORN, required=True),
        _field("mobile", "Mobile", _MOBILE),
        _field("phone", "Téléphone", _PHONE),
        _field("email", "Adresse e-mail", "e mail|email|mail|courriel|adresse e mail|adresse mail|adresse email|email address"),
        _field("source", _SOURCE, f"id|identifiant|numero|{_NUMBER}"),
    ),
    Kind.VISITS: (
        _field(
            "date", "Date", "date|jour|date rdv|date du rdv|date du rendez vous|date de debut|debut|day|start|start date", required=True
        ),
        _field("time", "Heure", "heure|heure rdv|heure du rdv|heure de debut|heure debut|horaire|time|start time"),
        _field("length", "Durée", "duree|duree min|duree minutes|duree en minutes|duration|length"),
        _field("end", "Heure de fin", "heure de fin|heure fin|fin|end|end time"),
        _field("practitioner", "Praticien", "praticien|medecin|docteur|professionnel|agenda|intervenant|practitioner|doctor|provider"),
        _field("site", "Lieu", "lieu|cabinet|site|adresse du rendez vous|location"),
        _field("reason", "Motif", "motif|motif de consultation|motif du rdv|motif de visite|type|type de rdv|acte|reason|visit type"),
        _FAMILY,
        _GIVEN,
        _field("birth_date", "Date de naissance", _BORN),
        _field("patient", "Numéro du patient dans l’ancien logiciel", _NUMBER),
        _field("phone", "Téléphone", f"{_MOBILE}|{_PHONE}"),
        _field("note", "Note", "note|notes|commentaire|commentaires|remarque|observation|comment|comments"),
        _field("status", "Statut", "statut|etat|etat du rdv|status|presence"),
        _field("source", _SOURCE, "id|identifiant|numero|id rdv|numero rdv|identifiant rdv|appointment id"),
    ),
}


def guess(kind: Kind, head: Sequence[str]) -> Mapping:
    """Find the column of each field by its name; a column serves once."""
    columns: dict[str, int] = {}
    for index, title in enumerate(head):
        columns.setdefault(name_key(title), index)
    found: Mapping = {}
    for field in FIELDS[kind]:
        free = [columns[name] for name in field.names if name in columns and columns[name] not in found.values()]
        if free:
            found[field.name] = free[0]
    return found


def read_mapping(kind: Kind, text: str, head: Sequence[str]) -> Mapping:
    """Read which column goes where, as JSON `{field: column}`; nothing said is a guess. Raises `Invalid`."""
    if not text:
        return guess(kind, head)
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        asked = None
    known = {field.name for field in FIELDS[kind]}
    if not isinstance(asked, dict) or not asked.keys() <= known:
        raise Invalid("Choisissez à nouveau les colonnes.")
    if not all(type(column) is int and 0 <= column < len(head) for column in asked.values()):
        raise Invalid("Choisissez à nouveau les colonnes.")
    return asked


def check_mapping(kind: Kind, mapping: Mapping) -> None:
    """Hold a mapping to what no line can do without; raises `Invalid` naming the fields. The number of a patient stands for the name."""
    named = mapping.keys() | ({_FAMILY.name, _GIVEN.name} if "patient" in mapping else set())
    missing = {
        field.name: f"Choisissez la colonne « {field.label} »." for field in FIELDS[kind] if field.required and field.name not in named
    }
    if missing:
        raise Invalid(fields=missing)


def label_of(kind: Kind, name: str) -> str:
    """Give the French name of a field."""
    return next((field.label for field in FIELDS[kind] if field.name == name), "")


class Cells:
    """The cells of a line by the names of our fields, and what is wrong with them."""

    def __init__(self, kind: Kind, row: Row, mapping: Mapping) -> None:
        self.line = row.number
        self.faults: list[Fault] = []
        self._kind, self._row, self._mapping = kind, row, mapping

    def __getitem__(self, name: str) -> str:
        column = self._mapping.get(name)
        return self._row.cells[column] if column is not None and column < len(self._row.cells) else ""

    def refuse(self, name: str, message: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append(Fault(self.line, label_of(self._kind, name), message))

    def refuse_all(self, error: Invalid, otherwise: str) -> None:
        """Note what a rule found wrong, field by field, else with the field that was read."""
        for name, message in (error.fields or {otherwise: error.message}).items():
            self.refuse(name, message)


def lines_of(kind: Kind, sheet: Sheet, mapping: Mapping) -> list[Cells]:
    """Give every line of a sheet under a mapping."""
    return [Cells(kind, row, mapping) for row in sheet.rows]
