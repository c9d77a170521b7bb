"""Composition root: the pages of the table, the API in front of them, the guard and the hardening around both."""

import reflex as rx

from maiia_pro.api.asgi import build_api
from maiia_pro.routes import EVERYONE, ROUTES
from maiia_pro.settings import get_settings
from state.guard import backend_exception_handler, guard, upload_gate
from state.session import SessionState


def compose() -> rx.App:
    """Put the parts together."""
    made = rx.App(html_lang="fr", api_transformer=[upload_gate, build_api()], backend_exception_handler=backend_exception_handler)
    guard(made)
    for route in ROUTES:
        if route.developer and not get_settings().developer:
            continue
        who = "" if route.who == EVERYONE else " ".join(sorted(route.who))
        on_load = [SessionState.enter(who), *route.on_load]
        made.add_page(route.page, route=route.path, title=route.title, description=route.description, on_load=on_load)
    return made


app = compose()
