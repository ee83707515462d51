"""One operation on its way: what is known before it is sent, and the moves that a transaction makes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from posapp.domain.ids import CustomerId, InboxId, OperationId, RemoteId, new_uuid
from posapp.domain.operation import TRANSITIONS, Operation, OperationKind, OperationState
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.clock import Clock
from posapp.services.ports.operations import Attempt
from posapp.sync.context import SyncContext
from posapp.sync.writes import Aim


@dataclass(frozen=True, slots=True)
class Job:
    """An operation with what the book knows of it when its turn comes.

    Attributes:
        view: The operation and how far it came.
        remote_id: Its customer on the server; None while the server does not know her.
        person: The operation's personal data; empty once erased.
        currency: Of the shop.
        quarantine: Seconds that a doubtful write rests.
        attempts: What left the till, or may have, oldest first.
        undone: The operation that this one reverses.
        kept_sale: Whether it is a bill that only this till's book takes.
        redemption: The redemption on the server that such a bill stands on.
        customer_kept: Whether a person decided that its customer stays on this till.
    """

    view: OperationView
    remote_id: RemoteId | None
    person: Mapping[str, object]
    currency: str
    quarantine: float
    attempts: tuple[Attempt, ...]
    undone: OperationView | None = None
    kept_sale: bool = False
    redemption: OperationView | None = None
    customer_kept: bool = False

    @property
    def operation(self) -> Operation:
        """The act."""
        return self.view.operation

    @property
    def aim(self) -> Aim:
        """What its write is made with."""
        return Aim(self.remote_id or RemoteId(""), self.currency, self.person)

    @property
    def last(self) -> Attempt | None:
        """The last attempt; None for none."""
        return self.attempts[-1] if self.attempts else None

    def noted(self, name: str) -> int:
        """Return a count or a number that the engine noted in the evidence; 0 where it did not."""
        value = self.view.evidence.get(name)
        return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a person stops waiting; `ends` is on the clock's monotonic scale."""

    clock: Clock
    ends: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """Return the deadline that lies so many seconds ahead."""
        return cls(clock, clock.monotonic() + seconds)

    @property
    def remaining(self) -> float:
        """Seconds left; 0 once it passed."""
        return max(0.0, self.ends - self.clock.monotonic())


def timeout_of(deadline: Deadline | None) -> float | None:
    """Return the total seconds that a request may take; None for the connection's default."""
    return None if deadline is None else max(deadline.remaining, 0.001)


def load(context: SyncContext, session: Session, operation_id: OperationId) -> Job | None:
    """Return an operation with what the book knows of it; None unless it holds its lane.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        operation_id: The operation.
    """
    view = session.operations.get(operation_id)
    if view is None:
        return None
    head = session.operations.head(view.operation.customer_id)
    return None if head is None or head.operation.id != operation_id else job_of(context, session, view)


def job_of(context: SyncContext, session: Session, view: OperationView) -> Job:
    """Return an operation with what the book knows of it, wherever it stands in its lane.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        view: The operation.
    """
    operation = view.operation
    shop = session.settings.shop()
    sale = session.khata.sale(operation.id)
    redemption = operation.intent.get("redeem_operation")
    remote_id = session.mirror.remote_id(context.connection_id, operation.customer_id)
    return Job(
        view=view,
        remote_id=remote_id,
        person=session.operations.person(operation.id),
        currency=shop.currency,
        quarantine=shop.quarantine_seconds,
        attempts=tuple(session.operations.attempts(operation.id)),
        undone=session.operations.get(operation.reverses) if operation.reverses else None,
        kept_sale=sale is not None and sale.kept,
        redemption=session.operations.get(OperationId(str(redemption))) if redemption else None,
        customer_kept=remote_id is None and _customer_kept(session, operation.customer_id),
    )


def _customer_kept(session: Session, customer_id: CustomerId) -> bool:
    kept = session.operations.of_customer(customer_id, {OperationState.KEPT})
    return any(view.operation.kind is OperationKind.CUSTOMER_CREATE for view in kept)


def move(
    session: Session,
    view: OperationView,
    state: OperationState,
    *,
    wait: float | None = None,
    clock: Clock,
    evidence: Mapping[str, object] | None = None,
) -> None:
    """Move an operation along, through `IN_FLIGHT` where the table of transitions asks for it.

    Args:
        session: A transaction.
        view: The operation as it stands in this transaction.
        state: Where it goes.
        wait: Seconds before it may be tried again; None for at once.
        clock: For the moment that `wait` ends.
        evidence: To be noted.
    """
    not_before = None if wait is None else clock.now() + timedelta(seconds=wait)
    straight = state is view.state or state in TRANSITIONS[view.state]
    if not straight:
        session.operations.set_state(view.operation.id, OperationState.IN_FLIGHT)
    session.operations.set_state(view.operation.id, state, not_before=not_before, evidence=evidence)


def answer(session: Session, clock: Clock, kind: str, operation: Operation, resolution: str) -> None:
    """Close what was put before a person about an act, for it settled itself.

    Args:
        session: A transaction.
        clock: For the moment.
        kind: Of the item.
        operation: The act.
        resolution: How it ended.
    """
    for item in session.inbox.items():
        if (item.kind, item.operation_id) == (kind, operation.id):
            session.inbox.resolve(item.id, resolution, clock.now())


def ask(
    session: Session,
    clock: Clock,
    kind: str,
    *,
    operation: Operation | None = None,
    customer_id: CustomerId | None = None,
    server_said: str = "",
    evidence: Mapping[str, object] | None = None,
) -> None:
    """Put something before a person (design, section 5: what a person must decide sits in the inbox).

    Args:
        session: A transaction.
        clock: For the moment it came up.
        kind: Of the item.
        operation: The act in question, if it is one.
        customer_id: Whom it is about, where no operation says so.
        server_said: The server's words.
        evidence: What is known; never personal data.
    """
    meant: dict[str, object] = {}
    if operation is not None:
        customer_id = operation.customer_id
        meant = {"kind": operation.kind.value, **operation.intent}
    session.inbox.open(
        InboxItem(
            id=InboxId(new_uuid()),
            kind=kind,
            operation_id=operation.id if operation else None,
            customer_id=customer_id,
            meant=meant,
            server_said=server_said,
            evidence=dict(evidence or {}),
            opened_at=clock.now(),
        )
    )
