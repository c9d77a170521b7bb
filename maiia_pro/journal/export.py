"""The journal as a table for spreadsheets, read piece by piece; that it was taken out is in the journal too."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from maiia_pro.agenda.export import safe_cell
from maiia_pro.journal.labels import label_of
from maiia_pro.journal.reading import JournalLine, JournalQuery, Place, journal
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import PLATFORM, AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import short_date

MOST: Final = 100_000
"""Lines of a file."""
A_PIECE: Final = 2_000
HEAD: Final = ("Jour", "Heure", "Acte", "Par", "Genre", "Pour le compte de", "Sur", "Cabinet", "Réseau", "Navigateur")
KINDS: Final = {
    ActorKind.ANONYMOUS: "Visiteur",
    ActorKind.PATIENT: "Patient",
    ActorKind.SECRETARY: "Secrétariat",
    ActorKind.PRACTITIONER: "Praticien",
    ActorKind.SUBSTITUTE: "Remplaçant",
    ActorKind.AIDANT: "Professionnel aidant",
    ActorKind.OPERATOR: "Exploitant",
    ActorKind.API_CLIENT: "Logiciel relié",
    ActorKind.LINK: "Lien d’un message",
    ActorKind.SYSTEM: "Maiia Pro",
    ActorKind.LOCKED: "Écran verrouillé",
    ActorKind.HALF_OPEN: "Connexion à finir",
}


def note_export(actor: Actor, query: JournalQuery) -> None:
    """Write down that the journal is taken out, before anything of it leaves."""
    require(actor, Permission.JOURNAL_VIEW)
    details = {"first": query.first.isoformat(), "last": query.last.isoformat(), "group": query.group}
    with transaction() as session:
        for practice_id in sorted(actor.practice_ids) or [PLATFORM]:
            audit.record(
                session, actor, AuditAction.JOURNAL_EXPORTED, subject_type="practice", subject_id=None, practice_id=practice_id,
                details=details,
            )  # fmt: skip


def pieces(actor: Actor, query: JournalQuery) -> Iterator[str]:
    """Give the file piece by piece, the latest act first; each piece is read with a transaction of its own."""
    yield "\ufeff" + _written([HEAD])
    before: Place | None = None
    for _ in range(MOST // A_PIECE):
        lines = journal(actor, query, before, A_PIECE)
        yield _written([cells(line) for line in lines])
        if len(lines) < A_PIECE:
            return
        before = (lines[-1].at, lines[-1].sequence)
    yield _written([(f"La limite de {MOST} lignes est atteinte. Choisissez une période plus courte pour la suite.",)])


def cells(line: JournalLine) -> tuple[str, ...]:
    """Write an act as the cells of a row."""
    when = line.when
    kind = KINDS[line.actor_kind]
    return (
        short_date(when.date()), f"{when:%H:%M:%S}", label_of(line.action), line.actor_name, kind, line.behalf, line.subject,
        line.practice, line.network, line.browser,
    )  # fmt: skip


def _written(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [safe_cell(cell) for cell in row] for row in rows
    )
    return written.getvalue()
