"""How a refusal is said over HTTP: its status, and JSON with a code for programs and a French sentence for people."""

from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

from maiia_pro.kernel.errors import Busy, DomainError, Invalid, NotSignedIn, TooMany


def error_body(error: DomainError) -> dict[str, Any]:
    """Give `{code, message, fields}`; `fields` maps the name of a field to what is wrong with it."""
    return {"code": error.code, "message": error.message, "fields": error.fields if isinstance(error, Invalid) else {}}


def error_headers(error: DomainError, *, bearer: bool = False) -> dict[str, str]:
    """Give the headers that go with a refusal: when to come back, how to sign in (RFC 6750, section 3)."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, TooMany | Busy):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotSignedIn) and bearer:
        headers["WWW-Authenticate"] = 'Bearer realm="maiia-pro"'
    return headers


def json_error(error: DomainError, *, bearer: bool = False) -> Response:
    """Render a refusal as JSON."""
    return JSONResponse(error_body(error), status_code=int(error.status), headers=error_headers(error, bearer=bearer))


class Unexpected(DomainError):
    """Something broke; what it was stays in the log."""

    code = "unexpected"
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class ForeignOrigin(DomainError):
    """Another site's page tried to act in the name of somebody signed in here."""

    code = "foreign-origin"
    status = HTTPStatus.FORBIDDEN
    message = "Cette demande vient d’un autre site ; elle n’a pas été exécutée."


class NoSuchMethod(DomainError):
    """There is something at this address, but not to be asked for so."""

    code = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = "Cette adresse n’accepte pas cette méthode."


class TooLarge(DomainError):
    """The body is larger than the route takes."""

    code = "too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "Ce que vous envoyez est trop volumineux."


class TooSlow(DomainError):
    """The body took longer than what it is for."""

    code = "too-slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    message = "Votre envoi a pris trop de temps. Vérifiez votre connexion, puis recommencez."
