"""A server that takes five seconds to answer, a line of headers at a time, each sooner than anybody gives up waiting for it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def dribbling() -> Iterator[tuple[str, threading.Event]]:
    """Listen on this machine for one request; gives the address, and whether the whole answer was taken."""
    over, taken = threading.Event(), threading.Event()

    def answer() -> None:
        with suppress(OSError):
            asker, _ = listening.accept()
            with asker:
                asker.recv(65536)
                asker.sendall(b"HTTP/1.1 200 OK\r\n")
                for number in range(100):
                    over.wait(0.05)
                    asker.sendall(f"x-{number}: a\r\n".encode())
                asker.sendall(b"content-length: 0\r\n\r\n")
                taken.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", taken
        over.set()
    thread.join()
