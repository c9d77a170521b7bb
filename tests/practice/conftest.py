"""The screens of public pages are the built ones."""

from tests.desk.conftest import base_url, browser_context_args, browsers, pages

__all__ = ["base_url", "browser_context_args", "browsers", "pages"]
