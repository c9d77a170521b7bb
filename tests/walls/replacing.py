"""What one row a table does not tell of who comes and goes: a substitute with the sheet of the replacement, somebody asked in."""

from sqlmodel import Session, SQLModel

from maiia_pro.kernel import clock
from tests.walls.filling import Rows, tomorrow


def replaced(session: Session, rows: Rows) -> None:
    """Write a replacement that goes on, with its sheet, and an invitation that waits for its answer."""
    tables, substitute = SQLModel.metadata.tables, rows.id("account:substitute")
    rows.add(session, tables["membership"], "membership:substitute", account_id=substitute, role="substitute")
    days = {"starts_at": tomorrow(9, -3), "ends_at": tomorrow(9, 3)}
    given = rows.add(session, tables["delegation"], "delegation:replacement", account_id=substitute, kind="substitute", **days)
    rows.add(session, tables["handover"], delegation_id=given["id"])
    asked = {"account_id": rows.id("account:asked"), "name": "Nom écrit", "asked_at": clock.now()}
    rows.add(session, tables["membership"], "membership:asked", **asked)
