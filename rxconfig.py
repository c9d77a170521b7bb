"""Reflex's own settings; everything an operator may change is in `maiia_pro.settings`."""

import os

os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "false")

import reflex as rx
from reflex_base.plugins.sitemap import SitemapPlugin

from maiia_pro.settings import get_settings

config = rx.Config(
    app_name="maiia_pro",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode="redis" if get_settings().redis_url else "memory",
    redis_url=get_settings().redis_url,
    disable_plugins=[SitemapPlugin],
    cors_allowed_origins=list(get_settings().allowed_origins),
)
