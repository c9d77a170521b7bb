"""A provider that speaks like Pro Santé Connect, on loopback, over real sockets: for the demonstration and the tests."""

import json
import secrets
import threading
from base64 import b64decode
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from maiia_pro.integrations.psc.fake_page import choice_page
from maiia_pro.integrations.psc.wallet import REALM, Fault, Holder, Wallet

LONGEST: Final = 65_536


def _may_ask(wallet: Wallet, asked: dict[str, str]) -> bool:
    """Tell whether a request is one that the real provider takes (its terms ask for `eidas1`, `scope_all` and PKCE)."""
    wanted = {"client_id": wallet.client_id, "response_type": "code", "acr_values": "eidas1", "code_challenge_method": "S256"}
    there = all(asked.get(name) for name in ("state", "nonce", "code_challenge"))
    ours = urlsplit(asked.get("redirect_uri", "")).hostname in {"127.0.0.1", "localhost"}
    return there and ours and wanted.items() <= asked.items() and {"openid", "scope_all"} <= set(asked.get("scope", "").split())


class _Answers(BaseHTTPRequestHandler):
    """Speaks HTTP for a `Wallet`."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    wallet: ClassVar[Wallet]
    stopping: ClassVar[threading.Event]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        under = f"{REALM}/protocol/openid-connect"
        if parts.path == f"{REALM}/.well-known/wallet-openid-configuration":
            self._json(HTTPStatus.OK, self.wallet.about())
        elif parts.path == f"{under}/certs":
            self._json(HTTPStatus.OK, {"keys": [self.wallet.key.as_dict(private=False)]})
        elif parts.path == f"{under}/userinfo":
            self._json(*self.wallet.userinfo(self.headers.get("authorization", "").removeprefix("Bearer ")))
        elif parts.path == f"{under}/logout" and (onward := self.wallet.leave(query)):
            self._send(HTTPStatus.FOUND, b"", {"Location": onward})
        elif parts.path == "/favicon.ico":
            self._send(HTTPStatus.NO_CONTENT, b"", {})
        elif parts.path == "/auth" and _may_ask(self.wallet, query):
            page = choice_page(query, [(one.rpps, f"{one.given_name} {one.family_name}") for one in self.wallet.holders])
            self._send(HTTPStatus.OK, page.encode(), {"Content-Type": "text/html; charset=utf-8"})
        else:
            self._json(HTTPStatus.BAD_REQUEST, {"error": "invalid_request"})

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length") or 0), LONGEST))
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        if self.path.startswith("/auth?"):
            self._chosen(dict(parse_qsl(urlsplit(self.path).query)), form)
        elif self.path != f"{REALM}/protocol/openid-connect/token":
            self._json(HTTPStatus.NOT_FOUND, {"error": "invalid_request"})
        elif not self._is_client(form):
            self._json(HTTPStatus.UNAUTHORIZED, {"error": "invalid_client"})
        else:
            self._tokens(form)

    def _chosen(self, asked: dict[str, str], form: dict[str, str]) -> None:
        if not _may_ask(self.wallet, asked):
            self._json(HTTPStatus.BAD_REQUEST, {"error": "invalid_request"})
        elif "cancel" in form:
            refused = urlencode({"error": "access_denied", "state": asked["state"], "iss": self.wallet.issuer})
            self._send(HTTPStatus.FOUND, b"", {"Location": f"{asked['redirect_uri']}?{refused}"})
        else:
            onward = self.wallet.grant(asked, form.get("rpps", ""), form.get("fault", ""))
            self._send(HTTPStatus.FOUND, b"", {"Location": onward})

    def _tokens(self, form: dict[str, str]) -> None:
        fault = self.wallet.codes.get(form.get("code", ""), {}).get("fault", Fault.NONE)
        if fault is Fault.NONSENSE:
            self._send(HTTPStatus.OK, b"<html>Maintenance</html>", {"Content-Type": "text/html"})
        elif fault is Fault.BROKEN:
            self._json(HTTPStatus.BAD_GATEWAY, {"error": "server_error"})
        elif fault is Fault.SLOW:
            self.stopping.wait(self.wallet.slow_seconds)
            self._json(*self.wallet.tokens(form))
        elif fault is Fault.ENDLESS:
            self._send(HTTPStatus.OK, b" " * 10_000_000, {"Content-Type": "application/json"})
        else:
            self._json(*self.wallet.tokens(form))

    def _is_client(self, form: dict[str, str]) -> bool:
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        given = b64decode(encoded).decode() if scheme == "Basic" else f"{form.get('client_id')}:{form.get('client_secret')}"
        return secrets.compare_digest(given, f"{self.wallet.client_id}:{self.wallet.client_secret}")

    def _json(self, status: int, content: object) -> None:
        self._send(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content)), "Cache-Control": "no-store"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked waits no longer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Write nothing: an address holds codes."""


class PscSimulation:
    """Listens on loopback, on a free port; `wallet` is what a test may change."""

    CLIENT_ID: Final = "maiia-pro-simulation"

    def __init__(self, holders: list[Holder]) -> None:
        self.wallet = Wallet(self.CLIENT_ID, secrets.token_urlsafe(24), holders)
        self._stopping = threading.Event()
        answers = type("Answers", (_Answers,), {"wallet": self.wallet, "stopping": self._stopping})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), answers)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="psc-simulation", daemon=True)

    def start(self) -> dict[str, str]:
        """Start listening and give the settings that name it."""
        self._thread.start()
        self.wallet.issuer = f"http://127.0.0.1:{self._server.server_address[1]}{REALM}"
        return {
            "PSC_ISSUER": self.wallet.issuer,
            "PSC_CLIENT_ID": self.wallet.client_id,
            "PSC_CLIENT_SECRET": self.wallet.client_secret,
        }

    def stop(self) -> None:
        """Stop listening."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
