"""Sealing and looking at the audit chain by the clock: what is new, then a piece of what was looked at before, round and round.

Each round costs the same however long the trail is; where something is wrong the log and the operator's screen say so.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit_anchor import Anchor, imprint_of_key, read_anchor, write_anchor
from maiia_pro.kernel.audit_chain import ChainFault, anchor_faults, check_links, forgotten, head, seal, verify
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.horizon import read_horizon
from maiia_pro.kernel.tables import AuditWatch

log = logging.getLogger(__name__)

NEW: Final = 10_000
"""Links that one look takes of what is new."""
AGAIN: Final = 5_000
"""And of what was looked at before."""


def seal_new(actor: Actor) -> int:
    """Seal what was committed since the last time, at most two seconds behind, and move the anchor on; tells how many entries."""
    require(actor, Permission.SYSTEM)
    anchor = read_anchor()
    with transaction() as session:
        sealed = seal(session)
        broken = anchor_faults(session, anchor)
        position, digest = head(session)
    anchor = read_anchor()
    if not broken and position > anchor.position:  # a chain that lost its end keeps the anchor that shows it
        write_anchor(replace(anchor, position=position, digest=digest, key=imprint_of_key()))
    return sealed


def look(actor: Actor) -> list[ChainFault]:
    """Look at a piece of the chain and write down what was found; gives the faults."""
    require(actor, Permission.SYSTEM)
    anchor = read_anchor()
    with transaction() as session:
        faults, after = _piece(session, anchor)
        _note(session, faults, after)
    if not faults:
        write_anchor(replace(read_anchor(), checked=after.checked, turn=after.turn))
    for fault in faults[:10]:
        log.error("audit chain broken", extra={"position": fault.position, "fault": fault.fault})
    return faults


def _piece(session: Session, anchor: Anchor) -> tuple[list[ChainFault], Anchor]:
    """Look at a piece; gives the anchor as it stands afterwards."""
    if faults := anchor_faults(session, anchor):
        return faults, anchor
    last, settled = head(session)[0], read_horizon(session).settled
    upto = min(last, anchor.checked + NEW)
    found = check_links(session, anchor.checked, upto)
    turn = 0 if anchor.turn >= max(upto, settled) else anchor.turn
    found += check_links(session, min(turn, upto), min(turn + AGAIN, upto))
    found += forgotten(session, turn, min(turn + AGAIN, settled))
    return found, replace(anchor, checked=upto, turn=turn + AGAIN)


def look_at_all(actor: Actor) -> list[ChainFault]:
    """Seal, then look at the whole chain and write down what was found; gives the faults."""
    require(actor, Permission.SYSTEM)
    while seal_new(actor):
        pass
    anchor = read_anchor()
    with transaction() as session:
        session.connection().execute(text("set local statement_timeout = 0"))
        faults = verify(session, anchor)
        _note(session, faults, replace(anchor, checked=head(session)[0]), whole=True)
    return faults


def _note(session: Session, faults: list[ChainFault], anchor: Anchor, *, whole: bool = False) -> None:
    """Write down what a look found; only a whole one takes back what another found."""
    kept = session.get(AuditWatch, 1) or AuditWatch(looked_at=clock.now(), sealed=0, checked=0)
    kept.looked_at, kept.sealed, kept.checked = clock.now(), head(session)[0], anchor.checked
    if faults or whole:
        kept.faults, kept.fault = len(faults), str(faults[0]) if faults else ""
        kept.broken_at = (kept.broken_at or clock.now()) if faults else None
    session.add(kept)


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the last look found."""

    looked_at: datetime
    sealed: int
    checked: int
    faults: int
    fault: str
    broken_at: datetime | None


def chain_state(actor: Actor) -> ChainState | None:
    """Tell what the last look at the chain found; nothing before the first."""
    require(actor, Permission.OPERATION)
    with reading() as session:
        row = session.get(AuditWatch, 1)
        return ChainState(row.looked_at, row.sealed, row.checked, row.faults, row.fault, row.broken_at) if row else None
