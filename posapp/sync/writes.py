"""From what a person did to what a server is asked: operation → write.

Names are resolved to the server's ids only here, at sending time (research/sync, section 3.6); the operation's own id
is the reference, the sale's id and the first idempotency key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posapp.domain.customer import PROFILE_FIELDS, FieldChange, FieldValue, Profile
from posapp.domain.ids import RemoteId, new_uuid
from posapp.domain.ledger import Direction
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationKind
from posapp.services.ports.abilities import undone_kind
from posapp.services.ports.operations import Attempt
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    LogLine,
    PostEntry,
    PostSale,
    PreparedRequest,
    RedeemPoints,
    Repeat,
    ReverseSale,
    Write,
)


@dataclass(frozen=True, slots=True)
class Aim:
    """What an operation is sent with beside its own content.

    Attributes:
        remote_id: The customer on the server; empty for a create.
        currency: Of the shop: intents hold bare minor units.
        person: The operation's personal data.
    """

    remote_id: RemoteId
    currency: str
    person: Mapping[str, object]


def write_of(operation: Operation, aim: Aim) -> Write:  # noqa: PLR0911 (one return a kind)
    """Return what the server is asked.

    Args:
        operation: What was done.
        aim: Whom and with what.

    Raises:
        ValueError: The intent lacks what its kind must have: a bug where it was recorded.
    """
    intent = operation.intent
    match operation.kind:
        case OperationKind.CUSTOMER_CREATE:
            return CreateCustomer(profile_of(aim.person))
        case OperationKind.CUSTOMER_EDIT:
            changes = changes_of(aim.person)
            seen = changes["tags"].seen if "tags" in changes else ()
            wanted = {name: change.wanted for name, change in changes.items()}
            return EditCustomer(aim.remote_id, wanted, tags_seen=seen if isinstance(seen, tuple) else ())
        case OperationKind.CUSTOMER_DELETE:
            return DeleteCustomer(aim.remote_id)
        case OperationKind.SALE:
            return _sale(operation, aim)
        case OperationKind.REDEEM:
            return RedeemPoints(aim.remote_id, _whole(intent, "points"), str(intent["sale_id"]))
        case OperationKind.REVERSAL:
            return _reversal(operation, aim)
        case _:
            return _entry(operation, aim, Direction(str(intent["direction"])))


def profile_of(person: Mapping[str, object]) -> Profile:
    """Return the profile that a create recorded.

    Raises:
        ValueError: There is none.
    """
    fields = person.get("profile")
    if not isinstance(fields, Mapping):
        raise ValueError("a create without a profile")  # noqa: TRY004 (content, not a type of ours)
    values = {name: field_value(name, fields.get(name)) for name in PROFILE_FIELDS}
    return Profile(**values)  # type: ignore[arg-type]


def changes_of(person: Mapping[str, object]) -> dict[str, FieldChange]:
    """Return the changes that an edit recorded; empty once the person was erased."""
    changes = person.get("changes")
    if not isinstance(changes, Mapping):
        return {}
    return {
        name: FieldChange(field_value(name, change.get("seen")), field_value(name, change.get("wanted")))
        for name, change in changes.items()
        if name in PROFILE_FIELDS and isinstance(change, Mapping)
    }


def field_value(name: str, value: object) -> FieldValue:
    """Return a field's value as a profile holds it, from JSON: tags are a tuple, a name is never None."""
    if name == "tags":
        return tuple(str(tag) for tag in value) if isinstance(value, list | tuple) else ()
    if value is None:
        return "" if name == "name" else None
    return str(value)


def keyless(write: Write, capabilities: Capabilities) -> Repeat:
    """Return how a repeat is safe once the key that the doubtful attempt carried counts no more (or it had none).

    Args:
        write: What was sent.
        capabilities: Of the server as it is now.
    """
    match write:
        case PostEntry() | PostSale() | ReverseSale() | AdjustPoints():
            return Repeat.UNIQUE if capabilities.unique_references else Repeat.PROBE
        case RedeemPoints():
            return Repeat.UNIQUE if capabilities.redeem_unique else Repeat.NEVER
        case CreateCustomer() | LogLine():
            return Repeat.PROBE
        case EditCustomer() | DeleteCustomer():
            return Repeat.NATURAL


def request_of(attempt: Attempt) -> PreparedRequest:
    """Return the exact request of an earlier attempt."""
    return PreparedRequest(
        attempt.method, attempt.path, attempt.body, attempt.content_type, attempt.key, dict(attempt.headers)
    )


def key_for(operation: Operation, last: Attempt | None, fresh: PreparedRequest) -> str:
    """Return the idempotency key for a body: the same bytes keep their key, other bytes get a new one.

    Args:
        operation: What was done; its id is the first key.
        last: The last attempt; None for none.
        fresh: The request that is to be sent, under whatever key.
    """
    if last is None or last.key is None:
        return operation.id
    alike = (last.method, last.path, last.body, dict(last.headers)) == (
        fresh.method,
        fresh.path,
        fresh.body,
        dict(fresh.headers),
    )
    return last.key if alike else new_uuid()


def _whole(intent: Mapping[str, object], name: str) -> int:
    value = intent.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is not a whole number")  # noqa: TRY004 (content, not a type of ours)
    return value


def _entry(operation: Operation, aim: Aim, direction: Direction) -> PostEntry:
    return PostEntry(
        remote_id=aim.remote_id,
        reference_id=operation.id,
        direction=direction,
        amount=Money(_whole(operation.intent, "amount"), aim.currency),
        description=str(operation.intent.get("description") or ""),
        occurred_at=operation.occurred_at,
    )


def _sale(operation: Operation, aim: Aim) -> PostSale:
    intent = operation.intent
    receipt = intent.get("receipt_number")
    return PostSale(
        remote_id=aim.remote_id,
        sale_id=operation.id,
        total=Money(_whole(intent, "total"), aim.currency),
        on_account=Money(_whole(intent, "on_account"), aim.currency),
        points_redeemed=_whole(intent, "points_redeemed"),
        receipt_number=None if receipt is None else str(receipt),
        occurred_at=operation.occurred_at,
    )


def _reversal(operation: Operation, aim: Aim) -> Write:
    intent = operation.intent
    reason = str(intent.get("reason") or "")
    match undone_kind(operation):
        case OperationKind.SALE:
            sale_id = str(intent.get("sale_id") or operation.reverses)
            return ReverseSale(aim.remote_id, sale_id, operation.id, reason)
        case OperationKind.REDEEM:
            return AdjustPoints(aim.remote_id, operation.id, _whole(intent, "points"), reason)
        case _:
            return _entry(operation, aim, Direction(str(intent["direction"])))
