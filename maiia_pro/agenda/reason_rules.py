"""What a visit reason asks of patients and programs who book it; staff decide for themselves. Pure.

A patient is *known* to a practitioner with whom the practice's record of them has a visit that has begun, neither cancelled nor missed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.codes import Audience
from maiia_pro.agenda.openings import local_day, to_instant
from maiia_pro.kernel.french import name_key

COLUMNS: Final = """
    , r.new_patient_minutes, r.audience, r.notice_minutes, r.horizon_days, r.same_day, r.cancel_hours, r.new_patients_a_day,
    r.open_bookings, s.phone, array(select n.kind_id from reason_need n where n.reason_id = r.id order by n.kind_id)
"""
KNOWN: Final = """exists (
    select 1 from appointment k
    where k.patient_id = f.id and k.practitioner_id = o.practitioner_id and k.starts_at <= %(now)s
      and k.status <> 'cancelled' and k.status <> 'missed'
)"""
"""Whether the record `f` is known to the practitioner of the offering `o`."""


_TELLING: Final = re.compile("[<>≤≥+]")


def reason_key(name: str) -> str:
    """Reduce a reason's name to what makes it the same reason for every practitioner: « Échographie », « echographie ».

    « Enfant < 6 ans » and « Enfant > 6 ans » stay two.
    """
    return " ".join([name_key(name) or name.strip().casefold(), *_TELLING.findall(name)])


@dataclass(frozen=True, slots=True)
class ReasonRules:
    """The rules of a reason, in the order of `COLUMNS`; None where there is no limit."""

    new_patient_minutes: int | None
    audience: str
    notice_minutes: int
    horizon_days: int
    same_day: bool
    cancel_hours: int
    new_patients_a_day: int | None
    open_bookings: int | None
    phone: str
    """The site's, for those who must call."""
    needs: Sequence[UUID]
    """Kinds of rooms and equipment of which a visit takes one each."""

    def length_for(self, known: bool | None, ordinary: int) -> int:
        """Tell how long the visit of somebody known or new is; the longer of both where nobody knows."""
        if known or self.new_patient_minutes is None:
            return ordinary
        return self.new_patient_minutes if known is False else max(ordinary, self.new_patient_minutes)

    def admits(self, known: bool | None) -> bool:
        """Tell whether the reason is for somebody known or new; where nobody knows, it may be."""
        return known is None or self.audience == Audience.EVERYBODY or (self.audience == Audience.KNOWN) is known

    def open_between(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Tell between which instants visits may begin that are booked online now."""
        until = now + timedelta(days=self.horizon_days)
        if self.same_day:
            until = min(until, to_instant(local_day(now.astimezone(zone).date(), zone)[1]))
        return now + timedelta(minutes=self.notice_minutes), until

    def may_change(self, starts_at: datetime, now: datetime) -> bool:
        """Tell whether its patient may still move or cancel a visit online."""
        return starts_at - timedelta(hours=self.cancel_hours) > now


def asks_whether_known(audience: str, minutes: int, new_patient_minutes: int | None, new_patients_a_day: int | None) -> bool:
    """Tell whether a reason's times depend on whether the patient is known."""
    return audience != Audience.EVERYBODY or new_patient_minutes not in {None, minutes} or new_patients_a_day is not None
