"""The states of tabs that visitors closed: Reflex keeps each for an hour, and whoever opens tabs without end must not fill the memory."""

import asyncio
from collections.abc import Container
from typing import Final

import reflex as rx
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory

from state.session import signed_in_tabs

MOST: Final = 2_000
"""States of closed tabs that are kept, for a line that was only cut: some 200 MB."""
SWEEP_SECONDS: Final = 5.0


async def sweep(app: rx.App) -> None:
    """Forget, for ever, what was left behind past the bound. In Redis states have its own bounds."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        connected = app.event_namespace.token_to_sid if app.event_namespace else {}
        forget_oldest(app.state_manager, {*connected, *signed_in_tabs()})


def forget_oldest(manager: StateManager, here: Container[str]) -> int:
    """Forget the states of tabs that are not `here` past the bound, those that were used longest ago first; tells how many."""
    if not isinstance(manager, StateManagerMemory):
        return 0
    locks = manager._states_locks
    left = [
        (until, token)
        for until, token in manager._token_expires_at.values()
        if token.ident not in here and not (token.lock_key in locks and locks[token.lock_key].locked())
    ]
    over = sorted(left, key=lambda one: one[0])[: max(0, len(left) - MOST)]
    for _, token in over:
        manager._purge_token(token)
    return len(over)
