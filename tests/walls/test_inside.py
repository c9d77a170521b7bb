"""The walls inside a practice: what is its administrators' alone, and what it may not learn of who has not accepted to work there."""

from typing import Any

import pytest

from maiia_pro.kernel import access
from maiia_pro.kernel.access import ADMINISTERED, Permission
from tests.walls.aims import Aim
from tests.walls.harness import Heard, Undone
from tests.walls.test_use_cases import CASES
from tests.walls.world import Persona, World

pytestmark = pytest.mark.integration


def at_home(hands: Undone, world: World, name: str, persona: Persona) -> Heard:
    """Call a use case with what is the practice's own."""
    arguments = CASES[name].arguments(Aim(world.theirs, world.theirs, "", absent=False))
    return hands.call(lambda: CASES[name].function(persona.actor, **arguments))


def administered(hands: Undone, world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Name the use cases that ask whether their actor administers the practice."""
    asked: set[Permission] = set()
    real = access.allowed

    def noting(actor: Any, permission: Permission, *where: Any) -> bool:
        asked.add(permission)
        return real(actor, permission, *where)

    found = set()
    with monkeypatch.context() as patch:
        patch.setattr(access, "allowed", noting)
        for name in CASES:
            asked.clear()
            at_home(hands, world, name, world.owners["secretary"])
            found |= {name} if asked & ADMINISTERED else set()
    return found


@pytest.mark.requirement(208)
@pytest.mark.requirement(63)
def test_nobody_does_what_is_the_administrators_alone(hands, world, monkeypatch):
    names = administered(hands, world, monkeypatch)
    others = [one for one in (*world.personas.values(), *world.owners.values()) if not one.actor.administers and one.name != "software"]
    assert len(names) > 25
    let_in = {(name, who.name) for name in names for who in others if at_home(hands, world, name, who).ok}
    assert let_in == set()


@pytest.mark.requirement(208)
def test_a_practice_learns_no_name_of_who_has_not_accepted(hands, world):
    name = world.theirs.rows["account:asked"]["name"]
    people = [world.owners["practitioner"], world.owners["secretary"], world.personas["colleague"]]
    told = {(case, who.name) for case in CASES for who in people if name in at_home(hands, world, case, who).answer}
    assert told == set()
