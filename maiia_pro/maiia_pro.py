"""Composition root: the pages of the table, the API in front of them, the hardening around both."""

from functools import partial

import reflex as rx

from components.layout.root import STYLESHEETS, app_wraps, head
from maiia_pro.api.asgi import build_api
from maiia_pro.api.hardening import Hardening
from maiia_pro.api.live import hub
from maiia_pro.identity.passwords import computed_aside
from maiia_pro.kernel import memory
from maiia_pro.routes import EVERYONE, ROUTES
from state.account_notices import AccountNotices
from state.guard import backend_exception_handler, guard, upload_gate
from state.handshake import handshake
from state.incoming import frontend_exception_handler, listen_strictly
from state.leftovers import sweep
from state.releases import Releases
from state.session import SessionState, end_screens, shown_sessions

PICTURE = "/icons/icon-512.png"
"""What other sites show beside a link to us."""


def compose() -> rx.App:
    """Put the parts together."""
    made = rx.App(
        html_lang="fr",
        stylesheets=STYLESHEETS,
        reset_style=False,
        head_components=head(),
        app_wraps=app_wraps(),
        toaster=None,
        api_transformer=[handshake, upload_gate, build_api(), Hardening],
        frontend_exception_handler=frontend_exception_handler,
        backend_exception_handler=backend_exception_handler,
    )
    listen_strictly(guard(made))
    hub.when_account_changes(partial(end_screens, made))
    hub.when_asked_for_sessions(shown_sessions)
    made.register_lifespan_task(hub.lifespan)
    made.register_lifespan_task(computed_aside)
    made.register_lifespan_task(memory.settle)
    made.register_lifespan_task(sweep)
    for route in ROUTES:
        who = "" if route.who == EVERYONE else " ".join(sorted(route.who))
        on_load = [SessionState.enter(who), *route.on_load, Releases.look, AccountNotices.look]
        made.add_page(route.page, route=route.path, title=route.title, description=route.description, image=PICTURE, on_load=on_load)
    return made


app = compose()
