"""The demonstration's requests: around today at each run, as long as nobody touched them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from maiia_pro.demo.ids import PRACTICE_ID, demo_id
from maiia_pro.demo.practice import add_missing
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import PARIS
from maiia_pro.requests.tables import Kind, PracticeRequest, Priority, Progress, RequestComment

SECRETARY, DOCTOR = "sylvie.moreau@demonstration.example", "claire.vasseur@demonstration.example"


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A request of the demonstration; `days` from today, `patient` by number (none: a caller without a record)."""

    kind: Kind
    subject: str
    words: str
    days: int
    hour: int
    patient: int | None = None
    caller: tuple[str, str] = ("", "")
    practitioner: str = ""
    owner: str = ""
    urgent: bool = False
    progress: Progress = Progress.TODO
    comment: str = ""


REQUESTS = (
    DemoRequest(Kind.CALL_BACK, "Résultats de prise de sang reçus", "Souhaite en parler.", -1, 17, 0, practitioner="vasseur"),
    DemoRequest(Kind.RENEWAL, "Traitement habituel, trois mois", "Passe chercher l’ordonnance demain.", 0, 9, 12, practitioner="vasseur",
                owner=DOCTOR, comment="Dernière visite il y a deux mois."),
    DemoRequest(Kind.CALL_BACK, "Fièvre d’un nourrisson, parents inquiets", "Trois mois, depuis cette nuit.", 0, 10, None,
                ("Mme Besnard", "+33639980101"), "marchand", urgent=True),
    DemoRequest(Kind.QUESTION, "Faut-il être à jeun mardi ?", "", 0, 12, 27, owner=SECRETARY, progress=Progress.IN_PROGRESS),
    DemoRequest(Kind.OTHER, "Certificat pour le club de judo", "Le modèle du club est sur le bureau.", 0, 17, 41, practitioner="belkacem"),
    DemoRequest(Kind.CALL_BACK, "Rappeler la pharmacie du Marché", "Doute sur une posologie.", 0, 18, None,
                ("Pharmacie du Marché", "+33240000102"), "vasseur", DOCTOR, urgent=True, comment="Occupé à 11 h, réessayer."),
    DemoRequest(Kind.RENEWAL, "Lentilles et collyre", "", 0, 19, 58, practitioner="okafor"),
    DemoRequest(Kind.CALL_BACK, "Veut avancer son rendez-vous", "Disponible tous les matins.", 1, 9, 63, owner=SECRETARY),
    DemoRequest(Kind.QUESTION, "Vaccins avant un voyage au Sénégal", "Départ dans six semaines.", 1, 12, 77, practitioner="belkacem"),
    DemoRequest(Kind.RENEWAL, "Pilule, six mois", "", 1, 18, 85, practitioner="ferrand"),
    DemoRequest(Kind.OTHER, "Copie du dossier pour un déménagement", "À envoyer au nouveau médecin, nom à demander.", 3, 18, 90),
    DemoRequest(Kind.CALL_BACK, "Laboratoire : tube à refaire", "", 2, 10, None, ("Laboratoire Loire", "+33240000103"), "okafor"),
    DemoRequest(Kind.QUESTION, "Prise en charge des séances", "A lu l’affiche de la salle d’attente.", 4, 18, 104),
    DemoRequest(Kind.RENEWAL, "Traitement de la thyroïde", "", -1, 12, 118, practitioner="vasseur", owner=DOCTOR, progress=Progress.DONE),
    DemoRequest(Kind.CALL_BACK, "Confirmer l’adresse du centre Loire", "", -2, 11, 126, owner=SECRETARY, progress=Progress.DONE),
    DemoRequest(Kind.QUESTION, "Tarif d’un certificat", "Ne vient plus.", -2, 16, None, ("M. Guérin", ""), progress=Progress.DROPPED),
)  # fmt: skip


def seed_requests(session: Session, accounts: dict[str, UUID], patients: list[UUID]) -> None:
    """Add the requests that are missing; those that nobody changed move along with today."""
    rows = [_row(number, demo, accounts, patients) for number, demo in enumerate(REQUESTS)]
    adding = insert(PracticeRequest).values(rows)
    moving = {name: adding.excluded[name] for name in ("due_at", "created_at", "changed_at", "closed_at")}
    untouched = col(PracticeRequest.version) == 1
    session.connection().execute(adding.on_conflict_do_update(index_elements=["id"], set_=moving, where=untouched))
    said = [_comment(number, demo, accounts) for number, demo in enumerate(REQUESTS) if demo.comment]
    add_missing(session, RequestComment, said)


def _row(number: int, demo: DemoRequest, accounts: dict[str, UUID], patients: list[UUID]) -> dict[str, Any]:
    now = clock.now()
    day = now.astimezone(PARIS).date() + timedelta(days=demo.days)
    due_at = datetime.combine(day, time(demo.hour), PARIS)
    noted = min(due_at, now) - timedelta(hours=3 + number)
    return {
        "id": demo_id(f"request:{number}"),
        "practice_id": PRACTICE_ID,
        "kind": demo.kind,
        "priority": Priority.URGENT if demo.urgent else Priority.NORMAL,
        "progress": demo.progress,
        "subject": demo.subject,
        "words": demo.words,
        "patient_id": None if demo.patient is None else patients[demo.patient],
        "caller_name": demo.caller[0],
        "caller_phone": demo.caller[1],
        "practitioner_id": demo_id(f"practitioner:{demo.practitioner}") if demo.practitioner else None,
        "owner_id": accounts[demo.owner] if demo.owner else None,
        "due_at": due_at,
        "created_by_id": accounts[SECRETARY],
        "created_at": noted,
        "changed_by_id": accounts[SECRETARY],
        "changed_at": noted,
        "closed_at": min(due_at, now) if demo.progress in {Progress.DONE, Progress.DROPPED} else None,
        "version": 1,
    }


def _comment(number: int, demo: DemoRequest, accounts: dict[str, UUID]) -> dict[str, object]:
    return {
        "id": demo_id(f"comment:{number}"),
        "request_id": demo_id(f"request:{number}"),
        "author_id": accounts[SECRETARY],
        "at": clock.now(),
        "words": demo.comment,
    }
