"""Tokens for programs: OAuth 2.0 client credentials (RFC 6749, section 4.4), and the server's description of itself (RFC 8414)."""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, InvalidScopeError, UnsupportedGrantTypeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.bodies import content_type, read_body
from maiia_pro.api.describe import Operation, closed, json_body, text, thing
from maiia_pro.api.errors import TooLarge, error_headers
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, route
from maiia_pro.identity.api_clients import KNOWN_SCOPES, BadClient, BadScope, Client, authenticate_client, issue_token
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, TooMany
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.settings import get_settings

FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 16384
AUTH_METHODS = ("client_secret_basic", "client_secret_post")
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

# Descriptions are ASCII by RFC 6749, section 5.2.
BAD_CLIENT = "Identifiant ou secret du logiciel incorrect."
BAD_FORM = "Envoyez un formulaire (application/x-www-form-urlencoded) avec grant_type=client_credentials."
BAD_SCOPE = "Au moins un des droits voulus est inconnu ou ferme pour ce logiciel."
BAD_GRANT = "Seul client_credentials est admis ici."
NOT_SECURE = "Passez par https ; http simple n'est admis que depuis la machine elle-meme."


class Applicant(ClientMixin):  # type: ignore[misc]
    """A client as it presents itself; `client` is known once its secret was right."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id
        self.client: Client | None = None

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether the secret is the client's."""
        try:
            self.client = authenticate_client(self.client_id, client_secret)
        except BadClient:
            return False
        return True

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Tell whether a client may prove itself this way."""
        return method in AUTH_METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether a client may ask for tokens this way."""
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str:
        """Leave the scopes asked for as they are; issuing the token refuses what is too much."""
        return scope or ""


class TokenRequest(OAuth2Request):  # type: ignore[misc]
    """A request for a token, read already: Authlib sees its form and its headers."""

    def __init__(self, form: dict[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", "https://checked.invalid/oauth/token", headers=headers)
        self.payload = BasicOAuth2Payload(form)

    @property
    def form(self) -> dict[str, str]:
        """Give the form."""
        return dict(self.payload.data)


class Grant(ClientCredentialsGrant):  # type: ignore[misc]
    """Client credentials, with the secret in the header or in the form."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(AUTH_METHODS)


class TokenServer(AuthorizationServer):  # type: ignore[misc]
    """Authlib's rules over our clients and tokens; blocking, to be run in a thread."""

    def query_client(self, client_id: str) -> Applicant:
        """Give the client that somebody says to be."""
        return Applicant(client_id)

    def generate_token(self, *, client: Applicant, scope: str | None = None, **_more: object) -> dict[str, object]:
        """Issue the token; raises Authlib's `InvalidScopeError`, and `TooMany`."""
        if client.client is None:
            raise InvalidClientError(status_code=401, description=BAD_CLIENT)
        count_request(client.client.id, client.client.requests_per_minute)
        wanted = frozenset((scope or "").split())
        try:
            token, seconds = issue_token(client.client, wanted)
        except BadScope:
            raise InvalidScopeError(BAD_SCOPE) from None
        granted = " ".join(sorted(wanted or client.client.scopes))
        return {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": granted}

    def save_token(self, token: dict[str, object], request: OAuth2Request) -> None:
        """Do nothing: issuing a token stores its hash."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        """Take the request as it was read."""
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, dict[str, str]]:
        """Hand back what the endpoint turns into a response."""
        return status, body, dict(headers)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Tell nobody."""


@lru_cache(maxsize=1)
def _server() -> TokenServer:
    server = TokenServer()
    server.register_grant(Grant)
    return server


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
    except (TooLarge, ValueError):
        raise InvalidRequestError(BAD_FORM) from None
    form = dict(pairs)
    if len(form) < len(pairs) or "\x00" in "".join(form.values()):
        raise InvalidRequestError(BAD_FORM)
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
    """Give a program a bearer token for an hour, in exchange for its identifier and its secret."""
    try:
        if not _is_secure(request):
            raise InvalidRequestError(NOT_SECURE)
        form = await _form_of(request)
        _check_credentials(form, request.headers.get("authorization", ""))
        if not form.get("grant_type"):
            raise InvalidRequestError(BAD_FORM)
        if form["grant_type"] != Grant.GRANT_TYPE:
            raise UnsupportedGrantTypeError(form["grant_type"])
        asked = TokenRequest(form, request.headers)
        status, body, _ = await run_blocking(_server().create_token_response, asked)
    except OAuth2Error as error:
        return _refused(error)
    if status >= 400:
        return _refused_as(status, str(dict(body).get("error", "invalid_request")))
    return JSONResponse(body, headers=NO_STORE)


def _refused(error: OAuth2Error) -> Response:
    status = 401 if isinstance(error, InvalidClientError) else 400
    return _refused_as(status, error.error, error.description if error.description in {BAD_FORM, NOT_SECURE} else "")


_SAID = {"invalid_client": BAD_CLIENT, "invalid_scope": BAD_SCOPE, "unsupported_grant_type": BAD_GRANT, "invalid_request": BAD_FORM}


def _refused_as(status: int, error: str, description: str = "") -> Response:
    headers = NO_STORE | ({"WWW-Authenticate": 'Basic realm="maiia-pro", charset="UTF-8"'} if status == 401 else {})
    body = {"error": error, "error_description": description or _SAID.get(error, BAD_FORM)}
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
            "grant_types_supported": [Grant.GRANT_TYPE],
            "response_types_supported": [],
            "scopes_supported": sorted(KNOWN_SCOPES),
            "service_documentation": f"{base}/api/openapi.json",
        }
    )


_ERROR = closed(thing(("error",), error=text(), error_description=text()))
_TOKEN = closed(
    thing(
        ("access_token", "token_type", "expires_in", "scope"),
        access_token=text(),
        token_type={"const": "Bearer"},
        expires_in={"type": "integer"},
        scope=text(),
    )
)
_ASKED = thing(
    ("grant_type",), grant_type={"const": Grant.GRANT_TYPE}, scope=text(most=200), client_id=text(most=100), client_secret=text(most=200)
)
_SAYS = {400: "La demande ne convient pas.", 401: BAD_CLIENT, 429: "Trop de demandes.", 500: "Erreur imprévue.", 503: "Indisponible."}
TOKEN = Operation(
    {200: json_body("Un jeton.", _TOKEN)} | {status: json_body(about, _ERROR) for status, about in _SAYS.items()},
    request=json_body("L’identité du logiciel, si l’en-tête Authorization (Basic) ne la dit pas.", _ASKED, FORM),
    tag="OAuth",
)
METADATA = Operation(
    {200: json_body("La description du serveur.", thing(("issuer", "token_endpoint"), issuer=text(), token_endpoint=text()))}, tag="OAuth"
)

NOBODY = frozenset({ActorKind.ANONYMOUS})
"""Whoever is signed in counts for nothing here: the request itself carries the credentials."""

routes: list[GuardedRoute] = [
    route("/oauth/token", issue, methods=("POST",), access=NOBODY, identify=False, errors=oauth_error, describes=TOKEN),
    route("/.well-known/oauth-authorization-server", metadata, access=ANYONE, identify=False, describes=METADATA),
]
