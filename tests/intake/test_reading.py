"""Files of other software as they are: encodings, separators, cells that span lines, dates, times, numbers."""

from datetime import date, time

import pytest

from maiia_pro.agenda.codes import Status
from maiia_pro.agenda.export import HEAD, table_file
from maiia_pro.intake.fields import check_mapping, guess, read_mapping
from maiia_pro.intake.sheet import LARGEST, LONGEST_FILE, MOST_CELLS, MOST_LINES, read_sheet
from maiia_pro.intake.tables import Kind
from maiia_pro.intake.values import read_day, read_hour, read_length, read_number, read_status, shown
from maiia_pro.kernel.errors import Invalid

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 25)
TABLE = "Nom;Prénom;Né(e) le\nLefèvre;Élodie;12/03/1981\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_read_in_every_encoding_that_french_software_writes(encoding):
    sheet = read_sheet(TABLE.encode(encoding))
    assert sheet.head == ("Nom", "Prénom", "Né(e) le")
    assert sheet.rows[0].cells == ("Lefèvre", "Élodie", "12/03/1981")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_separator_is_found_out(separator):
    assert read_sheet(TABLE.replace(";", separator).encode()).rows[0].cells[1] == "Élodie"


def test_a_comma_inside_quotes_separates_nothing():
    assert read_sheet(b'"Nom, usuel";"Prenom, etc, etc"\nA;B\n').head == ("Nom, usuel", "Prenom, etc, etc")


def test_a_cell_may_span_lines_and_the_next_line_keeps_the_number_that_an_editor_shows():
    rows = read_sheet(b'Nom;Note\r\nKeller;"une\r\ndeux\r\ntrois"\r\n\r\nMoreau;rien\r\n').rows
    assert [(row.number, row.cells[0]) for row in rows] == [(2, "Keller"), (6, "Moreau")]
    assert rows[0].cells[1] == "une\r\ndeux\r\ntrois"


@pytest.mark.parametrize("cell", ["=2+2", "+33612345678", "-1", "@SOMME(A1)"])
def test_what_looks_like_a_formula_is_plain_text_and_comes_back_from_our_own_export(cell):
    assert read_sheet(f"Nom\n{cell}\n".encode()).rows[0].cells == (cell,)
    assert read_sheet(table_file(["Nom"], [[cell]])).rows[0].cells == (cell,)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"Nom;Prenom\n", "ligne de titres"),
        (b"PK\x03\x04rest of a spreadsheet", "CSV"),
        (b"N\x00o\x00m\x00", "CSV"),
        (b"Nom\n" + b"x" * LARGEST, "5\u00a0Mo"),
        (b"Nom\n" + b"\n" * (LONGEST_FILE + 1) + b"x\n", "CSV"),
        (b"Nom\n" + b";" * MOST_CELLS + b"\n", "CSV"),
        (b"Nom\n" + b"x\n" * (MOST_LINES + 1), "20\u00a0000"),
        (b'Nom\n"' + b"x" * 200_000 + b'"\n', "illisible"),
        (b";".join([b"c"] * 101) + b"\n1\n", "CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content, told):
    with pytest.raises(Invalid) as refusal:
        read_sheet(content)
    assert told in refusal.value.message


def test_columns_are_guessed_by_french_and_english_names():
    assert guess(Kind.PATIENTS, ["NOM", "Prénom", "DDN", "Tél.", "Portable", "E-mail"]) == {
        "family_name": 0, "given_name": 1, "birth_date": 2, "phone": 3, "mobile": 4, "email": 5,
    }  # fmt: skip
    assert guess(Kind.PATIENTS, ["Last name", "First name", "Date of birth"]) == {"family_name": 0, "given_name": 1, "birth_date": 2}


def test_our_own_export_is_guessed_whole():
    found = guess(Kind.VISITS, HEAD)
    assert {
        "date",
        "time",
        "length",
        "practitioner",
        "site",
        "reason",
        "status",
        "family_name",
        "given_name",
        "birth_date",
        "phone",
    } <= set(found)


@pytest.mark.parametrize("columns", ["{", "[]", '{"nobody": 0}', '{"family_name": 9}', '{"family_name": true}', '{"family_name": -1}'])
def test_columns_that_do_not_exist_are_refused(columns):
    with pytest.raises(Invalid):
        read_mapping(Kind.PATIENTS, columns, ["Nom"])


def test_every_field_that_lines_cannot_do_without_is_named():
    with pytest.raises(Invalid) as refusal:
        check_mapping(Kind.PATIENTS, {"family_name": 0})
    assert set(refusal.value.fields) == {"given_name", "birth_date"}


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("12/03/2026", date(2026, 3, 12), ""),
        ("2026-03-12", date(2026, 3, 12), ""),
        ("12/03/27", date(2027, 3, 12), ""),
        ("12/03/2026 14:30", date(2026, 3, 12), "14:30"),
        ("12/03/2026 à 14h30", date(2026, 3, 12), "14h30"),
        ("2026-03-12T14:30:00", date(2026, 3, 12), "14:30:00"),
        ("12 mars 2026", date(2026, 3, 12), ""),
    ],
)
def test_a_day_is_read_as_software_writes_it_and_lies_in_this_century(text, day, at):
    assert read_day(text, TODAY) == (day, at)


@pytest.mark.parametrize("text", ["14h30", "14:30", "14:30:00", "14 h 30", "1430"])
def test_a_time_is_read_as_software_writes_it(text):
    assert read_hour(text) == time(14, 30)


@pytest.mark.parametrize(("text", "minutes"), [("20", 20), ("20 min", 20), ("1h30", 90), ("00:20", 20), ("0:45:00", 45), ("1 h", 60)])
def test_a_length_is_read_as_software_writes_it(text, minutes):
    assert read_length(text) == minutes


@pytest.mark.parametrize("text", ["0", "4", "481", "vingt", "9h00"])
def test_a_length_that_no_visit_has_is_refused(text):
    with pytest.raises(Invalid):
        read_length(text)


@pytest.mark.parametrize("text", ["06 12 34 56 78", "+33 6 12 34 56 78", "612345678", "06.12.34.56.78"])
def test_a_number_is_read_even_where_a_spreadsheet_ate_its_zero(text):
    assert read_number(text) == "+33612345678"


@pytest.mark.parametrize(("text", "status"), [("Honoré", Status.FULFILLED), ("ANNULÉ", Status.CANCELLED), ("no-show", Status.MISSED)])
def test_a_status_is_read_in_either_language(text, status):
    assert read_status(text) is status


def test_a_preview_shows_what_would_be_read_and_what_cannot():
    assert shown("birth_date", "1981-03-12", TODAY) == ("12/03/1981", True)
    assert shown("birth_date", "31/02/1981", TODAY) == ("31/02/1981", False)
