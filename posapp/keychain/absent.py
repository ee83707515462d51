"""The keyring of a home that must not touch the system's: it never answers, so such a home gets a vault."""

from __future__ import annotations

from typing import Literal, NoReturn

from posapp.keychain.errors import KeyringAbsent


class AbsentKeychain:
    """A `Keychain` that is not there; for throw-away homes, whose keys would be litter in a person's keyring."""

    kind: Literal["keyring"] = "keyring"

    def __init__(self, home_id: str) -> None:
        """Take what every keychain takes; nothing is kept under it."""

    def get(self, name: str) -> NoReturn:  # noqa: ARG002 (the port's names)
        """Refuse."""
        raise KeyringAbsent

    def set(self, name: str, value: bytes) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise KeyringAbsent

    def delete(self, name: str) -> NoReturn:  # noqa: ARG002
        """Refuse."""
        raise KeyringAbsent
