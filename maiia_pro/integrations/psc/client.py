"""The client of Pro Santé Connect: OpenID Connect's code flow with PKCE (RFC 7636), and a professional known by their RPPS alone."""

import re
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from maiia_pro.integrations.psc import asking
from maiia_pro.integrations.psc.refusals import PscNoNumber, PscNotSet, PscRefusal, PscWeak
from maiia_pro.kernel import clock
from maiia_pro.settings import Settings

SCOPE: Final = "openid scope_all"
ACR: Final = "eidas1"
"""The level of identification asked for, and insisted on."""
ALGORITHMS: Final = ["RS256"]
LEEWAY: Final = 30
"""Seconds by which its clock and ours may differ."""
RPPS: Final = re.compile(r"8?([0-9]{11})")
"""A national number as the identity platform writes it: the digit 8 for its kind, then the RPPS."""


@dataclass(frozen=True, slots=True)
class Professional:
    """Whom the provider vouches for. `leave` is where the browser ends its session there; nothing where that is not foreseen."""

    rpps: str
    subject: str
    leave: str


@dataclass(frozen=True, slots=True)
class ProSanteConnect:
    """The provider, and what we are to it; `returns_to` is our address that it sends browsers back to."""

    issuer: str
    client_id: str
    client_secret: str
    returns_to: str
    leaves_to: str

    @classmethod
    def of(cls, settings: Settings, returns_to: str, leaves_to: str) -> Self:
        """Read the operator's settings; the two paths are ours. Raises `PscNotSet`."""
        if not (settings.psc_issuer and settings.psc_client_id and settings.psc_client_secret):
            raise PscNotSet
        issuer = settings.psc_issuer.rstrip("/")
        base = settings.base_url
        return cls(issuer, settings.psc_client_id, settings.psc_client_secret, base + returns_to, base + leaves_to)

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Give where the browser goes to identify its user. Raises `PscAway`."""
        url: str = prepare_grant_uri(
            asking.about(self.issuer).authorize,
            self.client_id,
            "code",
            redirect_uri=self.returns_to,
            scope=SCOPE,
            state=state,
            nonce=nonce,
            acr_values=ACR,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return url

    def identify(self, code: str, verifier: str, nonce: str) -> Professional:
        """Exchange the code and tell who it stands for. Raises `PscAway`, `PscRefusal`, `PscWeak` or `PscNoNumber`."""
        about = asking.about(self.issuer)
        told = self._tokens(about, code, verifier)
        raw, access = told.get("id_token"), told.get("access_token")
        if not isinstance(raw, str) or not isinstance(access, str):
            raise PscRefusal
        claims = self._verified(raw, about.keys, nonce, access)
        if claims.get("acr") != ACR:
            raise PscWeak
        said = asking.ask("GET", about.userinfo, headers={"Authorization": f"Bearer {access}"})
        if said.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, section 5.3.2
            raise PscRefusal
        return Professional(_number(claims, said), str(claims["sub"]), self._leave(about.logout, raw))

    def _tokens(self, about: asking.About, code: str, verifier: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.returns_to, "code_verifier": verifier}
        if about.basic:
            return asking.ask("POST", about.token, data=form, auth=(self.client_id, self.client_secret))
        return asking.ask("POST", about.token, data=form | {"client_id": self.client_id, "client_secret": self.client_secret})

    def _verified(self, raw: str, keys_at: str, nonce: str, access: str) -> dict[str, Any]:
        """Give the claims of an id_token that is signed by the provider, for us, for this very request, and still good."""
        try:
            try:
                token = _decoded(raw, asking.keys(keys_at))
            except InvalidKeyIdError:  # it changed its keys
                token = _decoded(raw, asking.keys(keys_at, anew=True))
            options = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}}
            asked = {"nonce": nonce, "client_id": self.client_id, "access_token": access}
            claims = CodeIDToken(token.claims, token.header, options, asked)
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError):
            raise PscRefusal from None
        return dict(claims)

    def _leave(self, logout: str, id_token: str) -> str:
        """Give where the browser ends the provider's session (OpenID Connect RP-Initiated Logout 1.0)."""
        asked = {"id_token_hint": id_token, "client_id": self.client_id, "post_logout_redirect_uri": self.leaves_to}
        return f"{logout}?{urlencode(asked)}" if logout else ""


def _decoded(raw: str, keys: KeySet) -> jwt.Token:
    return jwt.decode(raw, keys, algorithms=ALGORITHMS)


def _number(claims: dict[str, Any], said: dict[str, Any]) -> str:
    """Give the one RPPS that token and userinfo agree on; an e-mail address is never looked at. Raises `PscNoNumber`."""
    named = [source.get(name) for source in (claims, said) for name in ("SubjectNameID", "preferred_username")]
    found = {number and number[1] for number in (RPPS.fullmatch(one) if isinstance(one, str) else None for one in named if one)}
    if len(found) != 1 or not (only := found.pop()):
        raise PscNoNumber
    return only
