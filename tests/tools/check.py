"""`make check`: every static check, the shape of the code, and the migrations; all are run, then the failures named."""

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "pyright": ["pyright", "--pythonpath", sys.executable, "--level", "error"],
    "import-linter": ["lint-imports", "--no-logo"],
    "architecture, migrations": ["pytest", "-q", "-m", "architecture"],
}


def main() -> int:
    """Run the checks one after the other and return 1 if any failed."""
    failed = []
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    for name, (program, *arguments) in CHECKS.items():
        started = time.monotonic()
        print(f"— {name}", flush=True)
        code = subprocess.run([str(BIN / program), *arguments], cwd=PROJECT, env=environment, check=False).returncode
        print(f"  {'bon' if code == 0 else 'EN ÉCHEC'} ({time.monotonic() - started:.1f} s)", flush=True)
        if code:
            failed.append(name)
    print(f"En échec : {', '.join(failed)}" if failed else "Tout est bon.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
