"""Random tokens: the bearer keeps the token, the database only its hash."""

import hashlib
import secrets


def new_token() -> str:
    """Make a token of 256 random bits that goes into addresses, headers and cookies as it is."""
    return secrets.token_urlsafe(32)


def short_token() -> str:
    """Make a token of 128 random bits: no one guesses it either, and an SMS has room for it."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """Give what is stored of a token: its SHA-256 in hexadecimal (a random token needs no salt and no slow hash)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
