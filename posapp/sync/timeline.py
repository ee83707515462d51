"""Khata entries that this till keeps, as lines for people on the customer's timeline, where a server has one.

Such a line counts nowhere: the till's own book is the khata. It bears its act's id, so before one is sent the timeline
is read for it; after a lost answer it is sent again only when two looks, a quarantine apart, did not find it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from posapp.domain.errors import RemoteProtocolError, RemoteRejected
from posapp.domain.ids import OperationId, RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.operation import WAITING, OperationKind, OperationState, rests
from posapp.domain.words import KIND_WORDS
from posapp.services.dto import CustomerStatus, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import TIMELINE
from posapp.services.ports.writes import LogLine, Outcome
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.probe import PROBES

log = logging.getLogger(__name__)

MOST = 20
"""Lines a cycle looks at: a year of khata is told politely."""
_TEXTS = {
    Direction.DEBIT: N_("Khata: {what} of {amount} on {day}, added to what the customer owes. Kept by the till."),
    Direction.CREDIT: N_("Khata: {what} of {amount} on {day}, taken off what the customer owes. Kept by the till."),
}
"""In English, for whoever reads the server's pages: the till does not know their language."""


@dataclass
class _Position:
    """How far the lines are written.

    Attributes:
        seq: Every kept act up to this one is done, but those that are left.
        left: By act: when it was tried and how often it was not found since; None for one that was not tried.
    """

    seq: int = 0
    left: dict[OperationId, tuple[str, int] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    """One act that is to stand on a timeline; `remote_id` is None while the server does not know the customer."""

    operation_id: OperationId
    remote_id: RemoteId | None
    text: str


def write_timeline(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Write the lines that are missing, some in a cycle; nothing where the server has no timelines.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two lines.

    Raises:
        RemoteError: The server was not reached, or wants a sign-in.
        Cancelled: The work was ended.
    """
    if not context.api.capabilities.timeline:
        return
    position, lines = context.book.read(lambda session: _due(context, session))
    for line in lines:
        check_cancelled(cancel)
        try:
            going_on = _write(context, tally, position, line)
        except (RemoteRejected, RemoteProtocolError) as error:
            log.info("a timeline could not be read: %s", error.id)
            continue
        if not going_on:
            break
    context.book.write(lambda session: _save(context, session, position), urgent=False)


def _due(context: SyncContext, session: Session) -> tuple[_Position, list[_Line]]:
    """Return what can be written now; whom no server will know, or what wrote no entry, is passed over.

    What waits for its customer or rests after a doubt takes no place from what can be written.
    """
    quarantine = session.settings.shop().quarantine_seconds
    position = _position(session.mirror.checkpoint(context.connection_id, TIMELINE))
    known = [session.operations.get(operation_id) for operation_id in position.left]
    fresh = session.operations.kept_after(position.seq, MOST)
    lines = []
    for view in [*filter(None, known), *fresh]:
        line = _line(context, session, view)
        position.seq = max(position.seq, view.operation.till_seq)
        if line is None:
            position.left.pop(view.operation.id, None)
        else:
            tried = position.left.setdefault(view.operation.id, None)
            if line.remote_id is not None and (tried is None or not _rests(context, tried, quarantine)):
                lines.append(line)
    return position, lines[:MOST]


def _line(context: SyncContext, session: Session, view: OperationView) -> _Line | None:
    operation, entry = view.operation, session.khata.entry_of(view.operation.id)
    customer = session.customers.get(operation.customer_id)
    if entry is None or view.state is not OperationState.KEPT or customer is None:
        return None
    remote_id = session.mirror.remote_id(context.connection_id, customer.id)
    on_the_way = session.operations.of_customer(customer.id, WAITING | {OperationState.NEEDS_HUMAN})
    expected = any(one.operation.kind is OperationKind.CUSTOMER_CREATE for one in on_the_way)
    if customer.status is not CustomerStatus.LIVE or (remote_id is None and not expected):
        return None
    day = session.settings.shop().day_of(entry.occurred_at)
    what = KIND_WORDS[entry.kind.value]
    text = _TEXTS[entry.direction].format(what=what, amount=entry.amount.text(), day=day.isoformat())
    return _Line(operation.id, remote_id, text)


def _write(context: SyncContext, tally: Tally, position: _Position, line: _Line) -> bool:
    """Write one line unless it stands there; return whether others may be tried."""
    assert line.remote_id is not None, "others are not due"
    there = context.api.timeline(line.remote_id)
    if there is None or line.operation_id in there:
        _done(position, line)
        return True
    now, tried = context.clock.now().isoformat(), position.left[line.operation_id]
    if tried is not None and tried[1] + 1 < PROBES:
        position.left[line.operation_id] = (now, tried[1] + 1)
        return True
    position.left[line.operation_id] = (now, 0)
    context.book.write(lambda session: _save(context, session, position), urgent=False)  # before its first byte leaves
    write = LogLine(line.remote_id, line.operation_id, line.text)
    request = context.api.prepare(write, line.operation_id)
    outcome = context.api.send(request, operation_id=f"{line.operation_id}/timeline").outcome
    if outcome in {Outcome.OK, Outcome.REFUSED}:
        _done(position, line)
        tally.add("timeline", int(outcome is Outcome.OK))
        return True
    if outcome is not Outcome.AMBIGUOUS:
        position.left[line.operation_id] = tried
    return outcome is Outcome.AMBIGUOUS


def _done(position: _Position, line: _Line) -> None:
    del position.left[line.operation_id]


def _rests(context: SyncContext, tried: tuple[str, int], quarantine: float) -> bool:
    until = datetime.fromisoformat(tried[0]) + timedelta(seconds=quarantine)
    return rests(until, context.clock.now(), quarantine)


def _position(saved: str | None) -> _Position:
    if saved is None:
        return _Position()
    content: Mapping[str, object] = json.loads(saved)
    left = content["left"]
    assert isinstance(left, dict), "as `_save` wrote it"
    tried = {OperationId(name): None if one is None else (str(one[0]), int(one[1])) for name, one in left.items()}
    return _Position(int(str(content["seq"])), tried)


def _save(context: SyncContext, session: Session, position: _Position) -> None:
    text = json.dumps({"seq": position.seq, "left": position.left})
    if session.mirror.checkpoint(context.connection_id, TIMELINE) != text:
        session.mirror.set_checkpoint(context.connection_id, TIMELINE, text)
