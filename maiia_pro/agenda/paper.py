"""The agenda on paper: the list of a day or a week, a sheet a practitioner and site; printing is audited as a reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from maiia_pro.agenda.listing import Line, as_let, colleagues, lines_of_days
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid

MOST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one practitioner has at one site, in order of time."""

    practitioner: str
    site: str
    lines: tuple[Line, ...]


def paper_sheets(actor: Actor, practitioner_ids: Sequence[UUID], first: date, days: int = 1) -> list[Sheet]:
    """List what is not cancelled on some days, by practitioner then site (every practitioner of the practice where none is named)."""
    require(actor, Permission.AGENDA_EXPORT)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("Imprimez un jour ou une semaine.")
    with transaction() as session:
        practitioners = colleagues(session, actor, Permission.AGENDA_EXPORT, practitioner_ids)
        lines = as_let(actor, lines_of_days(session, [one.id for one in practitioners], first, first + timedelta(days=days - 1)))
        for one in practitioners:
            audit.record(
                session, actor, AuditAction.AGENDA_PRINTED, subject_type="practitioner", subject_id=one.id, practice_id=one.practice_id,
                on_behalf_of=actor.stands_for(one.id),
                details={"first": first.isoformat(), "days": days, "count": sum(line.practitioner_id == one.id for line in lines)},
            )  # fmt: skip
    sites = sorted({(line.site, line.site_id) for line in lines})
    sheets = [
        Sheet(one.display_name, site, tuple(line for line in lines if line.practitioner_id == one.id and line.site_id == site_id))
        for one in practitioners
        for site, site_id in sites
    ]
    return [sheet for sheet in sheets if sheet.lines]
