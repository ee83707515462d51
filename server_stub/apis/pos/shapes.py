"""What the `pos` API takes and answers, member by member."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from sqlalchemy import Row

from server_stub.clock import to_iso
from server_stub.errors import ApiError
from server_stub.payload import LARGEST_INTEGER
from server_stub.store.ledger import LARGEST_AMOUNT
from server_stub.store.points import LARGEST_POINTS

Amount = Annotated[int, Meta(ge=1, le=LARGEST_AMOUNT)]
AmountOrNone = Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)]
SomePoints = Annotated[int, Meta(ge=1, le=LARGEST_INTEGER)]
SomeOrNoPoints = Annotated[int, Meta(ge=0, le=LARGEST_POINTS)]


class NewCustomer(Struct):
    """The body of a create."""

    name: str
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    notes: str | None = None
    tags: list[str] = []


class CustomerChange(Struct):
    """The body of an update; what is absent stays."""

    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    address: str | UnsetType | None = UNSET
    notes: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET


class Redemption(Struct):
    """The body of a redeem."""

    points: SomePoints
    sale_id: str


class CreatedCustomer(Struct):
    """The answer to a create."""

    id: str
    name: str
    email: str | None
    phone: str | None
    loyalty_points: int
    total_spent: int
    created_at: str


class ListedCustomer(Struct):
    """A row of the list; the last two stand there only with the extension `updated-since`."""

    id: str
    name: str
    email: str | None
    phone: str | None
    address: str | None
    loyalty_points: int
    total_spent: int
    total_orders: int
    notes: str | None
    tags: list[str] | Raw
    created_at: str
    updated_at: str | UnsetType = UNSET
    ledger_balance: int | UnsetType = UNSET


class Purchase(Struct):
    """One of a customer's recent purchases."""

    id: str
    receipt_number: str
    total: int
    created_at: str


class SingleCustomer(Struct):
    """One customer with full details; `anonymized` stands there only for a deleted one."""

    id: str
    name: str
    email: str | None
    phone: str | None
    address: str | None
    loyalty_points: int
    total_spent: int
    total_orders: int
    notes: str | None
    tags: list[str] | Raw
    recent_purchases: list[Purchase]
    ledger_balance: int
    created_at: str
    anonymized: bool | UnsetType = UNSET


class Entry(Struct):
    """A line of the ledger; `occurred_at` stands there only with the extension `ledger-write`."""

    id: str
    type: Literal["credit", "debit"]
    amount: int
    balance_after: int
    description: str
    reference_id: str | None
    created_at: str
    occurred_at: str | UnsetType = UNSET


class Redeemed(Struct):
    """The answer to a redeem."""

    redeemed: int
    discount_amount: int
    remaining_points: int


class Deleted(Struct):
    """The answer to a delete."""

    message: str


class Tombstone(Struct):
    """A customer that is no more."""

    id: str
    deleted_at: str
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: str | None


class Refusal(Struct):
    """Every error; some carry more members, such as `available`."""

    error: str
    message: str
    available: int | UnsetType = UNSET


def error_body(error: ApiError) -> dict[str, object]:
    """Return a refusal in the API's shape.

    Args:
        error: What is refused, and why.
    """
    return {"error": error.code, "message": error.message, **error.details}


def created(row: Row[Any]) -> CreatedCustomer:
    """Return a new customer as the create shows it."""
    return CreatedCustomer(
        row.uuid, row.name, row.email, row.phone, row.points, row.total_spent, to_iso(row.created_at)
    )


def listed(row: Row[Any], *, extended: bool) -> ListedCustomer:
    """Return a customer as the list shows it.

    Args:
        row: The customer.
        extended: Whether `updated_at` and `ledger_balance` are shown.
    """
    return ListedCustomer(
        row.uuid,
        row.name,
        row.email,
        row.phone,
        row.address_line,
        row.points,
        row.total_spent,
        row.total_orders,
        row.notes,
        Raw(row.tags),
        to_iso(row.created_at),
        to_iso(row.updated_at) if extended else UNSET,
        row.ledger_balance if extended else UNSET,
    )


def single(row: Row[Any], purchases: list[Purchase], *, anonymized: bool) -> SingleCustomer:
    """Return a customer with full details.

    Args:
        row: The customer.
        purchases: The latest, newest first.
        anonymized: Whether it was deleted and kept for its history.
    """
    return SingleCustomer(
        row.uuid,
        row.name,
        row.email,
        row.phone,
        row.address_line,
        row.points,
        row.total_spent,
        row.total_orders,
        row.notes,
        Raw(row.tags),
        purchases,
        row.ledger_balance,
        to_iso(row.created_at),
        True if anonymized else UNSET,
    )


def entry(row: Row[Any], *, extended: bool) -> Entry:
    """Return a line of the ledger.

    Args:
        row: The entry.
        extended: Whether `occurred_at` is shown.
    """
    return Entry(
        row.uuid,
        row.type,
        row.amount,
        row.balance_after,
        row.description,
        row.reference_id,
        to_iso(row.created_at),
        to_iso(row.occurred_at) if extended and row.occurred_at is not None else UNSET,
    )


def purchase(row: Row[Any]) -> Purchase:
    """Return a sale as one of the recent purchases."""
    return Purchase(row.uuid, row.receipt_number, row.total, to_iso(row.created_at))


def tombstone(row: Row[Any]) -> Tombstone:
    """Return a deleted customer's tombstone."""
    return Tombstone(row.customer_uuid, to_iso(row.deleted_at), row.reason, row.merged_into_uuid)
