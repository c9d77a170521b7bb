"""`make lock`: rewrites the lock files from requirements*.in, with hashes and without the address of any index.

Once a new lock is installed, `python -m tests.tools.licences` writes the list of licences anew.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
OPTIONS = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--strip-extras", "--allow-unsafe", "--quiet"]


def compile_lock(source: str, target: str, *extra: str) -> None:
    """Resolve one list; versions already in the lock are kept unless the list forbids them."""
    command = [str(Path(sys.executable).parent / "pip-compile"), *OPTIONS, *extra, "--output-file", target, source]
    subprocess.run(command, cwd=PROJECT, env=os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"}, check=True)


def main() -> None:
    """Resolve what runs, then what tests need beside it; arguments such as `--upgrade` are passed on."""
    compile_lock("requirements.in", "requirements.lock", *sys.argv[1:])
    compile_lock("requirements-dev.in", "requirements-dev.lock", *sys.argv[1:])


if __name__ == "__main__":
    main()
