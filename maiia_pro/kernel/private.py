"""Files and folders that only the account of the software reads: mails and logs may say who comes to the practice."""

import os
from pathlib import Path
from typing import IO, Any


def private_folder(folder: Path) -> Path:
    """Make a folder, or take an existing one, for nobody else to enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def open_private(file: Path, mode: str) -> IO[Any]:
    """Open a file to write, for nobody else to read."""
    opened = open(file, mode, opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115 - the caller closes it
    os.fchmod(opened.fileno(), 0o600)  # one that an earlier version made
    return opened
