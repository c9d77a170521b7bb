"""Reading the trail: a practitioner that of the practice, the operator everybody's acts without any patient's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session

from maiia_pro.journal.labels import Group, actions_of
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import PARIS, name_key
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, one_line, read_period

A_PAGE: Final = 50
FIRST_SHOWN: Final = timedelta(days=30)
MOST_NAMED: Final = 50
"""People or patients that a name may stand for."""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """What is looked for; days by the clock of Paris, the last one included."""

    first: date
    last: date
    group: Group | None = None
    person: str = ""
    """Who acted, by name or address."""
    patient: str = ""
    """Whom it concerned, by name: a practitioner's question only."""
    practitioner_id: UUID | None = None
    for_them: bool = False
    """Only what others did for the practitioner."""

    @classmethod
    def parse(cls, asked: dict[str, Any]) -> "JournalQuery":
        """Read what somebody asked for; raises `Invalid` naming every field that is wrong."""
        errors, today = FieldErrors(), clock.now().astimezone(PARIS).date()
        first, last = read_period(errors, asked.get("first") or today - FIRST_SHOWN, asked.get("last") or today)
        group, practitioner = str(asked.get("group") or ""), str(asked.get("practitioner") or "")
        if group and group not in set(Group):
            errors.add("group", "Choisissez un genre d’acte.")
        errors.check()
        return cls(
            first,
            last,
            Group(group) if group else None,
            one_line(str(asked.get("person") or ""), longest=120),
            one_line(str(asked.get("patient") or ""), longest=120),
            parse_id(practitioner) if practitioner else None,
            bool(asked.get("for_them")),
        )


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An act. `subject` names whom or which program it was about, a patient to the practice alone; `zone` is the practice's clock."""

    sequence: int
    at: datetime
    action: str
    actor_kind: ActorKind
    actor_name: str
    behalf: str
    subject: str
    practice: str
    network: str
    browser: str
    zone: str

    @property
    def when(self) -> datetime:
        """When, as the practice's clock showed it."""
        return self.at.astimezone(ZoneInfo(self.zone))


Place = tuple[datetime, int]
"""Where a page ends: the instant and the number of its last line."""

LINE: Final = """
    select e.sequence, e.at, e.action, e.actor_kind, e.actor_name, e.network, e.browser, e.subject_type, e.practice_id, e.actor_id,
           e.details,
           coalesce(trim(b.title || ' ' || b.given_name || ' ' || b.family_name), '') as behalf, coalesce(c.name, '') as practice,
           trim(f.given_name || ' ' || f.family_name) as patient, f.id as patient_id, k.name as program,
           s.name as account, s.role as account_role, s.id = e.actor_id as own, m.asked_at, m.name as called,
           m.id is not null or o.account_id is not null or s.id = e.actor_id as belongs,
           coalesce(trim(g.title || ' ' || g.given_name || ' ' || g.family_name), '') as agenda,
           coalesce(v.practitioner_id, q.practitioner_id, w.practitioner_id) as whose,
           coalesce((select z.zone from site z where z.practice_id = e.practice_id order by z.name limit 1), 'Europe/Paris') as zone
    from audit_entry e
    left join practitioner b on b.id = e.on_behalf_of
    left join practice c on c.id = e.practice_id
    left join appointment v on e.subject_type = 'appointment' and v.id = e.subject_id
    left join practice_request q on e.subject_type = 'request' and q.id = e.subject_id
    left join wish w on e.subject_type = 'wish' and w.id = e.subject_id
    left join patient f on f.id = case e.subject_type
        when 'patient' then e.subject_id else coalesce(v.patient_id, q.patient_id, w.patient_id) end
    left join delegation d on e.subject_type = 'delegation' and d.id = e.subject_id
    left join practitioner g on g.id = d.practitioner_id
    left join account s on s.id = case e.subject_type when 'account' then e.subject_id when 'delegation' then d.account_id end
    left join membership m on m.account_id = s.id and m.practice_id = e.practice_id
    left join api_client k on k.id = case e.subject_type
        when 'api_client' then e.subject_id when 'api_grant' then cast(e.details ->> 'client' as uuid) end
    left join former_member o on o.account_id = s.id and o.practice_id = e.practice_id
"""
AFTER: Final = " and (e.at, e.sequence) < (cast(:before_at as timestamptz), cast(:before_sequence as bigint))"
ORDER: Final = " order by e.at desc, e.sequence desc limit :limit"
_THEIRS: Final = """ and (e.actor_kind not in ('patient', 'link')
    or coalesce(v.practitioner_id = any(:let), q.practitioner_id = any(:let), w.practitioner_id = any(:let), true))"""
"""What a patient did themself is found by their name where it is about an agenda that one may see."""
CONCERNS: Final = """e.id = any(array(
    select id from audit_entry where subject_id = any(:subjects)
    union select id from audit_entry where details ? 'found' and details -> 'found' ?| cast(:named as text[])))"""
"""What is about some subjects, or shows them in a list: each half by its own index, before the trail is walked by time."""
IDS: Final = ARRAY(PG_UUID(as_uuid=True))


def journal(actor: Actor, query: JournalQuery, before: Place | None = None, limit: int = A_PAGE) -> list[JournalLine]:
    """List acts, the latest first, those behind `before`; one more than `limit` never comes. Raises `NotAllowed`.

    Whose visit, request or wish it was is not said where it is about an agenda that its practitioner does not let the actor see. Of who was
    asked in and has not answered, the name is the one that was typed; of who declined, none.
    """
    require(actor, Permission.JOURNAL_VIEW)
    with reading() as session:
        where, values = _conditions(session, actor, query)
        if before:
            where, values = where + AFTER, values | {"before_at": before[0], "before_sequence": before[1]}
        asked = text(LINE + where + ORDER)  # constants; what was typed is in the values
        bound = [bindparam(name, type_=IDS) for name in ("practices", "people", "subjects", "let") if f":{name}" in where]
        rows = session.connection().execute(asked.bindparams(*bound), values | {"limit": limit})
        let = for_whom(actor, Permission.AGENDA_VIEW)
        return [_line(row, actor, let) for row in rows]


def _conditions(session: Session, actor: Actor, query: JournalQuery) -> tuple[str, dict[str, Any]]:
    """Write what is asked as conditions, with their values."""
    values: dict[str, Any] = {"first": _midnight(query.first), "last": _midnight(query.last + timedelta(days=1))}
    where = " where e.at >= :first and e.at < :last"
    if actor.kind is not ActorKind.OPERATOR:
        where, values = where + " and e.practice_id = any(:practices)", values | {"practices": sorted(actor.practice_ids)}
    if query.group:
        where, values = where + " and e.action = any(:actions)", values | {"actions": actions_of(query.group)}
    if query.person:
        where, values = where + " and e.actor_id = any(:people)", values | {"people": _people(session, actor, query.person)}
        if actor.kind is not ActorKind.OPERATOR:
            where, values = where + _THEIRS, values | {"let": for_whom(actor, Permission.AGENDA_VIEW)}
    if query.patient and actor.kind is not ActorKind.OPERATOR:
        subjects = subjects_of(session, _patients(session, actor, query.patient), for_whom(actor, Permission.AGENDA_VIEW))
        where += " and " + CONCERNS
        values |= {"subjects": subjects, "named": [str(one) for one in subjects]}
    if query.practitioner_id:
        own = "" if query.for_them else " or e.subject_id = :whose or e.actor_id = (select account_id from practitioner where id = :whose)"
        where, values = where + f" and (e.on_behalf_of = :whose{own})", values | {"whose": query.practitioner_id}
    return where, values


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


_STAFF = text("""
    select a.id from account a join membership m on m.account_id = a.id
    where m.practice_id = any(:practices) and (' ' || lower(unaccent(a.name)) like :like or a.email_key like :like)
    union select p.account_id from person p join patient f on f.person_id = p.id
    where f.practice_id = any(:practices) and p.is_self and ' ' || f.sort_key like :like
    union select id from api_client where practice_id = any(:practices) and ' ' || lower(unaccent(name)) like :like
    limit :limit
""").bindparams(bindparam("practices", type_=IDS))
_ANYBODY = text("""
    select id from account where role <> 'patient' and (' ' || lower(unaccent(name)) like :like or email_key = :exact)
    union select id from api_client where ' ' || lower(unaccent(name)) like :like
    limit :limit
""")
_PATIENTS = text("""
    select id from patient where practice_id = any(:practices)
      and not exists (select 1 from unnest(cast(:words as text[])) w where ' ' || sort_key not like '% ' || w || '%') limit :limit
""").bindparams(bindparam("practices", type_=IDS))
_LET: Final = "patient_id = any(:patients) and (cast(:whose as uuid[]) is null or practitioner_id is null or practitioner_id = any(:whose))"
_SUBJECTS = text(f"""
    select unnest(:patients) union all select id from appointment where {_LET}
    union all select id from practice_request where {_LET} union all select id from wish where {_LET}
""").bindparams(bindparam("patients", type_=IDS), bindparam("whose", type_=IDS))  # noqa: S608 - the condition above


def _people(session: Session, actor: Actor, words: str) -> list[UUID]:
    """Find who a name or an address may stand for; nobody of another practice."""
    plain = words.casefold() if "@" in words else name_key(words)
    like = "%" + plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    values = {"like": like, "exact": words.casefold(), "limit": MOST_NAMED, "practices": sorted(actor.practice_ids)}
    return list(session.connection().execute(_ANYBODY if actor.kind is ActorKind.OPERATOR else _STAFF, values).scalars())


def _patients(session: Session, actor: Actor, words: str) -> list[UUID]:
    """Find the records that a name may stand for; raises `Invalid` where they are too many to tell."""
    plain = [word.replace("\\", "").replace("%", "").replace("_", "") for word in name_key(words).split()]
    values = {"practices": sorted(actor.practice_ids), "words": plain, "limit": MOST_NAMED + 1}
    found = list(session.connection().execute(_PATIENTS, values).scalars())
    if len(found) > MOST_NAMED:
        raise Invalid(fields={"patient": "Trop de patients portent ce nom. Écrivez aussi le prénom."})
    return found


def subjects_of(session: Session, patients: Sequence[UUID], whose: Sequence[UUID] | None = None) -> list[UUID]:
    """List what the trail may name of patients: their records, visits, requests and wishes, of these practitioners if some are named."""
    return list(session.connection().execute(_SUBJECTS, {"patients": list(patients), "whose": whose}).scalars())


def _line(row: Any, actor: Actor, let: Sequence[UUID] | None) -> JournalLine:
    """Write a line; `let` are the practitioners whose agendas the actor may see, if these bound them."""
    kind, operator = ActorKind(row.actor_kind), actor.kind is ActorKind.OPERATOR
    closed = operator or (let is not None and row.whose is not None and row.whose not in let)
    hidden = closed and kind in {ActorKind.PATIENT, ActorKind.LINK}
    subject = _person(row, operator=operator)
    return JournalLine(
        sequence=row.sequence,
        at=row.at,
        action=row.action,
        actor_kind=kind,
        actor_name="Un patient" if hidden else row.actor_name,
        behalf=row.behalf,
        subject=subject or row.program or ("" if closed else row.patient or ""),
        practice=row.practice,
        network=row.network if operator or kind is not ActorKind.PATIENT else "",
        browser=row.browser,
        zone=row.zone,
    )


def _person(row: Any, *, operator: bool) -> str:
    """Name the account that an act is about, and the agenda where it is about rights on one.

    To the operator a patient's has no name: who acts on their own account is one in the role that they act in, any other by the first one.
    """
    worn = row.actor_kind if row.own and row.actor_kind in MEMBERS | {ActorKind.PATIENT} else row.account_role
    if operator and worn == ActorKind.PATIENT:
        return "Un patient"
    if row.action == AuditAction.ACCOUNT_RENAMED:
        return f"{row.details.get('before', '')} → {row.details.get('after', '')}"
    to_practice = row.called if row.asked_at else row.account if row.belongs else ""
    name = row.account if operator else to_practice
    return f"{name}, agenda de {row.agenda}" if name and row.agenda else name or ""
