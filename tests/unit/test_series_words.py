"""A series in words: the rhythms of its first day, what may be decided for a date, and the sum of it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.agenda.openings import at_wall_clock
from maiia_pro.agenda.recurrence import Rhythm
from maiia_pro.agenda.series_plan import Choice, Line, LineState
from maiia_pro.kernel.errors import Invalid
from state.series_acts import outcome
from state.series_views import START, RuleView, line_views, read_rule, rhythms, rule_with, summary_of

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 11, 30)
TEN = at_wall_clock(DAY, 600, PARIS)


def test_months_are_named_after_the_first_day():
    assert [one["label"] for one in rhythms(DAY)] == ["Jours", "Semaines", "Mois, le 30", "Mois, le dernier lundi"]


def test_a_weekday_changes_sides_each_time_it_is_ticked():
    once = rule_with(START, "weekday", "2")
    assert (once["weekdays"], rule_with(once, "weekday", "2")["weekdays"]) == ("2", "")


def test_a_rule_in_letters_is_refused_beside_its_fields():
    with pytest.raises(Invalid) as refused:
        read_rule(RuleView(**{**START, "every": "deux", "count": "²"}), DAY, 600)
    assert set(refused.value.fields) == {"every", "count"}


def test_a_rule_is_read_as_it_is_typed():
    read = read_rule(RuleView(**{**START, "every": "2", "weekdays": "02", "ends": "until", "until": "2026-12-31"}), DAY, 600)
    assert (read.rhythm, read.every, read.weekdays, read.until, read.count) == (Rhythm.WEEKS, 2, {0, 2}, date(2026, 12, 31), None)


def test_each_date_says_what_may_be_done_about_it():
    lines = (
        Line(1, TEN, LineState.FREE, None, None, TEN),
        Line(2, TEN, LineState.TAKEN, TEN + 20, Choice.NEAREST, TEN + 20),
        Line(3, TEN, LineState.OUTSIDE, None, Choice.SKIP, None),
    )
    free, taken, outside = line_views(lines, PARIS, {2: True})
    assert free["options"] == []
    assert [one["label"] for one in taken["options"]] == [
        "Au plus proche\u00a0: même jour, 10\u00a0h\u00a020", "Donner en surnombre", "Ne pas donner",
    ]  # fmt: skip
    assert [one["label"] for one in outside["options"]] == ["Donner quand même", "Ne pas donner"]
    assert (taken["label"], outside["label"]) == ("Vient d’être pris", "Hors horaires")
    assert summary_of(lines) == "2 rendez-vous à donner\u00a0: 1 libre, 1 au plus proche, 1 non donné."


def test_what_a_change_of_several_leaves_alone_is_said():
    assert outcome(9, "annulés", 0) == "9 rendez-vous de la série annulés."
    assert outcome(1, "déplacés", 1) == "1 rendez-vous de la série déplacé. 1 modifié à part reste tel quel."
    assert outcome(2, "annulés", 2) == "2 rendez-vous de la série annulés. 2 modifiés à part restent tels quels."
