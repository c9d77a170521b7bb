"""The words of a public page that are chosen from a list: convention, payment means, languages, access."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Sector(StrEnum):
    """What the practitioner agreed with the health insurance (medical convention; its names are in the label table)."""

    NOT_SAID = ""
    ONE = "sector_1"
    ONE_DP = "sector_1_dp"
    TWO = "sector_2"
    TWO_OPTAM = "sector_2_optam"
    TWO_OPTAM_CO = "sector_2_optam_co"
    AGREED = "agreed"
    NONE = "none"


SECTOR_LABELS: Final[dict[Sector, str]] = {
    Sector.NOT_SAID: "",
    Sector.ONE: "Conventionné secteur 1",
    Sector.ONE_DP: "Conventionné secteur 1 avec droit permanent à dépassement",
    Sector.TWO: "Conventionné secteur 2",
    Sector.TWO_OPTAM: "Conventionné secteur 2 avec OPTAM",
    Sector.TWO_OPTAM_CO: "Conventionné secteur 2 avec OPTAM-CO",
    Sector.AGREED: "Conventionné",
    Sector.NONE: "Non conventionné",
}
SECTOR_HINTS: Final[dict[Sector, str]] = {
    Sector.NOT_SAID: "",
    Sector.ONE: "Tarifs de l’Assurance maladie, sans dépassement.",
    Sector.ONE_DP: "Dépassements d’honoraires possibles.",
    Sector.TWO: "Honoraires libres : un dépassement peut rester à votre charge.",
    Sector.TWO_OPTAM: "Dépassements modérés, mieux remboursés.",
    Sector.TWO_OPTAM_CO: "Dépassements modérés, mieux remboursés.",
    Sector.AGREED: "",
    Sector.NONE: "Honoraires libres, très peu remboursés par l’Assurance maladie.",
}
"""What it means for the patient, in one sentence."""


class Payment(StrEnum):
    """How patients may pay."""

    CARTE_VITALE = "carte_vitale"
    CARD = "card"
    CHEQUE = "cheque"
    CASH = "cash"
    TRANSFER = "transfer"
    THIRD_PARTY = "third_party"


PAYMENT_LABELS: Final[dict[Payment, str]] = {
    Payment.CARTE_VITALE: "Carte Vitale",
    Payment.CARD: "Carte bancaire",
    Payment.CHEQUE: "Chèque",
    Payment.CASH: "Espèces",
    Payment.TRANSFER: "Virement",
    Payment.THIRD_PARTY: "Tiers payant",
}


def listed(labels: Iterable[str]) -> str:
    """Write labels one after the other, as a sentence: the first alone keeps its capital."""
    first, *others = [*labels] or [""]
    return ", ".join([first, *(label[:1].lower() + label[1:] for label in others)])


class Language(StrEnum):
    """A language that the practitioner speaks (ISO 639; the sign language has three letters)."""

    FRENCH = "fr"
    ENGLISH = "en"
    SPANISH = "es"
    PORTUGUESE = "pt"
    ITALIAN = "it"
    GERMAN = "de"
    DUTCH = "nl"
    POLISH = "pl"
    ROMANIAN = "ro"
    UKRAINIAN = "uk"
    RUSSIAN = "ru"
    TURKISH = "tr"
    ARABIC = "ar"
    KABYLE = "kab"
    PERSIAN = "fa"
    WOLOF = "wo"
    CHINESE = "zh"
    VIETNAMESE = "vi"
    BRETON = "br"
    FRENCH_SIGNS = "fsl"


LANGUAGE_LABELS: Final[dict[Language, str]] = {
    Language.FRENCH: "Français",
    Language.ENGLISH: "Anglais",
    Language.SPANISH: "Espagnol",
    Language.PORTUGUESE: "Portugais",
    Language.ITALIAN: "Italien",
    Language.GERMAN: "Allemand",
    Language.DUTCH: "Néerlandais",
    Language.POLISH: "Polonais",
    Language.ROMANIAN: "Roumain",
    Language.UKRAINIAN: "Ukrainien",
    Language.RUSSIAN: "Russe",
    Language.TURKISH: "Turc",
    Language.ARABIC: "Arabe",
    Language.KABYLE: "Kabyle",
    Language.PERSIAN: "Persan",
    Language.WOLOF: "Wolof",
    Language.CHINESE: "Chinois",
    Language.VIETNAMESE: "Vietnamien",
    Language.BRETON: "Breton",
    Language.FRENCH_SIGNS: "Langue des signes française",
}


class Wheelchair(StrEnum):
    """Whether somebody in a wheelchair can come in."""

    NOT_SAID = ""
    YES = "yes"
    WITH_HELP = "with_help"
    NO = "no"


WHEELCHAIR_LABELS: Final[dict[Wheelchair, str]] = {
    Wheelchair.NOT_SAID: "",
    Wheelchair.YES: "Accessible en fauteuil roulant",
    Wheelchair.WITH_HELP: "Accessible en fauteuil roulant avec une aide",
    Wheelchair.NO: "Non accessible en fauteuil roulant",
}
