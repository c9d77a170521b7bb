"""The desk's search of patients: by names with their faults, birth dates and telephones; who comes soon stands first among equals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from maiia_pro.agenda.context import zone_of
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.records import PatientView
from maiia_pro.patients.search_words import BEGINNING, PatientSearch, beginning_key, distance, parts_without_one

SOON: Final = timedelta(days=7)
MOST: Final = 20
SHORT: Final = 4
"""Up to so many letters alone fit too many to sort them all."""
LAST: Final = "\U0010ffff"
"""Sorts after every letter, byte by byte."""
FEW: Final = 3
"""Where fewer fit exactly, names with a letter wrong are looked for too."""
CANDIDATES: Final = 800
"""Of names with a letter wrong, how many are compared letter by letter."""


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A record that a search found, and its next visit."""

    view: PatientView
    exact: bool
    """Whether every word begins a word of the name, no letter wrong."""
    next_at: datetime | None
    next_zone: ZoneInfo | None
    next_who: str


_SOON = """
    soon as materialized (
        select patient_id, min(starts_at) as at from appointment
        where practice_id = %(practice)s and starts_at >= %(now)s and starts_at < %(until)s and active and patient_id is not null
        group by patient_id
    )
"""
_EXACT = """
    with hit as materialized (select p.id, p.sort_key from patient p where p.practice_id = %(practice)s and {wanted}), {soon}
    select hit.id, hit.sort_key, soon.at from hit left join soon on soon.patient_id = hit.id
    order by soon.at nulls last, hit.sort_key, hit.id limit %(limit)s
"""
_BRIEF = """
    with {soon}
    (select p.id, p.sort_key, soon.at
     from soon cross join lateral (select id, sort_key from patient where id = soon.patient_id limit 1) p
     where (' ' || p.sort_key) like %(within)s order by soon.at, p.sort_key limit %(limit)s)
    union all
    (select id, sort_key, null from patient where practice_id = %(practice)s and sort_key >= %(begins)s and sort_key < %(beyond)s
     order by sort_key limit %(limit)s)
"""
"""A few letters fit a tenth of the town: who comes soon and the first of the alphabet, without sorting all the others. The
`limit 1` keeps to the key of each: few come soon. The bounds say what `like` would: of a prepared `like` the planner does not
know where it begins, and walks the index from its start."""
_DETAILS = """
    select p.id, p.practice_id, p.given_name, p.family_name, p.birth_date, p.phone, p.email, v.starts_at, v.zone, v.who
    from patient p left join lateral (
        select a.starts_at, s.zone, concat_ws(' ', nullif(d.title, ''), d.given_name, d.family_name) as who
        from appointment a join site s on s.id = a.site_id join practitioner d on d.id = a.practitioner_id
        where a.patient_id = p.id and a.active and a.starts_at >= %(now)s
          and (cast(%(whose)s as uuid[]) is null or a.practitioner_id = any(%(whose)s)) order by a.starts_at limit 1
    ) v on true
    where p.id = any(%(ids)s)
"""


def search_patients(actor: Actor, practice_id: UUID, search: PatientSearch, limit: int = MOST) -> list[FoundPatient]:
    """Find records of a practice, exact beginnings first, then names with a letter wrong; audited as one search without what was typed."""
    require(actor, Permission.PATIENT_VIEW, practice_id)
    with transaction() as session:
        found = _search(session, actor, practice_id, search, min(limit, MOST)) if search.says_something else []
        audit.record(
            session, actor, AuditAction.PATIENT_SEARCHED, subject_type="practice", subject_id=practice_id, practice_id=practice_id,
            details={"found": [str(one.view.id) for one in found]},
        )  # fmt: skip
        return found


def _search(session: Session, actor: Actor, practice_id: UUID, search: PatientSearch, limit: int) -> list[FoundPatient]:
    now = clock.now()
    values = {"practice": practice_id, "now": now, "until": now + SOON, "limit": limit}
    exact = _exact(session, practice_id, search, values, limit)
    near: list[UUID] = []
    if len(exact) < FEW and search.tolerable:
        near = [one for one in _near(session, practice_id, search, values) if one not in exact][: limit - len(exact)]
    ids, whose = [*exact, *near], for_whom(actor, Permission.AGENDA_VIEW)
    rows = {row[0]: row for row in exchange(session, _DETAILS, {"ids": ids, "now": now, "whose": whose}).fetchall()} if ids else {}
    return [_found(rows[one], exact=one in exact) for one in ids]


def _exact(session: Session, practice_id: UUID, search: PatientSearch, values: dict[str, Any], limit: int) -> list[UUID]:
    """List who fits every word and digit, those who come soon first."""
    if len(search.words) == 1 and len(search.words[0]) <= SHORT and not search.readings:
        brief = {"within": f"% {search.words[0]}%", "begins": search.words[0], "beyond": f"{search.words[0]}{LAST}"}
        rows = exchange(session, _BRIEF.format(soon=_SOON), values | brief).fetchall()
        ids = list(dict.fromkeys(row[0] for row in rows))[:limit]
        if len(ids) == limit:
            return ids
    wanted, more = _condition(practice_id, search, tolerant=False)
    return [row[0] for row in exchange(session, _EXACT.format(wanted=wanted, soon=_SOON), values | more).fetchall()]


def _near(session: Session, practice_id: UUID, search: PatientSearch, values: dict[str, Any]) -> list[UUID]:
    """List who has a name a letter away, the nearest first, then those who come soon."""
    wanted, more = _condition(practice_id, search, tolerant=True)
    rows = exchange(session, _EXACT.format(wanted=wanted, soon=_SOON), values | more | {"limit": CANDIDATES}).fetchall()
    words, glued = search.words, ("".join(search.words),)
    far = {names: min(distance(words, names), distance(glued, names) if len(words) > 1 else 9) for names in {row[1] for row in rows}}
    ranked = sorted((row for row in rows if far[row[1]] < 9), key=lambda row: far[row[1]])  # stable: soon first stays
    return [row[0] for row in ranked]


def _condition(practice_id: UUID, search: PatientSearch, *, tolerant: bool) -> tuple[str, dict[str, Any]]:
    """Write what a record must be, and its values."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    if tolerant:
        one_by_one = _all_of([_near_keys(practice_id, word) for word in search.words], values, "word")
        glued = _all_of([_near_keys(practice_id, "".join(search.words))], values, "glued") if len(search.words) > 1 else "false"
        parts.append(f"({one_by_one} or {glued})")
    elif search.words:
        parts.append("patient_keys(p.practice_id, p.sort_key) @> %(keys)s::text[]")
        values["keys"] = [beginning_key(practice_id, word) for word in search.words]
        for number, word in enumerate(word for word in search.words if len(word) > BEGINNING):
            parts.append(f"strpos(replace(p.sort_key, ' ', ''), %(long_{number})s) > 0")
            values[f"long_{number}"] = word
    if search.readings:
        parts.append(_numbers(search, values))
    return " and ".join(parts), values


def _all_of(keys: list[list[str]], values: dict[str, Any], name: str) -> str:
    values |= {f"{name}_{number}": some for number, some in enumerate(keys)}
    return "(" + " and ".join(f"patient_keys(p.practice_id, p.sort_key) && %({name}_{n})s::text[]" for n in range(len(keys))) + ")"


def _near_keys(practice_id: UUID, word: str) -> list[str]:
    """List the keys of names that begin with a word, or are a letter away from one of four letters at least."""
    begins, tail = beginning_key(practice_id, word), str(practice_id)[-12:]
    return [begins, *(f"{tail}~{part}" for part in parts_without_one(word))] if len(word) >= 4 else [begins]


def _numbers(search: PatientSearch, values: dict[str, Any]) -> str:
    """Write that one of the readings of the digits holds."""
    either: list[str] = []
    for number, one in enumerate(search.readings):
        if one.born_from:
            either.append(f"p.birth_date between %(from_{number})s and %(to_{number})s")
            values |= {f"from_{number}": one.born_from, f"to_{number}": one.born_to}
        if one.phone_begins:
            places = ["+33", "+262", "+590", "+594", "+596"]
            either.append("(" + " or ".join(f"p.phone like %(begins_{number}_{place})s" for place in range(len(places))) + ")")
            values |= {f"begins_{number}_{place}": f"{code}{one.phone_begins}%" for place, code in enumerate(places)}
        if one.phone_ends:
            either.append(f"reverse(p.phone) like %(ends_{number})s")
            values[f"ends_{number}"] = one.phone_ends[::-1] + "%"
    return f"({' or '.join(either)})" if either else "true"


def _found(row: tuple[Any, ...], *, exact: bool) -> FoundPatient:
    return FoundPatient(PatientView(*row[:7]), exact, row[7], zone_of(row[8]) if row[8] else None, row[9] or "")
