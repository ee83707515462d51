"""The lines of a khata as they are shown: this till's own, another till's, and the server's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from posapp.domain.ids import EntryId, OperationId
from posapp.domain.ledger import Direction, EntryKind
from posapp.domain.operation import OperationState
from posapp.services.dto import LINE_STATES, KhataLine, LineState
from posapp.store.scope import Scope

NOT_COUNTED = frozenset({OperationState.REJECTED.value, OperationState.CANCELLED.value})
"""States of acts whose lines move nothing."""


def local_line(scope: Scope, row: Any, server: Any, undone_by: Mapping[str, str]) -> KhataLine:
    """Return a line of this till.

    Args:
        scope: A transaction on the book.
        row: The entry, with state and place of its act.
        server: The server's line that is the same; None where it shows none.
        undone_by: The lines that undo others, by the ids of those.
    """
    state = LINE_STATES[OperationState(row.state)]
    if state is LineState.KEPT and server is not None:
        state = LineState.CONFIRMED  # a person linked it to the server's
    return replace(
        _line(scope, row, server, undone_by, state),
        operation_id=OperationId(row.operation_id),
        counted=row.state not in NOT_COUNTED,
        till_seq=row.till_seq,
    )


def peer_line(scope: Scope, row: Any, server: Any, undone_by: Mapping[str, str]) -> KhataLine:
    """Return a line that another till of the shop keeps; the arguments are those of `local_line`."""
    state = LineState.CONFIRMED if server else LineState.KEPT
    return replace(_line(scope, row, server, undone_by, state), till=row.till, taken_at=row.taken_at)


def server_line(scope: Scope, row: Any, undone_by: Mapping[str, str]) -> KhataLine:
    """Return a line that the server alone has."""
    return KhataLine(
        entry_id=EntryId(row.remote_id),
        operation_id=None,
        kind=None,
        direction=Direction(row.direction),
        amount=scope.money(row.amount),
        occurred_at=row.occurred_at or row.recorded_at,
        recorded_at=row.recorded_at,
        description=row.description,
        reference=row.reference_id,
        state=LineState.SERVER,
        reversed_by=_entry_id(undone_by.get(row.remote_id)),
        balance_after=scope.money(row.balance_after),
    )


def _line(scope: Scope, row: Any, server: Any, undone_by: Mapping[str, str], state: LineState) -> KhataLine:
    """Return what the lines of every till have in common."""
    return KhataLine(
        entry_id=EntryId(row.id),
        operation_id=None,
        kind=EntryKind(row.kind),
        direction=Direction(row.direction),
        amount=scope.money(row.amount),
        occurred_at=row.occurred_at,
        recorded_at=server.recorded_at if server else None,
        description=row.description,
        reference=row.reference,
        state=state,
        backdated=row.backdated,
        reversed_by=_entry_id(undone_by.get(row.id)),
        reverses=_entry_id(row.reverses),
        balance_after=scope.money(server.balance_after) if server else None,
        due_on=row.due_on,
    )


def _entry_id(value: str | None) -> EntryId | None:
    return None if value is None else EntryId(value)
