"""The chain of seals over the audit trail: each link is a HMAC of an entry and of the link before, its key outside the database."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel import vault
from maiia_pro.kernel.audit import mark_of
from maiia_pro.kernel.audit_anchor import Anchor, imprint_of_key
from maiia_pro.kernel.exchange import exchange_many
from maiia_pro.kernel.horizon import keep_horizon, next_horizon, read_horizon

GENESIS: Final = "0" * 64
READ_AT_ONCE = 1000

_ENTRY: Final = """
    e.id, e.sequence, e.practice_id, e.at, e.action, e.actor_kind, e.actor_id, e.actor_name, e.on_behalf_of, e.subject_type, e.subject_id,
    e.session_id, e.network, e.browser, e.details, e.mark
"""
_UNSEALED = text(f"""
    select {_ENTRY} from audit_entry e
    where e.sequence > :settled and not exists (select 1 from audit_seal s where s.entry_id = e.id)
    order by e.sequence limit :limit
""")  # noqa: S608 - names of columns
_HEAD = text("select position, digest from audit_seal order by position desc limit 1")
_DIGEST = text("select digest from audit_seal where position = :position")
_SEAL = "insert into audit_seal (entry_id, position, digest) values (%(entry_id)s, %(position)s, %(digest)s)"
_LINKS = text(f"""
    select s.position, s.digest, s.entry_id, {_ENTRY} from audit_seal s left join audit_entry e on e.id = s.entry_id
    where s.position > :after and s.position <= :upto order by s.position
""")  # noqa: S608 - names of columns
_FORGOTTEN = text("""
    select e.practice_id, e.sequence from audit_entry e
    where e.sequence > :after and e.sequence <= :upto and not exists (select 1 from audit_seal s where s.entry_id = e.id)
    order by e.sequence
""")


@dataclass(frozen=True)
class ChainFault:
    """What is wrong with the chain, and where."""

    practice_id: UUID | None
    """Of the entry, where there is one."""
    position: int
    """The place in the chain; of an entry that is in none, its number."""
    fault: str

    def __str__(self) -> str:
        return f"{self.position}\u00a0: {self.fault}"


def link_of(position: int, previous: str, entry_id: UUID, sequence: int, mark: str) -> str:
    """Work out a link: HMAC-SHA256 of its place, the link before, and the entry by its id, number and mark."""
    body = f"{position} {previous} {entry_id} {sequence} {mark}"
    return hmac.digest(vault.key_for("audit chain"), body.encode(), "sha256").hex()


def seal(session: Session, limit: int = 1000) -> int:
    """Seal committed entries in order; tells how many. One sealer at a time, by an advisory lock."""
    session.connection().execute(text("select pg_advisory_xact_lock(hashtext('audit_seal'))"))
    before = read_horizon(session)
    after = next_horizon(session, before)
    entries = session.connection().execute(_UNSEALED, {"settled": before.settled, "limit": limit}).mappings().all()
    position, previous = head(session)
    made = []
    for entry in entries:
        position += 1
        previous = link_of(position, previous, entry["id"], entry["sequence"], entry["mark"])
        made.append({"entry_id": entry["id"], "position": position, "digest": previous})
    exchange_many(session, _SEAL, made)
    keep_horizon(session, before, after, entries[-1]["sequence"] if len(entries) == limit else None)
    return len(entries)


def head(session: Session) -> tuple[int, str]:
    """Give the place and the digest of the last link."""
    last = session.connection().execute(_HEAD).one_or_none()
    return (last.position, last.digest) if last else (0, GENESIS)


def verify(session: Session, anchor: Anchor) -> list[ChainFault]:
    """Check the whole chain from its first link, and that it reaches what the anchor saw.

    An altered, removed, inserted or forgotten entry, an altered, removed or reordered seal and an end cut off show as faults.
    """
    if faults := anchor_faults(session, anchor):
        return faults
    return [*forgotten(session, 0, read_horizon(session).settled), *check_links(session, 0, head(session)[0])]


def anchor_faults(session: Session, anchor: Anchor) -> list[ChainFault]:
    """Check that the chain still holds the last link that was seen, and that the key is the same."""
    if not anchor.position:
        return []
    if anchor.key != imprint_of_key():
        return [ChainFault(None, anchor.position, "la clé du serveur a changé, rien ne peut être vérifié avec celle-ci")]
    found = session.connection().execute(_DIGEST, {"position": anchor.position}).scalar_one_or_none()
    if found == anchor.digest:
        return []
    return [ChainFault(None, anchor.position, "fin coupée" if found is None else "maillon remplacé")]


def forgotten(session: Session, after: int, upto: int) -> list[ChainFault]:
    """Find entries numbered so that are in no link though they should be."""
    rows = session.connection().execute(_FORGOTTEN, {"after": after, "upto": upto})
    return [ChainFault(row.practice_id, row.sequence, "entrée non scellée") for row in rows]


def check_links(session: Session, after: int, upto: int) -> list[ChainFault]:
    """Check the links behind one place, up to another; they are read piece by piece."""
    previous = session.connection().execute(_DIGEST, {"position": after}).scalar_one_or_none() if after else GENESIS
    rows = session.connection().execute(_LINKS.execution_options(yield_per=READ_AT_ONCE), {"after": after, "upto": upto})
    return list(_faults(rows.mappings(), after, upto, previous or ""))


def _faults(rows: Iterable[Any], after: int, upto: int, previous: str) -> Iterator[ChainFault]:
    last = after
    for row in rows:
        if row["position"] != last + 1:
            yield ChainFault(None, last + 1, "sceau supprimé")
        if row["id"] is None:
            yield ChainFault(None, row["position"], "entrée supprimée")
        elif mark_of(row, row["details"]) != row["mark"]:
            yield ChainFault(row["practice_id"], row["position"], "entrée modifiée ou ajoutée")
        elif link_of(row["position"], previous, row["id"], row["sequence"], row["mark"]) != row["digest"]:
            yield ChainFault(row["practice_id"], row["position"], "maillon modifié")
        last, previous = row["position"], row["digest"]
    if last != upto:
        yield ChainFault(None, last + 1, "sceau supprimé")
