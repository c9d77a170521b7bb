"""A server that speaks like Brevo's, keeps each message in a folder and sends nothing on: for the demonstration and the tests."""

import hmac
import json
import re
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final

from maiia_pro.kernel.private import open_private, private_folder

SEND: Final = "/v3/transactionalSMS/send"
LONGEST: Final = 65_536
REFUSED: Final = "33600000000"
"""A number that the server says is none, so that a refusal can be seen."""


class _Answers(BaseHTTPRequestHandler):
    """Checks what the real one checks, then writes the message to the folder, one file each."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    folder: ClassVar[Path]
    key: ClassVar[str]

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LONGEST))
        if self.path != SEND:
            self._answer(HTTPStatus.NOT_FOUND, {"code": "not_found", "message": "Route not found"})
        elif not hmac.compare_digest(self.headers.get("api-key", ""), self.key):
            self._answer(HTTPStatus.UNAUTHORIZED, {"code": "unauthorized", "message": "Key not found"})
        elif not (message := _read(body)):
            self._answer(HTTPStatus.BAD_REQUEST, {"code": "invalid_parameter", "message": "Invalid telephone number or content"})
        else:
            number = secrets.randbelow(10**15)
            with open_private(self.folder / f"{message['recipient']}-{number}.part", "wb") as file:
                file.write(json.dumps(message, ensure_ascii=False).encode())
            (self.folder / f"{message['recipient']}-{number}.part").replace(self.folder / f"{message['recipient']}-{number}.json")
            self._answer(HTTPStatus.CREATED, {"messageId": number})

    def _answer(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        raw = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Write nothing: a log holds no number."""


def _read(body: bytes) -> dict[str, Any] | None:
    """Give the message if it is one that the real server takes."""
    try:
        message = json.loads(body)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    sender, recipient, content = (str(message.get(name, "")) for name in ("sender", "recipient", "content"))
    known = re.fullmatch(r"[A-Za-z0-9 ]{1,11}|[0-9]{1,15}", sender) and re.fullmatch(r"[1-9][0-9]{7,14}", recipient)
    return message if known and content and recipient != REFUSED else None


class TextSink:
    """Listens on loopback, on a free port."""

    KEY: Final = "cle-de-simulation"

    def __init__(self, folder: Path) -> None:
        answers = type("Answers", (_Answers,), {"folder": private_folder(folder), "key": self.KEY})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
        self._thread = threading.Thread(target=self._server.serve_forever, name="sms-sink", daemon=True)

    def start(self) -> str:
        """Start listening and give the address to send to, `http://127.0.0.1:port/v3`."""
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/v3"

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
