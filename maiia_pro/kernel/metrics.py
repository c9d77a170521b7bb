"""What the process counts about itself, in Prometheus' terms; labels never hold anything personal."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")

REQUESTS: Final = Counter("maiia_http_requests", "HTTP requests answered.", ("route", "method", "status"))
LATENCY: Final = Histogram(
    "maiia_http_request_seconds",
    "Time to answer an HTTP request.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS: Final = Gauge("maiia_open_sockets", "WebSockets open now.", ("route",), multiprocess_mode="livesum")
SHED: Final = Counter("maiia_shed", "Requests and events refused because the server had more to do than it could in time.")
PROBES: Final = Counter("maiia_probes", "Requests for what only scanners of other software look for.", ("kind",))
OUTCOMES: Final = Counter("maiia_appointment_acts", "Bookings, moves and cancellations, by outcome.", ("act", "by", "outcome"))


def counted(act: str) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Count how a use case ends: `done`, the code of the refusal, or `error`."""

    def decorate(use_case: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @wraps(use_case)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            outcome = "error"
            try:
                result = use_case(actor, *args, **kwargs)
                outcome = "done"
            except DomainError as refusal:
                outcome = refusal.code
                raise
            finally:
                OUTCOMES.labels(act, actor.kind.value, outcome).inc()
            return result

        return run

    return decorate


def exposition() -> bytes:
    """Give every figure in Prometheus' text format, of all server processes where there are several."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return generate_latest()
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    collect: Any = multiprocess.MultiProcessCollector
    collect(registry)
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """Drop the open sockets that a killed process still has in its file; what it counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        if not psutil.pid_exists(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)
