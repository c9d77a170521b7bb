"""What asking whether somebody may costs a use case: for people with few rights, with many, and where they are refused."""

import time
import timeit
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import UUID

from bench.ground import Figure, full, quantile, write
from maiia_pro.kernel.access import Permission, for_whom, require
from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.ids import uuid7

MOST_US = 50
PRACTITIONERS = (1, 8, 40)
TURNS = 200


def secretary(practice: UUID, practitioners: list[UUID]) -> Actor:
    """Somebody of the desk: all of the usual rights for all but the last practitioner, who lets them see the agenda only."""
    usual = frozenset(Right) - {Right.SETTINGS}
    rights = dict.fromkeys(practitioners, usual) | {practitioners[-1]: frozenset({Right.AGENDA})}
    return Actor(ActorKind.SECRETARY, "Sylvie Moreau", account_id=uuid7(), practice_ids=frozenset({practice}), rights=rights)


def microseconds(work: Callable[[], object], turns: int, rounds: int) -> list[float]:
    """Time some work by the processor's own clock, in µs a turn: whoever else is at the machine is left out."""
    return [timeit.timeit(work, timer=time.thread_time, number=turns) / turns * 1e6 for _ in range(rounds)]


def asking(actor: Actor, practice: UUID, practitioner: UUID | None) -> Callable[[], None]:
    """Make a question to the table for every permission."""

    def ask() -> None:
        for permission in Permission:
            with suppress(DomainError):
                require(actor, permission, practice, practitioner)

    return ask


def main() -> None:
    """Run the bench."""
    rounds, practice, figures = 200 if full() else 40, uuid7(), []
    for count in PRACTITIONERS:
        practitioners = [uuid7() for _ in range(count)]
        actor = secretary(practice, practitioners)
        asked = {"pour un praticien": (practice, practitioners[0]), "pour aucun nommé": (practice, None), "refusé": (uuid7(), None)}
        for name, (where, whom) in asked.items():
            took = [each / len(Permission) for each in microseconds(asking(actor, where, whom), TURNS, rounds)]
            late = quantile(took, 0.99)
            figures.append(Figure(f"{count} praticiens, droit demandé {name}, p99", late, "µs", f"≤ {MOST_US}", late <= MOST_US))
        listed = microseconds(partial(for_whom, actor, Permission.AGENDA_VIEW), TURNS, rounds)
        figures.append(Figure(f"{count} praticiens, liste de ceux qu’on sert, p99", quantile(listed, 0.99), "µs"))
    write("access", figures, rounds=rounds, turns=TURNS)


if __name__ == "__main__":
    main()
