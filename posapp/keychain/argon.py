"""Turning something a person can remember or type into a key, slowly on purpose.

Argon2id with a random salt makes every guess cost memory and time. What it cost is stored beside what it protects, so
that a later version may ask for more without locking anybody out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from posapp.domain.sealing import KEY_BYTES

SALT_BYTES: Final = 16

_MOST_MEMORY_KIB: Final = 1024 * 1024
_MOST_ITERATIONS: Final = 64
_MOST_LANES: Final = 64
_KIB_PER_LANE: Final = 8


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs.

    Attributes:
        memory_kib: Memory in KiB.
        iterations: Passes over that memory.
        lanes: Parts of it that are worked on side by side.

    Raises:
        ValueError: The numbers are out of every sensible range; a file that asks for terabytes is damaged.
    """

    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        fits = (
            1 <= self.lanes <= _MOST_LANES
            and 1 <= self.iterations <= _MOST_ITERATIONS
            and _KIB_PER_LANE * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB
        )
        if not fits:
            raise ValueError("Argon2id parameters out of range")


STRONG: Final = Cost(memory_kib=64 * 1024, iterations=3, lanes=4)
"""64 MiB, three passes: about a quarter of a second on a small till, three times OWASP's least memory."""


def new_salt() -> bytes:
    """Draw a fresh random salt."""
    return os.urandom(SALT_BYTES)


def derive(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """Return the 32-byte key that belongs to a secret, a salt and a cost."""
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return kdf.derive(secret)
