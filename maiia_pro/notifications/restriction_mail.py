"""Who is told that an account is shut or open again: its holder, their practice, and once a visit the patients who are to come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import TextClause, delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from maiia_pro.agenda.context import zone_of
from maiia_pro.identity.health import is_blocked
from maiia_pro.identity.restriction_tables import AccountRestriction, RestrictionKind, WarnedVisit
from maiia_pro.identity.restrictions import hold_account, what_was_decided, why
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.french import NBSP, moment, phone
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.outbox import put
from maiia_pro.notifications.reaching import channel_of
from maiia_pro.patients.preferences import Channel, Kind
from maiia_pro.patients.reaching import reach
from maiia_pro.patients.tables import Patient
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

AT_ONCE: Final = 200
"""Patients that one look finds; the next look begins where this one ended."""


def tell_restricted(actor: Actor, restriction_id: UUID) -> UUID | None:
    """Put into the outbox, once, what the holder of a shut account is told: what, why, how to contest. Gives the message's id."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        decided = session.get(AccountRestriction, restriction_id)
        if decided is None:
            return None
        contest = f"Pour le contester, répondez par écrit à {get_settings().support_email}{NBSP}: nous relirons votre dossier."
        said = f"{what_was_decided(decided)} {why(decided)}"
        holder = session.get_one(Account, decided.account_id)
        return _tell(session, holder, f"restricted:{restriction_id}", "Votre compte est fermé", said, contest)


def tell_restored(actor: Actor, restriction_id: UUID) -> UUID | None:
    """Put into the outbox, once, that the account is open again. Gives the message's id."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        decided = session.get(AccountRestriction, restriction_id)
        account = session.get(Account, decided.account_id) if decided else None
        if account is None or account.status == AccountStatus.SUSPENDED:  # shut anew since
            return None
        how = "Vous pouvez vous connecter comme avant."
        if account.status == AccountStatus.PENDING:
            how = "Demandez un nouveau lien d’activation à votre cabinet ou à notre service d’assistance."
        if is_blocked(session, account.id):
            how = f"Vous l’aviez bloqué{NBSP}: choisissez un nouveau mot de passe, par «{NBSP}Mot de passe oublié{NBSP}»."
        return _tell(session, account, f"restored:{restriction_id}", "Votre compte est de nouveau ouvert", "C’est rétabli.", how)


def _tell(session: Session, account: Account, key: str, subject: str, *said: str) -> UUID:
    operator = get_settings().operator_name
    practice_id = session.exec(select(Membership.practice_id).where(Membership.account_id == account.id).limit(1)).first()
    body = f"{operator} : {subject[:1].lower()}{subject[1:]}. {' '.join(said)}"
    if channel_of(account.identifier) is Channel.EMAIL:
        body = "\n\n".join((f"Bonjour {account.name},", *said, f"{operator}, {get_settings().base_url}"))
    return put(session, key, recipient=account.identifier, subject=subject, body=body, practice_id=practice_id)


_COLLEAGUES = text("""
    select distinct m.account_id, p.given_name, p.family_name, p.title
    from practitioner p
    join membership own on own.account_id = p.account_id and own.practice_id = p.practice_id
    join membership m on m.practice_id = p.practice_id and m.account_id <> p.account_id and m.asked_at is null
    join account a on a.id = m.account_id and a.status = 'active'
    where p.account_id = :id and (m.administers or exists (
        select from delegation d where d.practitioner_id = p.id and d.account_id = m.account_id
          and d.ended_at is null and (d.ends_at is null or d.ends_at > :now)))
    order by m.account_id
""")
"""Who administers the practice of whose account it is, and who acts for them there."""
_MEANWHILE: Final = (
    "La page publique et la réservation en ligne sont fermées, et aucun nouveau rendez-vous ne peut être donné.",
    f"Les rendez-vous à venir ne sont pas annulés{NBSP}: leurs patients sont invités à appeler le cabinet avant de venir.",
    "Qui voit cet agenda et peut en changer les rendez-vous peut encore les déplacer et les annuler.",
)


def tell_practice(actor: Actor, restriction_id: UUID) -> int:
    """Tell the administrators of a practitioner's practice, and who acts for them, that the account is shut or open again.

    What is written is how the account stands now, once for each decision; nothing says why. Tells how many are written to.
    """
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        decided = session.get(AccountRestriction, restriction_id)
        account = hold_account(session, decided.account_id) if decided else None
        if decided is None or account is None or (account.status == AccountStatus.SUSPENDED) != (decided.lifted_at is None):
            return 0  # opened or shut anew since: another job says so
        colleagues = session.connection().execute(_COLLEAGUES, {"id": account.id, "now": clock.now()}).all()
        for one in colleagues:
            who = f"{one.title} {one.given_name} {one.family_name}".strip()
            subject, *said = _of_colleague(decided, who)
            key = f"practice-{'shut' if decided.lifted_at is None else 'opened'}:{restriction_id}:{one.account_id}"
            enqueue(session, MailReady(_tell(session, session.get_one(Account, one.account_id), key, subject, *said)))
        return len(colleagues)


def _of_colleague(decided: AccountRestriction, who: str) -> tuple[str, ...]:
    """Write subject and sentences about a colleague's account."""
    asked = f"Une question{NBSP}? Écrivez à {get_settings().support_email}."
    if decided.lifted_at is not None:
        back = "Sa page publique est de nouveau visible si elle l’était, et son agenda reçoit de nouveau des rendez-vous."
        again = f"Les patients qui avaient été invités à appeler apprennent que leur rendez-vous est maintenu. {asked}"
        return f"Le compte de {who} est de nouveau ouvert", f"Le compte de {who} est rétabli.", back, again
    what = what_was_decided(decided).replace("ce compte", f"le compte de {who}").replace("Ce compte", f"Le compte de {who}")
    if decided.kind == RestrictionKind.REFUSED:
        return f"Le compte de {who} n’est pas activé", what, asked
    shut = "désactivé" if decided.kind == RestrictionKind.DEACTIVATED else "suspendu"
    return f"Le compte de {who} est {shut}", what, *_MEANWHILE, asked


_TO_COME = text("""
    select a.patient_id, array_agg(a.id order by a.starts_at) as visits
    from account_restriction r
    join practitioner p on p.account_id = r.account_id
    join appointment a on a.practitioner_id = p.id
    where r.id = :id and r.lifted_at is null and a.active and a.held_until is null
      and a.patient_id is not null and a.starts_at > :now
      and not exists (select 1 from warned_visit w where w.appointment_id = a.id)
    group by a.patient_id order by a.patient_id limit :limit
""")
_VISITS = text("""
    select a.starts_at, a.practice_id, trim(p.title || ' ' || p.given_name || ' ' || p.family_name) as practitioner, s.zone, s.phone
    from appointment a join practitioner p on p.id = a.practitioner_id join site s on s.id = a.site_id
    where a.id = any(:ids) order by a.starts_at
""")


def warn_patients(actor: Actor, restriction_id: UUID) -> int:
    """Tell each patient who is to come to a practitioner whose account is shut to call the practice; tells how many.

    A visit's patient is told once, though this be done twice, until they are told that the practitioner is back. Nothing says why.
    """
    require(actor, Permission.SYSTEM)
    warned = 0
    while found := _asked(_TO_COME, restriction_id):
        for patient_id, visits in found:
            with transaction() as session:
                warned += _warn(session, restriction_id, patient_id, visits)
    return warned


def _asked(question: TextClause, restriction_id: UUID) -> list[tuple[UUID, list[UUID]]]:
    """List patients with those of their visits that are concerned."""
    with reading() as session:
        rows = session.connection().execute(question, {"id": restriction_id, "now": clock.now(), "limit": AT_ONCE})
        return [(row.patient_id, row.visits) for row in rows]


def _warn(session: Session, restriction_id: UUID, patient_id: UUID, visits: list[UUID]) -> bool:
    """Write the messages of one patient in the caller's transaction; tells whether this call was the one."""
    noted = insert(WarnedVisit).values([{"appointment_id": ident, "warned_at": clock.now()} for ident in visits])
    mine = set(session.connection().execute(noted.on_conflict_do_nothing().returning(WarnedVisit.__table__.c.appointment_id)).scalars())  # type: ignore[attr-defined]
    if mine:
        _write(session, f"warned:{restriction_id}:{min(mine)}", patient_id, mine, _CALL)
    return bool(mine)


_STILL = text("""
    select a.patient_id, array_agg(a.id order by a.starts_at) as visits
    from account_restriction r
    join practitioner p on p.account_id = r.account_id
    join appointment a on a.practitioner_id = p.id
    join warned_visit w on w.appointment_id = a.id
    where r.id = :id and not p.barred and a.active and a.patient_id is not null and a.starts_at > :now
    group by a.patient_id order by a.patient_id limit :limit
""")


def reassure_patients(actor: Actor, restriction_id: UUID) -> int:
    """Tell each patient who was told to call, and is still to come, that the practitioner is back; tells how many.

    Their visits count as untold then: shut anew, the account has them told again. Shut anew before, nobody is told.
    """
    require(actor, Permission.SYSTEM)
    reassured = 0
    while found := _asked(_STILL, restriction_id):
        for patient_id, visits in found:
            with transaction() as session:
                account = hold_account(session, session.get_one(AccountRestriction, restriction_id).account_id)
                if account is None or account.status == AccountStatus.SUSPENDED:
                    return reassured
                reassured += _reassure(session, restriction_id, patient_id, visits)
    return reassured


def _reassure(session: Session, restriction_id: UUID, patient_id: UUID, visits: list[UUID]) -> bool:
    """Write the messages of one patient in the caller's transaction; tells whether this call was the one."""
    taken = delete(WarnedVisit).where(col(WarnedVisit.appointment_id).in_(visits)).returning(col(WarnedVisit.appointment_id))
    mine = set(session.connection().execute(taken).scalars())
    if mine:
        _write(session, f"reassured:{restriction_id}:{min(mine)}", patient_id, mine, _COME)
    return bool(mine)


@dataclass(frozen=True, slots=True)
class _Words:
    """What a patient is told: {who} is the practitioner, {when} the first visit, {phone} the practice's number."""

    subject: str
    why: str
    what: str
    texted: str


CALL_FIRST: Final = f"Avant de venir, appelez le cabinet au {{phone}}{NBSP}: il vous dira si vous êtes reçu, par qui, ou quand."
_CALL: Final = _Words(
    "Appelez le cabinet avant votre rendez-vous du {when}",
    "{who} n’est pas disponible sur notre service pour le moment.",
    CALL_FIRST,
    "Rendez-vous du {when} : appelez le {phone} avant de venir.",
)
_COME: Final = _Words(
    "Votre rendez-vous du {when} est maintenu",
    "{who} est de nouveau disponible sur notre service.",
    f"Vous n’avez plus besoin d’appeler avant de venir. Si le cabinet vous a dit autre chose entre-temps, suivez-le{NBSP}: {{phone}}.",
    "Rendez-vous du {when} maintenu, inutile d’appeler avant de venir.",
)


def _write(session: Session, key: str, patient_id: UUID, visits: Collection[UUID], words: _Words) -> None:
    """Put into the outbox, by each way that the patient chose for changes, what is said of these visits."""
    rows = session.connection().execute(_VISITS, {"ids": sorted(visits)}).all()
    patient, first = session.get_one(Patient, patient_id), rows[0]
    practice = session.get_one(Practice, first.practice_id)
    whens = [moment(row.starts_at, zone_of(row.zone)) for row in rows]
    named = {"who": first.practitioner, "when": whens[0], "phone": phone(first.phone)}
    why = words.why.format(**named)
    lines = [
        f"Bonjour {patient.display_name},", "", why, "",
        "Le rendez-vous concerné\u00a0:" if len(whens) == 1 else "Les rendez-vous concernés\u00a0:", *(f"– {when}" for when in whens), "",
        words.what.format(**named), "", practice.name + (" (démonstration)" if practice.is_demo else ""),
    ]  # fmt: skip
    subject = words.subject.format(**named) if len(whens) == 1 or words is _CALL else "Vos rendez-vous sont maintenus"
    texted = f"{get_settings().operator_name} : {why} {words.texted.format(**named)}"
    for recipient in reach(session, patient_id, Kind.CHANGES):
        by = channel_of(recipient)
        body = texted if by is Channel.SMS else "\n".join(lines)
        mail = put(session, f"{key}:{by}", recipient=recipient, subject=subject, body=body, practice_id=practice.id)
        enqueue(session, MailReady(mail))
