"""Which addresses a stranger may send our server to: public ones over https, and what the operator allows besides."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from maiia_pro.integrations.caldav.faults import AddressRefused, Unreachable

PORTS = {"https": 443, "http": 80}
UNICAST: Final = IPv6Network("2000::/3")
"""All that is given out of IPv6 (RFC 4291, section 2.4): older and private ways of writing an IPv4 address lie beside it."""
NAT64: Final = IPv6Network("64:ff9b::/96")
"""Stands for the IPv4 address of its last four bytes (RFC 6052)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is: its name for the certificate, and the very address to connect to, looked up once."""

    scheme: str
    host: str
    port: int
    address: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a redirect or a reference may not leave."""
        return self.scheme, self.host, self.port


def split(url: str) -> tuple[str, str, int]:
    """Take an address apart; raises `AddressRefused` for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused from None
    if not port or not parts.hostname or "@" in parts.netloc or any(sign <= " " for sign in url):
        raise AddressRefused
    return parts.scheme, parts.hostname, port


def place_of(url: str, *, allow_private: bool) -> Place:
    """Look a server up; raises `AddressRefused` where one of its addresses is not a public one, `Unreachable` where there is none.

    With `allow_private` (the operator's word) other addresses pass, and http to this machine.
    """
    scheme, host, port = split(url)
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        raise Unreachable from None
    addresses = [ip_address(one.partition("%")[0]) for one in found]
    if not allow_private and not all(map(is_public, addresses)):
        raise AddressRefused
    if scheme != "https" and not (allow_private and all(one.is_loopback for one in addresses)):
        raise AddressRefused
    return Place(scheme, host, port, found[0])


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is of the internet, and so is the one that it stands for."""
    if isinstance(address, IPv6Address) and address in NAT64:
        address = IPv4Address(address.packed[-4:])
    elif isinstance(address, IPv6Address) and (address not in UNICAST or address.sixtofour is not None):
        return False
    return address.is_global and not address.is_multicast
