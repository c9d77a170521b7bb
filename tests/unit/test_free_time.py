"""Free starts against the slow loop that tries everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.agenda.free_time import VisitShape, free_starts, naive_free_starts
from maiia_pro.agenda.openings import merged, without

pytestmark = pytest.mark.unit

intervals = st.lists(st.tuples(st.integers(0, 600), st.integers(1, 200)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=12).map(
    merged
)
shapes = st.builds(VisitShape, st.integers(5, 120), st.integers(5, 60), st.integers(0, 30), st.integers(0, 30))


@given(intervals, intervals, shapes, st.integers(-50, 700))
def test_the_sweep_answers_what_the_slow_loop_answers(openings, busy, shape, earliest):
    assert free_starts(openings, busy, shape, earliest) == naive_free_starts(openings, busy, shape, earliest)


@given(intervals, intervals, intervals, shapes)
def test_so_it_does_where_closed_time_is_cut_out(openings, closed, busy, shape):
    cut = without(openings, closed)
    assert free_starts(cut, busy, shape, 0) == naive_free_starts(cut, busy, shape, 0)


def test_an_empty_agenda_is_cut_from_its_own_start():
    assert free_starts([(485, 550)], [], VisitShape(20, 20), 0) == [485, 505, 525]


def test_a_visit_may_end_when_the_opening_ends():
    assert free_starts([(0, 20)], [], VisitShape(20, 20), 0) == [0]
    assert free_starts([(0, 19)], [], VisitShape(20, 20), 0) == []


def test_neighbours_may_touch():
    assert free_starts([(0, 60)], [(20, 40)], VisitShape(20, 20), 0) == [0, 40]


def test_buffers_keep_neighbours_away_but_may_leave_the_opening():
    shape = VisitShape(20, 5, before=10, after=5)
    assert free_starts([(0, 20)], [], shape, 0) == [0]
    assert free_starts([(0, 90)], [(40, 50)], shape, 0) == [0, 5, 10, 15, 60, 65, 70]


def test_nothing_is_offered_before_the_earliest_minute():
    assert free_starts([(0, 60)], [], VisitShape(20, 20), 1) == [20, 40]


def test_time_blocked_before_the_opening_counts():
    assert free_starts([(60, 120)], [(0, 70)], VisitShape(20, 20), 0) == [80, 100]


def test_no_opening_no_start():
    assert free_starts([], [(0, 10)], VisitShape(20, 20), 0) == []
