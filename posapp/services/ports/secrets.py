"""Secrets as a port: the operating system's keyring or the vault stands behind it."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """A named place for secrets, outside the book."""

    def get(self, name: str) -> bytes | None:
        """Return a secret; None where there is none. Raises `SecretsUnavailable`."""
        ...

    def set(self, name: str, value: bytes) -> None:
        """Keep a secret, replacing the one of that name. Raises `SecretsUnavailable`."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; an unknown name is fine. Raises `SecretsUnavailable`."""
        ...
