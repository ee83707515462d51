"""A till in a process of its own that sends one payment: to be stopped in the middle of it and let go on later.

python -m tests.faults.paused_till URL TOKEN FOLDER
"""

import sys
from pathlib import Path

from posapp.clock import SystemClock
from posapp.domain.operation import OperationState
from posapp.remote.credential import credential_from_bytes
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from posapp.services.ports.remote import Capabilities
from posapp.sync.engine import SyncEngine
from tests.sync.desk import SHOP, Desk, connection_of, quick_settings
from tests.sync.encrypted_book import fresh_book

SECONDS = 1.0
"""What a request may take at most here: less than the pause."""


class PausedTill(Desk):
    def __init__(self, url: str, token: str, folder: Path) -> None:
        self.clock = SystemClock()  # type: ignore[assignment]
        http = HttpClient(url, credential_from_bytes(token.encode()), limits=Limits(SECONDS, SECONDS))
        self.server = PosApi(http, "INR", "main")  # type: ignore[assignment]
        self.connection = connection_of(self.clock, Capabilities())
        self.book = fresh_book(folder, SHOP, self.connection, self.clock)  # type: ignore[arg-type]
        self.settings = quick_settings()
        self.engine: SyncEngine = self.new_engine()


def main(url: str, token: str, folder: str) -> int:
    """Record a customer and a payment, and send both; say the payment's id before, and how it ended."""
    till = PausedTill(url, token, Path(folder))
    till.engine.run_cycle()
    asha, create = till.add("Asha")
    payment = till.pay(asha, 700)
    print(create, payment, flush=True)
    for _ in range(60):
        till.engine.run_cycle()
        if till.state(payment) is OperationState.CONFIRMED:
            return 0
        till.clock.sleep(0.5)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
