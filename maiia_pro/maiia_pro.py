"""Composition root: the pages of the table, the API in front of them, the hardening around both."""

import reflex as rx

from maiia_pro.api.asgi import build_api
from maiia_pro.routes import ROUTES
from maiia_pro.settings import get_settings


def compose() -> rx.App:
    """Put the parts together."""
    made = rx.App(html_lang="fr", api_transformer=[build_api()])
    for route in ROUTES:
        if route.developer and not get_settings().developer:
            continue
        made.add_page(route.page, route=route.path, title=route.title, description=route.description, on_load=route.on_load)
    return made


app = compose()
