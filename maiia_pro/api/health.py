"""Whether the process lives, whether it can serve, and its figures."""

import logging
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, closed, json_body, refusals, text, thing
from maiia_pro.api.routing import ANYONE, GuardedRoute, route
from maiia_pro.integrations.redis import client as redis
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.metrics import exposition
from maiia_pro.kernel.schema import is_up_to_date
from maiia_pro.settings import get_settings

log = logging.getLogger(__name__)

FORWARDED: Final = ("forwarded", "x-forwarded", "x-real-ip", "via")
"""How the names of headers begin that a proxy adds."""


async def alive(_request: Request, _actor: Actor) -> Response:
    """Answer as long as the process does; nobody needs a session for it."""
    return JSONResponse({"status": "ok"})


async def ready(_request: Request, _actor: Actor) -> Response:
    """Tell whether the database answers and has this version's schema, and Redis where there is one; 503 otherwise."""
    database, migrated = True, False
    try:
        migrated = await is_up_to_date()
    except Exception as error:  # noqa: BLE001 - the edge: whatever keeps the database from answering means « not ready »
        log.warning("database unreachable", extra={"error": type(error).__name__})
        database = False
    screens = await redis.answers(get_settings().redis_url)
    good = migrated and screens
    content = {"status": "ok" if good else "unavailable", "database": database, "migrations": migrated, "screens": screens}
    return JSONResponse(content, status_code=200 if good else 503, headers={} if good else {"Retry-After": "5"})


async def metrics(request: Request, _actor: Actor) -> Response:
    """Give the figures to a program of this machine, or to one that knows the operator's token."""
    if not _may_read_metrics(request):
        raise NotFound
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: Request) -> bool:
    """With a token, only who gives it; without one, only this machine, and never through a proxy or where one is declared."""
    token = get_settings().metrics_token
    if token:
        return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    if get_settings().trusted_proxies or request.client is None or any(name.startswith(FORWARDED) for name in request.headers):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


_READY = closed(
    thing(
        ("status", "database", "migrations", "screens"),
        status={"enum": ["ok", "unavailable"]},
        database={"type": "boolean"},
        migrations={"type": "boolean"},
        screens={"type": "boolean"},
    )
)
ALIVE: Final = Operation({200: json_body("Le processus vit.", closed(thing(("status",), status={"const": "ok"})))})
READY: Final = Operation({status: json_body(about, _READY) for status, about in {200: "Prêt.", 503: "Pas encore, ou plus."}.items()})
METRICS: Final = Operation({200: Body("Les mesures, au format de Prometheus.", {"text/plain": text()})} | refusals(404))

routes: list[GuardedRoute] = [
    route("/_health", alive, access=ANYONE, identify=False, describes=ALIVE),
    route("/api/ready", ready, access=ANYONE, identify=False, describes=READY),
    route("/metrics", metrics, access=ANYONE, identify=False, describes=METRICS),
]
