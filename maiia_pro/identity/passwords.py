"""Passwords: what makes one acceptable, and argon2id (RFC 9106) on an executor of its own, so that hashing never takes every core."""

import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from maiia_pro.kernel.errors import Invalid, TooMany
from maiia_pro.kernel.french import name_key

P = ParamSpec("P")
R = TypeVar("R")

SHORTEST: Final = 12
LONGEST: Final = 200
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
NOBODY: Final = "$argon2id$v=19$m=32768,t=2,p=1$dKrDKv6Xyk6hlNEzrxx/RQ$skHTaV5I8U3z+5KDtxC6pyaK6dTg0lu6s10+dulYIGs"
"""A hash that no password has, verified where there is no account, so that both answers take the same time."""

COMMON: Final = frozenset({
    "123456789012", "1234567890123", "12345678901234", "123456789101112", "azertyuiop12", "azertyuiop123", "azertyuiopqs",
    "azertyuiopqsdfghjklm", "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "motdepasse12", "motdepasse123", "motdepasse1234",
    "motdepassemotdepasse", "password1234", "password12345", "passwordpassword", "administrateur", "administrateur1", "bonjourbonjour",
    "bonjour12345", "bienvenue123", "bienvenue1234", "jetaimejetaime", "jetaime12345", "soleilsoleil", "doudoudoudou", "loulouloulou",
    "chouchouchouchou", "iloveyou1234", "abcdefghijkl", "abcdefghijklmnop", "abcd12345678", "azerty123456", "qwerty123456", "maiiamaiia12",
    "maiiapro2024", "maiiapro2025", "maiiapro2026", "marseille13000", "parissaintgermain", "olympiquedemarseille", "changezmoi123",
    "changeme1234", "letmein12345", "unmotdepasse", "monmotdepasse", "monmotdepasse1", "1q2w3e4r5t6y",
})  # fmt: skip
"""Passwords of twelve characters and more that people really choose (lower case, signs left out)."""

_AT_ONCE: Final = 8
_waiting = threading.BoundedSemaphore(_AT_ONCE)


@lru_cache(maxsize=1)
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="argon2")


def _hashing(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do the work on the executor of two; past eight callers refuse at once rather than hold every thread of the use cases."""
    if not _waiting.acquire(blocking=False):
        raise TooMany(retry_after=2)
    try:
        return _executor().submit(work, *args, **kwargs).result()
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
    if key in COMMON or len(set(password)) < 5:
        raise _refused("Ce mot de passe est trop répandu. Choisissez-en un autre.")
    return password


def _letters(text: str) -> str:
    return name_key(text).replace(" ", "")


def _personal(key: str, words: set[str]) -> bool:
    """Tell whether a word about the person is nearly all there is to the password."""
    return any(len(word) >= 5 and word in key and len(key) - len(word) < 6 for word in words)


def _refused(message: str) -> Invalid:
    return Invalid(fields={"password": message})
