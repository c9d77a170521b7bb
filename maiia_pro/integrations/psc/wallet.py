"""What the simulation of Pro Santé Connect knows, and what it says: real keys and signatures, invented people, every fault on request."""

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from maiia_pro.kernel import clock

REALM: Final = "/auth/realms/esante-wallet"
LASTS: Final = 120
"""Seconds that an id_token is good for."""


class Fault(StrEnum):
    """What is wrong with the answer that the simulation gives."""

    NONE = ""
    WEAK = "weak"
    """Identified by a password: `acr` says so."""
    NO_LEVEL = "no_level"
    AUDIENCE = "audience"
    ISSUER = "issuer"
    EXPIRED = "expired"
    NONCE = "nonce"
    SIGNATURE = "signature"
    """Signed by a key of somebody else under the known name."""
    SYMMETRIC = "symmetric"
    """Signed by HMAC with the public key as the secret."""
    UNSIGNED = "unsigned"
    OTHER_PERSON = "other_person"
    """The userinfo is of somebody else."""
    NO_NUMBER = "no_number"
    TWO_NUMBERS = "two_numbers"
    NO_TOKEN = "no_token"  # noqa: S105 - the name of a fault
    NONSENSE = "nonsense"
    BROKEN = "broken"
    SLOW = "slow"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Holder:
    """An invented professional who has a card."""

    rpps: str
    given_name: str
    family_name: str


@dataclass
class Wallet:
    """What the simulation knows: its key, its one client, who has a card, which codes and tokens are out."""

    client_id: str
    client_secret: str
    holders: list[Holder]
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "simulation", "use": "sig", "alg": "RS256"}))
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    accesses: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    """Subjects whose session was ended here."""
    kid: str = "simulation"
    slow_seconds: float = 5.0

    def holder(self, rpps: str) -> Holder:
        """Give who has this number; a number that nobody has is somebody unknown here."""
        return next((one for one in self.holders if one.rpps == rpps), Holder(rpps, "CAMILLE", "INCONNU"))

    def grant(self, asked: dict[str, str], rpps: str, fault: str) -> str:
        """Give the address that a browser goes back to once its user is identified."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = {"asked": asked, "who": self.holder(rpps), "fault": Fault(fault)}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def tokens(self, form: dict[str, str]) -> tuple[int, Any]:
        """Answer the token endpoint: a code counts once, for who holds the verifier."""
        given = self.codes.pop(form.get("code", ""), None)
        if given is None or form.get("grant_type") != "authorization_code":
            return HTTPStatus.BAD_REQUEST, {"error": "invalid_grant"}
        asked = given["asked"]
        proven = create_s256_code_challenge(form.get("code_verifier", "")) == asked["code_challenge"]
        if not proven or form.get("redirect_uri") != asked["redirect_uri"]:
            return HTTPStatus.BAD_REQUEST, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(24)
        self.accesses[access] = given
        told = {"access_token": access, "token_type": "Bearer", "expires_in": 60, "scope": asked["scope"]}
        return HTTPStatus.OK, told if given["fault"] is Fault.NO_TOKEN else told | {"id_token": self.id_token(given)}

    def id_token(self, given: dict[str, Any]) -> str:
        """Sign who it is, with the fault that was chosen."""
        fault, now, who = given["fault"], int(clock.now().timestamp()), given["who"]
        claims: dict[str, Any] = {
            "iss": self.issuer if fault is not Fault.ISSUER else f"{self.issuer}-autre",
            "aud": self.client_id if fault is not Fault.AUDIENCE else "un-autre-logiciel",
            "sub": f"f:simulation:{who.rpps}",
            "iat": now if fault is not Fault.EXPIRED else now - 3600,
            "exp": now + LASTS if fault is not Fault.EXPIRED else now - 3600 + LASTS,
            "nonce": given["asked"]["nonce"] if fault is not Fault.NONCE else "autre",
            "acr": "eidas2" if fault is Fault.WEAK else "eidas1",
            **_named(given),
        }
        if fault is Fault.NO_LEVEL:
            del claims["acr"]
        header = {"alg": "RS256", "kid": self.kid, "typ": "JWT"}
        if fault is Fault.SIGNATURE:
            return jwt.encode(header, claims, RSAKey.generate_key(2048, {"kid": self.kid}))
        signed = jwt.encode(header, claims, self.key)
        if fault in {Fault.UNSIGNED, Fault.SYMMETRIC}:
            return self._resigned(signed.split(".")[1], "none" if fault is Fault.UNSIGNED else "HS256")
        return signed

    def _resigned(self, claims: str, algorithm: str) -> str:
        """Sign by what an attacker has: nothing, or the public key taken for a shared secret (RFC 8725, section 2.1)."""
        body = f"{_encoded(json.dumps({'alg': algorithm, 'kid': self.kid}).encode())}.{claims}"
        shared = self.key.as_pem(private=False)
        return f"{body}." if algorithm == "none" else f"{body}.{_encoded(hmac.digest(shared, body.encode(), 'sha256'))}"

    def userinfo(self, access: str) -> tuple[int, Any]:
        """Answer who the bearer of an access token is, as the identity platform describes professionals."""
        given = self.accesses.get(access)
        if given is None:
            return HTTPStatus.UNAUTHORIZED, {"error": "invalid_token"}
        who = given["who"]
        sub = f"f:simulation:{who.rpps}" if given["fault"] is not Fault.OTHER_PERSON else "f:simulation:autre"
        said = {
            "sub": sub,
            "given_name": who.given_name,
            "family_name": who.family_name,
            "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
            "otherIds": [{"identifiant": f"8{who.rpps}", "origine": "RPPS", "qualite": 1}],
            "SubjectRefPro": {"exercices": [{"codeProfession": "10", "codeCategorieProfessionnelle": "C"}]},
            "email": "quelqu.un@exemple.fr",
        }
        number = {"SubjectNameID": "800000000000"} if given["fault"] is Fault.TWO_NUMBERS else _named(given)
        return HTTPStatus.OK, said | number

    def about(self) -> dict[str, Any]:
        """Describe the provider."""
        base = self.issuer.removesuffix(REALM)
        under = f"{self.issuer}/protocol/openid-connect"
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{under}/token",
            "userinfo_endpoint": f"{under}/userinfo",
            "jwks_uri": f"{under}/certs",
            "end_session_endpoint": f"{under}/logout",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def leave(self, query: dict[str, str]) -> str:
        """End a session and give where the browser goes on to; nothing for a hint that we did not sign."""
        try:
            claims = jwt.decode(query.get("id_token_hint", ""), self.key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return ""
        self.ended.append(str(claims["sub"]))
        return query.get("post_logout_redirect_uri", "")


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _named(given: dict[str, Any]) -> dict[str, str]:
    if given["fault"] is Fault.NO_NUMBER:
        return {"SubjectNameID": "999999999", "preferred_username": "999999999"}
    number = f"8{given['who'].rpps}"
    return {"SubjectNameID": number, "preferred_username": number}
