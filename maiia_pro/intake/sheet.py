"""A CSV file as other software writes it: encoding and separator found out, lines numbered as an editor shows them. Pure."""

import csv
import io
import re
from dataclasses import dataclass
from typing import Final

from maiia_pro.agenda.export import RISKY
from maiia_pro.kernel.errors import Invalid

LARGEST: Final = 5 * 1024 * 1024
MOST_LINES: Final = 20_000
LONGEST_FILE: Final = 20 * MOST_LINES
"""In lines as an editor counts them: five megabytes of blank ones would be read for seconds."""
MOST_COLUMNS: Final = 100
MOST_CELLS: Final = 1_000
LONGEST_TITLES: Final = 20_000
SEPARATORS: Final = ";,\t"
NOT_A_TABLE: Final = "Ce fichier n’est pas un tableau CSV. Dans votre tableur, choisissez « Enregistrer sous », puis « CSV »."


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its number in the file; a cell that spans several lines counts from its first."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the names of its columns, and the lines that are not blank."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes) -> Sheet:
    """Read a file; raises `Invalid` where it is too large, or no table of text."""
    if len(content) > LARGEST:
        raise Invalid("Ce fichier dépasse 5 Mo. Partagez-le en plusieurs fichiers.")
    text = _decoded(content)
    rows = _rows(text, _separator(text))
    if not rows:
        raise Invalid("Ce fichier est vide.")
    head, *rest = rows
    if len(head.cells) > MOST_COLUMNS:
        raise Invalid(NOT_A_TABLE)
    if not rest:
        raise Invalid("Ce fichier n’a que sa ligne de titres : il n’y a rien à reprendre.")
    if len(rest) > MOST_LINES:
        raise Invalid("Ce fichier a plus de 20 000 lignes. Partagez-le en plusieurs fichiers.")
    return Sheet(tuple(cell or f"Colonne {number}" for number, cell in enumerate(head.cells, 1)), tuple(rest))


def _decoded(content: bytes) -> str:
    """Read UTF-8, with its mark or without, else Windows-1252, in which older French software writes."""
    if b"\x00" in content or content.startswith(b"PK\x03\x04"):
        raise Invalid(NOT_A_TABLE)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(NOT_A_TABLE)


def _separator(text: str) -> str:
    """Find which sign cuts the first line in most columns, outside quotes; semicolon before comma before tabulation."""
    titles = re.sub(r'"[^"]*"', "", text.lstrip()[:LONGEST_TITLES]).partition("\n")[0]
    return max(SEPARATORS, key=titles.count)


def _rows(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[Row] = []
    begins = 1
    try:
        for cells in reader:
            if len(cells) > MOST_CELLS or reader.line_num > LONGEST_FILE:
                raise Invalid(NOT_A_TABLE)
            cleaned = tuple(plain_cell(cell) for cell in cells)
            if any(cleaned):
                found.append(Row(begins, cleaned))
            if len(found) > MOST_LINES + 1:
                break
            begins = reader.line_num + 1
    except csv.Error:
        raise Invalid(f"La ligne {begins} est illisible : une cellule y est trop longue ou mal fermée.") from None
    return found


def plain_cell(text: str) -> str:
    """Give what a cell says: nothing in it is ever run, and the apostrophe that guards a formula in our own exports goes."""
    cell = text.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell
