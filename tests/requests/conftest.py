"""The practice of the desk's tests, its screens and its API."""

from tests.desk.conftest import api, base_url, browser_context_args, browsers, pages, world

__all__ = ["api", "base_url", "browser_context_args", "browsers", "pages", "world"]
