"""Where an act comes from: the network and the family of browser, noted at the edge for whatever is done behind it."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """A network as `rates.network_of` names it, and a browser in words; both empty for what the software does of itself."""

    network: str = ""
    browser: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen

BROWSERS: Final = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|Chromium/|CriOS/"),
    ("Safari", r"Safari/"),
)
"""The order matters: most browsers name others too."""
SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac", "Macintosh"),
    ("ChromeOS", "CrOS"), ("Linux", "Linux"),
)  # fmt: skip
OTHER: Final = "Autre logiciel"


@lru_cache(maxsize=1000)
def browser_and_system(user_agent: str) -> tuple[str, str]:
    """Name the browser and the system that somebody says to come in by, without any version; empty where we know neither."""
    browser = next((name for name, sign in BROWSERS if re.search(sign, user_agent)), "")
    return browser, next((name for name, sign in SYSTEMS if sign in user_agent), "")


def browser_family(user_agent: str) -> str:
    """Name a browser with its system: « Firefox, Windows »; empty where it says nothing of itself."""
    browser, system = browser_and_system(user_agent)
    if not browser:
        return OTHER if user_agent.strip() else ""
    return f"{browser}, {system}" if system else browser


def comes_from(network: str, user_agent: str) -> None:
    """Note where what is asked now comes from, for the rest of the request or event."""
    _origin.set(Origin(network, browser_family(user_agent[:500])))


def origin() -> Origin:
    """Tell where the present act comes from."""
    return _origin.get()
