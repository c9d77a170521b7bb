"""What every bench stands on: a database of its own, and one way to write figures."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
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


def full() -> bool:
    """Whether the whole counts were asked for (`MAIIA_BENCH=full`)."""
    return os.environ.get("MAIIA_BENCH") == "full"


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of the sorted values lies (0.5 is the median, 0.99 the last hundredth)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write(name: str, figures: list[Figure], **conditions: object) -> None:
    """Print the figures and write them with the load of the machine and what they were measured under."""
    OUT.mkdir(parents=True, exist_ok=True)
    content = {"figures": [asdict(figure) for figure in figures], "load": os.getloadavg(), "cores": os.cpu_count(), **conditions}
    (OUT / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    for figure in figures:
        verdict = {None: "", True: "  tenu", False: "  PAS TENU"}[figure.holds]
        print(f"{name:<8} {figure.name:<60} {figure.value:>12.4g} {figure.unit:<8} {figure.goal}{verdict}", flush=True)
