"""What is known of the audit chain outside the database, in a file of the data folder: how far it had come, and how far it was looked at.

Whoever may write to the database cannot write here: an end that is cut off shows.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from maiia_pro.kernel import vault
from maiia_pro.kernel.private import open_private, private_folder
from maiia_pro.settings import get_settings

FOLDER: Final = "journal"
FILE: Final = "ancre"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last link that was seen, under which key, and where the looks at the chain stand."""

    position: int = 0
    digest: str = ""
    key: str = ""
    """An imprint of the key."""
    checked: int = 0
    turn: int = 0
    """Where the look at what was looked at before goes on."""


def imprint_of_key() -> str:
    """Name the server's key without telling it."""
    return vault.imprint("audit", "chain")[:16]


def anchor_file() -> Path:
    """Tell where the anchor is kept."""
    return get_settings().data_dir / FOLDER / FILE


def read_anchor() -> Anchor:
    """Read the anchor; that of a new trail is at its beginning."""
    try:
        return Anchor(**json.loads(anchor_file().read_text()))
    except FileNotFoundError:
        return Anchor()


def write_anchor(anchor: Anchor) -> None:
    """Keep an anchor, whole or not at all."""
    file = anchor_file()
    partial = private_folder(file.parent) / f"{FILE}.{os.getpid()}"
    with open_private(partial, "w") as written:
        json.dump(asdict(anchor), written)
    partial.replace(file)
