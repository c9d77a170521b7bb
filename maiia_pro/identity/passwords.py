"""Passwords: what makes one acceptable, and argon2id (RFC 9106), one at a time in a process, so that hashing never takes every core."""

import threading
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from maiia_pro.identity import hashing
from maiia_pro.identity.strength import ENOUGH, strength_of
from maiia_pro.kernel.errors import Invalid, TooMany
from maiia_pro.kernel.french import name_key

P = ParamSpec("P")
R = TypeVar("R")

SHORTEST: Final = 12
LONGEST: Final = 200
HASHER: PasswordHasher | hashing.Aside = hashing.HASHER
NOBODY: Final = "$argon2id$v=19$m=32768,t=2,p=1$dKrDKv6Xyk6hlNEzrxx/RQ$skHTaV5I8U3z+5KDtxC6pyaK6dTg0lu6s10+dulYIGs"
"""A hash that no password has, verified where there is no account, so that both answers take the same time."""

WEAK: Final = {
    "spatial": "Ce mot de passe suit des touches voisines du clavier, comme azerty. Choisissez plutôt quelques mots sans rapport.",
    "repeat": "Ce mot de passe se répète. Choisissez plutôt quelques mots sans rapport.",
    "sequence": "Ce mot de passe est une suite, comme abcd ou 1234. Choisissez plutôt quelques mots sans rapport.",
    "date": "Ce mot de passe est surtout une date. Ajoutez deux mots sans rapport.",
    "regex": "Ce mot de passe est surtout une date. Ajoutez deux mots sans rapport.",
    "dictionary": "Ce mot de passe se devine trop vite\u00a0: un mot courant et quelques signes. Ajoutez deux mots sans rapport.",
}
"""What to say of a password that takes too few guesses, by what the guessing begins with."""

_AT_ONCE: Final = 8
_waiting = threading.BoundedSemaphore(_AT_ONCE)
_turn = threading.Lock()


@asynccontextmanager
async def computed_aside() -> AsyncIterator[None]:
    """Have the passwords of this process computed by another until it stops: for a server."""
    global HASHER
    before, HASHER = HASHER, hashing.Aside()
    try:
        yield
    finally:
        aside, HASHER = HASHER, before
        aside.close()


def _hashing(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do the work when its turn comes; past eight callers refuse at once rather than hold every thread of the use cases."""
    if not _waiting.acquire(blocking=False):
        raise TooMany(retry_after=2)
    try:
        with _turn:
            return work(*args, **kwargs)
    finally:
        _waiting.release()


def hash_password(password: str) -> str:
    """Hash a password that was found acceptable."""
    return _hashing(HASHER.hash, _same_form(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether the password is the right one, in the same time where there is no hash to compare with."""
    right = _hashing(_verify, password_hash or NOBODY, _same_form(password[:LONGEST]))
    return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return HASHER.check_needs_rehash(password_hash)


def _same_form(password: str) -> str:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()


def check_password(password: object, *, email: str, name: str) -> str:
    """Give the password if it is acceptable; raises `Invalid` on field `password` with what to change."""
    if not isinstance(password, str) or len(password) < SHORTEST:
        raise _refused(f"Choisissez au moins {SHORTEST} caractères ; une phrase courte convient très bien.")
    if len(password) > LONGEST:
        raise _refused(f"Choisissez au plus {LONGEST} caractères.")
    if "\x00" in password:
        raise _refused("Ce mot de passe contient un caractère que nous ne pouvons pas enregistrer.")
    key = _letters(password)
    whole_address = bool(email) and email.casefold() in password.casefold()
    if whole_address or _personal(key, {_letters(email.split("@", maxsplit=1)[0]), _letters(name)}):
        raise _refused("Choisissez un mot de passe qui ne reprend ni votre adresse e-mail ni votre nom.")
    weighed = _hashing(strength_of, password, (email.split("@", maxsplit=1)[0].replace(".", " "), name))
    if weighed.stolen:
        raise _refused("Ce mot de passe figure dans des listes de mots de passe volés. Choisissez-en un autre.")
    if weighed.guesses < ENOUGH:
        raise _refused(WEAK.get(weighed.pattern, WEAK["dictionary"]))
    return password


def _letters(text: str) -> str:
    return name_key(text).replace(" ", "")


def _personal(key: str, words: set[str]) -> bool:
    """Tell whether a word about the person is nearly all there is to the password."""
    return any(len(word) >= 5 and word in key and len(key) - len(word) < 6 for word in words)


def _refused(message: str) -> Invalid:
    return Invalid(fields={"password": message})
