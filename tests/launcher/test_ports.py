"""A taken port is refused before anything starts."""

import socket

import pytest

from maiia_pro.launcher.ports import PortTaken, check_free

pytestmark = pytest.mark.unit


def test_a_taken_port_is_named_even_if_its_holder_shares_it():
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Le port {port} est déjà pris"):
            check_free("127.0.0.1", port)


def test_a_free_port_is_left_free():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
    check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(PortTaken, match="HOST"):
        check_free("192.0.2.1", 3000)
