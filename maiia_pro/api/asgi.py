"""The HTTP routes that stand in front of the pages, part by part."""

from starlette.applications import Starlette

from maiia_pro.api import (
    agenda_files,
    caller,
    crawlers,
    factors,
    figure_files,
    health,
    intake,
    intake_calendar,
    journal_files,
    live,
    locking,
    oauth,
    openapi,
    outside,
    own_sessions,
    passwords,
    profile_page,
    profile_pictures,
    proof_files,
    psc,
    second_step,
    security_txt,
    sessions,
)
from maiia_pro.api.fhir import routes as fhir
from maiia_pro.api.routing import GuardedRoute, GuardedSocket

PARTS: tuple[list[GuardedRoute], ...] = (
    health.routes,
    sessions.routes,
    passwords.routes,
    second_step.routes,
    factors.routes,
    own_sessions.routes,
    psc.routes,
    locking.routes,
    oauth.routes,
    openapi.routes,
    agenda_files.routes,
    figure_files.routes,
    intake.routes,
    intake_calendar.routes,
    journal_files.routes,
    outside.routes,
    profile_pictures.routes,
    proof_files.routes,
    caller.routes,
    fhir.routes,
    profile_page.routes,
    crawlers.routes,
    security_txt.routes,
)
SOCKETS: tuple[list[GuardedSocket], ...] = (live.sockets,)


def all_routes() -> list[GuardedRoute]:
    """List every route with who may call it."""
    return [route for part in PARTS for route in part]


def all_sockets() -> list[GuardedSocket]:
    """List every WebSocket with who may open it."""
    return [socket for part in SOCKETS for socket in part]


def build_api() -> Starlette:
    """Give an application with every part; Reflex's own is mounted behind it."""
    return Starlette(routes=[*all_routes(), *all_sockets()])
