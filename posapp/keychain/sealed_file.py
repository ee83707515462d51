"""What the vault and the recovery file have in common: a header that says how the key is derived, and where it lies.

Both are checked JSON in the home folder, opened by a key that Argon2id derives from something a person knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posapp.domain.operation import canonical_json
from posapp.keychain.argon import SALT_BYTES, Cost
from posapp.keychain.checked_file import FileDamagedError, FormatUnknownError, decode, to_bytes, to_text
from posapp.keychain.errors import VaultTooNew, VaultUnusable

_MOST_BYTES = 1024 * 1024


def read(path: Path, *, form: str, version: int) -> dict[str, Any]:
    """Read and check a file; it is never changed.

    Args:
        path: The file.
        form: What its "format" must be.
        version: The version that is understood.

    Returns:
        Its content, whole, though not yet proven against people.

    Raises:
        FileNotFoundError: There is none.
        FileDamagedError: It is cut short or altered; the caller has its own error for people.
        VaultTooNew: A newer version wrote it.
        VaultUnusable: The disk or the permissions refuse.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise VaultUnusable(file=path.name) from error
    if len(raw) > _MOST_BYTES:
        raise FileDamagedError
    try:
        return decode(raw, form=form, version=version)
    except FormatUnknownError as error:
        raise VaultTooNew(file=path.name, version=error.version) from None


def kdf_fields(cost: Cost, salt: bytes) -> dict[str, Any]:
    """Say in JSON how a key was derived."""
    return {
        "name": "argon2id",
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "salt": to_text(salt),
    }


def read_kdf(fields: object) -> tuple[Cost, bytes]:
    """Read what `kdf_fields` said.

    Raises:
        FileDamagedError: It says something else.
    """
    if not isinstance(fields, dict) or fields.get("name") != "argon2id":
        raise FileDamagedError
    try:
        cost = Cost(
            memory_kib=int(fields["memory_kib"]),
            iterations=int(fields["iterations"]),
            lanes=int(fields["lanes"]),
        )
        salt = to_bytes(fields["salt"])
    except (KeyError, TypeError, ValueError, OverflowError):
        raise FileDamagedError from None
    if kdf_fields(cost, salt) != fields or len(salt) < SALT_BYTES:
        raise FileDamagedError
    return cost, salt


def context(fields: Mapping[str, Any]) -> bytes:
    """Return the header as a seal's context, so that no part of it can be exchanged."""
    return canonical_json(fields).encode()
