"""The acts of this till as the use cases and the sync engine see them: the journal, and how each is delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import Draft, Operation, OperationState
from posapp.services.dto import Counts, OperationView
from posapp.services.ports.writes import PreparedRequest


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of an operation, committed before its first byte left."""

    id: int
    operation_id: OperationId
    number: int
    started_at: datetime
    method: str
    path: str
    body: bytes
    content_type: str
    key: str | None
    headers: Mapping[str, str]
    outcome: str | None = None
    status: int | None = None
    finished_at: datetime | None = None


class Operations(Protocol):
    """What people did here, append-only, and how far each act has come."""

    def record(self, draft: Draft, *, state: OperationState, recorded_at: datetime) -> Operation:
        """Append an operation to the chain; the same id again returns the recorded one and appends nothing.

        Raises:
            OperationIdReused: The id is known with other content.
        """
        ...

    def get(self, operation_id: OperationId) -> OperationView | None:
        """Return an operation with its delivery."""
        ...

    def person(self, operation_id: OperationId) -> Mapping[str, object]:
        """Return an operation's personal data; empty once it is erased."""
        ...

    def erase_person(self, customer_id: CustomerId) -> None:
        """Delete the personal data of all of a customer's operations; the chain stays whole."""
        ...

    def set_state(
        self,
        operation_id: OperationId,
        state: OperationState,
        *,
        not_before: datetime | None = None,
        evidence: Mapping[str, object] | None = None,
    ) -> None:
        """Move an operation along (only as `TRANSITIONS` allows); `evidence` is merged into what was noted before.

        The state that it already has is no move: `not_before` and `evidence` are noted all the same.
        """
        ...

    def in_states(self, states: Iterable[OperationState], *, limit: int | None = None) -> Sequence[OperationView]:
        """Return operations in some states, in the till's order."""
        ...

    def kept_after(self, till_seq: int, limit: int) -> Sequence[OperationView]:
        """Return kept operations that were recorded after a place in the till's order, in that order."""
        ...

    def of_customer(self, customer_id: CustomerId, states: Iterable[OperationState]) -> Sequence[OperationView]:
        """Return a customer's operations in some states, in the till's order."""
        ...

    def taken_since(self, moment: datetime | None) -> Sequence[OperationView]:
        """Return operations that a server took at or after a moment of this till's clock; None for all."""
        ...

    def reversal_of(self, operation_id: OperationId) -> OperationView | None:
        """Return the operation that undoes this one, unless it was refused or cancelled."""
        ...

    def lanes_due(self, now: datetime) -> Sequence[CustomerId]:
        """Return the customers whose first undelivered operation may be tried now, longest waiting first.

        A lane is its customer's operations in order, her create before all others. `PENDING`, `IN_FLIGHT` and
        `UNKNOWN` hold it; so does `NEEDS_HUMAN` when the operation is the customer's create, for nothing can follow it.
        """
        ...

    def head(self, customer_id: CustomerId) -> OperationView | None:
        """Return the operation that holds a customer's lane; None when the lane is free."""
        ...

    def start_attempt(self, operation_id: OperationId, request: PreparedRequest, at: datetime) -> Attempt:
        """Write an attempt down, with its exact bytes, before anything is sent."""
        ...

    def finish_attempt(
        self, attempt_id: int, *, outcome: str, status: int | None, server_text: str, error_kind: str, at: datetime
    ) -> None:
        """Note how an attempt ended."""
        ...

    def attempts(self, operation_id: OperationId) -> Sequence[Attempt]:
        """Return all attempts of an operation, oldest first."""
        ...

    def counts(self) -> Counts:
        """Return the figures of the status line."""
        ...

    def chain(self, after_seq: int, limit: int) -> Sequence[Operation]:
        """Return recorded operations in the till's order, for checking the chain."""
        ...

    def newest(self) -> Operation | None:
        """Return the chain's head; None in an empty book."""
        ...
