"""Checking the book against itself: the chain of acts, and the lines, points and bills that the screen sums.

The chain protects what people did. What an act wrote beside itself is compared with the act, value by value, so that
neither a changed, a dropped nor an added line stays unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from posapp.domain.ids import OperationId
from posapp.domain.ledger import Direction, LedgerEntry
from posapp.domain.loyalty import PointsEntry
from posapp.domain.operation import GENESIS_HASH, LEDGER_KINDS, Operation, OperationKind, operation_hash
from posapp.services.dto import SaleRecord, Written
from posapp.services.ports.book import Session
from posapp.services.till import Till

CHUNK = 500

_NONSENSE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
"""What a value raises that is not of its column's form."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was recorded.

    Attributes:
        kind: Of an act: `altered`, `gap`, `chain`, `unreadable`. Of what it wrote: `amount`, `missing_line`,
            `extra_line`, `line` (another value than the amount), `points`, `bill`; `stray` belongs to no act.
        till_seq: Where in the till's order; 0 for what belongs to no act.
        operation_id: Which act; empty where it cannot be read.
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


_Chunk = Sequence[tuple[Operation, tuple[str, ...]]]


def verify_book(till: Till) -> Verification:
    """Check every act's hash, place and what it wrote; each chunk is read on its own, so a sale never waits."""
    *_, result = verifying(till)
    return result


def verifying(till: Till) -> Iterator[Verification]:
    """Check the book chunk by chunk, yielding what was found so far after each; the last is the result."""
    faults: list[Fault] = []
    seq, previous, checked, size = 0, GENESIS_HASH, 0, CHUNK
    while True:
        try:
            chunk: _Chunk = till.book.read(partial(_chunk, after=seq, size=size))
        except _NONSENSE:
            if size == 1:
                seq, previous, size = seq + 1, "", CHUNK
                faults.append(Fault("unreadable", seq, ""))
            else:
                size = 1  # step by step to the row that makes no sense
            continue
        if not chunk:
            break
        for operation, written in chunk:
            chained = _chain_faults(operation, seq, previous)
            faults.extend(Fault(kind, operation.till_seq, operation.id) for kind in (*chained, *written))
            seq, previous = operation.till_seq, operation.hash
            checked += 1
        yield Verification(checked, previous, tuple(faults))
    faults.extend(Fault("stray", 0, stray) for stray in till.book.read(lambda session: session.khata.strays()))
    yield Verification(checked, previous if checked else "", tuple(faults))


def _chunk(session: Session, after: int, size: int) -> _Chunk:
    operations = session.operations.chain(after, size)
    ids = {operation.id for operation in operations}
    ids |= {operation.reverses for operation in operations if operation.reverses is not None}
    written = session.khata.written_by(ids)
    return [(operation, tuple(_written_faults(operation, written))) for operation in operations]


def _chain_faults(operation: Operation, seq: int, previous: str) -> Iterator[str]:
    if operation.till_seq != seq + 1:
        yield "gap"
    elif previous and operation.prev_hash != previous:
        yield "chain"
    if operation_hash(operation) != operation.hash:
        yield "altered"


def _written_faults(operation: Operation, written: Mapping[OperationId, Written]) -> Iterator[str]:
    found = written.get(operation.id, Written())
    undone = written.get(operation.reverses, Written()) if operation.reverses else Written()
    if len(found.entries) > 1 or (found.entries and _effect(operation, undone) is None):
        yield "extra_line"
    elif not found.entries and _effect(operation, undone) is not None:
        yield "missing_line"
    elif found.entries and found.entries[0].effect.minor != _effect(operation, undone):
        yield "amount"
    elif found.entries and not _as_recorded(operation, found.entries[0], undone):
        yield "line"
    if sorted(_movements(operation, undone)) != sorted(_moved(one) for one in found.points):
        yield "points"
    if not _is_bill(operation, found.sale):
        yield "bill"


def _effect(operation: Operation, undone: Written) -> int | None:
    """Return what an act's line adds to the balance; None for an act that writes none."""
    intent = operation.intent
    if operation.kind is OperationKind.SALE:
        return -_whole(intent, "on_account") or None
    if operation.kind is OperationKind.REVERSAL and undone.entries:
        return -undone.entries[0].effect.minor
    if operation.kind in LEDGER_KINDS or "amount" in intent:
        amount = _whole(intent, "amount")
        return amount if intent["direction"] == Direction.CREDIT.value else -amount
    return None


def _as_recorded(operation: Operation, entry: LedgerEntry, undone: Written) -> bool:
    """Return whether a line says of its act what the act says of itself."""
    intent = operation.intent
    due_on = None if entry.due_on is None else entry.due_on.isoformat()
    words = intent.get("reason") or intent.get("receipt_number") or intent.get("description") or ""
    return (
        entry.customer_id == operation.customer_id
        and entry.kind.value == operation.kind.value
        and entry.occurred_at == operation.occurred_at
        and entry.description == words
        and entry.backdated == (intent.get("backdated") is True)
        and due_on == intent.get("due_on")
        and entry.reverses == (undone.entries[0].id if undone.entries else None)
    )


def _movements(operation: Operation, undone: Written) -> list[tuple[str, int, str]]:
    """Return the points that an act moved, as `_moved`."""
    intent = operation.intent
    moved: tuple[int, ...] = ()
    if operation.kind is OperationKind.SALE:
        own = intent.get("redeem_operation") is None
        moved = (_whole(intent, "points_earned"), -_whole(intent, "points_redeemed") if own else 0)
    elif operation.kind is OperationKind.REDEEM:
        moved = (-_whole(intent, "points"),)
    elif operation.kind is OperationKind.REVERSAL:
        moved = (-sum(one.points for one in undone.points),)
    when = operation.occurred_at.isoformat()
    return [(operation.customer_id, points, when) for points in moved if points]


def _moved(entry: PointsEntry) -> tuple[str, int, str]:
    return entry.customer_id, entry.points, entry.occurred_at.isoformat()


def _is_bill(operation: Operation, sale: SaleRecord | None) -> bool:
    """Return whether a sale has its bill, with its amounts, and nothing else has one."""
    if operation.kind is not OperationKind.SALE or sale is None:
        return (sale is None) == (operation.kind is not OperationKind.SALE)
    intent = operation.intent
    amounts = {"total": sale.total, "discount": sale.discount, "on_account": sale.on_account, "paid": sale.paid}
    points = {"points_redeemed": sale.points_redeemed, "points_earned": sale.points_earned}
    return (
        all(_whole(intent, name) == amount.minor for name, amount in amounts.items())
        and all(_whole(intent, name) == count for name, count in points.items())
        and sale.customer_id == operation.customer_id
        and sale.receipt_number == intent.get("receipt_number")
        and sale.occurred_at == operation.occurred_at
    )


def _whole(intent: Mapping[str, object], name: str) -> int:
    return int(str(intent[name]))
