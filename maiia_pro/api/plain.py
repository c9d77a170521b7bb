"""Refusals of the libraries, which speak English and plain text, said in French and JSON like ours."""

import json
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maiia_pro.api.errors import NoSuchMethod, Unexpected, error_body
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound

REFUSALS: Final[dict[int, type[DomainError]]] = {HTTPStatus.NOT_FOUND: NotFound, HTTPStatus.METHOD_NOT_ALLOWED: NoSuchMethod}


def in_french(app: ASGIApp) -> ASGIApp:
    """Put our own words in place of a plain text that refuses; its status and headers stay."""

    async def speak(scope: Scope, receive: Receive, send: Send) -> None:
        body: bytes | None = None

        async def say(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                body = _words(message)
            elif body is not None:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
            await send(message)

        await app(scope, receive, say if scope["type"] == "http" else send)

    return speak


def _words(start: Message) -> bytes | None:
    """Give the body to send, its type and length noted in the head; None where the answer may stay."""
    headers, status = MutableHeaders(scope=start), start["status"]
    if status < HTTPStatus.BAD_REQUEST or not headers.get("content-type", "").startswith("text/plain"):
        return None
    kind = REFUSALS.get(status, Unexpected if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Invalid)
    body = json.dumps(error_body(kind()), ensure_ascii=False).encode()
    headers["Content-Type"], headers["Content-Length"] = "application/json", str(len(body))
    return body
