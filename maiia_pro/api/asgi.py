"""The HTTP routes that stand in front of the pages, part by part."""

from starlette.applications import Starlette

from maiia_pro.api import health, sessions
from maiia_pro.api.routing import GuardedRoute

PARTS: tuple[list[GuardedRoute], ...] = (health.routes, sessions.routes)


def all_routes() -> list[GuardedRoute]:
    """List every route with who may call it."""
    return [route for part in PARTS for route in part]


def build_api() -> Starlette:
    """Give an application with every part; Reflex's own is mounted behind it."""
    return Starlette(routes=all_routes())
