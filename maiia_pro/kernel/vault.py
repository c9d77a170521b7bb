"""Secrets that must be read again: encrypted at rest, or worked out anew from a key that is kept outside the database."""

import hmac
import os
import secrets
from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.private import private_folder
from maiia_pro.settings import get_settings

NONCE_BYTES: Final = 12
FOLDER: Final = "cles"
FILE: Final = "chiffrement"


def seal(text: str, about: str) -> str:
    """Encrypt a text (AES-256-GCM) so that it opens only for what it is about, such as the id of its row."""
    return b64encode(seal_bytes(text.encode(), about)).decode()


def unseal(sealed: str, about: str) -> str:
    """Decrypt what `seal` made; raises `Unavailable` under another key."""
    return unseal_bytes(
        b64decode(sealed), about, "La clé de chiffrement du serveur a changé. Choisissez à nouveau ce mot de passe."
    ).decode()


def seal_bytes(content: bytes, about: str) -> bytes:
    """Encrypt a file as `seal` does a text."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, content, about.encode())


def unseal_bytes(sealed: bytes, about: str, otherwise: str) -> bytes:
    """Decrypt what `seal_bytes` made; raises `Unavailable`, which says `otherwise`, under another key."""
    try:
        return AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise Unavailable(otherwise) from None


def digits(about: str, count: int) -> str:
    """Work out so many digits that only this server can: the same again for what they are about, such as the id of a row."""
    number = int.from_bytes(hmac.digest(_key(), b"digits " + about.encode(), "sha256")) % 10**count
    return f"{number:0{count}d}"


def imprint(text: str, about: str) -> str:
    """Give what a text leaves under the server's key (HMAC-SHA256): it can be compared, and neither read nor guessed without the key."""
    return hmac.new(_key(), f"{about} {text}".encode(), sha256).hexdigest()


def key_for(about: str) -> bytes:
    """Give a key of its own for one purpose, which tells nothing of the others; read once a process."""
    settings = get_settings()
    return _derived(settings.secret_key, settings.data_dir, about)


@lru_cache(maxsize=64)
def _derived(_given: str, _folder: Path, about: str) -> bytes:
    return hmac.digest(_key(), f"key for {about}".encode(), "sha256")


def _key() -> bytes:
    """Give the operator's key, else the one of the data folder, made at the first use."""
    given = get_settings().secret_key
    return sha256((given or _kept(get_settings().data_dir / FOLDER)).encode()).digest()


def _kept(folder: Path) -> str:
    file = folder / FILE
    if not file.exists():
        partial = private_folder(folder) / f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
        partial.touch(mode=0o600)
        partial.write_text(secrets.token_hex(32))
        try:
            os.link(partial, file)  # whole or not at all, and the first one stays: server and worker may both come at once
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return file.read_text()
