"""Recording the same again: a refused act is never sent anew, a new one of the same content is (research/sync, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posapp.domain.exposure import noted_risk
from posapp.domain.ids import CustomerId, EntryId, OperationId, new_uuid
from posapp.domain.operation import Operation, OperationState
from posapp.services.dto import LedgerDetails, OperationView
from posapp.services.ports.book import Session
from posapp.services.resolving.acts import written_by
from posapp.services.till import Till, draft, record

AGAIN_OF = "again_of"
"""In an intent: the act that this one repeats."""

_DIGEST = "person"
"""In an intent: the digest of the personal data beside it, which each act has of its own."""


def again(
    till: Till,
    session: Session,
    view: OperationView,
    *,
    state: OperationState,
    approved_by: str | None = None,
    customer_id: CustomerId | None = None,
    person: Mapping[str, object] | None = None,
) -> Operation:
    """Record an act with the content of an earlier one, at the moment when that one happened, with its own lines.

    Args:
        till: This till.
        session: A running transaction.
        view: The earlier act; it counts no more, or the caller sees to that.
        state: `PENDING` to be sent, `KEPT` to stay in this till's book.
        approved_by: The manager who allowed it; None for who allowed the earlier one.
        customer_id: Whose act it is; None for the same customer's.
        person: Personal data; None for the earlier act's.
    """
    old, new_id = view.operation, OperationId(new_uuid())
    intent = {name: value for name, value in old.intent.items() if name != _DIGEST} | {AGAIN_OF: old.id}
    intent |= noted_risk(view.evidence)  # a discount given while the answer was awaited stays at the shop's risk
    if intent.get("sale_id") == old.id:
        intent["sale_id"] = new_id
    operation, _ = record(
        till,
        session,
        draft(
            till,
            new_id,
            old.kind,
            customer_id or old.customer_id,
            intent,
            occurred_at=old.occurred_at,
            person=session.operations.person(old.id) if person is None else person,
            reverses=old.reverses,
            approved_by=approved_by or old.approved_by,
        ),
        state=state,
        write=lambda made: _write_lines(session, view, made, kept=state is OperationState.KEPT),
    )
    return operation


def _write_lines(session: Session, view: OperationView, made: Operation, *, kept: bool) -> None:
    written, whom, intent = written_by(session, view.operation.id), made.customer_id, made.intent
    for entry in written.entries:
        details = LedgerDetails(
            tender=_text(intent.get("tender")),
            reference=_text(intent.get("reference") or intent.get("receipt_number")),
            note=_text(intent.get("description") or intent.get("reason")),
            due_on=entry.due_on,
        )
        same = replace(entry, id=EntryId(new_uuid()), operation_id=made.id, customer_id=whom, kept=kept)
        session.khata.add_entry(same, details)
    for moved in written.points:
        session.khata.add_points(made.id, whom, moved.points, moved.occurred_at, kept=kept)
    if written.sale is not None:
        session.khata.add_sale(replace(written.sale, id=made.id, customer_id=whom, kept=kept))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
