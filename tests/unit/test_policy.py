"""What browsers are told about every answer."""

import pytest

from maiia_pro.api.policy import cache_control, fixed_headers, inline_script_hashes, page_policy
from maiia_pro.settings import Settings

pytestmark = pytest.mark.unit

HTTPS = Settings(public_url="https://rendez-vous.exemple.fr")


def test_the_scripts_of_a_page_are_named_by_their_hash():
    html = '<script src="/a.js"></script><script type="module">alert(1)</script><script></script>'
    assert inline_script_hashes(html) == {"'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"}


def test_nothing_made_of_text_may_run():
    scripts = next(part for part in page_policy(Settings(), ["'sha256-x'"]).split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' 'sha256-x'"


def test_no_other_site_may_show_ours_in_a_frame():
    assert "frame-ancestors 'none'" in page_policy(Settings(), [])


def test_the_socket_of_the_public_address_is_allowed():
    assert "wss://rendez-vous.exemple.fr" in page_policy(HTTPS, [])


def test_a_public_address_alone_opens_our_sockets():
    assert HTTPS.allowed_origins == ("https://rendez-vous.exemple.fr",)
    assert Settings(public_url=None, port=3210).allowed_origins == ("http://127.0.0.1:3210", "http://localhost:3210")


@pytest.mark.parametrize(("settings", "expected"), [(Settings(), False), (HTTPS, True)])
def test_encryption_is_demanded_for_good_only_where_it_is_there(settings, expected):
    assert ("Strict-Transport-Security" in fixed_headers(settings)) is expected


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/assets/root-BB3yCyki.js", 200, "public, max-age=31536000, immutable"),
        ("/assets/absent.js", 404, "no-cache"),
        ("/", 200, "no-cache"),
        ("/sw.js", 200, "no-cache"),
        ("/api/session", 200, "no-store"),
        ("/fhir/Patient/1", 200, "no-store"),
        ("/oauth/token", 400, "no-store"),
    ],
)
def test_an_answer_keeps_as_long_as_it_may(path, status, expected):
    assert cache_control(path, status) == expected
