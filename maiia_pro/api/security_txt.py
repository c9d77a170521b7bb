"""How to report a weakness (RFC 9116): whom to write to, in which languages, and on what terms."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from maiia_pro.api.describe import Body, Operation, text
from maiia_pro.api.routing import ANYONE, GuardedRoute, route
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.settings import get_settings

GOOD_FOR: Final = timedelta(days=180)
"""Less than a year (RFC 9116, section 2.5.5); counted anew at each reading, for the address is the settings' own."""
POLICY: Final = "/mentions-legales#failles"


async def say_security(_request: Request, _actor: Actor) -> Response:
    """Say whom to tell of a weakness of the software."""
    settings = get_settings()
    lines = (
        f"Contact: mailto:{settings.support_email}",
        f"Expires: {(clock.now() + GOOD_FOR).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
        f"Policy: {settings.base_url}{POLICY}",
    )
    return PlainTextResponse("\n".join([*lines, ""]), headers={"Cache-Control": "public, max-age=86400"})


SECURITY: Final = Operation({200: Body("À qui signaler une faille (RFC 9116).", {"text/plain": text()})}, tag="service")
routes: list[GuardedRoute] = [route("/.well-known/security.txt", say_security, access=ANYONE, identify=False, describes=SECURITY)]
