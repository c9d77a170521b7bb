"""What wraps the whole application: head, lost connection, broken page."""

from collections.abc import Callable
from typing import Any, Final

import reflex as rx
from reflex.event import run_script
from reflex_components_core.base.error_boundary import error_boundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from components.ui.buttons import button
from components.ui.messages import banner
from components.ui.states import failed

_SHEETS: Final = (
    "tokens",
    "base",
    "components",
    "overlays",
    "layout",
    "screens",
    "waiting",
)
STYLESHEETS: Final = [f"/styles/{name}.css" for name in _SHEETS]
"""What every page carries, in the order of the cascade; `DeskStyles` brings those of professionals after it."""


_FONT: Final = {"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"}


def head() -> list[rx.Component]:
    """List what every page carries in its head: font, icons, manifest, worker."""
    return [
        rx.el.link(rel="preload", href="/fonts/inter-latin.woff2", custom_attrs=_FONT),
        rx.el.link(rel="icon", href="/icons/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icons/icon-192.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#ffffff", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#131c1f", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
        rx.el.script(src="/pwa.js", custom_attrs={"defer": True}),
    ]


def connection_banner() -> rx.Component:
    """Say that the server does not answer, what is kept, and that it tries again by itself."""
    return rx.cond(
        has_too_many_connection_errors,
        rx.el.div(
            banner(
                rx.fragment(
                    rx.el.b("Connexion interrompue. "),
                    "Ce qui est affiché reste lisible et vos saisies sont gardées. Nouvelle tentative en cours…",
                ),
                meaning="warning",
                icon_name="wifi-off",
            ),
            class_name="connection",
        ),
    )


def broken_page() -> rx.Component:
    """Say that this page failed in the browser, and how to go on."""
    return rx.el.main(
        failed(
            "Cette page ne s’affiche pas",
            "Une erreur est survenue dans le navigateur. Ce qui était enregistré l’est toujours.",
            button("Recharger la page", run_script("location.reload()"), icon_name="refresh-cw", variant="primary"),
        ),
        class_name="roomy public",
    )


def app_wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Replace Reflex's own English error page and connection toasts by ours."""

    def boundary(stateful: bool) -> rx.Component:
        options: dict[str, Any] = {} if stateful else {"on_error": rx.noop()}
        return error_boundary(fallback_render=rx.Var.create(broken_page()), **options)

    return {
        (55, "ErrorBoundary"): boundary,
        (5, "Overlay"): lambda stateful: connection_banner() if stateful else None,
    }
