"""Making and sending tomorrow's list: once an evening, whoever works, and at once when somebody tries it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from maiia_pro.agenda.context import zone_of_practice
from maiia_pro.agenda.listing import lines_of_days
from maiia_pro.evening.choosing import TAKEN_OUT, check_all_agendas
from maiia_pro.evening.pdf import Agenda, encrypted_list
from maiia_pro.evening.tables import EveningList, EveningSending
from maiia_pro.identity.session_actor import rights_now
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, lets, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.vault import unseal
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.practice.own_agenda import working_there
from maiia_pro.practice.tables import Practitioner

TRIALS_A_MINUTE: Final = 3
"""Of a practice: each makes a file and a message to an address that anybody may have typed."""
TOO_MANY: Final = "La liste vient de partir plusieurs fois. Attendez qu’elle arrive, puis réessayez dans une minute."
SUBJECT: Final = "Votre liste de demain"
BODY: Final = """Bonjour,

La liste de demain est dans le fichier joint. Il s’ouvre avec le mot de passe que le cabinet a choisi dans ses réglages.

Gardez-la pour travailler si le logiciel ne répond pas, et supprimez-la ensuite.
"""


PARTLY: Final = """
Un agenda au moins n’y est pas\u00a0: il n’est plus confié à qui a réglé cette liste. Réglez-la de nouveau dans Réglages, Liste de demain.
"""


class NobodyLets(Conflict):
    """Who chose the list works there no longer, or is let take no agenda out."""

    code = "evening-list-without-agendas"
    message = "Plus aucun agenda n’est confié à qui a réglé cette liste. Un praticien la règle de nouveau ici."


class NotSetUp(Conflict):
    """The practice has not said where to and under which password."""

    code = "evening-list-not-set-up"
    message = "Enregistrez d’abord une adresse et un mot de passe."


def local_now(session: Session, practice_id: UUID, now: datetime) -> datetime:
    """Tell what the clock of the practice shows."""
    return now.astimezone(zone_of_practice(session, practice_id))


def due_practices(actor: Actor) -> list[UUID]:
    """List the practices whose hour has come and that were not served this evening."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        chosen = session.exec(select(EveningList).where(col(EveningList.enabled))).all()
        return [one.practice_id for one in chosen if _is_due(session, one)]


def _is_due(session: Session, one: EveningList) -> bool:
    here = local_now(session, one.practice_id, clock.now())
    return here.time() >= one.at and session.get(EveningSending, (one.practice_id, here.date())) is None


def send_evening_list(actor: Actor, practice_id: UUID) -> UUID | None:
    """Put the list into the outbox, once for each evening however many workers try; gives the message's id if it was made now.

    The agendas are those that are let, this evening, to who chose the list. Raises `NobodyLets` where none is.
    """
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        chosen = session.get(EveningList, practice_id, with_for_update=True)
        if chosen is None or not chosen.enabled or not _is_due(session, chosen):
            return None
        here = local_now(session, practice_id, clock.now())
        rights = rights_now(session, chosen.chosen_by, practice_id)
        whose = session.exec(working_there(practice_id)).all()
        let = [one for one in whose if lets(rights.get(one.id, frozenset()), *TAKEN_OUT)]
        if not let:
            raise NobodyLets
        key, tomorrow = f"evening:{practice_id}:{here.date()}", here.date() + timedelta(days=1)
        email_id = _put(session, actor, chosen, key, tomorrow, people=let, body=BODY if len(let) == len(whose) else BODY + PARTLY)
        row = {"practice_id": practice_id, "evening": here.date(), "email_id": email_id}
        session.connection().execute(insert(EveningSending).values(row))
        return email_id


def note_failure(actor: Actor, practice_id: UUID, why: str) -> None:
    """Write down that the list could not be made, for the settings to say."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        if chosen := session.get(EveningList, practice_id, with_for_update=True):
            chosen.failed_at, chosen.failure = clock.now(), why


def try_evening_list(actor: Actor, practice_id: UUID) -> UUID:
    """Send tomorrow's list now, so that somebody sees whether it arrives and opens; raises `NotSetUp`, `NotDelegated`, and `TooMany`."""
    require(actor, Permission.AGENDA_SETUP, practice_id)
    count_request(("evening-try", practice_id), TRIALS_A_MINUTE, TOO_MANY)
    with transaction() as session:
        check_all_agendas(session, actor, practice_id)
        chosen = session.get(EveningList, practice_id)
        if chosen is None or not chosen.recipient or not chosen.sealed_password:
            raise NotSetUp
        tomorrow = local_now(session, practice_id, clock.now()).date() + timedelta(days=1)
        return _put(session, actor, chosen, f"evening-try:{uuid7()}", tomorrow, people=session.exec(working_there(practice_id)).all())


def _put(
    session: Session, actor: Actor, chosen: EveningList, key: str, day: date, *, people: Sequence[Practitioner], body: str = BODY
) -> UUID:
    """Write the message with the file of these practitioners, and have it sent; the agendas that leave are in the history."""
    lines = lines_of_days(session, [one.id for one in people], day, day)
    agendas = [Agenda(one.display_name, tuple(line for line in lines if line.practitioner_id == one.id)) for one in people]
    file = encrypted_list(day, agendas, unseal(chosen.sealed_password, str(chosen.practice_id)))
    email = OutgoingEmail(
        key=key, practice_id=chosen.practice_id, recipient=chosen.recipient, subject=SUBJECT, body=body, attachment=file,
        attachment_name=f"liste-{day.isoformat()}.pdf", created_at=clock.now().astimezone(UTC),
    )  # fmt: skip
    session.add(email)
    chosen.failed_at, chosen.failure = None, ""
    session.flush()
    audit.record(
        session, actor, AuditAction.EVENING_LIST_SENT, subject_type="practice", subject_id=chosen.practice_id,
        practice_id=chosen.practice_id, details={"day": day.isoformat(), "count": len(lines)},
    )  # fmt: skip
    enqueue(session, MailReady(email.id), lock=f"mail:{email.id}")
    return email.id
