"""Fictional people and places of the demonstration; names that exist only by chance."""

from dataclasses import dataclass

from maiia_pro.practice.tables import Specialty

PRACTICE_NAME = "Maison de santé des Tilleuls"

GIVEN_NAMES = (
    "Josiane", "Maurice", "Nolwenn", "Mathis", "Samir", "Françoise", "Ahmed", "Zoé", "Pierre", "Inès", "Henri", "Aïssatou",
    "Monique", "Lucas", "Gérard", "Léa", "Jeanne", "Odile", "Yann", "Camille", "Guy", "Rosa", "Eva", "Tom", "Lucie", "Josette",
    "Hugo", "Pascal", "Lou", "Émilie", "Théo", "Chloé", "Rachid", "Noémie", "Élise", "Marius", "Anaïs", "Bernard", "Sofia", "Paul",
)  # fmt: skip
MEN = frozenset({
    "Maurice", "Mathis", "Samir", "Ahmed", "Pierre", "Henri", "Lucas", "Gérard", "Yann", "Guy", "Tom", "Hugo", "Pascal", "Théo", "Rachid",
    "Marius", "Bernard", "Paul",
})  # fmt: skip
FAMILY_NAMES = (
    "Keller", "Le Goff", "Garnier", "Haddad", "Delorme", "Benali", "Lambert", "Castaing", "Moulin", "Lemaire", "Diallo", "Perrin",
    "Fournier", "Blanchet", "Rousseau", "Kerbrat", "Carpentier", "Prigent", "Noël", "Besson", "Martins", "Leroux", "Marchal",
    "Amiel", "Bertin", "Renard", "Fontaine", "Chevallier", "Nguyen", "Da Silva", "Morvan", "Picard", "Aubert", "Leclercq", "Barbier",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A place of the demonstration."""

    key: str
    name: str
    street: str
    postal_code: str
    city: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoReason:
    """A reason of the demonstration; minutes and cents."""

    name: str
    minutes: int
    hue: str
    video: bool = False
    online: bool = True
    fee_cents: int | None = None
    ages: tuple[int, int] = (16, 120)
    """Years of age of those who come for it, both ends included."""
    women: bool = False


@dataclass(frozen=True, slots=True)
class DemoPractitioner:
    """A practitioner of the demonstration; `weekdays` are those at the first site, the other working days at the second."""

    key: str
    title: str
    given_name: str
    family_name: str
    specialty: Specialty
    rpps: str
    hue: str
    presentation: str
    weekdays: tuple[int, ...]
    reasons: tuple[DemoReason, ...]


SITES = (
    DemoSite("tilleuls", "Maison des Tilleuls", "12 rue des Tilleuls", "44000", "Nantes", "+33240000001"),
    DemoSite("loire", "Centre Loire", "3 quai des Mariniers", "44400", "Rezé", "+33240000002"),
)

_GENERAL = (
    DemoReason("Consultation", 20, "azure", fee_cents=3000),
    DemoReason("Première consultation", 40, "amber", fee_cents=3000),
    DemoReason("Renouvellement", 20, "plum", fee_cents=3000),
    DemoReason("Téléconsultation", 20, "teal", video=True, fee_cents=2500),
    DemoReason("Visite d’urgence", 20, "rose", online=False),
)

PRACTITIONERS = (
    DemoPractitioner(
        "vasseur", "Dr", "Claire", "Vasseur", Specialty.GENERAL_MEDICINE, "10000005479", "teal",
        "Médecin généraliste, suivi de toute la famille. Accès de plain-pied, ascenseur, parking.", (0, 1, 3, 4), _GENERAL,
    ),
    DemoPractitioner(
        "belkacem", "Dr", "Karim", "Belkacem", Specialty.GENERAL_MEDICINE, "10000001916", "indigo",
        "Médecin généraliste, médecine du sport. Parle français, arabe et anglais.", (0, 2, 4), _GENERAL,
    ),
    DemoPractitioner(
        "marchand", "Dr", "Élodie", "Marchand", Specialty.PAEDIATRICS, "10000548254", "rose",
        "Pédiatre, de la naissance à seize ans. Salle d’attente séparée pour les nourrissons.", (0, 1, 2),
        (
            DemoReason("Consultation enfant", 20, "rose", fee_cents=3200, ages=(0, 15)),
            DemoReason("Examen du nourrisson", 40, "amber", fee_cents=4700, ages=(0, 2)),
            DemoReason("Vaccination", 20, "olive", fee_cents=3200, ages=(0, 15)),
        ),
    ),
    DemoPractitioner(
        "ferrand", "", "Nadia", "Ferrand", Specialty.MIDWIFERY, "10101215225", "plum",
        "Sage-femme, suivi de grossesse et gynécologie de prévention.", (1, 2, 3),
        (
            DemoReason("Suivi de grossesse", 20, "plum", fee_cents=2500, ages=(19, 44), women=True),
            DemoReason("Suites de couches", 40, "rose", fee_cents=2500, ages=(19, 44), women=True),
            DemoReason("Conseil en vidéo", 20, "teal", video=True, fee_cents=2500, ages=(19, 44), women=True),
        ),
    ),
    DemoPractitioner(
        "okafor", "Dr", "Daniel", "Okafor", Specialty.DERMATOLOGY, "10002909371", "green",
        "Dermatologue, dépistage et suivi des grains de beauté.", (1, 3, 4),
        (
            DemoReason("Consultation", 20, "green", fee_cents=5000),
            DemoReason("Dépistage", 40, "amber", fee_cents=6000),
        ),
    ),
)  # fmt: skip

INITIAL_OFFER = DemoPractitioner(
    "ferry",
    "Dr",
    "Hélène",
    "Ferry",
    Specialty.CARDIOLOGY,
    "01234567897",
    "azure",
    "Cardiologue. Rendez-vous par téléphone.",
    (0,),
    _GENERAL[:1],
)
