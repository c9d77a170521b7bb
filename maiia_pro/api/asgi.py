"""The HTTP routes that stand in front of the pages, part by part."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from maiia_pro.api import health

PARTS: tuple[list[BaseRoute], ...] = (health.routes,)


def build_api() -> Starlette:
    """Give an application with every part; Reflex's own is mounted behind it."""
    return Starlette(routes=[route for part in PARTS for route in part])
