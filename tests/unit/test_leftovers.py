"""What visitors leave behind is bounded; what is on a screen, or somebody's who is signed in, is not touched."""

import asyncio

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import StateToken

from state import leftovers
from state.leftovers import forget_oldest

pytestmark = pytest.mark.unit


@pytest.mark.requirement(207)
def test_of_tabs_that_visitors_closed_the_oldest_are_forgotten_past_a_bound(monkeypatch):
    monkeypatch.setattr(leftovers, "MOST", 2)

    async def kept() -> list[str]:
        manager = StateManagerMemory()
        tabs = [StateToken(ident=name, cls=dict) for name in ("open", "first", "second", "third", "busy")]
        for tab in tabs:
            await manager.get_state(tab)
        async with await manager._get_state_lock(tabs[-1]):
            assert forget_oldest(manager, {"open"}) == 1
        found = [key.partition("/")[0] for key in manager.states]
        await manager.close()
        return found

    assert asyncio.run(kept()) == ["open", "second", "third", "busy"]
