"""A door with TLS in front of a server: it deciphers and passes everything on, like a reverse proxy."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
import threading
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself; gives its file and that of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return chain, secret


class TlsDoor:
    """Listens with TLS on `port` and passes on to `inner` in clear, from a thread of its own."""

    def __init__(self, port: int, inner: int, folder: Path) -> None:
        self.port, self.inner = port, inner
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate(folder))
        self._loop = asyncio.new_event_loop()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._passing: set[asyncio.Task] = set()
        self._ends: list[asyncio.StreamWriter] = []

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._opened.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join(10)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._closed = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", self.port, ssl=self._context)
        self._opened.set()
        await self._closed.wait()
        server.close()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        for end in self._ends:
            end.transport.abort()
        await asyncio.gather(*(end.wait_closed() for end in self._ends), return_exceptions=True)
        for transport in list(self._loop._transports.values()):  # type: ignore[attr-defined]
            transport.abort()
        await asyncio.sleep(0)  # they end in this round of the loop

    async def _pass_on(self, outer_in: asyncio.StreamReader, outer_out: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # the server complains of a task that ends cancelled
            await self._carry(outer_in, outer_out)

    async def _carry(self, outer_in: asyncio.StreamReader, outer_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._passing.add(task)
        self._ends.append(outer_out)
        inner_in, inner_out = await asyncio.open_connection("127.0.0.1", self.inner)
        self._ends.append(inner_out)
        halves = [asyncio.ensure_future(copy(outer_in, inner_out)), asyncio.ensure_future(copy(inner_in, outer_out))]
        try:
            await asyncio.wait(halves, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for half in halves:
                half.cancel()
            await asyncio.gather(*halves, return_exceptions=True)
            for writer in (inner_out, outer_out):
                writer.close()
                with contextlib.suppress(OSError):
                    await asyncio.wait_for(writer.wait_closed(), 5)
            self._passing.discard(task)


async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy until either side is closed."""
    try:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    except (ConnectionError, ssl.SSLError):
        return
