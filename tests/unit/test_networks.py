"""From which network a request comes: as far as our own proxies saw, and no further than they can be trusted."""

import pytest

from maiia_pro.kernel.rates import network_of
from maiia_pro.settings import get_settings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "network"),
    [
        ("0", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("1", "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("2", "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("1", "10.0.0.1", "", "10.0.0.1"),
        ("1", "10.0.0.1", "x'; drop table", "unknown"),
        ("0", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("0", "::ffff:203.0.113.9", "", "203.0.113.9"),
    ],
)
def test_a_network_is_what_the_last_trusted_proxy_saw(monkeypatch, proxies, peer, forwarded, network):
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    get_settings.cache_clear()
    try:
        assert network_of(peer, forwarded) == network
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
