"""Puts rows of the store into the shapes of the `siyahfy` API."""

from typing import Any, cast

from msgspec import Raw
from sqlalchemy import Connection, Row

from server_stub.apis.siyahfy import shapes
from server_stub.clock import to_iso
from server_stub.money import in_major_units
from server_stub.store import addresses, orders, timeline
from server_stub.store.addresses import AddressRow
from server_stub.store.customers import CustomerRow
from server_stub.store.timeline import LogRow

LATEST_ORDERS = 10


def customer(row: CustomerRow, currency: str) -> shapes.Customer:
    """Return a customer as every list shows it.

    Args:
        row: The customer.
        currency: The store's.
    """
    return shapes.Customer(**members(row, currency))


def profile(connection: Connection, row: CustomerRow, currency: str) -> shapes.Profile:
    """Return a customer with all that belongs to it.

    Args:
        connection: Any transaction.
        row: The customer.
        currency: The store's.
    """
    latest, _ = orders.page_of_orders(connection, row.id, offset=0, limit=LATEST_ORDERS)
    return shapes.Profile(
        **members(row, currency),
        addresses=[address(one) for one in addresses.of_customer(connection, row.id)],
        orders=[_order(order, currency) for order in latest],
        timeline=[log_entry(entry) for entry in timeline.of_customer(connection, row.id)],
    )


def address(row: AddressRow) -> shapes.Address:
    """Return an address."""
    return shapes.Address(
        row.id,
        row.name,
        row.phone,
        row.address1,
        row.address2,
        row.city,
        row.state,
        row.pincode,
        row.country,
        row.is_default,
    )


def log_entry(row: LogRow) -> shapes.LogEntry:
    """Return a line of a timeline."""
    return shapes.LogEntry(row.id, row.type, row.note, row.reference, to_iso(row.created_at))


def tombstone(row: Row[Any]) -> shapes.Tombstone:
    """Return a deleted customer's tombstone."""
    return shapes.Tombstone(row.customer_id, to_iso(row.deleted_at), row.reason, row.merged_into_id)


def members(row: CustomerRow, currency: str) -> dict[str, Any]:
    """Return what every list shows of a customer, by name and in its order; tags are JSON still.

    Args:
        row: The customer.
        currency: The store's.
    """
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "tags": cast("list[str]", Raw(row.tags)),
        "notes": row.notes,
        "cod_enabled": row.cod_enabled,
        "blacklisted": row.blacklisted,
        "blacklist_reason": row.blacklist_reason,
        "verified": row.verified,
        "total_orders": row.total_orders,
        "total_spent": in_major_units(row.total_spent, currency),
        "created_at": to_iso(row.created_at),
        "updated_at": to_iso(row.updated_at),
    }


def _order(row: Row[Any], currency: str) -> shapes.Order:
    return shapes.Order(
        row.id,
        row.receipt_number,
        in_major_units(row.total, currency),
        row.status,
        row.payment_method,
        to_iso(row.created_at),
    )
