"""Finds Chromium for the journeys: the system's, else Debian's package, else it says the one command to run."""

import os
import shutil
from pathlib import Path

from tests.tools import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium of this machine, or the one named by CHROMIUM."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure() -> str:
    """Find or install Chromium."""
    return debian.ensure(find, "chromium", "Les parcours dans le navigateur demandent Chromium.")


def launch_options() -> dict:
    """What Playwright needs to start it; the sandbox cannot work for root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": ensure(), "args": [*arguments, "--disable-dev-shm-usage"]}


if __name__ == "__main__":
    print(ensure())
