"""One cycle between the book and a server, and the two things that a person waits for: a redemption and an opened card.

The parts are functions in modules of their own, each with one reason to change; this class only puts them in order.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from posapp.domain.errors import Cancelled, RemoteError, ServerWentBack, SignInRequired
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.operation import OperationState
from posapp.services.dto import Connection, CycleReport, OperationView
from posapp.services.ports.book import Book, Session
from posapp.services.ports.clock import Clock
from posapp.services.ports.customer_api import CustomerApi
from posapp.services.ports.loop import SyncPhase, SyncProgress
from posapp.services.ports.mirror import Held
from posapp.services.ports.proofs import ProofReport
from posapp.services.ports.remote import Capabilities
from posapp.sync.between_scans import read_last_changed, read_newest
from posapp.sync.clocks import moving
from posapp.sync.context import CancelToken, InFlight, SyncContext, SyncSettings, Tally, check_cancelled, problem_of
from posapp.sync.given_anew import IdGivenAnew
from posapp.sync.lanes import due_head, push_all
from posapp.sync.lost_acts import find_lost
from posapp.sync.plans import doubt_safety
from posapp.sync.proving import prove_all, prove_due
from posapp.sync.pull import pull_deletions
from posapp.sync.push import deliver
from posapp.sync.recognising import glance, held, recognise, went_back
from posapp.sync.refresh import apply_reading, read_one, refresh_due
from posapp.sync.rows import doubtful_creates
from posapp.sync.scan import full_scan, scan_due
from posapp.sync.settle import REPEATABLE, Halt
from posapp.sync.suspects import let_go, settle_allowed
from posapp.sync.timeline import write_timeline
from posapp.sync.trust import follow_changes, heed, seek_twins
from posapp.sync.watching import Meter
from posapp.sync.work import Deadline, Job, load

log = logging.getLogger(__name__)

_SENDABLE = frozenset({OperationState.PENDING, OperationState.UNKNOWN})
_OPEN = _SENDABLE | {OperationState.IN_FLIGHT}
_PATIENCE = 0.2


class SyncEngine:
    """Carries one connection's acts to its server and its records back.

    Threads may call it at once: cycles run one after the other, and an interactive sending runs beside them.
    """

    def __init__(
        self,
        book: Book,
        api: CustomerApi,
        connection: Connection,
        clock: Clock,
        *,
        settings: SyncSettings | None = None,
        in_flight: InFlight | None = None,
    ) -> None:
        """Remember the surroundings.

        Args:
            book: The local book.
            api: The server.
            connection: As kept in the book.
            clock: The till's clock.
            settings: Sizes and pauses; None for the usual ones.
            in_flight: What is being sent, shared with an engine that this one replaces; None where there is none.
        """
        self._connection = connection
        shared = in_flight or InFlight()
        self._context = SyncContext(book, api, connection.id, clock, settings or SyncSettings(), in_flight=shared)
        self._cycle = Lock()
        heed(self._context)

    def run_cycle(
        self,
        *,
        full: bool = False,
        cancel: CancelToken | None = None,
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> CycleReport:
        """Push what waits, pull what changed, and say how it went; never raises for a server's sake.

        Args:
            full: Read every customer, even where a scan is not due.
            cancel: Ends the work between two steps.
            progress: Told how far the cycle is, at most ten times a second; None for nobody.

        Raises:
            StoreUnavailable: The book cannot be used.
        """
        with self._cycle:
            clock, tally = self._context.clock, Tally(meter=Meter(progress))
            tally.meter.begin(SyncPhase.SENDING)
            heed(self._context)
            began, asked = clock.monotonic(), self._context.api.requests
            self._recover()
            complete = self._guarded(tally, lambda: self._steps(tally, cancel, full=full))
            self._adopt_orphans(tally)
            self._note_connection(tally)
            return self._report(
                tally,
                complete=complete,
                seconds=clock.monotonic() - began,
                requests=self._context.api.requests - asked,
            )

    def push_now(self, operation_id: OperationId, *, deadline_seconds: float) -> OperationView:
        """Send an operation and what stands before it in its lane while a person waits (design, section 7).

        It never raises for a server's sake. An operation that provably did not leave stays `PENDING`; one under a key
        is repeated with the same bytes until the deadline.

        Args:
            operation_id: The operation.
            deadline_seconds: How long the person waits.
        """
        context, tally = self._context, Tally()
        deadline = Deadline.after(context.clock, deadline_seconds)
        repeats = 0
        while deadline.remaining > 0:
            if context.book.read(lambda session: self._being_sent(session, operation_id)):
                context.clock.sleep(min(_PATIENCE, deadline.remaining))
                continue
            head = context.book.read(lambda session: self._next_for(session, operation_id))
            if head is None:
                break
            ended = deliver(context, head.operation.id, tally, deadline)
            if ended.halt not in {Halt.NOTHING, Halt.LANE}:
                break
            if ended.halt is Halt.LANE and not self._may_repeat(head.operation.id):
                break
            if ended.halt is Halt.LANE:
                context.clock.sleep(min(_PATIENCE * 2**repeats, deadline.remaining))
                repeats += 1
        view = context.book.read(lambda session: session.operations.get(operation_id))
        if view is None:
            raise LookupError("no such operation")
        return view

    def refresh_customer(self, customer_id: CustomerId, *, deadline_seconds: float) -> bool:
        """Fetch one customer's record and khata, for a card that was just opened.

        Args:
            customer_id: Whom.
            deadline_seconds: How long the person waits.

        Returns:
            Whether the book now holds what the server said; False where it was not reached in time.
        """
        context = self._context
        remote_id = context.book.read(lambda session: session.mirror.remote_id(context.connection_id, customer_id))
        if remote_id is None or context.book.read(lambda session: held(context, session)) is not None:
            return False
        try:
            deadline = Deadline.after(context.clock, deadline_seconds)
            apply_reading(context, Tally(), read_one(context, remote_id, with_ledger=True, deadline=deadline))
        except RemoteError as error:
            log.info("not refreshed: %s", error.id)
            return False
        return True

    def prove_khatas(
        self,
        *,
        cancel: CancelToken | None = None,
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> ProofReport | None:
        """Compare every khata with the server's; never raises for a server's sake.

        Args:
            cancel: Ends the work between two khatas.
            progress: Told how far it is, at most ten times a second; None for nobody.

        Returns:
            How it went; None where the server keeps no khata.

        Raises:
            StoreUnavailable: The book cannot be used.
        """
        with self._cycle:
            context, tally = self._context, Tally(meter=Meter(progress))
            self._guarded(tally, self._recognise)
            keeps = tally.stopped or context.api.capabilities.ledger
            return prove_all(context, tally, cancel) if keeps else None

    def _recognise(self) -> None:
        """Ask the server what it can do, where that is not known, and whether it stands where it stood."""
        context = self._context
        if context.api.capabilities == Capabilities():
            context.api.describe()
        if context.book.read(lambda session: held(context, session)) is not None:
            raise ServerWentBack
        glance(context)

    def _steps(self, tally: Tally, cancel: CancelToken | None, *, full: bool) -> None:
        context = self._context
        connection = context.book.read(self._current)
        if connection.paused or context.api.capabilities == Capabilities():
            context.api.describe()
        check_cancelled(cancel)
        if self._held(tally, cancel):
            return
        if connection.primary:
            push_all(context, tally, cancel)
        if tally.stopped:
            return
        seek_twins(context, cancel)
        settle_allowed(context, tally, cancel)
        limit = self._pull(tally, cancel, full=full)
        refresh_due(context, tally, cancel, limit=limit)
        prove_due(context, tally, cancel)
        if connection.primary:
            write_timeline(context, tally, cancel)
        if tally.figures.get("lost", 0) > 1:
            went_back(context)

    def _held(self, tally: Tally, cancel: CancelToken | None) -> bool:
        """Do what is left to do while nothing may be sent; return whether it may not."""
        context = self._context
        match context.book.read(lambda session: held(context, session)):
            case None:
                return False
            case Held.OTHER_STORE:
                recognise(context)
                return False
            case Held.DECIDED:
                let_go(context, tally, cancel)
                return False
            case Held.WENT_BACK:
                find_lost(context, tally, cancel)
            case Held.ASKED if context.api.capabilities.updated_since:
                follow_changes(context, tally, cancel)
            case Held.ASKED:
                read_newest(context, tally, cancel)
        return True

    def _pull(self, tally: Tally, cancel: CancelToken | None, *, full: bool) -> int:
        """Read what changed; return how many customers may be read one by one afterwards."""
        context = self._context
        capabilities = context.api.capabilities
        if capabilities.updated_since and follow_changes(context, tally, cancel):
            if capabilities.tombstones:
                pull_deletions(context, tally, cancel)
            if full or scan_due(context):
                full_scan(context, tally, cancel)
        elif full or scan_due(context):
            full_scan(context, tally, cancel)
            return context.settings.refresh_limit
        elif capabilities.by_change:
            read_last_changed(context, tally, cancel)
        else:
            read_newest(context, tally, cancel)
        return context.settings.rolling_refresh

    def _guarded(self, tally: Tally, steps: Callable[[], None]) -> bool:
        try:
            steps()
        except Cancelled as error:
            tally.stop(error.id)
        except IdGivenAnew:
            return self._guarded(tally, lambda: went_back(self._context))
        except RemoteError as error:
            tally.stop(*problem_of(error))
        return not tally.stopped

    def _recover(self) -> None:
        """What a crash left in flight is in doubt; it rests unless its repeat is safe (research/sync, section 3.7)."""
        context = self._context

        def recover(session: Session) -> None:
            for view in session.operations.in_states({OperationState.IN_FLIGHT}):
                operation_id = view.operation.id
                if operation_id in context.in_flight:
                    continue
                job = load(context, session, operation_id)
                now = context.clock.now()
                rests = None if job is None or self._safe(job) else now + timedelta(seconds=job.quarantine)
                session.customers.bump_lane(view.operation.customer_id)
                session.operations.set_state(
                    operation_id, OperationState.UNKNOWN, not_before=rests, evidence={"recovered": now.isoformat()}
                )

        left = context.book.read(lambda session: session.operations.in_states({OperationState.IN_FLIGHT}, limit=1))
        if left:
            context.book.write(recover, urgent=False)

    def _safe(self, job: Job) -> bool:
        with suppress(ValueError, KeyError):
            return doubt_safety(self._context, job) in REPEATABLE
        return False

    def _adopt_orphans(self, tally: Tally) -> None:
        """Make customers of rows that might have been our own doubtful create, once no such create is left.

        Not by how they look now: somebody may have changed the one that our create made.
        """
        context = self._context
        if not context.book.read(lambda session: session.mirror.unadopted(context.connection_id)):
            return

        def adopt(session: Session) -> int:
            if doubtful_creates(session):
                return 0
            rows = session.mirror.unadopted(context.connection_id)
            context.changed.add([session.mirror.adopt(context.connection_id, record.remote_id) for record in rows])
            return len(rows)

        tally.add("adopted", context.book.write(adopt, urgent=False))

    def _next_for(self, session: Session, operation_id: OperationId) -> OperationView | None:
        """Return what to send next for an operation's sake; None when nothing can or need be."""
        view = session.operations.get(operation_id)
        if view is None or view.state not in _SENDABLE:
            return None
        head = session.operations.head(view.operation.customer_id)
        if head is not None and (head.operation.id == operation_id or head.state is OperationState.UNKNOWN):
            return head  # a backoff does not hold up a person; a quarantine does, and `doubt_plan` keeps it
        return due_head(self._context, session, view.operation.customer_id)

    def _being_sent(self, session: Session, operation_id: OperationId) -> bool:
        """Return whether a cycle is sending an operation, or what stands before it, right now."""
        view = session.operations.get(operation_id)
        if view is None or view.state not in _OPEN:
            return False
        head = session.operations.head(view.operation.customer_id)
        return head is not None and head.operation.id in self._context.in_flight

    def _may_repeat(self, operation_id: OperationId) -> bool:
        job = self._context.book.read(lambda session: load(self._context, session, operation_id))
        return job is not None and job.view.state is OperationState.UNKNOWN and self._safe(job)

    def _current(self, session: Session) -> Connection:
        for connection in session.settings.connections():
            if connection.id == self._connection.id:
                return connection
        return self._connection

    def _note_connection(self, tally: Tally) -> None:
        """Save what the cycle learned of the connection: its abilities, that it answered, that it wants a sign-in."""
        context = self._context
        if tally.problem == Cancelled.id:
            return

        def note(session: Session) -> None:
            known = self._current(session)
            wants_sign_in = tally.problem == SignInRequired.id
            reached = not tally.stopped
            session.settings.save_connection(
                replace(
                    known,
                    capabilities=context.api.capabilities if reached else known.capabilities,
                    paused=wants_sign_in or (known.paused and not reached),
                    last_success_at=context.clock.now() if reached else known.last_success_at,
                    clock_skew_seconds=moving(known.clock_skew_seconds, context.api.clock_skew_seconds),
                )
            )

        context.book.write(note, urgent=False)

    def _report(self, tally: Tally, *, complete: bool, seconds: float, requests: int) -> CycleReport:
        counts = self._context.book.read(lambda session: session.operations.counts())
        details = {name: count for name, count in tally.figures.items() if count and name not in {"pulled", "pushed"}}
        if tally.retry_after is not None:
            details["retry_after"] = max(1, round(tally.retry_after))
        return CycleReport(
            pulled=tally.figures.get("pulled", 0),
            pushed=tally.figures.get("pushed", 0),
            waiting=counts.waiting,
            needs_attention=counts.needs_attention,
            requests=requests,
            seconds=seconds,
            complete=complete,
            problem=tally.problem,
            details=details,
            changed=self._context.changed.taken(),
        )
