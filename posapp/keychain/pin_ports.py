"""What checking a PIN needs from outside: a place that remembers, and a clock that nobody turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PinState:
    """Everything remembered about the manager's PIN, in plain types. Worthless without the pepper in the keychain.

    Attributes:
        hash: Argon2id of the peppered PIN.
        salt: Its salt.
        memory_kib: What one guess costs: memory in KiB.
        iterations: Passes over that memory.
        lanes: Parts of it worked on side by side.
        failures: Wrong PINs in a row, the one being checked included.
        failed_since_boot: Seconds since the computer's start at the last of them.
        failed_boot_id: Which start that was; empty where the system does not say.
    """

    hash: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    memory_kib: int
    iterations: int
    lanes: int
    failures: int = 0
    failed_since_boot: float = 0.0
    failed_boot_id: str = ""


class PinStore(Protocol):
    """Remembers the state across restarts. `save` returns only once the state is on the disk."""

    def load(self) -> PinState | None:
        """Return the state, or None if no PIN was chosen."""
        ...

    def save(self, state: PinState) -> None:
        """Keep the state."""
        ...


class Clock(Protocol):
    """The time since the computer's start, the same in every process of that start."""

    def since_boot(self) -> float:
        """Return the seconds since the start."""
        ...

    def boot_id(self) -> str:
        """Return what tells this start from all others, or an empty text if the system does not say."""
        ...
