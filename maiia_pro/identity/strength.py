"""How hard a password is to guess, without asking anybody: zxcvbn with French words and keyboards, and a list of stolen passwords."""

import gzip
import json
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("known_words.json.gz")
"""Words and keyboards, the most used first; the browser's meter reads the same file. Made by `tests.tools.known_words`."""
LOOKED_AT: Final = 72
"""Signs that are weighed: the time grows with their square, and what comes after only makes a password harder to guess."""
ENOUGH: Final = 8.5
"""Of ten, the power that tells how many guesses are enough: attempts are slowed, and what is kept of a password is slow to try."""
OUR_WORDS: Final = (
    "maiia", "maiiapro", "motdepasse", "monmotdepasse", "changezmoi", "rendezvous", "cabinet", "medecin", "docteur", "secretaire",
    "secretariat", "sante", "parissaintgermain", "olympiquedemarseille", "marseille",
)  # fmt: skip
"""What people of practices, and of France, choose first."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""The library keeps the words about a person in a table that every call shares."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How many guesses a password takes, as a power of ten, and what makes it weak."""

    guesses: float
    stolen: bool
    """It is in the lists of stolen passwords, as it stands or barely disguised."""
    pattern: str
    """What the guessing begins with: `spatial`, `repeat`, `sequence`, `date`, `dictionary` or `bruteforce`."""


def folded(text: str) -> str:
    """Give a text in small letters without accents: what guessing programs try first."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).lower()


def strength_of(password: str, about: Iterable[str] = ()) -> Strength:
    """Weigh a password; `about` are words that a stranger knows of the person."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", password) if not unicodedata.combining(sign))
    words = [*OUR_WORDS, *(part for word in about for part in folded(word).replace("-", " ").split() if len(part) > 2)]
    with _ONE_AT_A_TIME:
        found: dict[str, Any] = _library()(plain[:LOOKED_AT], user_inputs=words)
    parts: list[dict[str, Any]] = found["sequence"]
    weakest = max(parts, key=lambda part: len(part["token"]))
    return Strength(float(found["guesses_log10"]), len(parts) == 1 and _is_stolen(parts[0]), str(weakest["pattern"]))


def _is_stolen(part: dict[str, Any]) -> bool:
    inner = part["base_matches"] if part["pattern"] == "repeat" else [part]
    return all(one["pattern"] == "dictionary" and one["dictionary_name"] == "passwords" for one in inner)


@lru_cache(maxsize=1)
def _library() -> Any:
    """Load zxcvbn with our lists in place of its own."""
    from zxcvbn import matching, zxcvbn

    kept = json.loads(gzip.decompress(FILE.read_bytes()))
    matching.RANKED_DICTIONARIES.clear()
    matching.add_frequency_lists({name: words.split() for name, words in kept["dictionary"].items()})
    matching.FREQUENCY_LISTS.clear()
    matching.GRAPHS["azerty"] = kept["graphs"]["azerty"]
    return zxcvbn
