"""Browsers of people, as the tests of the patients' door open them."""

from tests.patient.conftest import base_url, browser_context_args, browsers, pages

__all__ = ["base_url", "browser_context_args", "browsers", "pages"]
