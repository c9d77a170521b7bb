"""Tokens that stand for people: where a browser asks for consent, how programs exchange codes, look at tokens and give them up."""

from typing import Any, ClassVar
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from maiia_pro.identity.api_clients import BadScope, Client
from maiia_pro.identity.api_grants import BadGrant, Issued, redeem, renew
from maiia_pro.identity.consent import BadApplication, SentBack, read_request
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking

CONSENT_PAGE = "/autorisation/"
AUTH_METHODS = ("client_secret_basic", "client_secret_post")
LEAVES = "maiia.leaves"
"""Marks a request whose answer may send the browser to another site: an address that a practice wrote down."""
ONCE = frozenset({"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"})


async def authorize(request: Request, actor: Actor) -> Response:
    """Lead a browser to the page that asks its user for consent, or back to the program with what is wrong (RFC 6749, section 4.1)."""
    raw = request.scope["query_string"].decode("latin-1")
    try:
        pairs = _pairs(raw)
        names = [name for name, _ in pairs if name in ONCE]
        if len(names) > len(set(names)):  # section 3.1: no parameter twice
            raise BadApplication
        await run_blocking(read_request, actor, dict(pairs))
    except SentBack as wrong:
        request.scope[LEAVES] = True
        return _towards(wrong.address)
    except BadApplication:
        return _towards(CONSENT_PAGE + "?refus=oui")
    return _towards(f"{CONSENT_PAGE}?{raw}")


def _pairs(raw: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise BadApplication from None


def _towards(address: str) -> Response:
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


class _PersonGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """What the two ways to a person's tokens share: the program proves itself, and asks no oftener than it may."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(AUTH_METHODS)

    def validate_token_request(self) -> None:
        """Find out which program asks."""
        self.request.client = self.authenticate_token_endpoint_client()

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        """Answer with both tokens, or say in the words of the standard why not."""
        client: Client = self.request.client.client
        count_request(client.id, client.requests_per_minute)
        try:
            issued = self.issued(client, self.request.form)
        except BadGrant:
            raise InvalidGrantError from None
        except BadScope:
            raise InvalidScopeError from None
        body = {"access_token": issued.access, "token_type": "Bearer", "expires_in": issued.seconds, "refresh_token": issued.refresh}
        return 200, body | {"scope": " ".join(sorted(issued.scopes))}, self.TOKEN_RESPONSE_HEADER

    def issued(self, client: Client, form: dict[str, str]) -> Issued:
        """Exchange what the program holds."""
        raise NotImplementedError


class CodeGrant(_PersonGrant):
    """A code for tokens (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""

    GRANT_TYPE = "authorization_code"

    def issued(self, client: Client, form: dict[str, str]) -> Issued:
        """Exchange the code."""
        return redeem(client, form.get("code", ""), form.get("redirect_uri", ""), form.get("code_verifier", ""))


class RefreshGrant(_PersonGrant):
    """A refresh token for new ones (RFC 6749, section 6)."""

    GRANT_TYPE = "refresh_token"

    def issued(self, client: Client, form: dict[str, str]) -> Issued:
        """Exchange the refresh token."""
        return renew(client, form.get("refresh_token", ""), frozenset(form.get("scope", "").split()))
