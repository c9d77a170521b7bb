"""Browsers in which somebody came in before, by which address or number: a cookie that the server signs says so, and no table.

It opens nothing. It keeps some codes for whom strangers would shut out by asking for codes in their name.
"""

import hmac
import re
from datetime import timedelta
from typing import Final

from maiia_pro.identity.tokens import short_token
from maiia_pro.kernel import vault

LASTS: Final = timedelta(days=365)
MOST: Final = 8
"""Addresses or numbers of one browser: a family's tablet, a secretariat's desk."""
_SHAPE: Final = re.compile(rf"[\w-]{{22}}(\.[0-9a-f]{{32}}){{1,{MOST}}}", re.ASCII)


def with_known(cookie: str, sought: str) -> str:
    """Give the cookie of a browser once somebody came in there; neither address nor number can be read in it."""
    browser, *marks = cookie.split(".") if _SHAPE.fullmatch(cookie) else [short_token()]
    mark = _mark(browser, sought)
    return ".".join([browser, mark, *[one for one in marks if one != mark][: MOST - 1]])


def known_for(cookie: str, sought: str) -> str:
    """Name the browser if somebody came in there by this address or number, else nothing."""
    if not _SHAPE.fullmatch(cookie):
        return ""
    browser, *marks = cookie.split(".")
    return browser if any(hmac.compare_digest(_mark(browser, sought), one) for one in marks) else ""


def _mark(browser: str, sought: str) -> str:
    return vault.imprint(sought, f"known {browser}")[:32]
