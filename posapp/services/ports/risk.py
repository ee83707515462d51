"""What the book knows of points given at the shop's risk (domain/exposure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from posapp.domain.ids import CustomerId
from posapp.services.dto import OperationView


class RiskBook(Protocol):
    """The acts at risk, and the shares that are left."""

    def acts(self) -> Sequence[OperationView]:
        """Return the acts whose points were given at the shop's risk and whose end is open, in the till's order."""
        ...

    def unspent(self, tills: int, *, since: datetime | None, limit: int) -> Sequence[tuple[CustomerId, int]]:
        """Return what is left of this till's share of customers' points, where anything is.

        Args:
            tills: How many tills share them, at least 1.
            since: Points read before this moment do not count; None to count all.
            limit: How many customers at most.
        """
        ...
