"""Checking the book against itself: the chain of acts and the sums that the screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from posapp.domain.ledger import Direction
from posapp.domain.operation import GENESIS_HASH, LEDGER_KINDS, Operation, OperationKind, operation_hash
from posapp.services.ports.book import Session
from posapp.services.till import Till

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was recorded.

    Attributes:
        kind: `altered`, `gap`, `chain`, `amount`, `missing_line`.
        till_seq: Where in the till's order.
        operation_id: Which act.
    """

    kind: str
    till_seq: int
    operation_id: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the book found.

    Attributes:
        operations: How many acts were checked.
        head: Hash of the newest act; empty for an empty book.
        faults: What is wrong, in the till's order.
    """

    operations: int
    head: str
    faults: tuple[Fault, ...]


def verify_book(till: Till) -> Verification:
    """Check every act's hash, place and khata line; each chunk is read on its own, so a sale never waits."""
    faults: list[Fault] = []
    seq, previous, checked = 0, GENESIS_HASH, 0
    while True:
        chunk = till.book.read(partial(_chunk, after=seq))
        if not chunk:
            return Verification(checked, previous if checked else "", tuple(faults))
        for operation, line_fault in chunk:
            fault = _chain_fault(operation, seq, previous)
            faults.extend(
                Fault(kind, operation.till_seq, operation.id) for kind in (fault, line_fault) if kind is not None
            )
            seq, previous = operation.till_seq, operation.hash
            checked += 1


def _chunk(session: Session, after: int) -> list[tuple[Operation, str | None]]:
    return [(operation, _line_fault(session, operation)) for operation in session.operations.chain(after, CHUNK)]


def _chain_fault(operation: Operation, seq: int, previous: str) -> str | None:
    if operation.till_seq != seq + 1:
        return "gap"
    if operation.prev_hash != previous:
        return "chain"
    if operation_hash(operation) != operation.hash:
        return "altered"
    return None


def _line_fault(session: Session, operation: Operation) -> str | None:
    """Compare an act with the khata line it wrote: the screen sums lines, the chain protects acts."""
    expected = _expected_effect(operation)
    if expected is None:
        return None
    entry = session.khata.entry_of(operation.id)
    if entry is None:
        return "missing_line"
    return None if entry.effect.minor == expected else "amount"


def _expected_effect(operation: Operation) -> int | None:
    intent = operation.intent
    if operation.kind is OperationKind.SALE:
        on_account = int(str(intent["on_account"]))
        return -on_account if on_account else None
    if operation.kind in LEDGER_KINDS or "amount" in intent:
        amount = int(str(intent["amount"]))
        return amount if intent["direction"] == Direction.CREDIT.value else -amount
    return None
