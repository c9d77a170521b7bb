"""Reading what a request carries, never more of it than a route takes."""

from starlette.requests import Request

from maiia_pro.api.errors import TooLarge


def content_type(request: Request) -> str:
    """Tell the media type of the body, in small letters and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, *, longest: int) -> bytes:
    """Read the body; raises `TooLarge` as soon as it is longer than `longest` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > longest:
            raise TooLarge
    return bytes(body)
