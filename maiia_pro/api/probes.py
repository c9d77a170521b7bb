"""What only scanners of other software ask for: answered that it is not there, counted, and refused for a while to a network that goes on.

Nothing of what was sent is kept: the log has the kind of thing that was looked for, and the network once it is refused.
"""

import logging
import re
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Scope

from maiia_pro.api.errors import error_body, error_headers
from maiia_pro.kernel import rates
from maiia_pro.kernel.errors import DomainError, NotFound, TooMany
from maiia_pro.kernel.metrics import PROBES

log = logging.getLogger(__name__)

A_MINUTE: Final = 30
"""Of one network: more than a browser extension or a misled monitor makes."""
TOLD_A_MINUTE: Final = 20
KINDS: Final = {
    "secrets": r"/\.(?:env|git|svn|hg|aws|ssh|docker|htpasswd|htaccess|npmrc|vscode|idea|ds_store)\b.*",
    "php": r"/.*\.(?:php\d?|phtml)(?:/.*)?|/(?:wp-(?:admin|content|json)|wordpress|phpmyadmin|pma|vendor/phpunit|xmlrpc)\b.*",
    "other servers": r"/.*\.(?:aspx?|jspx?|cgi|do|action)|/(?:cgi-bin|server-(?:status|info)|actuator|solr|jenkins|manager|owa|ecp)\b.*",
    "copies": r"/.*\.(?:sql|bak|old|tar|tgz|gz|zip|rar|7z|swp|dump)",
    "files of the system": r".*(?:\.\./|/etc/passwd|/proc/self|win\.ini).*",
}
"""Nothing of this is ever served here, so nobody who uses the site asks for it."""
_PROBE: Final = re.compile("|".join(f"(?P<{kind.replace(' ', '_')}>{pattern})" for kind, pattern in KINDS.items()), re.IGNORECASE)


def kind_of(path: str) -> str:
    """Tell what a scanner looks for at a path; nothing where it is no probe."""
    found = _PROBE.fullmatch(path)
    return (found.lastgroup or "").replace("_", " ") if found else ""


def answer_to(kind: str, scope: Scope) -> JSONResponse:
    """Count a probe, and say that there is nothing, or when to come back."""
    PROBES.labels(kind).inc()
    client, forwarded = scope.get("client"), Headers(scope=scope).getlist("x-forwarded-for")
    network = rates.network_of(client[0] if client else "", ", ".join(forwarded))
    refusal: DomainError = NotFound()
    try:
        rates.count_request(("probe", network), A_MINUTE)
    except TooMany as too_many:
        refusal = too_many
    _note(kind, network if isinstance(refusal, TooMany) else "")
    return JSONResponse(error_body(refusal), int(refusal.status), error_headers(refusal))


def _note(kind: str, network: str) -> None:
    """Say it in the log, which a scanner must not fill."""
    try:
        rates.count_request(("probe told", bool(network)), TOLD_A_MINUTE)
    except TooMany:
        return
    log.warning("probe refused for a while" if network else "probe", extra={"kind": kind} | ({"network": network} if network else {}))
