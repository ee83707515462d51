"""Sending one act at once, for what a cashier waits for at the till (design, section 7)."""

from __future__ import annotations

from typing import Protocol

from posapp.domain.ids import CustomerId, OperationId
from posapp.services.dto import OperationView


class Delivery(Protocol):
    """The part of the sync engine that a use case may call while a person waits."""

    def push_now(self, operation_id: OperationId, *, deadline_seconds: float) -> OperationView:
        """Send an operation and what stands before it in its lane, and return how far it came in time.

        It never raises for a server's sake: an operation that provably did not leave stays `PENDING`.
        """
        ...

    def refresh_customer(self, customer_id: CustomerId, *, deadline_seconds: float) -> bool:
        """Fetch one customer's record and khata; False where the server was not reached in time."""
        ...
