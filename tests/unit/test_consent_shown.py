"""What somebody lets a program do is what their screen shows."""

import asyncio
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from state.consent import Consent, _answer

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("shown", [{"client_id": "un"}, {}])
def test_an_answer_to_what_is_not_shown_gives_nothing_and_shows_the_question_first(shown):
    address = SimpleNamespace(url=SimpleNamespace(query="client_id=autre&scope=patients.read"))
    act = Mock()
    answered = asyncio.run(_answer(SimpleNamespace(router=address, _shown=shown), act))
    assert answered.handler.fn.__name__ == Consent.arrive.fn.__name__
    act.assert_not_called()
