"""What stays on this till over what the server has: a phone that it takes only once, and a family shares.

A person decided so, and the decision is a kept edit. It holds as long as the server has what it had then, and until a
later edit of the same field was taken there.
"""

from __future__ import annotations

from collections.abc import Mapping

from posapp.domain.customer import FieldChange, Profile, with_fields
from posapp.domain.ids import CustomerId
from posapp.domain.operation import STAYS, OperationKind, OperationState
from posapp.services.ports.book import Session
from posapp.sync.merge import same
from posapp.sync.writes import changes_of

_SAID = frozenset({OperationState.KEPT, OperationState.ACKED, OperationState.CONFIRMED})


def staying(session: Session, customer_id: CustomerId) -> dict[str, FieldChange]:
    """Return the fields that stay here: each as the server had it then, and as it is shown.

    Args:
        session: A transaction.
        customer_id: Whose.
    """
    edits = [
        view.operation
        for view in session.operations.of_customer(customer_id, _SAID)
        if view.operation.kind is OperationKind.CUSTOMER_EDIT
    ]
    if not any(edit.intent.get(STAYS) for edit in edits):
        return {}
    found: dict[str, FieldChange] = {}
    for edit in edits:
        changes = changes_of(session.operations.person(edit.id))
        if edit.intent.get(STAYS):
            found |= changes
        else:
            found = {name: change for name, change in found.items() if name not in changes}
    return found


def shown_over(theirs: Profile, stays: Mapping[str, FieldChange]) -> Profile:
    """Return the server's record with what stays here over it."""
    held = {name: one.wanted for name, one in stays.items() if same(getattr(theirs, name), one.seen)}
    return with_fields(theirs, held)


def as_there(changes: Mapping[str, FieldChange], stays: Mapping[str, FieldChange]) -> dict[str, FieldChange]:
    """Return an edit's changes with what the server had in the place of what stayed here and was seen."""
    return {
        name: FieldChange(stays[name].seen, change.wanted)
        if name in stays and same(change.seen, stays[name].wanted)
        else change
        for name, change in changes.items()
    }
