"""What one row a table does not tell of who comes and goes: a substitute with the sheet of the replacement, somebody asked in."""

from uuid import UUID

from sqlmodel import Session, SQLModel

from maiia_pro.kernel import clock
from tests.walls.filling import Rows, tomorrow


def check(session: Session, rows: Rows, account_id: UUID, profession: str) -> None:
    """Write what somebody practises, as an operator has checked it."""
    tables, own = SQLModel.metadata.tables, Rows("", rows.rows)
    looked_at = {"what": "check", "before": "", "wanted": "checked", "practice_id": None, "practitioner_id": None}
    decided = {"accepted": True, "decided_at": clock.now(), "decided_by": account_id}
    own.add(session, tables["declaration"], account_id=account_id, **looked_at, **decided)
    own.add(session, tables["professional"], account_id=account_id, profession=profession, checked_at=clock.now())


def replaced(session: Session, rows: Rows) -> None:
    """Write a replacement that goes on, with its sheet, and an invitation that waits for its answer."""
    tables, substitute = SQLModel.metadata.tables, rows.id("account:substitute")
    check(session, rows, substitute, "physician")
    rows.add(session, tables["membership"], "membership:substitute", account_id=substitute, role="substitute")
    days = {"starts_at": tomorrow(9, -3), "ends_at": tomorrow(9, 3)}
    given = rows.add(session, tables["delegation"], "delegation:replacement", account_id=substitute, kind="substitute", **days)
    rows.add(session, tables["handover"], delegation_id=given["id"])
    asked = {"account_id": rows.id("account:asked"), "name": "Nom écrit", "asked_at": clock.now()}
    rows.add(session, tables["membership"], "membership:asked", **asked)
