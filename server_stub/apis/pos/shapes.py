"""What the `pos` API takes and answers, member by member."""

from typing import Annotated, Any, Literal, cast

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from sqlalchemy import Row

from server_stub.clock import maybe_iso, to_iso
from server_stub.errors import ApiError
from server_stub.payload import LARGEST_INTEGER
from server_stub.store.ledger import LARGEST_AMOUNT
from server_stub.store.points import LARGEST_POINTS

Amount = Annotated[int, Meta(ge=1, le=LARGEST_AMOUNT)]
AmountOrNone = Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)]
SomePoints = Annotated[int, Meta(ge=1, le=LARGEST_INTEGER)]
SomeOrNoPoints = Annotated[int, Meta(ge=0, le=LARGEST_POINTS)]


Uuid = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


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
    sale_id: Uuid


class NewEntry(Struct):
    """The body of a ledger entry."""

    type: Literal["credit", "debit"]
    amount: Amount
    description: str
    reference_id: Uuid
    occurred_at: Time | None = None


class NewSale(Struct):
    """The body of a sale."""

    id: Uuid
    customer_id: Uuid
    total: AmountOrNone
    on_account: AmountOrNone = 0
    points_redeemed: SomeOrNoPoints = 0
    receipt_number: str | None = None
    occurred_at: Time | None = None


class NewReversal(Struct):
    """The body of a reversal."""

    id: Uuid
    reason: str


class NewAdjustment(Struct):
    """The body of an adjustment of points."""

    reference_id: Uuid
    points: Annotated[int, Meta(ge=-LARGEST_POINTS, le=LARGEST_POINTS)]
    reason: str


class CreatedCustomer(Struct):
    """The answer to a create."""

    id: Uuid
    name: str
    email: str | None
    phone: str | None
    loyalty_points: int
    total_spent: int
    created_at: Time


class ListedCustomer(Struct):
    """A row of the list; the last two stand there only with the extension `updated-since`."""

    id: Uuid
    name: str
    email: str | None
    phone: str | None
    address: str | None
    loyalty_points: int
    total_spent: int
    total_orders: int
    notes: str | None
    tags: list[str]
    created_at: Time
    updated_at: Time | UnsetType = UNSET
    ledger_balance: int | UnsetType = UNSET


class Purchase(Struct):
    """One of a customer's recent purchases."""

    id: Uuid
    receipt_number: str
    total: int
    created_at: Time


class SingleCustomer(Struct):
    """One customer with full details; `anonymized` stands there only for a deleted one."""

    id: Uuid
    name: str
    email: str | None
    phone: str | None
    address: str | None
    loyalty_points: int
    total_spent: int
    total_orders: int
    notes: str | None
    tags: list[str]
    recent_purchases: list[Purchase]
    ledger_balance: int
    created_at: Time
    anonymized: bool | UnsetType = UNSET


class Entry(Struct):
    """A line of the ledger; `occurred_at` stands there only with the extension `ledger-write`."""

    id: Uuid
    type: Literal["credit", "debit"]
    amount: int
    balance_after: int
    description: str
    reference_id: Uuid | None
    created_at: Time
    occurred_at: Time | UnsetType = UNSET


class Redeemed(Struct):
    """The answer to a redeem."""

    redeemed: int
    discount_amount: int
    remaining_points: int


class Deleted(Struct):
    """The answer to a delete."""

    message: str


class Sold(Struct):
    """The answer to a sale."""

    id: Uuid
    receipt_number: str
    points_earned: int
    discount_amount: int
    loyalty_points: int
    ledger_balance: int


class Sale(Struct):
    """One sale; points and balance are those right after it."""

    id: Uuid
    customer_id: Uuid
    receipt_number: str
    total: int
    discount_amount: int
    on_account: int
    points_redeemed: int
    points_earned: int
    loyalty_points: int
    ledger_balance: int
    occurred_at: Time
    created_at: Time
    reversed_at: Time | None


class Reversed(Struct):
    """The answer to a reversal; the shortfall is earned points that were already spent."""

    id: Uuid
    sale_id: Uuid
    reason: str
    ledger_amount: int
    points_returned: int
    points_taken: int
    points_shortfall: int
    loyalty_points: int
    ledger_balance: int
    created_at: Time


class Adjusted(Struct):
    """The answer to an adjustment of points."""

    id: Uuid
    reference_id: Uuid
    points: int
    reason: str
    loyalty_points: int
    created_at: Time


class ShopSettings(Struct):
    """A store's settings."""

    currency: str
    earn_rate: int
    redemption_value: int
    store_name: str
    time_zone: str


class Tombstone(Struct):
    """A customer that is no more."""

    id: Uuid
    deleted_at: Time
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: Uuid | None


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


def _tags(row: Row[Any]) -> list[str]:
    """Return tags to be put into the answer as the JSON they are stored as."""
    return cast("list[str]", Raw(row.tags))


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
        _tags(row),
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
        _tags(row),
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


def sold(row: Row[Any]) -> Sold:
    """Return a new sale as it is answered the first time."""
    return Sold(
        row.uuid, row.receipt_number, row.points_earned, row.discount_amount, row.points_after, row.balance_after
    )


def sale(row: Row[Any]) -> Sale:
    """Return a sale; the row carries `customer_uuid` too."""
    return Sale(
        row.uuid,
        row.customer_uuid,
        row.receipt_number,
        row.total,
        row.discount_amount,
        row.on_account,
        row.points_redeemed,
        row.points_earned,
        row.points_after,
        row.balance_after,
        to_iso(row.occurred_at),
        to_iso(row.created_at),
        maybe_iso(row.reversed_at),
    )


def adjusted(row: Row[Any]) -> Adjusted:
    """Return an adjustment of points."""
    return Adjusted(row.uuid, row.adjust_key, row.points, row.reason, row.points_after, to_iso(row.created_at))
