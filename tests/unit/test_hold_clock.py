"""The clock of a held slot on its visitor's screen."""

import asyncio
from datetime import timedelta
from typing import Any

import reflex as rx

from maiia_pro.kernel import clock
from state.booking import Booking


def test_the_clock_of_a_hold_of_before_heard_late_says_nothing_of_the_one_that_runs() -> None:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    screen: Any = root.get_substate(Booking.get_full_name().split("."))
    screen.status, screen.until, screen._ends = "ready", "10 h 42", clock.now() + timedelta(minutes=10)
    asyncio.run(Booking.run_out.fn(screen))
    assert not screen.run
    screen._ends = clock.now()
    asyncio.run(Booking.run_out.fn(screen))
    assert screen.run
