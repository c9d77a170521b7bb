"""How use cases end is counted by outcome."""

import pytest
from prometheus_client import REGISTRY

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Conflict
from maiia_pro.kernel.metrics import counted

pytestmark = pytest.mark.unit


def count(outcome: str) -> float:
    return REGISTRY.get_sample_value("maiia_appointment_acts_total", {"act": "essai", "by": "anonymous", "outcome": outcome}) or 0


def test_a_success_a_refusal_and_a_failure_are_told_apart():
    @counted("essai")
    def use_case(actor: Actor, error: Exception | None = None) -> str:
        if error:
            raise error
        return "fait"

    assert use_case(Actor.anonymous()) == "fait"
    for error in (Conflict(), ZeroDivisionError()):
        with pytest.raises(type(error)):
            use_case(Actor.anonymous(), error)
    assert [count("done"), count(Conflict.code), count("error")] == [1, 1, 1]
