"""What the public pages of the demonstration say, beyond their presentation."""

from maiia_pro.demo.ids import demo_id
from maiia_pro.practice.profile_terms import Language, Payment, Sector, Wheelchair
from maiia_pro.practice.profiles import Profile, SiteAccess

_ACCESS = {
    demo_id("site:tilleuls"): SiteAccess(
        directions="Entrée par la cour, porte verte. L’accueil est à droite.",
        floor="rez-de-chaussée",
        wheelchair=Wheelchair.YES,
        parking="12 places gratuites devant la maison de santé",
        transport="Tram 2, arrêt Tilleuls",
    ),
    demo_id("site:loire"): SiteAccess(
        directions="Sonnez à « Centre Loire », puis montez.",
        floor="2e étage",
        lift="jusqu’au 2e",
        wheelchair=Wheelchair.WITH_HELP,
        parking="payant, sur le quai, à 100 m",
        transport="Bus C4, arrêt Mariniers",
    ),
}
_SAID: dict[str, tuple[Sector, tuple[Language, ...], str, str]] = {
    "vasseur": (Sector.ONE, (Language.FRENCH, Language.ENGLISH), "Doctorat en médecine, Nantes, 2004", ""),
    "belkacem": (
        Sector.ONE,
        (Language.FRENCH, Language.ARABIC, Language.ENGLISH),
        "Doctorat en médecine, Rennes, 2011\nCapacité de médecine du sport, 2014",
        "",
    ),
    "marchand": (Sector.TWO_OPTAM, (Language.FRENCH, Language.SPANISH), "Diplôme d’études spécialisées de pédiatrie, Angers, 2009", ""),
    "ferrand": (Sector.AGREED, (Language.FRENCH,), "Diplôme d’État de sage-femme, Nantes, 2008", ""),
    "okafor": (
        Sector.TWO,
        (Language.FRENCH, Language.ENGLISH),
        "Diplôme d’études spécialisées de dermatologie, Tours, 2012",
        "Un devis est remis avant tout acte de plus de 70 €.",
    ),
}
"""Sector, languages, diplomas, fee note."""


def profile_of(key: str, presentation: str) -> Profile:
    """Give the whole page of a practitioner of the demonstration."""
    sector, languages, diplomas, fee_note = _SAID[key]
    return Profile(
        presentation=presentation,
        diplomas=diplomas,
        sector=sector,
        fee_note=fee_note,
        payments=(Payment.CARTE_VITALE, Payment.CARD, Payment.CHEQUE, Payment.THIRD_PARTY),
        languages=languages,
        access=dict(_ACCESS),
    )
