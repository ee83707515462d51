"""What the rest of posapp may ask of a keychain, whichever kind it is, and what a secret may be called."""

from __future__ import annotations

import re
from typing import Final, Literal, Protocol, TypeAlias

KeychainKind: TypeAlias = Literal["keyring", "vault"]

BOOK_KEY: Final = "book-key"
RESCUE_KEY: Final = "rescue-key"
PIN_PEPPER: Final = "pin-pepper"
DERIVING_KEY: Final = "deriving-key"

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Keychain(Protocol):
    """Named secrets of one home. Every method may raise `SecretsUnavailable` and then has changed nothing."""

    @property
    def kind(self) -> KeychainKind:
        """Which of the two it is, for the record and for people."""
        ...

    def get(self, name: str) -> bytes | None:
        """Return a secret, or None if there is none of this name."""
        ...

    def set(self, name: str, value: bytes) -> None:
        """Keep a secret; once this returns it has been read back and is the same."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; without effect if there is none of this name."""
        ...


def checked_name(name: str) -> str:
    """Return the name if a secret may be called so.

    Args:
        name: Small letters, digits, dot, underscore and dash, at most 64.

    Raises:
        ValueError: The name holds anything else; a slip of the programmer, never of a person.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError("a secret's name is made of a-z, 0-9, dot, underscore and dash")
    return name
