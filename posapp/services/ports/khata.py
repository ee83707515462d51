"""The khata as the use cases and the sync engine see it: what acts wrote, and the numbers that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.ledger import LedgerEntry
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.domain.segments import Bought
from posapp.services.dto import KhataLine, LedgerDetails, PointsLine, SaleRecord, Standing, Written


class Khata(Protocol):
    """Money and points that this till recorded, and the numbers of a customer."""

    def add_entry(self, entry: LedgerEntry, details: LedgerDetails) -> None:
        """Append a khata entry."""
        ...

    def entry_of(self, entry_or_operation: str) -> LedgerEntry | None:
        """Return the entry with this id, or the one that this operation wrote."""
        ...

    def add_points(
        self, operation_id: OperationId, customer_id: CustomerId, points: int, occurred_at: datetime, *, kept: bool
    ) -> None:
        """Append a movement of points: positive earned, negative redeemed."""
        ...

    def add_sale(self, sale: SaleRecord) -> None:
        """Append a bill."""
        ...

    def sale(self, operation_id: OperationId) -> SaleRecord | None:
        """Return a bill."""
        ...

    def points_of(self, operation_id: OperationId) -> int:
        """Return the sum of what an operation did to points."""
        ...

    def standing(self, customer_id: CustomerId) -> Standing:
        """Return a customer's numbers."""
        ...

    def lines(self, customer_id: CustomerId) -> Sequence[KhataLine]:
        """Return all lines of a khata, local and the server's, a line known to both once, oldest first."""
        ...

    def points_lines(self, customer_id: CustomerId) -> Sequence[PointsLine]:
        """Return this till's movements of a customer's points, oldest first."""
        ...

    def sales(self, customer_id: CustomerId, limit: int) -> Sequence[SaleRecord]:
        """Return a customer's bills at this till, newest first."""
        ...

    def bought_here(self, customer_id: CustomerId) -> Bought:
        """Return what a customer bought on bills that this till alone keeps; those undone do not count."""
        ...

    def written_by(self, operation_ids: Collection[OperationId]) -> Mapping[OperationId, Written]:
        """Return what operations wrote beside themselves; those that wrote nothing are missing."""
        ...

    def strays(self) -> Sequence[OperationId]:
        """Return operations that lines, points or bills name and the book does not have: there must be none."""
        ...

    def largest_amount(self, kinds: Iterable[OperationKind]) -> Money | None:
        """Return the largest amount so far typed in operations of some kinds; None where there is none."""
        ...
