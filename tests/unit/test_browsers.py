"""Browsers and networks in the words of people."""

import pytest

from maiia_pro.identity.browsers import Browser

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
AGENTS = {
    f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36": "Chrome sur Windows",
    f"{WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0": "Edge sur Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0": "Firefox sur Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15": "Safari sur Mac",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1": "Chrome sur iPhone",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1": "Safari sur iPad",
    "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36": "Samsung Internet sur Android",
    "curl/8.5.0": "",
    "": "",
    "\x00" * 100_000: "",
}  # fmt: skip


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_browser_is_named_as_people_do(agent: str, words: str) -> None:
    assert Browser(agent=agent).words == words


@pytest.mark.parametrize(
    ("network", "place"), [("192.0.2.14", "192.0.2.x"), ("2001:db8:1:2::", "2001:0db8:0001:x"), ("unknown", ""), ("", "")]
)
def test_a_network_is_shown_without_what_tells_its_computers_apart(network: str, place: str) -> None:
    assert Browser(network=network).place == place
