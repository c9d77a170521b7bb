"""An absence of 200 visits: listing them with a place for each, and settling them in one go, beside moving them one by one.

Both ways move the same kind of visits on the same server, in rounds that take turns; the ratio is theirs within a run.
"""

import statistics
from datetime import date, time, timedelta
from time import perf_counter

from bench.ground import Figure, database, full, write
from maiia_pro.agenda.absence import Choice, Stranded, Upset, stranded_visits
from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, move_appointment
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.exceptions import NewException
from maiia_pro.agenda.settle import Wish, settle
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from tests.factories import House

VISITS = 200
A_DAY = 20
COLLEAGUES = 9
GOAL_SECONDS = 2.0


def fill(house: House, secretary: Actor) -> Upset:
    """Give the first practitioner ten days of twenty visits, and close those days."""
    first: date = house.instant(12, days=7).date()
    for number in range(VISITS):
        day, place = divmod(number, A_DAY)
        starts_at = house.instant(8, day=first + timedelta(days=day)) + timedelta(minutes=20 * place + (120 if place >= 12 else 0))
        book_slot(secretary, BookingRequest(SlotKey(house.offerings[0], starts_at), patient_id=house.patients[0]))
    closing = NewException(ExceptionKind.CLOSED, first, first + timedelta(days=VISITS // A_DAY), time(0), time(0))
    return Upset(house.practitioners[0], closing=closing)


def wish(number: int, line: Stranded) -> Wish:
    """Choose in turn: a colleague, later, cancel."""
    choice = (Choice.COLLEAGUE, Choice.LATER, Choice.CANCEL)[number % 3]
    place = {Choice.COLLEAGUE: line.colleague, Choice.LATER: line.later}.get(choice)
    return Wish(line.id, line.version, choice, place.practitioner_id if place else None, place.starts_at if place else None)


def once(*, together: bool) -> tuple[float, float]:
    """Tell the seconds that looking and settling took."""
    house = House.ready(practitioners=1 + COLLEAGUES)
    secretary = house.secretary()
    upset = fill(house, secretary)
    began = perf_counter()
    lines = stranded_visits(secretary, upset)
    looked = perf_counter() - began
    assert len(lines) == VISITS
    began = perf_counter()
    if together:
        done = settle(secretary, upset, [wish(number, line) for number, line in enumerate(lines)])
        assert sum(done.settled.values()) == VISITS, done.in_the_way
    else:
        for line in lines:
            assert line.colleague
            move_appointment(secretary, line.id, MoveRequest(line.colleague.starts_at, line.colleague.practitioner_id))
    return looked, perf_counter() - began


def main() -> None:
    """Measure and write."""
    rounds = 9 if full() else 3
    with database():
        once(together=True)
        pairs = [(once(together=True), once(together=False)) for _ in range(rounds)]
    looked = statistics.median(pair[0][0] for pair in pairs)
    settled = statistics.median(pair[0][1] for pair in pairs)
    ratio = statistics.median(pair[0][1] / pair[1][1] for pair in pairs)
    goal = f"≤ {GOAL_SECONDS:.0f} s"
    figures = [
        Figure("absence de 200 rendez-vous : liste et places", looked, "s", goal, looked <= GOAL_SECONDS),
        Figure("absence de 200 rendez-vous : réglée", settled, "s", goal, settled <= GOAL_SECONDS),
        Figure("rapport à 200 déplacements un par un", ratio, "fois", "≤ 1", ratio <= 1),
    ]
    write("absence", figures, visits=VISITS, colleagues=COLLEAGUES, rounds=rounds)


if __name__ == "__main__":
    main()
