"""The real clock behind the PIN's pauses: seconds since the computer's start, and that start's id if it has one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class BootClock:
    """The system's own count of time since its start; no setting of the date changes it."""

    def since_boot(self) -> float:
        """Return the seconds since the start; with time asleep where the system counts it."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def boot_id(self) -> str:
        """Return Linux's id of this start; empty elsewhere."""
        try:
            return _BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""
