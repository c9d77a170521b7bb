"""`make bench`: every bench one after the other, each in a process of its own; `python -m bench slots book` for some."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
BENCHES = tuple(sorted(file.stem for file in FOLDER.glob("bench_*.py")))


def main() -> int:
    """Run the benches asked for (all by default) and return 1 if any could not run."""
    print(f"charge de la machine : {', '.join(f'{load:.2f}' for load in os.getloadavg())} sur {os.cpu_count()} cœurs", flush=True)
    asked = {f"bench_{name}" for name in sys.argv[1:]}
    failed = [
        name
        for name in BENCHES
        if (not asked or name in asked)
        and subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=FOLDER.parent, check=False).returncode
    ]
    print(f"En échec : {', '.join(failed)}" if failed else "Toutes les mesures sont dans bench/out.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
