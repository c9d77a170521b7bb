"""Where a message about a patient goes: to an address, to the number of the account if that was proven, or to both."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.preferences import ALWAYS, Channel, Kind, wanted_at_first

PROVEN: Final = "(a.proven_at is not null or a.email_key is distinct from lower(f.email))"
"""Nothing is sent to an account's address that its holder never proved; one that a practice wrote down itself is the practice's affair."""


@lru_cache(maxsize=len(Kind))
def _query(kind: Kind) -> str:
    """Ask who has a channel and wants it; where nothing was chosen, what stands alone stands for both."""
    mail = f"coalesce(m.{kind}_email, true)" if (kind, Channel.EMAIL) != ALWAYS else "true"
    sms = f"coalesce(m.{kind}_sms, a.email is null or {str(wanted_at_first(kind, Channel.SMS)).lower()})"
    return f"""
        select f.id, array_remove(array[
            case when f.email <> '' and {mail} and {PROVEN} then f.email end, case when {sms} then a.phone_key end
        ], null)
        from patient f
        left join person p on p.id = f.person_id
        left join account a on a.id = p.account_id
        left join message_preference m on m.account_id = a.id
        where f.id = any(%(ids)s)
    """  # noqa: S608 - names of columns, nothing that anybody typed


def reached(session: Session, patient_ids: Iterable[UUID], kind: Kind) -> dict[UUID, list[str]]:
    """Give the address, then the number, that messages of a kind about patients go to; whom none reaches is absent. One exchange."""
    rows = exchange(session, _query(kind), {"ids": list(patient_ids)}).fetchall()
    return {ident: recipients for ident, recipients in rows if recipients}


def reach(session: Session, patient_id: UUID, kind: Kind) -> list[str]:
    """Give the address, then the number, that a message about a patient goes to, as far as there are any."""
    return reached(session, [patient_id], kind).get(patient_id, [])
