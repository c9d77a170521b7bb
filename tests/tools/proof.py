"""`make proof`: the countable tests with their full counts (hours), gathered in bench/out/proof.json."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.tools import chromium

PROJECT = Path(__file__).parents[2]
OUT = PROJECT / "bench" / "out"


def main() -> int:
    """Run the tests marked `proof` and write what each counted."""
    chromium.ensure()
    with tempfile.TemporaryDirectory(prefix="maiia-proof-") as folder:
        report = Path(folder) / "lines.jsonl"
        environment = os.environ | {"MAIIA_PROOF": "full", "MAIIA_PROOF_REPORT": str(report), "PYTHONPATH": str(PROJECT)}
        codes = [
            subprocess.run(
                [sys.executable, "-m", "pytest", "-m", f"proof and {half}", "-s", "--timeout=0", *sys.argv[1:]],
                cwd=PROJECT,
                env=environment,
                check=False,
            ).returncode
            for half in ("not e2e", "e2e")
        ]
        counts = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    OUT.mkdir(parents=True, exist_ok=True)
    whole = {"counts": counts, "tried": sum(line["tried"] for line in counts), "held": sum(line["held"] for line in counts)}
    (OUT / "proof.json").write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
    print(f"{whole['held']} / {whole['tried']}, écrit dans {OUT / 'proof.json'}")
    return 1 if any(code not in (0, 5) for code in codes) else 0


if __name__ == "__main__":
    sys.exit(main())
