"""A cycle with the server, and with the shop's other tills after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from posapp.domain.ids import CustomerId
from posapp.services.dto import CycleReport
from posapp.services.ports.loop import SyncProgress
from posapp.sync.context import CancelToken
from posapp.sync.scheduler import Cycles


@dataclass(frozen=True, slots=True)
class CyclesWithExchange:
    """`Cycles` of the scheduler that also exchange with the shop's other tills.

    Attributes:
        engine: Runs the cycle with the server.
        exchange: Exchanges, and returns the customers who may look different; it never raises for the folder's sake.
    """

    engine: Cycles
    exchange: Callable[[], frozenset[CustomerId]]

    def run_cycle(
        self,
        *,
        full: bool = False,
        cancel: CancelToken | None = None,
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> CycleReport:
        """Run one cycle and say how it went."""
        report = self.engine.run_cycle(full=full, cancel=cancel, progress=progress)
        changed = self.exchange()
        return report if report.changed is None else replace(report, changed=report.changed | changed)
