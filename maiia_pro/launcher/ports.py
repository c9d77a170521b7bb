"""Whether a port is free; the server itself would share a taken one silently."""

import errno
import socket


class PortTaken(RuntimeError):
    """Another program listens where the server should; the message is for the console."""


def check_free(host: str, port: int) -> None:
    """Raise `PortTaken` if anything listens on the port."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            message = {
                errno.EADDRINUSE: f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre : PORT={port + 1} make run",
                errno.EACCES: f"Le port {port} est réservé à l’administrateur. Choisissez-en un au-dessus de 1023 : PORT=3000 make run",
                errno.EADDRNOTAVAIL: f"L’adresse {host} n’est pas celle de cette machine (variable HOST).",
            }[error.errno]
            raise PortTaken(message) from error
