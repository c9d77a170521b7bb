"""At the door: while many requests have been at it for seconds, newcomers are told when to come back before anything is done for them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from typing import Final

from starlette.responses import Response
from starlette.types import Message, Receive, Send

from maiia_pro.api.errors import json_error
from maiia_pro.api.fhir.outcomes import fhir_error
from maiia_pro.kernel import work
from maiia_pro.kernel.errors import Busy
from maiia_pro.kernel.metrics import SHED

MOST_SLOW: Final = 32
"""Requests that may be at it for longer: more than the imports and exports of a large group at one time."""
LONGEST: Final = 3.0
"""Seconds."""


class Crowd:
    """The requests that were begun and have not ended, the oldest first. Event loop only."""

    def __init__(self) -> None:
        self._begun: dict[int, float] = {}
        self._numbers = count()

    def is_too_much(self) -> bool:
        """Tell whether too many have been at it for too long."""
        nth = next(islice(self._begun.values(), MOST_SLOW, None), None)
        return nth is not None and time.perf_counter() - nth > LONGEST

    @contextmanager
    def one(self, receive: Receive, send: Send) -> Iterator[tuple[Receive, Send]]:
        """Count a request from its beginning to its end, without the time that its sender takes to send it and to read the answer.

        Else whoever opens some dozens of lines and says nothing more would have everybody else turned away; and so would a crowd that signs
        in, or an identity provider that is slow: what waits for its turn in a room of its own is not counted either.
        """
        number, whole, over = next(self._numbers), False, False

        @contextmanager
        def uncounted() -> Iterator[None]:
            self._begun.pop(number, None)
            try:
                yield
            finally:
                if not over:
                    self._begun[number] = time.perf_counter()

        async def receive_uncounted() -> Message:
            nonlocal whole
            if whole:  # what is waited for now is that the line ends
                return await receive()
            with uncounted():
                message = await receive()
            whole = not message.get("more_body", False)
            return message

        async def send_uncounted(message: Message) -> None:
            with uncounted():
                await send(message)

        self._begun[number] = time.perf_counter()
        before = work.uncounted.set(uncounted)
        try:
            yield receive_uncounted, send_uncounted
        finally:
            work.uncounted.reset(before)
            over = True
            self._begun.pop(number, None)


def turned_away(path: str) -> Response:
    """Say when to come back, in the words of the interface that was asked."""
    SHED.inc()
    return fhir_error(Busy()) if path.startswith("/fhir") else json_error(Busy())
