"""Who saw a patient's file: what others did with the records, visits and requests of an account's people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text

from maiia_pro.journal.reading import AFTER, CONCERNS, IDS, LINE, ORDER, Place, subjects_of
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading

A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Something that somebody did with the file of one of the account's people."""

    sequence: int
    at: datetime
    action: str
    by: str
    kind: ActorKind
    mine: bool
    """Whether the account's holder did it."""
    behalf: str
    practice: str
    whose: str
    """Which relative's file it is, where the entry says; of one's own, nothing."""
    zone: ZoneInfo


_RECORDS = text("""
    select f.id, p.is_self from person p join patient f on f.person_id = p.id where p.account_id = :account_id
""")
_ONES_OWN: Final = f" where {CONCERNS}"
_BY_OTHERS: Final = " and e.actor_id is distinct from :account_id"


def own_journal(actor: Actor, before: Place | None = None, *, with_own: bool = False) -> list[OwnLine]:
    """List, the latest first, who did what with one's own file and those of one's relatives; with one's own acts if asked."""
    require(actor, Permission.APPOINTMENT_OWN)
    where = _ONES_OWN if with_own else _ONES_OWN + _BY_OTHERS
    values: dict[str, Any] = {"account_id": actor.account_id, "limit": A_PAGE}
    if before:
        where, values = where + AFTER, values | {"before_at": before[0], "before_sequence": before[1]}
    with reading() as session:
        records = {row.id: row.is_self for row in session.connection().execute(_RECORDS, values)}
        subjects = subjects_of(session, list(records))
        values |= {"subjects": subjects, "named": [str(one) for one in subjects]}
        asked = text(LINE + where + ORDER)  # constants
        rows = session.connection().execute(asked.bindparams(bindparam("subjects", type_=IDS)), values).all()
    return [
        OwnLine(
            row.sequence, row.at, row.action, row.actor_name, ActorKind(row.actor_kind), row.actor_id == actor.account_id, row.behalf,
            row.practice, "" if records.get(row.patient_id, True) else row.patient, ZoneInfo(row.zone),
        )
        for row in rows
    ]  # fmt: skip
