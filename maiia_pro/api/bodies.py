"""Reading what a request carries, never more of it than a route takes, nor for longer than it needs."""

import asyncio
import time
from typing import Final

from starlette.requests import Request

from maiia_pro.api.errors import TooLarge, TooSlow

PATIENCE: Final = 10.0
"""Seconds that any body may take, however short."""
MOMENT: Final = 1.0
"""Seconds after which a sender is looked at again."""
SLOWEST: Final = 50_000
"""Bytes a second of a line that sends what is longest."""


def content_type(request: Request) -> str:
    """Tell the media type of the body, in small letters and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, *, longest: int) -> bytes:
    """Read the body; raises `TooLarge` as soon as it is longer than `longest` bytes, `TooSlow` past its seconds.

    Who asks was looked at before: a body that is held back for hours would act with what they might do then. After more than a moment they
    are looked at again, and what they may do must be what it was: raises what the route refuses them with, or `Conflict`.
    """
    body, began = bytearray(), time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE + longest / SLOWEST):
            async for part in request.stream():
                body += part
                if len(body) > longest:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    again = getattr(request.state, "again", None)
    if again is not None and time.monotonic() - began > MOMENT:
        await again()
    return bytes(body)
