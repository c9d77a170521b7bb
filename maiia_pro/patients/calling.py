"""Who calls: the records of a practice that have the number which its telephone system shows."""

import re
from typing import Final

from sqlmodel import col, select

from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import read_phone
from maiia_pro.patients.records import PatientView, view_of
from maiia_pro.patients.tables import Patient

MOST: Final = 20
_SCHEME: Final = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
_BEHIND: Final = re.compile(r"[@;,?#*xp].*$", re.IGNORECASE)
"""Host, parameters, extension: what telephone systems write behind a number."""


def read_caller(number: object) -> str:
    """Read a caller's number however a telephone system writes it, in E.164 form; empty for a hidden or unreadable one."""
    if not isinstance(number, str) or len(number) > 200:
        return ""
    bare = _BEHIND.sub("", _SCHEME.sub("", number.strip()))
    bare = re.sub(r"^(\s?)(33[1-9]\d{8})$", r"+\2", bare)  # « 33612345678 », or « +33… » whose sign an address turned into a space
    try:
        return read_phone(bare.strip())
    except Invalid:
        return ""


def find_callers(actor: Actor, number: object) -> list[PatientView]:
    """Find the records with a caller's number in the actor's practices; audited as a search, and as readings where a program shows them."""
    require(actor, Permission.CALLER_LOOKUP)
    dialled = read_caller(number)
    with transaction() as session:
        wanted = select(Patient).where(col(Patient.practice_id).in_(actor.practice_ids), Patient.phone == dialled)
        found = [view_of(one) for one in session.exec(wanted.order_by(col(Patient.sort_key)).limit(MOST))] if dialled else []
        for practice_id in actor.practice_ids:
            details = {"found": [str(one.id) for one in found if one.practice_id == practice_id]}
            audit.record(
                session,
                actor,
                AuditAction.PATIENT_SEARCHED,
                subject_type="practice",
                subject_id=practice_id,
                details=details,
                practice_id=practice_id,
            )
        if actor.kind is ActorKind.API_CLIENT:
            for one in found:
                audit.record(
                    session, actor, AuditAction.PATIENT_READ, subject_type="patient", subject_id=one.id, practice_id=one.practice_id
                )
        return found
