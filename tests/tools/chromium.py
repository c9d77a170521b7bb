"""Finds Chromium for the journeys: the system's, else Debian's package, else it says the one command to run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COMMAND = "apt-get install --yes --no-install-recommends chromium"


def find() -> str | None:
    """Path of a Chromium of this machine, or the one named by CHROMIUM."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure() -> str:
    """Find or install Chromium; stops with the command to run where that needs an administrator."""
    found = find()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run(COMMAND.split(), env=environment, check=False)
        found = find()
        if found:
            return found
    sys.exit(f"Les parcours dans le navigateur demandent Chromium. Installez-le, puis relancez :\n  sudo {COMMAND}")


def launch_options() -> dict:
    """What Playwright needs to start it; the sandbox cannot work for root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": ensure(), "args": [*arguments, "--disable-dev-shm-usage"]}


if __name__ == "__main__":
    print(ensure())
