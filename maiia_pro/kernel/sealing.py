"""Secrets that strangers entrust to us, encrypted at rest (Fernet: AES-128-CBC with HMAC-SHA-256) by a key of the installation."""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from maiia_pro.kernel.private import open_private
from maiia_pro.settings import get_settings

KEY_FILE = "secret.key"


class Unsealable(Exception):
    """What was sealed by another key, or altered."""


def seal(secret: str) -> str:
    """Encrypt a secret."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt a secret; raises `Unsealable`."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unsealable from None


def _box() -> Fernet:
    settings = get_settings()
    return _box_of(settings.secret_key) if settings.secret_key else _box_in(settings.data_dir / KEY_FILE)


@lru_cache(maxsize=2)
def _box_of(key: str) -> Fernet:
    return Fernet(key.encode())


@lru_cache(maxsize=2)
def _box_in(file: Path) -> Fernet:
    if not file.exists():
        _make_key(file)
    return Fernet(file.read_bytes().strip())


def _make_key(file: Path) -> None:
    """Make the key once, even where several processes begin together: the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with open_private(draft, "wb") as opened:
        opened.write(Fernet.generate_key())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
