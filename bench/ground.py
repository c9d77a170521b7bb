"""What every bench stands on: a database of its own, and one way to write figures."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from maiia_pro.launcher import migrations
from maiia_pro.launcher.postgres import DatabaseUrls, EmbeddedPostgres
from maiia_pro.settings import get_settings

OUT = Path(__file__).parent / "out"


@dataclass(frozen=True)
class Figure:
    """One measured value beside its goal; `holds` is None where there is no goal."""

    name: str
    value: float
    unit: str
    goal: str = ""
    holds: bool | None = None


@contextlib.contextmanager
def database() -> Iterator[DatabaseUrls]:
    """Give an embedded PostgreSQL in a temporary folder, migrated, with durable settings on, named to the settings."""
    folder = Path(tempfile.mkdtemp(prefix="maiia-bench-"))
    server = EmbeddedPostgres(folder)
    try:
        urls = server.start()
        migrations.upgrade(urls.owner)
        os.environ.update(urls.environment() | {"DATA_DIR": str(folder)})
        get_settings.cache_clear()
        yield urls
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def write(name: str, figures: list[Figure]) -> None:
    """Print the figures and write them with the load of the machine."""
    OUT.mkdir(parents=True, exist_ok=True)
    content = {"figures": [asdict(figure) for figure in figures], "load": os.getloadavg()}
    (OUT / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    for figure in figures:
        verdict = {None: "", True: "  tenu", False: "  PAS TENU"}[figure.holds]
        print(f"{name:<8} {figure.name:<60} {figure.value:>12.4g} {figure.unit:<8} {figure.goal}{verdict}", flush=True)
