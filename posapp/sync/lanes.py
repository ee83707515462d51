"""All lanes that are due, side by side: one FIFO a customer, and a stuck one blocks only itself (design, section 5)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from posapp.domain.errors import RemoteRejected, RemoteUnavailable
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import OperationKind, OperationState, rests
from posapp.services.dto import OperationView
from posapp.services.ports.book import Session
from posapp.sync.context import CancelToken, SyncContext, Tally, check_cancelled
from posapp.sync.push import deliver
from posapp.sync.recognising import glance
from posapp.sync.settle import Halt

_ENDS_PUSH = frozenset({Halt.OFFLINE, Halt.THROTTLED, Halt.SIGN_IN})


@dataclass(slots=True)
class _Run:
    """One push over all lanes: shared by its threads."""

    context: SyncContext
    tally: Tally
    cancel: CancelToken | None
    ended: bool = False
    silent: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, halt: Halt, *, silent: bool) -> None:
        with self.lock:
            self.silent = self.silent + 1 if silent else 0
            if self.silent >= self.context.settings.silent_limit:
                self.tally.stop(RemoteUnavailable.id)
            self.ended = self.ended or halt in _ENDS_PUSH or self.tally.stopped


def push_all(context: SyncContext, tally: Tally, cancel: CancelToken | None = None) -> None:
    """Send everything that is due, in each customer's order.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle; says afterwards what cut the push short, if anything.
        cancel: Ends the work between two operations.
    """
    now = context.clock.now()
    due = context.book.read(lambda session: list(session.operations.lanes_due(now)))
    if due:
        with suppress(RemoteRejected):  # a server that lets nothing be read may still take acts
            glance(context)
    run = _Run(context, tally, cancel)
    workers = min(context.settings.lanes, len(due))
    if workers <= 1:
        for customer_id in due:
            _drain(run, customer_id)
    else:
        with ThreadPoolExecutor(workers, thread_name_prefix="lane") as pool:
            list(pool.map(lambda customer_id: _drain(run, customer_id), due))
    check_cancelled(cancel)


def due_head(context: SyncContext, session: Session, customer_id: CustomerId) -> OperationView | None:
    """Return the operation that holds a lane if it may be tried now."""
    head = session.operations.head(customer_id)
    if head is None or head.state not in {OperationState.PENDING, OperationState.UNKNOWN}:
        return None
    return None if rests(head.not_before, context.clock.now(), session.settings.shop().quarantine_seconds) else head


def _drain(run: _Run, customer_id: CustomerId) -> None:
    tries: Counter[OperationId] = Counter()
    context = run.context
    while not run.ended and not (run.cancel is not None and run.cancel.is_set()):
        head = context.book.read(lambda session: due_head(context, session, customer_id))
        if head is None:
            return
        edit = head.operation.kind is OperationKind.CUSTOMER_EDIT
        tries[head.operation.id] += 1
        if tries[head.operation.id] > (context.settings.merge_tries if edit else 2):
            return
        ended = deliver(context, head.operation.id, run.tally)
        run.tally.meter.step()
        run.note(ended.halt, silent=ended.silent)
        if ended.halt is not Halt.NOTHING:
            return
