"""The token endpoint of OAuth 2.0 (RFC 6749), looking at tokens and giving them up, and the server's description of itself (RFC 8414)."""

import base64
import binascii
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, UnsupportedGrantTypeError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.errors import TooLarge, TooSlow, error_headers
from maiia_pro.api.oauth_people import AUTH_METHODS, authorize
from maiia_pro.api.oauth_server import TokenRequest, token_server
from maiia_pro.api.oauth_words import (
    AUTHORIZE,
    BAD_CLIENT,
    BAD_FORM,
    FORM,
    GRANT_TYPES,
    INTROSPECT,
    METADATA,
    NOT_SECURE,
    REVOKE,
    SAID,
    TOKEN,
)
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, route
from maiia_pro.identity.api_clients import KNOWN_SCOPES, Client
from maiia_pro.identity.api_grants import give_up, look_at
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, TooMany
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.settings import get_settings

LONGEST_FORM = 16384
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _is_secure(request: Request) -> bool:
    """Whether nobody on the way could read the secret: TLS here, at our own proxy, or no way at all."""
    forwarded = request.headers.get("x-forwarded-proto", "") if get_settings().trusted_proxies else ""
    if (forwarded.split(",")[-1].strip() or request.url.scheme) == "https":
        return True
    try:
        return ip_address(network_of(request)).is_loopback
    except ValueError:
        return False


async def _form_of(request: Request) -> dict[str, str]:
    if content_type(request) != FORM:
        raise InvalidRequestError(BAD_FORM)
    try:
        body = await read_body(request, longest=LONGEST_FORM)
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=50)
    except (TooLarge, TooSlow, ValueError):
        raise InvalidRequestError(BAD_FORM) from None
    form = dict(pairs)
    if len(form) < len(pairs) or "\x00" in "".join(form.values()):
        raise InvalidRequestError(BAD_FORM)
    return form


async def _checked_form(request: Request) -> dict[str, str]:
    """Read the form of a program that proves itself, in secret."""
    if not _is_secure(request):
        raise InvalidRequestError(NOT_SECURE)
    form = await _form_of(request)
    _check_credentials(form, request.headers.get("authorization", ""))
    return form


def _check_credentials(form: Mapping[str, str], authorization: str) -> None:
    """Refuse what Authlib could not read: a header that is no text, two ways at once (RFC 6749, section 2.3)."""
    scheme, _, encoded = authorization.partition(" ")
    if not authorization:
        return
    if scheme.lower() != "basic":
        raise InvalidClientError(status_code=401, description=BAD_CLIENT)
    if "client_secret" in form:
        raise InvalidRequestError(BAD_FORM)
    try:
        named = base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        raise InvalidClientError(status_code=401, description=BAD_CLIENT) from None
    if form.get("client_id", named) != named:
        raise InvalidRequestError(BAD_FORM)


async def issue(request: Request, _actor: Actor) -> Response:
    """Give a program a bearer token for an hour, its own or, for a code or a refresh token, a person's."""
    try:
        form = await _checked_form(request)
        if not form.get("grant_type"):
            raise InvalidRequestError(BAD_FORM)
        if form["grant_type"] not in GRANT_TYPES:
            raise UnsupportedGrantTypeError(form["grant_type"])
        asked = TokenRequest(form, request.headers)
        status, body, _ = await run_blocking(token_server().create_token_response, asked)
    except OAuth2Error as error:
        return _refused(error)
    if status >= 400:
        return _refused_as(status, str(dict(body).get("error", "invalid_request")))
    return JSONResponse(body, headers=NO_STORE)


async def introspect(request: Request, _actor: Actor) -> Response:
    """Tell a program what one of its tokens is good for (RFC 7662); of any other it learns only that it is not."""

    def say(client: Client, token: str) -> Response:
        found = look_at(client, token)
        if found is None:
            return JSONResponse({"active": False}, headers=NO_STORE)
        said = {"active": True, "scope": found.scopes, "client_id": client.client_id, "token_type": "Bearer"}
        times = {"iat": int(found.issued_at.timestamp()), "exp": int(found.expires_at.timestamp())}
        return JSONResponse(said | times | ({"sub": str(found.account_id)} if found.account_id else {}), headers=NO_STORE)

    return await _about_a_token(request, say)


async def revoke(request: Request, _actor: Actor) -> Response:
    """Let one of a program's tokens be good for nothing (RFC 7009); of a person's, the whole consent ends."""

    def end(client: Client, token: str) -> Response:
        give_up(client, token)
        return Response(status_code=200, headers=NO_STORE)

    return await _about_a_token(request, end)


async def _about_a_token(request: Request, do: Callable[[Client, str], Response]) -> Response:
    try:
        form = await _checked_form(request)
        asked = TokenRequest(form, request.headers)
        applicant = await run_blocking(token_server().authenticate_client, asked, list(AUTH_METHODS))
        if "token" not in form:
            raise InvalidRequestError(BAD_FORM)
        client: Client = applicant.client
        count_request(client.id, client.requests_per_minute)
        return await run_blocking(do, client, form["token"])
    except OAuth2Error as error:
        return _refused(error)


def _refused(error: OAuth2Error) -> Response:
    status = 401 if isinstance(error, InvalidClientError) else 400
    return _refused_as(status, error.error, error.description if error.description in {BAD_FORM, NOT_SECURE} else "")


def _refused_as(status: int, error: str, description: str = "") -> Response:
    headers = NO_STORE | ({"WWW-Authenticate": 'Basic realm="maiia-pro", charset="UTF-8"'} if status == 401 else {})
    body = {"error": error, "error_description": description or SAID.get(error, BAD_FORM)}
    return JSONResponse(body, status_code=status, headers=headers)


def oauth_error(error: DomainError, *, bearer: bool = False) -> Response:
    """Render what is no refusal of OAuth in its form."""
    code = "slow_down" if isinstance(error, TooMany) else "temporarily_unavailable" if error.status == 503 else "server_error"
    body = {"error": code, "error_description": "Reessayez plus tard."}
    return JSONResponse(body, status_code=int(error.status), headers=NO_STORE | error_headers(error, bearer=bearer))


async def metadata(_request: Request, _actor: Actor) -> Response:
    """Describe the authorization server (RFC 8414)."""
    base = get_settings().base_url
    return JSONResponse(
        {
            "issuer": base,
            "token_endpoint": f"{base}/oauth/token",
            "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
            "authorization_endpoint": f"{base}/oauth/authorize",
            "authorization_response_iss_parameter_supported": True,
            "revocation_endpoint": f"{base}/oauth/revoke",
            "introspection_endpoint": f"{base}/oauth/introspect",
            "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
            "introspection_endpoint_auth_methods_supported": list(AUTH_METHODS),
            "grant_types_supported": list(GRANT_TYPES),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": sorted(KNOWN_SCOPES),
            "service_documentation": f"{base}/api/openapi.json",
        }
    )


NOBODY = frozenset({ActorKind.ANONYMOUS})
"""Whoever is signed in counts for nothing here: the request itself carries the credentials."""

routes: list[GuardedRoute] = [
    route("/oauth/token", issue, methods=("POST",), access=NOBODY, identify=False, errors=oauth_error, describes=TOKEN),
    route("/oauth/introspect", introspect, methods=("POST",), access=NOBODY, identify=False, errors=oauth_error, describes=INTROSPECT),
    route("/oauth/revoke", revoke, methods=("POST",), access=NOBODY, identify=False, errors=oauth_error, describes=REVOKE),
    route("/oauth/authorize", authorize, access=NOBODY, identify=False, describes=AUTHORIZE),
    route("/.well-known/oauth-authorization-server", metadata, access=ANYONE, identify=False, describes=METADATA),
]
