"""Every use case × every object that its arguments can name × everybody who might ask: nothing shown, nothing changed, nothing told."""

import random
from collections import Counter
from collections.abc import Iterable

import pytest

from maiia_pro.kernel import access
from maiia_pro.kernel.actor import ActorKind
from tests.walls.aims import Aim
from tests.walls.cases import Case, cases
from tests.walls.harness import Heard, Undone
from tests.walls.judging import Aimed, Judge
from tests.walls.registry import BLUNT, NOT_ON_THEIR_OWN, OFFICE, PUBLIC, WHOLE_PRACTICE
from tests.walls.world import Persona, World

pytestmark = pytest.mark.integration

CASES = {name: case for name, case in cases().items() if name not in NOT_ON_THEIR_OWN}
TARGETS = [(case, target) for case in CASES.values() for target in case.targets]


def knock(hands: Undone, world: World, case: Case, target: str, persona: Persona) -> tuple[Heard, Heard, Aimed]:
    """Call a use case with somebody else's object, then with none."""
    heard = []
    for absent in (True, False):
        aim = Aim(persona.own, world.theirs, target, absent=absent)
        arguments = case.arguments(aim)
        heard.append(hands.call(lambda arguments=arguments: case.function(persona.actor, **arguments)))  # type: ignore[misc]
    office = case.name in OFFICE.get(persona.name, {})
    return heard[1], heard[0], Aimed(frozenset(aim.given), frozenset(aim.tables), case.name in PUBLIC, case.name in WHOLE_PRACTICE, office)


def leaks(hands: Undone, world: World, cells: Iterable[tuple[Case, str, Persona]]) -> dict[str, list[str]]:
    """Try some cells; gives what leaked, with who got it."""
    judge, found = Judge(world), {}
    for case, target, persona in cells:
        for leak in judge.leaks(persona, *knock(hands, world, case, target, persona)):
            found.setdefault(f"{case.name}({target}) {leak}", []).append(persona.name)
    return found


@pytest.mark.proof
@pytest.mark.requirement(208)
@pytest.mark.requirement(59)
@pytest.mark.requirement(62)
@pytest.mark.requirement(63)
def test_nobody_reads_changes_or_learns_of_what_is_not_theirs(hands, world, counting):
    every = [(case, target, persona) for case, target in TARGETS for persona in world.personas.values()]
    seed = counting.seed("murs")
    cells = random.Random(seed).sample(every, counting.of(800, len(every)))
    found = leaks(hands, world, cells)
    print(*found.items(), sep="\n")
    counting.found("murs des cas d’usage", tried=len(cells), held=len(cells) - len(found), seed=seed, of=len(every))


def test_those_whose_things_they_are_get_through_the_same_doors(hands, world):
    """An aim that no owner can hit would prove nothing: their answer, or what it changes, is another than where there is nothing."""
    blunt = {f"{case.name}({target})" for case, target in TARGETS if target and not _is_hit(hands, world, case, target)}
    print(*blunt, sep="\n")
    assert blunt == BLUNT.keys()


def _is_hit(hands: Undone, world: World, case: Case, target: str) -> bool:
    """Tell whether an owner gets through, or the use case is the software's alone."""
    own = [owner for owner in world.owners.values() if owner.actor.kind is not ActorKind.SYSTEM]
    return any(_hits(hands, world, case, target, one) for one in own) or _is_the_softwares(hands, world, case, target, own)


def _is_the_softwares(hands: Undone, world: World, case: Case, target: str, own: list[Persona]) -> bool:
    return {knock(hands, world, case, target, one)[0].kind for one in own} <= {"NotAllowed", "NotSignedIn"}


def _hits(hands: Undone, world: World, case: Case, target: str, owner: Persona) -> bool:
    heard, absent, _ = knock(hands, world, case, target, owner)
    return (heard.kind, heard.answer, _acts(heard)) != (absent.kind, absent.answer, _acts(absent))


def _acts(heard: Heard) -> Counter[tuple[str, str]]:
    return Counter((table, act) for table, act, _, _ in heard.touched)


def test_without_the_rule_the_walls_leak(hands, world, monkeypatch):
    monkeypatch.setattr(access, "allowed", lambda *_: True)
    stranger = world.personas["secretary of another practice"]
    assert len(leaks(hands, world, [(case, target, stranger) for case, target in TARGETS])) > 50


def test_what_the_walls_do_not_hold_for_is_there():
    assert PUBLIC.keys() | NOT_ON_THEIR_OWN.keys() | WHOLE_PRACTICE.keys() <= cases().keys()
