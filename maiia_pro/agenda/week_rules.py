"""Which weekly hours make sense together: read from rows, checked one against the other. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final
from uuid import UUID

from maiia_pro.agenda.opening_tables import OpeningRule
from maiia_pro.agenda.openings import ALWAYS
from maiia_pro.agenda.terms import SchoolTime, Terms, Weeks
from maiia_pro.kernel.errors import Invalid

MOST_RANGES_A_DAY: Final = 6
MOST_RANGES: Final = 200


@dataclass(frozen=True, slots=True)
class DayRange:
    """Hours of one weekday (0 is Monday) by the site's clock, half-open, on the days that their terms name."""

    weekday: int
    opens: time
    closes: time
    terms: Terms = ALWAYS


def range_of(rule: OpeningRule, postal_code: str = "") -> DayRange:
    """Read a row."""
    terms = Terms(rule.valid_from, rule.valid_until, rule.weeks, rule.school, frozenset(rule.reason_ids), postal_code)
    return DayRange(rule.weekday, rule.opens, rule.closes, terms)


def rule_of(entry: DayRange, practitioner_id: UUID, site_id: UUID) -> OpeningRule:
    """Write a row."""
    return OpeningRule(
        practitioner_id=practitioner_id,
        site_id=site_id,
        weekday=entry.weekday,
        opens=entry.opens,
        closes=entry.closes,
        valid_from=entry.terms.valid_from,
        valid_until=entry.terms.valid_until,
        weeks=entry.terms.weeks,
        school=entry.terms.school,
        reason_ids=sorted(entry.terms.reasons),
    )


def check_ranges(hours: Sequence[DayRange], elsewhere: Sequence[DayRange], reasons: Collection[UUID]) -> None:
    """Check a week at a site against itself and other sites; raises `Invalid` naming the range as `hours-<its place>`."""
    if len(hours) > MOST_RANGES:
        raise Invalid(f"Choisissez au plus {MOST_RANGES} plages par lieu.")
    for place, entry in enumerate(hours):
        wrong = _wrong_alone(entry, reasons) or _wrong_beside(entry, [*hours[:place], *elsewhere])
        if wrong:
            raise Invalid(fields={f"hours-{place}": wrong})


def _wrong_alone(entry: DayRange, reasons: Collection[UUID]) -> str:
    if not 0 <= entry.weekday <= 6 or entry.opens >= entry.closes:
        return "Chaque plage doit finir après son début."
    begins, ends, weeks, school, admitted, *_ = entry.terms
    if begins and ends and ends < begins:
        return "Cette plage s’arrête avant de commencer. Changez l’une des deux dates."
    if weeks not in set(Weeks) or school not in set(SchoolTime) or not admitted <= set(reasons):
        return "Cette plage a changé entre-temps. Rechargez la page."
    return ""


def _wrong_beside(entry: DayRange, others: Sequence[DayRange]) -> str:
    together = [other for other in others if other.weekday == entry.weekday and other.terms.meet(entry.terms)]
    if any(other.opens < entry.closes and entry.opens < other.closes for other in together):
        return "Deux plages se chevauchent le même jour, ici ou dans un autre lieu."
    return "Choisissez au plus six plages par jour." if len(together) >= MOST_RANGES_A_DAY else ""
