"""Acts that ended in the inbox, as the engine would have put them there."""

from __future__ import annotations

from typing import Any

from posapp.domain.ids import CustomerId, InboxId, OperationId, new_uuid
from posapp.domain.operation import OperationKind, OperationState
from posapp.services.dto import InboxItem, OperationView
from posapp.services.ports.writes import PreparedRequest
from posapp.services.resolving.decision import Choice, Decision, Offer
from posapp.services.resolving.resolve import Resolved, offers, resolve
from tests.services.counter import Counter, S, move

BOSS = "manager"


def view_of(counter: Counter, operation_id: str) -> OperationView:
    view = counter.book.read(lambda session: session.operations.get(OperationId(operation_id)))
    assert view is not None
    return view


def put_in_inbox(
    counter: Counter,
    kind: str,
    operation_id: str | None = None,
    *,
    state: OperationState = S.NEEDS_HUMAN,
    outcome: str | None = "refused",
    customer_id: CustomerId | None = None,
    said: str = "",
    **evidence: Any,
) -> InboxItem:
    """Send an act, let the attempt end with an outcome (None for no attempt at all), and ask a person."""
    if operation_id is not None:
        act = OperationId(operation_id)
        customer_id = view_of(counter, act).operation.customer_id
        move(counter.book, act, S.IN_FLIGHT)
        if outcome is not None:
            attempted(counter, act, outcome)
        move(counter.book, act, state)
    item = InboxItem(
        id=InboxId(new_uuid()),
        kind=kind,
        operation_id=None if operation_id is None else OperationId(operation_id),
        customer_id=customer_id,
        meant={},
        server_said=said,
        evidence=evidence,
        opened_at=counter.clock.now(),
    )
    counter.book.write(lambda session: session.inbox.open(item))
    return item


def attempted(counter: Counter, operation_id: OperationId, outcome: str) -> None:
    request = PreparedRequest("POST", "/x", b"{}", "application/json", operation_id, {})
    now = counter.clock.now()

    def write(session: Any) -> None:
        attempt = session.operations.start_attempt(operation_id, request, now)
        session.operations.finish_attempt(
            attempt.id, outcome=outcome, status=None, server_text="", error_kind="", at=now
        )

    counter.book.write(write)


def offered(counter: Counter, item: InboxItem) -> dict[Choice, Offer]:
    return {offer.choice: offer for offer in offers(counter.till, item.id)}


def choose(counter: Counter, item: InboxItem, choice: Choice | str, target: str = "") -> Resolved:
    """Choose as one who has a reason, the manager beside, and the first target at hand."""
    offer = offered(counter, item).get(Choice(choice))
    target = target or (offer.targets[0] if offer and offer.targets else "")
    return resolve(counter.till, item.id, Decision(Choice(choice), "she said so", target, BOSS))


def everything(counter: Counter) -> list[OperationView]:
    return list(counter.book.read(lambda session: session.operations.in_states(OperationState)))


def again_of(counter: Counter, operation_id: str) -> list[OperationView]:
    """What was recorded anew for an act."""
    return [view for view in everything(counter) if view.operation.intent.get("again_of") == operation_id]


def resolutions(counter: Counter) -> list[OperationView]:
    return [view for view in everything(counter) if view.operation.kind is OperationKind.RESOLUTION]
