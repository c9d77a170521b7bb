"""Reading what a request carries, never more of it than a route takes, nor for longer than it needs."""

import asyncio
from typing import Final

from starlette.requests import Request

from maiia_pro.api.errors import TooLarge, TooSlow

PATIENCE: Final = 10.0
"""Seconds that any body may take, however short."""
SLOWEST: Final = 50_000
"""Bytes a second of a line that sends what is longest."""


def content_type(request: Request) -> str:
    """Tell the media type of the body, in small letters and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, *, longest: int) -> bytes:
    """Read the body; raises `TooLarge` as soon as it is longer than `longest` bytes, `TooSlow` past its seconds.

    Who asks was looked at before: a body that is held back for hours would act with what they might do then.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE + longest / SLOWEST):
            async for part in request.stream():
                body += part
                if len(body) > longest:
                    raise TooLarge
    except TimeoutError:
        raise TooSlow from None
    return bytes(body)
