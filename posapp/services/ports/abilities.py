"""Which ability of a server an act needs: asked before sending, and before a person is offered to send it again."""

from __future__ import annotations

from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind
from posapp.services.ports.remote import Capabilities

_ABILITY = {
    OperationKind.SALE: "sales",
    OperationKind.REDEEM: "points",
    **dict.fromkeys(LEDGER_KINDS, "ledger_write"),
}


def needed_ability(operation: Operation) -> str | None:
    """Return the name of the server's ability that an operation needs; None where every server has it.

    Args:
        operation: What was done.
    """
    if operation.kind is not OperationKind.REVERSAL:
        return _ABILITY.get(operation.kind)
    undone = undone_kind(operation)
    return "ledger_write" if undone in LEDGER_KINDS or undone is OperationKind.REVERSAL else "reversals"


def able(operation: Operation, capabilities: Capabilities) -> bool:
    """Return whether a server takes this operation as it is now."""
    ability = needed_ability(operation)
    return ability is None or bool(getattr(capabilities, ability))


def undone_kind(operation: Operation) -> OperationKind:
    """Return the kind of the act that a reversal undoes."""
    return OperationKind(str(operation.intent["of_kind"]))
