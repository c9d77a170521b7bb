"""What a practice chooses for its evening list, and how the last one went."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import zone_of_practice
from maiia_pro.evening.tables import EveningList
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, allowed, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotDelegated
from maiia_pro.kernel.french import read_time
from maiia_pro.kernel.text import FieldErrors, email, one_line
from maiia_pro.kernel.vault import seal
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.practice.own_agenda import working_there
from maiia_pro.practice.tables import Practice

ALL_AGENDAS: Final = (
    "La liste de demain emporte les agendas de tous les praticiens du cabinet, avec le nom et le téléphone des patients. Pour la régler, "
    "il faut que chacun vous confie le sien\u00a0: demandez-le-leur."
)
TAKEN_OUT: Final = (Permission.AGENDA_EXPORT, Permission.PATIENT_VIEW)
"""What taking an agenda out with who comes asks for."""
SHORTEST: Final = 10
LATEST: Final = time(23)
"""What could not leave by midnight is of yesterday: an hour is left for a worker that was stopped, or looks once a minute."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody filled in; an empty password keeps the one there is."""

    enabled: bool
    recipient: str
    at: time
    password: str

    @classmethod
    def parse(cls, form: dict[str, Any], *, has_password: bool) -> "Choice":
        """Read the form; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        recipient, at = "", time(19)
        try:
            recipient = email(form.get("recipient"))
        except Invalid as refusal:
            errors.add("recipient", refusal.message)
        try:
            at = read_time(one_line(form.get("at"), longest=10))
        except Invalid as refusal:
            errors.add("at", refusal.message)
        if at > LATEST:
            errors.add("at", "Choisissez une heure jusqu’à 23\u00a0h\u00a000\u00a0: après minuit, la liste ne serait plus celle de demain.")
        password = form.get("list_password")
        password = password if isinstance(password, str) else ""
        if len(password) > 100 or not password.isprintable():
            errors.add("list_password", "Écrivez au plus 100 caractères, sans retour à la ligne.")
        elif len(password) < SHORTEST and (password or not has_password):
            errors.add("list_password", f"Choisissez un mot de passe d’au moins {SHORTEST} caractères.")
        errors.check()
        return cls(bool(form.get("enabled")), recipient, at, password)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen, without the password, and the latest message."""

    enabled: bool
    recipient: str
    at: time
    has_password: bool
    zone: ZoneInfo
    made_at: datetime | None
    """When the latest list was made, whether it has left or not."""
    sent_at: datetime | None
    failed_at: datetime | None
    """When the latest could last not be made or sent; None once it has left."""
    failure: str
    """Why."""


def evening_choice(actor: Actor, practice_id: UUID) -> Chosen:
    """Read what the practice chose; raises `NotFound` for another practice."""
    require(actor, Permission.AGENDA_SETUP, practice_id)
    with reading() as session:
        found = session.get(EveningList, practice_id) or EveningList(practice_id=practice_id)
        latest = session.exec(
            select(OutgoingEmail.created_at, OutgoingEmail.sent_at, OutgoingEmail.failed_at, OutgoingEmail.failure)
            .where(OutgoingEmail.practice_id == practice_id, col(OutgoingEmail.key).startswith("evening"))
            .order_by(col(OutgoingEmail.created_at).desc())
        ).first()
        made, sent, failed, failure = latest or (None, None, None, "")
        if found.failed_at:
            failed, failure = found.failed_at, found.failure
        zone = zone_of_practice(session, practice_id)
        return Chosen(found.enabled, found.recipient, found.at, bool(found.sealed_password), zone, made, sent, failed, failure)


def check_all_agendas(session: Session, actor: Actor, practice_id: UUID) -> None:
    """See that every practitioner there lets the actor take their agenda out, with who comes; raises `NotDelegated`."""
    for one in session.exec(working_there(practice_id)):
        if not all(allowed(actor, needed, practice_id, one.id) for needed in TAKEN_OUT):
            raise NotDelegated(ALL_AGENDAS)


def choose_evening(actor: Actor, practice_id: UUID, form: dict[str, Any]) -> None:
    """Write what the practice chooses; raises `Invalid`, `NotDelegated`, or `NotFound` for another practice."""
    require(actor, Permission.AGENDA_SETUP, practice_id)
    with transaction() as session:
        check_all_agendas(session, actor, practice_id)
        session.get_one(Practice, practice_id, with_for_update={"key_share": True})  # one choice, however many make the first
        kept = session.get(EveningList, practice_id, with_for_update=True) or EveningList(practice_id=practice_id)
        choice = Choice.parse(form, has_password=bool(kept.sealed_password))
        kept.failed_at, kept.failure = None, ""
        kept.enabled, kept.recipient, kept.at, kept.changed_at = choice.enabled, choice.recipient, choice.at, clock.now()
        kept.chosen_by = actor.account_id
        if choice.password:
            kept.sealed_password = seal(choice.password, str(practice_id))
        session.add(kept)
        session.flush()
        audit.record(
            session, actor, AuditAction.EVENING_LIST_CHANGED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"enabled": choice.enabled, "at": choice.at.isoformat(), "new_password": bool(choice.password)},
        )  # fmt: skip
