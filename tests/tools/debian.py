"""Programs that the tests need and no locked library brings: the system's, else Debian's package, else the one command to run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable


def ensure(find: Callable[[], str | None], package: str, purpose: str) -> str:
    """Find or install a program; stops with the command to run where that needs an administrator."""
    if found := find():
        return found
    command = f"apt-get install --yes --no-install-recommends {package}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        # RUNLEVEL=1: a package starts no service of its own.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        subprocess.run(command.split(), env=environment, check=False)
        if found := find():
            return found
    sys.exit(f"{purpose} Installez-le, puis relancez :\n  sudo {command}")
