"""Reading calendars that come from anywhere: each gives its times or a clear refusal, and none costs the server more than its bounds."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.kernel.errors import Invalid
from maiia_pro.outside import reading
from maiia_pro.outside.reading import About, CalendarRead, read_calendar

pytestmark = pytest.mark.unit

FILES = sorted((Path(__file__).parents[1] / "fixtures" / "ics").glob("*.ics"))
PARIS = ZoneInfo("Europe/Paris")
CAYENNE = ZoneInfo("America/Cayenne")


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{number}@ailleurs\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//essai//FR\r\n{head}{body}END:VCALENDAR\r\n".encode()


def read(content: bytes, zone: ZoneInfo = PARIS, year: int = 2027) -> CalendarRead:
    return read_calendar(content, zone, datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def spans(content: bytes, **more) -> list[tuple[str, str]]:
    return [(f"{one.starts_at:%m-%dT%H:%M}", f"{one.ends_at:%m-%dT%H:%M}") for one in read(content, **more).times]


def test_there_are_calendars_to_try():
    assert len(FILES) >= 70


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_calendar_gives_its_times_or_a_refusal_that_says_what_to_do(file: Path):
    begins, ends = datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    try:
        found = read_calendar(file.read_bytes(), PARIS, begins, ends, about=True)
    except Invalid as refused:
        found = refused
    if isinstance(found, Invalid):
        assert found.message.startswith(("Ce fichier", "Ce calendrier"))
        return
    assert all(begins < one.ends_at and one.starts_at < ends and one.starts_at < one.ends_at for one in found.times)
    assert found.times or found.events == 0 or any(getattr(found.left_out, name) for name in found.left_out.__slots__)


def test_a_repeated_event_is_laid_out_by_the_clock_of_its_zone():
    weekly = "DTSTART;TZID=Europe/Paris:20270322T090000\r\nDTEND;TZID=Europe/Paris:20270322T100000\r\nRRULE:FREQ=WEEKLY;COUNT=2"
    assert spans(calendar(weekly)) == [("03-22T08:00", "03-22T09:00"), ("03-29T07:00", "03-29T08:00")]


def test_a_day_and_a_time_without_zone_are_of_the_practice():
    content = calendar("DTSTART;VALUE=DATE:20270502", "DTSTART:20270503T090000\r\nDURATION:PT1H")
    assert spans(content, zone=CAYENNE) == [("05-02T03:00", "05-03T03:00"), ("05-03T12:00", "05-03T13:00")]


def test_a_zone_that_nobody_knows_is_of_the_practice():
    content = calendar("DTSTART;TZID=Lune/Mer:20270503T090000\r\nDTEND;TZID=Lune/Mer:20270503T100000")
    assert spans(content, zone=CAYENNE) == [("05-03T12:00", "05-03T13:00")]


def test_what_does_not_keep_somebody_busy_is_left_out_and_counted():
    begin = "DTSTART:20270503T090000Z\r\nDURATION:PT1H"
    content = calendar(f"{begin}\r\nSTATUS:CANCELLED", f"{begin}\r\nTRANSP:TRANSPARENT", "DTSTART:20270503T090000Z", "SUMMARY:sans heure")
    found = read(content + calendar(f"{begin}").replace(b"0@ailleurs", b"0193@maiia-pro"))
    left = found.left_out
    assert (found.times, left.cancelled, left.free, left.empty, left.broken, left.own) == ((), 1, 1, 1, 1, 1)


def test_a_cancelled_and_a_moved_occurrence_count_as_they_are():
    daily = "DTSTART:20270503T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "RECURRENCE-ID:20270504T090000Z\r\nDTSTART:20270504T150000Z\r\nDURATION:PT1H"
    cancelled = "RECURRENCE-ID:20270505T090000Z\r\nDTSTART:20270505T090000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED"
    content = calendar(daily, moved, cancelled).replace(b"UID:1@", b"UID:0@").replace(b"UID:2@", b"UID:0@")
    assert spans(content) == [("05-03T09:00", "05-03T10:00"), ("05-04T15:00", "05-04T16:00")]


def test_more_dates_given_as_periods_count():
    content = calendar("DTSTART:20270503T090000Z\r\nDURATION:PT1H\r\nRDATE;VALUE=PERIOD:20270601T120000Z/PT2H")
    assert spans(content) == [("05-03T09:00", "05-03T10:00"), ("06-01T12:00", "06-01T14:00")]


def test_what_an_event_is_about_is_told_where_it_is_asked_for_and_nowhere_else():
    said = "DTSTART:20270503T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2"
    words = "DESCRIPTION:né le\\n12/03/1981\r\nCATEGORIES:Suivi,Urgence"
    content = calendar(f"{said}\r\n{words}\r\nATTENDEE;CN=Marie Dupont:mailto:marie@exemple.fr")
    first, second = read_calendar(content, PARIS, datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), about=True).times
    assert first.about == second.about
    assert first.about == About("né le\n12/03/1981", (("Marie Dupont", "mailto:marie@exemple.fr"),), ("Suivi", "Urgence"), repeats=True)
    assert {one.about for one in read(content).times} == {About()}


def test_a_title_is_a_short_line():
    (one,) = read(calendar(f"DTSTART:20270503T090000Z\r\nDURATION:PT1H\r\nSUMMARY:Piano\\n\u202e{'a' * 500}")).times
    assert one.title.startswith("Piano aaa")
    assert len(one.title) <= 120


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 1000,
        b"nom;prenom\nKeller;Josiane\n",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR" * 1000,
        calendar("DTSTART:20270503T090000Z")[:-30],
        b"BEGIN:X\r\n" * 50_000 + b"BEGIN:VCALENDAR\r\n",
    ],
    ids=["empty", "binary", "table", "begun", "one-line", "cut", "deep"],
)
def test_what_is_no_calendar_is_refused_in_words(content: bytes):
    with pytest.raises(Invalid, match=r"Ce (fichier|calendrier)"):
        read(content)


def test_a_file_beyond_its_bounds_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(reading, "_ask", lambda *_: pytest.fail("read"))
    with pytest.raises(Invalid, match="trop gros"):
        read(calendar() + b" " * reading.LARGEST)
    with pytest.raises(Invalid, match="trop d’événements"):
        read(calendar() + b"BEGIN:VEVENT\r\n" * (reading.MOST_EVENTS + 1))


HOSTILE = {
    "every second": "DTSTART:19700101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY",
    "every second of every day": "DTSTART:20270101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=DAILY;BYHOUR="
    + ",".join(map(str, range(24)))
    + ";BYMINUTE="
    + ",".join(map(str, range(60)))
    + ";BYSECOND="
    + ",".join(map(str, range(60))),
}


@pytest.mark.parametrize("rule", HOSTILE.values(), ids=HOSTILE)
def test_a_rule_without_end_stops_its_reader_and_nothing_else(rule: str):
    with pytest.raises(Invalid, match=r"trop (de calculs|d’événements)"):
        read(calendar(rule))


def test_a_rule_that_never_comes_true_leaves_the_first_time_alone():
    assert spans(calendar("DTSTART:20270101T000000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")) == [
        ("01-01T00:00", "01-01T01:00")
    ]


def test_the_reader_holds_none_of_our_secrets(monkeypatch):
    asked = []
    run = reading.subprocess.run
    monkeypatch.setattr(reading.subprocess, "run", lambda *given, **more: asked.append(more["env"]) or run(*given, **more))
    read(calendar())
    assert asked == [{}]
