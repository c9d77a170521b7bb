"""The practice of the desk's tests and its screens."""

from tests.desk.conftest import base_url, browser_context_args, browsers, pages, world

__all__ = ["base_url", "browser_context_args", "browsers", "pages", "world"]
