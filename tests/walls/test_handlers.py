"""Every event of every screen × everybody who may fire it, aimed at somebody else's things; and whatever a hostile screen may send."""

import random
from typing import Any, Final

import pytest

from maiia_pro.kernel.actor import ActorKind
from state.incoming import is_event
from state.rules import EVERYBODY, rule_of
from tests.walls.harness import Heard, Undone
from tests.walls.hostile import IN_FORMS, hostile, hostile_text
from tests.walls.judging import Aimed, Judge
from tests.walls.screens import HANDLERS, Answers, Form, asked_of, fire, payload_of
from tests.walls.world import Persona, World

pytestmark = pytest.mark.integration

OPEN_SCREENS: Final = frozenset({"Booking", "OwnWish", "Doorway", "DeskBooking", "Consent"})
"""Screens that show what public pages offer to whoever may use them, or what a program's own link says of it."""


def who_may(name: str, world: World) -> list[Persona]:
    """List those whom the guard lets fire an event, of those who come with a browser."""
    rule = rule_of(HANDLERS[name].handler.fn) or frozenset()
    return [
        one for one in world.personas.values() if one.actor.kind in rule and one.actor.kind not in {ActorKind.LINK, ActorKind.API_CLIENT}
    ]


def knock(hands: Undone, world: World, name: str, persona: Persona, *, absent: bool) -> tuple[Heard, Aimed]:
    """Fire an event of a screen where every identifier is theirs, or nothing's."""
    state = HANDLERS[name].states[0].__name__
    answer = Answers(world.theirs, state, absent=absent)
    heard = hands.call(lambda: fire(name, persona.headers, payload_of(name, answer), answer))
    public = state in OPEN_SCREENS or rule_of(HANDLERS[name].handler.fn) == EVERYBODY
    given = frozenset(row["id"].hex for row in world.theirs.rows.values() if hasattr(row.get("id"), "hex"))
    office = (persona.name, name.rpartition("____")[2]) == ("operator", "declarations.accept")  # what operators decide on
    return heard, Aimed(given, frozenset(answer.tables), public, whole_practice=True, office=office)


@pytest.mark.proof
@pytest.mark.requirement(208)
@pytest.mark.requirement(52)
def test_no_event_shows_changes_or_tells_of_what_is_not_the_screen_s(hands, world, counting):
    every = [(name, persona) for name in HANDLERS for persona in who_may(name, world)]
    seed, judge, found = counting.seed("écrans"), Judge(world), {}
    cells = random.Random(seed).sample(every, counting.of(120, len(every)))
    for name, persona in cells:
        absent, _ = knock(hands, world, name, persona, absent=True)
        heard, aimed = knock(hands, world, name, persona, absent=False)
        for leak in judge.leaks(persona, heard, absent, aimed):
            found.setdefault(f"{name.rpartition('____')[2]} {leak}", []).append(persona.name)
    print(*found.items(), sep="\n")
    counting.found("murs des écrans", tried=len(cells), held=len(cells) - len(found), seed=seed, of=len(every))


def test_those_whose_things_they_are_see_and_change_them_on_the_same_screens(hands, world):
    judge, stranger, found = Judge(world), world.personas["visitor"], set()
    for owner in (world.owners["practitioner"], world.owners["patient"], world.owners["operator"]):
        for name in HANDLERS:
            if len(found) < 50 and owner.actor.kind in (rule_of(HANDLERS[name].handler.fn) or ()):
                heard, aimed = knock(hands, world, name, owner, absent=False)
                found |= {name} if judge.shows(stranger, heard, aimed) or judge.changes(stranger, heard, aimed) else set()
    assert len(found) == 50


@pytest.mark.proof
@pytest.mark.requirement(208)
def test_whatever_a_screen_sends_is_ignored_or_answered_in_french(hands, world, counting):
    seed, lost = counting.seed("entrées hostiles"), []
    luck, many = random.Random(seed), counting.of(1, 200)
    for name in HANDLERS:
        persona = next(one for one in world.owners.values() if one.headers and one.actor.kind in (rule_of(HANDLERS[name].handler.fn) or ()))
        for _ in range(many):
            payload = {key: hostile(luck, world, kind) for key, kind in asked_of(name).items()}
            if not is_event({"name": name, "payload": payload}):
                continue  # dropped before any handler
            sent = _forms(luck, world, payload)
            heard = hands.call(lambda name=name, sent=sent, persona=persona: fire(name, persona.headers, sent))  # type: ignore[misc]
            if heard.kind.startswith("!"):
                lost.append(f"{name.rpartition('____')[2]} {heard.answer[:200]} {str(payload)[:200]}")
    print(*lost, sep="\n")
    counting.found("entrées hostiles", tried=many * len(HANDLERS), held=many * len(HANDLERS) - len(lost), seed=seed)


def _readable(luck: random.Random, world: World) -> str:
    """Give a hostile text that the guard lets come as far as a handler."""
    return hostile_text(luck, world).encode(errors="ignore").decode()


def _forms(luck: random.Random, world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """Have forms answer something hostile to whatever they are asked, the same each time, of a kind that a form may hold."""

    def answered() -> Form:
        kept: dict[str, Any] = {}
        return Form(lambda name, *_: kept.setdefault(name, luck.choice((_readable(luck, world), luck.choice(IN_FORMS)))))

    return {key: answered() if isinstance(value, dict) else value for key, value in payload.items()}
