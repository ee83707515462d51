"""Passwords and one-time codes as the store keeps them: Argon2id, and a check that takes the same time for nobody."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP, Password Storage Cheat Sheet


def hashed(secret: str) -> str:
    """Return a secret as it is stored."""
    return _hasher.hash(secret)


def matches(stored: str | None, secret: str) -> bool:
    """Return whether a secret is the stored one; where none is stored it takes as long and is False.

    Args:
        stored: As `hashed` made it, or None.
        secret: As presented.
    """
    try:
        _hasher.verify(_nobodys() if stored is None else stored, secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this one")
