"""The list as a PDF that any computer opens with the password: pages of plain text, encrypted by AES-256 (ISO 32000-2, revision 6)."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from maiia_pro.agenda.codes import MODE_LABELS
from maiia_pro.agenda.listing import Line
from maiia_pro.kernel.french import long_date, phone

WIDTH: Final = 595
HEIGHT: Final = 842
MARGIN: Final = 40
STEP: Final = 17
ROWS_A_PAGE: Final = 40
COLUMNS: Final = (40, 84, 126, 288, 356, 442)
"""Where each column begins, in points."""
LONGEST: Final = (8, 8, 30, 12, 16, 22)
HEADS: Final = ("Heure", "Durée", "Patient", "Naissance", "Téléphone", "Motif")


@dataclass(frozen=True, slots=True)
class Agenda:
    """One practitioner's lines of the day."""

    practitioner: str
    lines: tuple[Line, ...]


def encrypted_list(day: date, agendas: Sequence[Agenda], password: str) -> bytes:
    """Write the day of each practitioner, on pages of their own, and close it with the password."""
    writer = PdfWriter()
    for agenda in agendas:
        for number, rows in enumerate(_pages(agenda), 1):
            title = f"{agenda.practitioner} · {long_date(day, year=True)}" + (f" · page {number}" if number > 1 else "")
            _add_page(writer, title, rows)
    writer.add_metadata({"/Title": "Liste de demain"})
    writer.encrypt(password, algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _pages(agenda: Agenda) -> Iterator[tuple[Line, ...]]:
    for first in range(0, max(1, len(agenda.lines)), ROWS_A_PAGE):
        yield agenda.lines[first : first + ROWS_A_PAGE]


def _add_page(writer: PdfWriter, title: str, rows: Sequence[Line]) -> None:
    top = HEIGHT - MARGIN
    said = [_said(MARGIN, top, title, "B", 13)]
    said += [_said(x, top - 28, head, "B", 9) for x, head in zip(COLUMNS, HEADS, strict=True)]
    if not rows:
        said.append(_said(MARGIN, top - 50, "Aucun rendez-vous.", "F", 9))
    for number, line in enumerate(rows):
        height = top - 46 - number * STEP
        said += [_said(x, height, cell[:most], "F", 9) for x, cell, most in zip(COLUMNS, _cells(line), LONGEST, strict=True)]
        said.append(f"0.7 G {MARGIN} {height - 5} m {WIDTH - MARGIN} {height - 5} l S".encode())
    said.append(_said(MARGIN, 24, "Document confidentiel · détruisez cette liste dès que possible", "F", 8))
    page = writer.add_blank_page(WIDTH, HEIGHT)
    content = StreamObject()
    content.set_data(b"\n".join(said))
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({
        NameObject("/F"): _font("/Helvetica"), NameObject("/B"): _font("/Helvetica-Bold"),
    })})  # fmt: skip


def _cells(line: Line) -> tuple[str, ...]:
    name = f"{line.family_name.upper()} {line.given_name}"
    reason = f"{line.reason} ({MODE_LABELS[line.mode]})" if line.mode != "in_person" else line.reason
    return f"{line.begins:%H:%M}", f"{line.minutes} min", name, line.born, phone(line.phone), reason


def _font(name: str) -> DictionaryObject:
    """Name one of the fonts that every reader has (ISO 32000-1, 9.6.2.2)."""
    entries = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": name, "/Encoding": "/WinAnsiEncoding"}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in entries.items()})


def _said(x: int, y: int, text: str, font: str, size: int) -> bytes:
    return f"BT /{font} {size} Tf {x} {y} Td <{_encoded(text).hex()}> Tj ET".encode()


def _encoded(text: str) -> bytes:
    """Write in the fonts' own encoding; a letter that they lack loses its accent rather than its place."""
    return b"".join(_letter(sign) for sign in text.replace("\u202f", "\u00a0"))


def _letter(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", sign)[0].encode("cp1252", "replace")
