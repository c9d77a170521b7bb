"""Programs that the tests need and no locked library brings: the system's, else Debian's package, else the one command to run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def command_for(package: str) -> str:
    """Give the command that installs a package."""
    return f"apt-get install --yes --no-install-recommends {package}"


def install(package: str) -> None:
    """Install a package where an administrator of a Debian asks; elsewhere, or if it fails, nothing changes."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # RUNLEVEL=1: a package starts no service of its own.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run(command_for(package).split(), env=environment, check=False)


def ensure(find: Callable[[], str | None], package: str, purpose: str) -> str:
    """Find or install a program; stops with the command to run where that needs an administrator."""
    if not (found := find()):
        install(package)
        found = find()
    return found or sys.exit(f"{purpose} Installez-le, puis relancez :\n  sudo {command_for(package)}")
