"""How long to wait before trying again: full jitter, a cap, and no count after which an act is thrown away.

Full jitter (a random share of a doubling delay) keeps the tills of a shop from coming back all at once after an outage.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

_MAX_DOUBLINGS = 32


@dataclass(frozen=True, slots=True)
class Backoff:
    """Delays that grow with the number of failures.

    Attributes:
        base: Seconds that the first delay is drawn from.
        cap: The most seconds that any delay is drawn from.
        longest_asked: The most seconds that a server's own wish to wait is obeyed for.
        random: Where the jitter comes from; a seeded one in tests.
    """

    base: float = 2.0
    cap: float = 300.0
    longest_asked: float = 3600.0
    random: random.Random = field(default_factory=random.Random)

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row.

        Args:
            failures: At least 1; how many is never a reason to give up (design, section 5).
        """
        doublings = min(max(failures - 1, 0), _MAX_DOUBLINGS)
        return self.random.uniform(0.0, min(self.cap, self.base * 2.0**doublings))

    def asked(self, retry_after: float | None, failures: int) -> float:
        """Return the server's wish where it has a sane one, else a delay of our own."""
        if retry_after is None or not 0.0 <= retry_after <= self.longest_asked * 24:
            return self.delay(failures)
        return min(retry_after, self.longest_asked)
