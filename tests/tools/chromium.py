"""Finds Chromium for the journeys: the one without a window, from Debian's package where we may install it, else any of the system's."""

import os
import shutil
from pathlib import Path

from tests.tools import debian

SHELL = "chromium-headless-shell"
"""The same engine without the windows that the whole browser makes unseen: a tab opens in a third of the time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Path of a Chromium of this machine, or the one named by CHROMIUM."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure() -> str:
    """Find or install Chromium; where only the whole browser can be had, it will do."""
    if "CHROMIUM" not in os.environ and not shutil.which(SHELL):
        debian.install(SHELL)
    return debian.ensure(find, SHELL, "Les parcours dans le navigateur demandent Chromium.")


def launch_options() -> dict:
    """What Playwright needs to start it; the sandbox cannot work for root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": find() or ensure(), "args": [*arguments, "--disable-dev-shm-usage"]}


if __name__ == "__main__":
    print(ensure())
