"""Secrets: making them, keeping only their hashes, and sealing those that must be read again."""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def fresh() -> str:
    """256 bits that nobody can guess, as text for an address or a cookie."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is kept of a secret, so that whoever reads the store has none: SHA-256 in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Seal:
    """Seals what must be read again, with a key derived from the gateway's secret."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"gongxue gateway: clients at providers")
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))

    def close(self, words: str) -> str:
        """The words, sealed."""
        return self._fernet.encrypt(words.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """The words again; None if they were sealed with another secret."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
