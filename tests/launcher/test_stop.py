"""A signal may come at any instant, even while the launcher is about to wait."""

import signal
import time

import pytest

from maiia_pro.launcher.supervise import Stop

pytestmark = pytest.mark.unit


def test_a_signal_that_comes_around_a_wait_is_never_lost_nor_waited_on():
    before = signal.getsignal(signal.SIGALRM)
    try:
        for turn in range(400):
            stop = Stop()
            signal.signal(signal.SIGALRM, lambda _number, _frame, stop=stop: stop.set())
            signal.setitimer(signal.ITIMER_REAL, 0.00001 + turn / 400 * 0.002)
            deadline = time.monotonic() + 5
            while not stop.wait(0.0005):
                assert time.monotonic() < deadline
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
