"""What the table of requirements counts as proven."""

import pytest

from tests.tools.run import proven

pytestmark = pytest.mark.unit


def test_a_requirement_is_proven_by_tests_that_all_pass():
    tests = [
        {"requirements": [66, 72], "outcome": "passed"},
        {"requirements": [72], "outcome": "passed"},
        {"requirements": [], "outcome": "failed"},
    ]
    assert proven(tests) == [66, 72]


@pytest.mark.parametrize("outcome", ["failed", "error", "skipped"])
def test_one_test_that_does_not_pass_takes_the_proof_away(outcome):
    tests = [{"requirements": [72], "outcome": "passed"}, {"requirements": [72], "outcome": outcome}]
    assert proven(tests) == []
