"""Everything that people do to an agenda, in any order, against a model without intervals: it tries every minute.

After every step: what is offered is exactly what the model offers, no two active visits overlap and no room is used twice (asked of the
database), and every answer of a use case is the one the model expects.
"""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.agenda.model.away import AbsenceActs
from tests.agenda.model.holding import VisitorsActs
from tests.agenda.model.series import SeriesActs
from tests.agenda.model.waiting import WaitingActs

pytestmark = [pytest.mark.integration, pytest.mark.proof]

CHANGES = ["printemps à Paris", "automne à Paris", "printemps à La Réunion", "automne à La Réunion"]


class VisitorsMachine(VisitorsActs):
    """Visitors, patients, staff, programs, rooms and closed time."""


class AbsenceMachine(AbsenceActs):
    """Leave and public holidays."""


class WaitingMachine(WaitingActs):
    """Wishes, and the places offered to them."""


class SeriesMachine(SeriesActs):
    """Series, given and changed."""


def run(counting, machine, place: str, what: str, *, small: tuple[int, int], full: tuple[int, int]) -> None:
    """Let a machine act at a place so many times for so many steps."""
    runs, steps, number = counting.of(small[0], full[0]), counting.of(small[1], full[1]), counting.seed(f"{what}, {place}")
    run_state_machine_as_test(
        seed(number)(type("Machine", (machine,), {"place": place})),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    counting.found(f"{what} contre le modèle, {place}", tried=runs, held=runs, steps=steps, seed=number)


@pytest.mark.parametrize("place", sorted(CHANGES))
def test_any_order_of_acts_ends_as_the_model_says(clean_database, counting, place):
    run(counting, VisitorsMachine, place, "suites d’actes", small=(6, 18), full=(2500, 50))


@pytest.mark.parametrize("place", [*sorted(CHANGES), "abolition à La Réunion"])
def test_absences_and_holidays_among_other_acts_end_as_the_model_says(clean_database, counting, place):
    run(counting, AbsenceMachine, place, "absences et jours fériés", small=(4, 16), full=(1000, 40))


@pytest.mark.parametrize("place", ["automne à Paris", "printemps à La Réunion", "soir à Tahiti"])
def test_the_waiting_list_among_other_acts_ends_as_the_model_says(clean_database, counting, place):
    run(counting, WaitingMachine, place, "liste d’attente", small=(6, 18), full=(1500, 50))


@pytest.mark.parametrize("place", ["printemps à Paris", "automne à Paris", "abolition à La Réunion"])
def test_series_among_other_acts_end_as_the_model_says(clean_database, counting, place):
    run(counting, SeriesMachine, place, "séries", small=(4, 14), full=(1500, 50))
