"""The process that answers browsers and programs: granian on the pages already built."""

import importlib
import os
import shutil
from pathlib import Path
from typing import Any

from maiia_pro.kernel.logs import configure_logs, granian_logs
from maiia_pro.launcher.processes import GATE_VARIABLE, end_with_launcher
from maiia_pro.launcher.waiting import wait_until
from maiia_pro.settings import Settings, get_settings

PROJECT = Path(__file__).parents[2]
TARGET = "maiia_pro.launcher.server:application"
PREPARATION_SECONDS = 600.0

BUILT_ALREADY = {
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "__REFLEX_SKIP_COMPILE": "yes",
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_CHECK_LATEST_VERSION": "false",
}
"""Reflex's own switches for serving a build without compiling; the first two are internal to the pinned version."""


def application() -> Any:
    """Give what a server process serves, once its logs are redacted (the composition root is above this layer)."""
    configure_logs()
    composed = importlib.import_module("maiia_pro.maiia_pro")
    gate = os.environ.get(GATE_VARIABLE)
    if gate:
        wait_until(Path(gate).exists, PREPARATION_SECONDS)
    return composed.app()


def several_without_store(settings: Settings) -> str | None:
    """Tell why so many processes cannot share the screens, or nothing."""
    if settings.workers > 1 and not settings.redis_url:
        return (
            f"WORKERS={settings.workers} demande REDIS_URL\u00a0: plusieurs processus se partagent l’état des écrans dans Redis. "
            "Indiquez l’adresse d’un Redis, ou retirez WORKERS."
        )
    return None


def count_together(settings: Settings) -> None:
    """Name a folder where the processes of this server add up their figures, empty at each start; the operator's own is left alone."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        return
    folder = settings.data_dir / f"metrics-{settings.port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.resolve())


def serve() -> None:
    """Serve until told to stop."""
    from granian.constants import Interfaces, Loops
    from granian.server import Server

    end_with_launcher()
    settings = get_settings()
    os.environ.update(BUILT_ALREADY)
    if settings.workers > 1:
        count_together(settings)
    os.chdir(PROJECT)
    Server(
        TARGET,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        factory=True,
        workers=settings.workers,
        respawn_failed_workers=settings.workers > 1,
        websockets=True,
        log_access=False,  # its lines would hold addresses with tokens; the hardening writes redacted ones
        log_dictconfig=granian_logs(),
        workers_kill_timeout=5,
    ).serve()
