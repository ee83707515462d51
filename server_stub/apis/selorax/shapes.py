"""What the `selorax` API takes and answers, member by member.

Amounts are whole units of the store's currency, each rounded down by itself.
"""

from http import HTTPStatus
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from sqlalchemy import Row

from server_stub.apis.selorax import addresses
from server_stub.apis.selorax.addresses import Address
from server_stub.clock import to_iso
from server_stub.errors import ApiError
from server_stub.money import in_whole_units
from server_stub.tables import GUEST

Name = Annotated[str, Meta(pattern=r"\S", max_length=255)]
Email = Annotated[str, Meta(pattern="@")]
Phone = Annotated[str, Meta(pattern=r"\d", min_length=10, max_length=20)]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Flag = Literal[0, 1]
ShownAddress = Annotated[Raw, Meta(extra_json_schema={"type": "object"})]

Item = TypeVar("Item")

_DELIVERED = "delivered"
_CODED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT})


class NewCustomer(Struct):
    """The body of a create."""

    name: Name
    phone: Phone
    email: Email | None = None
    address: Address | None = None


class CustomerChange(Struct):
    """The body of an update; what is absent stays, and something must be there."""

    name: Name | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Phone | UnsetType = UNSET
    address_json: Address | UnsetType | None = UNSET


class Pagination(Struct):
    """Where a page stands; `total` counts over all pages."""

    page: int
    limit: int
    total: int


class ListedCustomer(Struct):
    """A row of the list."""

    user_id: int
    store_id: int
    name: str
    email: str | None
    phone: str | None
    address_json: ShownAddress | None
    is_guest: Flag
    created_at: Time
    updated_at: Time
    total_orders: int
    total_spent: int


class UpdatedCustomer(Struct):
    """One customer as an update shows it, without its orders."""

    user_id: int
    store_id: int
    name: str
    email: str | None
    phone: str | None
    address_json: ShownAddress | None
    is_guest: Flag
    is_phone_verified: Flag
    is_email_verified: Flag
    created_at: Time
    updated_at: Time


class SingleCustomer(UpdatedCustomer):
    """One customer, with its orders in sum."""

    total_orders: int
    total_spent: int


class CreatedCustomer(Struct):
    """One customer as a create shows it."""

    user_id: int
    name: str
    phone: str
    email: str | None
    store_id: int


class Order(Struct):
    """One of a customer's orders."""

    order_id: int
    store_id: int
    user_id: int
    order_status: str
    financial_status: Literal["paid", "partially_paid", "pending"]
    fulfillment_status: Literal["fulfilled", "unfulfilled"]
    sub_total: int
    tax: int
    shipping: int
    discount: int
    grand_total: int
    payment_method: str
    note: str | None
    created_at: Time
    updated_at: Time


class Tombstone(Struct):
    """A customer that is no more."""

    id: int
    deleted_at: Time
    reason: Literal["deleted", "anonymized", "merged"]
    merged_into: int | None


class Page(Struct, Generic[Item]):
    """The answer that carries a page of a list."""

    data: list[Item]
    pagination: Pagination
    status: Literal[200] = 200


class One(Struct, Generic[Item]):
    """The answer that carries one customer."""

    data: Item
    status: Literal[200] = 200


class Created(Struct):
    """The answer to a create."""

    data: CreatedCustomer
    status: Literal[201] = 201


class Updated(Struct):
    """The answer to an update."""

    data: UpdatedCustomer
    message: str = "Customer updated."
    status: Literal[200] = 200


class Deleted(Struct):
    """The answer to a delete."""

    message: str = "Customer deleted."
    status: Literal[200] = 200


class Refusal(Struct):
    """Every error; `code` stands in those that a program branches on."""

    message: str
    status: int
    code: str | UnsetType = UNSET


def error_body(error: ApiError) -> dict[str, object]:
    """Return a refusal in the API's shape.

    Args:
        error: What is refused, and why.
    """
    coded = {"code": error.code} if error.status in _CODED else {}
    return {"message": error.message, "status": int(error.status), **coded, **error.details}


def page(items: list[Item], *, offset: int, limit: int, total: int) -> Page[Item]:
    """Return a page of a list.

    Args:
        items: What it shows.
        offset: How many come before it.
        limit: How many it may show.
        total: How many there are over all pages.
    """
    return Page(items, Pagination(offset // limit + 1, limit, total))


def listed(row: Row[Any], currency: str) -> ListedCustomer:
    """Return a customer as the list shows it.

    Args:
        row: The customer.
        currency: The store's.
    """
    return ListedCustomer(
        row.id,
        row.store_id,
        row.name,
        row.email,
        row.phone,
        addresses.shown(row),
        _is_guest(row),
        to_iso(row.created_at),
        to_iso(row.updated_at),
        row.total_orders,
        in_whole_units(row.total_spent, currency),
    )


def single(row: Row[Any], currency: str) -> SingleCustomer:
    """Return a customer with its orders in sum.

    Args:
        row: The customer.
        currency: The store's.
    """
    total_spent = in_whole_units(row.total_spent, currency)
    return SingleCustomer(**_profile(row), total_orders=row.total_orders, total_spent=total_spent)


def updated(row: Row[Any]) -> UpdatedCustomer:
    """Return a customer as an update shows it."""
    return UpdatedCustomer(**_profile(row))


def created(row: Row[Any]) -> Created:
    """Return a new customer as the create shows it."""
    return Created(CreatedCustomer(row.id, row.name, row.phone, row.email, row.store_id))


def order(row: Row[Any], currency: str) -> Order:
    """Return a sale as one of a customer's orders.

    Args:
        row: The sale.
        currency: The store's.
    """
    due = row.total - row.discount_amount
    return Order(
        row.id,
        row.store_id,
        row.customer_id,
        row.status,
        "paid" if not row.on_account else "partially_paid" if row.on_account < due else "pending",
        "fulfilled" if row.status == _DELIVERED else "unfulfilled",
        in_whole_units(row.total, currency),
        0,
        0,
        in_whole_units(row.discount_amount, currency),
        in_whole_units(due, currency),
        row.payment_method,
        None,
        to_iso(row.created_at),
        to_iso(row.created_at),
    )


def tombstone(row: Row[Any]) -> Tombstone:
    """Return a deleted customer's tombstone."""
    return Tombstone(row.customer_id, to_iso(row.deleted_at), row.reason, row.merged_into_id)


def _is_guest(row: Row[Any]) -> Flag:
    return 1 if row.standing == GUEST else 0


def _profile(row: Row[Any]) -> dict[str, Any]:
    return {
        "user_id": row.id,
        "store_id": row.store_id,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "address_json": addresses.shown(row),
        "is_guest": _is_guest(row),
        "is_phone_verified": 1 if row.phone_verified else 0,
        "is_email_verified": 1 if row.email_verified else 0,
        "created_at": to_iso(row.created_at),
        "updated_at": to_iso(row.updated_at),
    }
