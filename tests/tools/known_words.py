"""`python -m tests.tools.known_words FOLDER`: writes what passwords are made of, from the lists of zxcvbn and zxcvbn-ts (MIT).

FOLDER holds what `npm pack` gives of @zxcvbn-ts/language-common and @zxcvbn-ts/language-fr, unpacked under these last names.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from maiia_pro.identity.strength import FILE, folded

PASSWORDS: Final = 30_000
"""The most used ones; of the rest only those long enough to be accepted otherwise."""
LONG: Final = 10
FRENCH: Final = 15_000
NAMES: Final = 8_000
ENGLISH: Final = 5_000


def words(listed: Iterable[str], most: int) -> str:
    """Give the words of a list without accents, the most used first."""
    kept = dict.fromkeys(word for word in map(folded, listed) if re.fullmatch(r"[a-z]{3,}", word))
    return " ".join(list(kept)[:most])


def lists(folder: Path) -> dict[str, str]:
    """Give each list as words between spaces."""

    def of(package: str, name: str) -> list[str]:
        found: list[str] = json.loads((folder / package / "src" / f"{name}.json").read_text(encoding="utf-8"))
        return found

    stolen = [one for one in of("language-common", "passwords") if len(one) > 3 and one.isascii()]
    passwords = dict.fromkeys(stolen[:PASSWORDS] + [one for one in stolen if len(one) >= LONG])
    return {
        "passwords": " ".join(passwords),
        "french": words(of("language-fr", "commonWords"), FRENCH),
        "names": words(of("language-fr", "lastnames") + of("language-fr", "firstnames"), NAMES),
        "english": words(FREQUENCY_LISTS["us_tv_and_film"], ENGLISH),
    }


def main(folder: Path) -> None:
    """Write the file."""
    graphs = json.loads((folder / "language-common" / "src" / "adjacencyGraphs.json").read_text(encoding="utf-8"))
    whole = {"dictionary": lists(folder), "graphs": {name: graphs[name] for name in ("azerty", "qwerty", "keypad")}}
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
