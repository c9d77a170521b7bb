"""The visit reasons that a first run proposes, by specialty: usual names, durations and rules, all to be changed before they are taken."""

from typing import Any, Final

from maiia_pro.agenda.codes import Audience, Mode
from maiia_pro.agenda.reasons import ReasonForm
from maiia_pro.practice.tables import Specialty

NOTICE: Final = 120
"""Minutes between an online booking and the visit, at least."""
HORIZON: Final = 92
"""Days ahead that are open online."""


def _reason(name: str, minutes: int, hue: str, **rules: Any) -> ReasonForm:
    """Write a proposal: everybody books it online, two hours to three months ahead, and cancels until four hours before."""
    usual: dict[str, Any] = {"mode": Mode.IN_PERSON, "online": True, "notice_minutes": NOTICE, "horizon_days": HORIZON, "cancel_hours": 4}
    return ReasonForm(name=name, duration_minutes=minutes, hue=hue, site_ids=(), **(usual | rules))


_FIRST: Final = {"audience": Audience.NEW, "cancel_hours": 24, "open_bookings": 1}
_KNOWN: Final = {"audience": Audience.KNOWN}
_VIDEO: Final = {
    "mode": Mode.VIDEO,
    "audience": Audience.KNOWN,
    "instructions": "Tenez prêts votre carte Vitale et vos derniers résultats.",
}
_TODAY: Final = {"same_day": True, "notice_minutes": 0, "cancel_hours": 0, "open_bookings": 1}
_BY_PHONE: Final = {"online": False}
_LONG: Final = {"cancel_hours": 48, "notice_minutes": 1440}
_HOME: Final = {"online": False, "buffer_before_minutes": 15, "buffer_after_minutes": 15}
_PAPERS: Final = "Apportez votre carte Vitale, vos ordonnances en cours et vos derniers résultats."
_CHILD: Final = "Apportez le carnet de santé de l’enfant et la carte Vitale d’un parent."

TEMPLATES: Final[dict[Specialty, tuple[ReasonForm, ...]]] = {
    # Fees: convention médicale 2024-2029, sector 1, mainland (GS 30 €, TCG 25 €, since 22 December 2024).
    Specialty.GENERAL_MEDICINE: (
        _reason("Consultation", 15, "azure", fee_cents=3000, **_KNOWN, instructions="Apportez votre carte Vitale."),
        _reason("Première consultation", 30, "amber", fee_cents=3000, **_FIRST, new_patients_a_day=4, instructions=_PAPERS),
        _reason("Consultation enfant", 20, "rose", instructions=_CHILD),
        _reason("Renouvellement d’ordonnance", 15, "plum", fee_cents=3000, **_KNOWN, instructions="Apportez votre dernière ordonnance."),
        _reason("Vaccination", 15, "olive", **_KNOWN, instructions="Apportez le vaccin et votre carnet de vaccination."),
        _reason("Certificat médical", 15, "green", fee_cents=3000, instructions="Apportez le formulaire à remplir, s’il y en a un."),
        _reason("Téléconsultation", 15, "teal", fee_cents=2500, **_VIDEO),
        _reason("Urgence du jour", 15, "rose", fee_cents=3000, **_TODAY, instructions="Pour une urgence vitale, appelez le 15."),
        _reason("Suivi gynécologique, frottis", 30, "indigo"),
        _reason("Consultation longue", 30, "amber", **_BY_PHONE),
        _reason("Visite à domicile", 30, "green", **_HOME),
    ),
    Specialty.PAEDIATRICS: (
        _reason("Consultation enfant", 20, "rose", **_KNOWN, instructions=_CHILD),
        _reason("Première consultation", 30, "amber", **_FIRST, new_patients_a_day=4, instructions=_CHILD),
        _reason("Examen du nourrisson", 30, "azure", instructions=_CHILD + " Prévoyez une couche et un biberon."),
        _reason("Premier examen après la maternité", 30, "amber", open_bookings=1, instructions=_CHILD),
        _reason("Vaccination", 15, "olive", instructions=_CHILD + " Apportez le vaccin prescrit."),
        _reason("Suivi de croissance et de développement", 30, "green", instructions=_CHILD),
        _reason("Enfant malade, le jour même", 15, "plum", **_TODAY, instructions="Pour une urgence vitale, appelez le 15."),
        _reason("Téléconsultation", 15, "teal", **_VIDEO),
        _reason("Troubles du sommeil ou des apprentissages", 45, "indigo", **_BY_PHONE),
    ),
    Specialty.DERMATOLOGY: (
        _reason("Consultation de suivi", 15, "azure", **_KNOWN),
        _reason("Première consultation", 20, "amber", **_FIRST, instructions="Apportez la lettre de votre médecin traitant."),
        _reason("Contrôle des grains de beauté", 20, "green", instructions="Venez sans maquillage ni vernis à ongles."),
        _reason("Acné", 15, "plum", instructions="Venez sans maquillage, avec vos traitements en cours."),
        _reason("Enfant, lésion de la peau", 20, "rose", instructions=_CHILD),
        _reason("Traitement par azote (verrues)", 15, "olive"),
        _reason("Petite chirurgie, exérèse", 30, "indigo", **(_LONG | _BY_PHONE), buffer_after_minutes=10),
        _reason("Retrait de fils", 10, "teal", **_BY_PHONE),
        _reason("Téléconsultation", 15, "teal", **_VIDEO),
    ),
    Specialty.CARDIOLOGY: (
        _reason("Consultation avec électrocardiogramme", 30, "azure", **_KNOWN, instructions=_PAPERS),
        _reason("Première consultation", 40, "amber", **_FIRST, instructions=_PAPERS + " Apportez la lettre de votre médecin traitant."),
        _reason("Échocardiographie", 30, "plum", **_LONG, instructions=_PAPERS),
        _reason("Épreuve d’effort", 45, "indigo", **_LONG, **_BY_PHONE, buffer_after_minutes=15,
                instructions="Venez avec une tenue et des chaussures de sport. Mangez léger."),
        _reason("Pose de Holter", 20, "olive", **_BY_PHONE, instructions="Prenez une douche avant\u00a0: l’appareil ne se mouille pas."),
        _reason("Retrait de Holter", 10, "green", **_BY_PHONE),
        _reason("Consultation avant une opération", 30, "rose", instructions=_PAPERS),
        _reason("Certificat de sport", 30, "green"),
        _reason("Téléconsultation", 20, "teal", **_VIDEO),
    ),
    Specialty.GYNAECOLOGY: (
        _reason("Consultation de suivi", 20, "plum", **_KNOWN),
        _reason("Première consultation", 30, "amber", **_FIRST, instructions=_PAPERS),
        _reason("Frottis de dépistage", 20, "azure"),
        _reason("Contraception", 20, "green"),
        _reason("Pose ou retrait de stérilet", 30, "indigo", **_LONG, instructions="Apportez le dispositif prescrit."),
        _reason("Suivi de grossesse", 30, "rose", instructions="Apportez votre dossier de grossesse et vos derniers résultats."),
        _reason("Échographie", 30, "olive", **_LONG, instructions="Apportez vos échographies précédentes."),
        _reason("Ménopause", 30, "amber"),
        _reason("Urgence du jour", 20, "rose", **_TODAY, instructions="Pour une urgence vitale, appelez le 15."),
        _reason("Téléconsultation", 15, "teal", **_VIDEO),
    ),
    Specialty.OPHTHALMOLOGY: (
        _reason("Consultation de suivi", 15, "azure", **_KNOWN, instructions="Apportez vos lunettes. Ne venez pas en voiture."),
        _reason("Première consultation", 20, "amber", **_FIRST, instructions="Apportez vos lunettes et votre dernière ordonnance."),
        _reason("Contrôle de la vue, lunettes", 15, "green", instructions="Apportez vos lunettes et votre dernière ordonnance."),
        _reason("Lentilles de contact", 30, "indigo", instructions="Retirez vos lentilles deux jours avant."),
        _reason("Enfant, contrôle de la vue", 20, "rose", instructions=_CHILD),
        _reason("Fond d’œil", 20, "plum", instructions="Votre vue sera trouble quelques heures\u00a0: ne conduisez pas."),
        _reason("Champ visuel, OCT", 30, "olive", **_BY_PHONE),
        _reason("Consultation avant une opération", 30, "amber", **_BY_PHONE, instructions=_PAPERS),
        _reason("Urgence du jour", 15, "rose", **_TODAY, instructions="Pour une perte de vue soudaine, appelez aussi le cabinet."),
    ),
    Specialty.PSYCHIATRY: (
        _reason("Consultation", 30, "azure", **_KNOWN),
        _reason("Première consultation", 45, "amber", **_FIRST, new_patients_a_day=2,
                instructions="Apportez la lettre de votre médecin traitant."),
        _reason("Consultation enfant ou adolescent", 45, "rose", instructions="Un parent accompagne l’enfant au premier rendez-vous."),
        _reason("Psychothérapie", 45, "plum", **(_KNOWN | _LONG)),
        _reason("Renouvellement d’ordonnance", 20, "green", **_KNOWN, instructions="Apportez votre dernière ordonnance."),
        _reason("Téléconsultation", 30, "teal", **_VIDEO),
        _reason("Entretien avec la famille", 45, "indigo", **_BY_PHONE),
    ),
    Specialty.MIDWIFERY: (
        _reason("Suivi de grossesse", 30, "rose", instructions="Apportez votre dossier de grossesse et vos derniers résultats."),
        _reason("Entretien prénatal précoce", 45, "amber", open_bookings=1),
        _reason("Préparation à la naissance", 60, "plum", **_LONG, instructions="Venez dans une tenue confortable."),
        _reason("Visite après la naissance, à domicile", 45, "green", **_HOME),
        _reason("Consultation après la naissance", 30, "azure", instructions="Apportez le carnet de santé de l’enfant."),
        _reason("Rééducation du périnée", 30, "indigo", open_bookings=10, instructions="Apportez l’ordonnance et une serviette."),
        _reason("Suivi gynécologique, frottis", 30, "olive"),
        _reason("Contraception", 30, "green"),
        _reason("Allaitement", 45, "amber"),
        _reason("Téléconsultation", 20, "teal", **_VIDEO),
    ),
    Specialty.PHYSIOTHERAPY: (
        _reason("Bilan et première séance", 45, "amber", audience=Audience.NEW, cancel_hours=24, open_bookings=1,
                instructions="Apportez l’ordonnance, vos radios et une serviette."),
        _reason("Séance de rééducation", 30, "azure", **_KNOWN, cancel_hours=24, open_bookings=20, instructions="Apportez une serviette."),
        _reason("Kinésithérapie respiratoire", 30, "green", instructions="Pour un nourrisson, venez avant le repas."),
        _reason("Rééducation du périnée", 30, "plum", open_bookings=10, instructions="Apportez l’ordonnance et une serviette."),
        _reason("Drainage lymphatique", 45, "indigo", **(_KNOWN | _LONG)),
        _reason("Séance de balnéothérapie", 30, "teal", **_BY_PHONE, instructions="Apportez maillot, bonnet et serviette."),
        _reason("Bilan de fin de traitement", 30, "olive", **_KNOWN),
        _reason("Séance à domicile", 30, "rose", **_HOME),
    ),
    # Fee: convention nationale des chirurgiens-dentistes 2023-2028 (consultation 23 €).
    Specialty.DENTISTRY: (
        _reason("Consultation de contrôle", 20, "azure", fee_cents=2300, **_KNOWN),
        _reason("Première consultation", 30, "amber", fee_cents=2300, **_FIRST, instructions="Apportez votre dernière radio panoramique."),
        _reason("Détartrage", 30, "green", cancel_hours=24),
        _reason("Enfant, examen bucco-dentaire", 30, "rose", instructions=_CHILD),
        _reason("Soin d’une carie", 45, "indigo", **(_KNOWN | _LONG)),
        _reason("Couronne ou bridge", 60, "plum", **(_LONG | _BY_PHONE), buffer_after_minutes=10),
        _reason("Extraction", 45, "olive", **(_LONG | _BY_PHONE), buffer_after_minutes=10, instructions=_PAPERS),
        _reason("Pose d’implant", 60, "plum", **(_LONG | _BY_PHONE), buffer_after_minutes=15),
        _reason("Urgence dentaire du jour", 20, "rose", **_TODAY, instructions="Gonflement du visage et fièvre\u00a0: appelez le 15."),
    ),
}  # fmt: skip
"""Ordered as a practitioner would list them; the places are those of whoever takes them."""
