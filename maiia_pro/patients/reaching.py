"""Where a message about a patient goes: to an address, else, for who has an account without one, to the number that was proven."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel.exchange import exchange
from maiia_pro.patients.preferences import ALWAYS, Channel, Kind

PROVEN: Final = "(a.proven_at is not null or a.email_key is distinct from lower(f.email))"
"""Nothing is sent to an account's address that its holder never proved; one that a practice wrote down itself is the practice's affair."""


@lru_cache(maxsize=len(Kind))
def _query(kind: Kind) -> str:
    """Ask who has a channel and does not refuse it; of who chose nothing none is refused, for a number alone stands for an address."""
    mail, sms = (f"coalesce(m.{kind}_{channel}, true)" if (kind, channel) != ALWAYS else "true" for channel in Channel)
    return f"""
        select f.id, case
            when f.email <> '' then case when {mail} and {PROVEN} then f.email end
            when a.email is null and {sms} then a.phone_key
        end
        from patient f
        left join person p on p.id = f.person_id
        left join account a on a.id = p.account_id
        left join message_preference m on m.account_id = a.id
        where f.id = any(%(ids)s)
    """  # noqa: S608 - names of columns, nothing that anybody typed


def reached(session: Session, patient_ids: Iterable[UUID], kind: Kind) -> dict[UUID, str]:
    """Give the address or the number that messages of a kind about patients go to, in one exchange; whom none reaches is absent."""
    rows = exchange(session, _query(kind), {"ids": list(patient_ids)}).fetchall()
    return {ident: recipient for ident, recipient in rows if recipient}


def reach(session: Session, patient_id: UUID, kind: Kind) -> str:
    """Give the address or the number that a message about a patient goes to, or an empty string."""
    return reached(session, [patient_id], kind).get(patient_id, "")
