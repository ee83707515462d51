"""What one running stub holds: its settings, its clock, its database, its faults."""

from dataclasses import dataclass, field

from server_stub.clock import Clock, to_micros
from server_stub.credentials import Credentials
from server_stub.database import Database
from server_stub.faults import FaultPlan
from server_stub.idempotency import RunningKeys
from server_stub.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The parts that every request works with."""

    settings: Settings
    clock: Clock
    database: Database
    faults: FaultPlan
    credentials: Credentials
    running_keys: RunningKeys = field(default_factory=RunningKeys)

    def now(self) -> int:
        """Return the present in microseconds."""
        return to_micros(self.clock())

    def offers(self, extension: str) -> bool:
        """Return whether an extension is on.

        Args:
            extension: One of `settings.EXTENSIONS`.
        """
        return extension in self.settings.extensions
