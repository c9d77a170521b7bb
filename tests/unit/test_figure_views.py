"""Figures as drawings: bars within their box, words for those who do not see them."""

from datetime import date

import pytest

from maiia_pro.agenda.figures import Figure, Grouping, Row
from state.figure_views import WIDTH, chart_views, nice_top

MONDAY = date(2026, 10, 19)


def charts(grouping: Grouping, numbers: dict[Figure, list[Row]]):
    return {
        one["key"]: one for one in chart_views({(figure, grouping): tuple(numbers.get(figure, ())) for figure in Figure}, grouping, "/x?")
    }


@pytest.mark.parametrize(("highest", "top"), [(0, 1), (0.4, 1), (3, 3), (12, 15), (47, 50), (100, 100), (101, 150)])
def test_the_top_of_a_drawing_is_a_round_number_that_no_bar_passes(highest, top):
    assert nice_top(highest) == top


def test_bars_stay_within_the_drawing_for_a_year_of_weeks():
    rows = [Row(date.fromordinal(MONDAY.toordinal() + 7 * week), (60.0 * week, 3000.0)) for week in range(53)]
    chart = charts(Grouping.WEEK, {Figure.OCCUPANCY: rows})["occupation"]
    assert all(float(mark["x"]) >= 0 and float(mark["x"]) + float(mark["width"]) <= WIDTH for mark in chart["marks"])
    assert all(float(mark["y"]) >= 12 for mark in chart["marks"])
    assert len(chart["rows"]) == 53


def test_bars_of_the_three_origins_follow_one_another():
    chart = charts(Grouping.REASON, {Figure.ORIGIN: [Row("Consultation", (2, 1, 1))]})["origine"]
    (desk, online, api) = chart["marks"]
    assert float(desk["x"]) + float(desk["width"]) == pytest.approx(float(online["x"]), abs=0.2)
    assert [desk["fill"], online["fill"], api["fill"]] == ["a", "b", "c"]


def test_a_drawing_says_in_words_what_it_shows():
    rows = [Row(MONDAY, (1, 10)), Row(date(2026, 10, 26), (5, 10))]
    chart = charts(Grouping.WEEK, {Figure.ABSENCES: rows})["absences"]
    assert chart["says"].startswith("Absences\u00a0: de 10\u00a0% (19/10/2026) à 50\u00a0% (26/10/2026).")


def test_a_period_without_any_number_is_empty():
    assert [one["empty"] for one in charts(Grouping.PRACTITIONER, {}).values()] == [True] * 4
