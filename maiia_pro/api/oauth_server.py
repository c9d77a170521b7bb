"""Authlib's token server over the programs and tokens of the house."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidScopeError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from maiia_pro.api.oauth_people import AUTH_METHODS, CodeGrant, RefreshGrant
from maiia_pro.api.oauth_words import BAD_CLIENT, BAD_SCOPE, GRANT_TYPES, NOT_ALONE
from maiia_pro.identity.api_clients import BadClient, BadScope, Client, NotAlone, authenticate_client, issue_token
from maiia_pro.kernel.rates import count_request


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
        return grant_type in GRANT_TYPES

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
        except NotAlone:
            raise UnauthorizedClientError(NOT_ALONE) from None
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
def token_server() -> TokenServer:
    """Give the server, with the ways to ask for a token that it knows."""
    server = TokenServer()
    for grant in (Grant, CodeGrant, RefreshGrant):
        server.register_grant(grant)
    return server
