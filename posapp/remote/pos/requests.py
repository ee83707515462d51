"""Writes as the exact bytes that the `pos` API takes; the same write makes the same bytes every time."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from posapp.domain.money import CurrencyMismatch, Money
from posapp.remote.converting import iso
from posapp.remote.preparing import Body, json_request, known
from posapp.services.ports.remote import Capabilities
from posapp.services.ports.writes import (
    AdjustPoints,
    CreateCustomer,
    DeleteCustomer,
    EditCustomer,
    PostEntry,
    PostSale,
    PreparedRequest,
    RedeemPoints,
    ReverseSale,
    Write,
)

CUSTOMERS: Final = "/api/v1/customers"
SALES: Final = "/api/v1/sales"


def customer_path(remote_id: str, rest: str = "") -> str:
    """Return the path of a customer, or of something of hers."""
    return f"{CUSTOMERS}/{quote(remote_id, safe='')}{rest}"


def prepared(write: Write, key: str, currency: str, capabilities: Capabilities) -> PreparedRequest:
    """Return a write as it will leave the till.

    Args:
        write: What is to be changed.
        key: Under which a repeat is the same act; a uuid.
        currency: Of the shop.
        capabilities: Of the server as it is now.

    Raises:
        CurrencyMismatch: An amount is in another currency.
        ValueError: This API has no such write.
    """
    return json_request(_parts(write, currency), write, key=key, capabilities=capabilities)


def _parts(write: Write, currency: str) -> tuple[str, str, Body]:  # noqa: PLR0911 (one case a write)
    match write:
        case CreateCustomer():
            return "POST", CUSTOMERS, _new_customer(write)
        case EditCustomer():
            return "PUT", customer_path(write.remote_id), dict(write.fields)
        case DeleteCustomer():
            return "DELETE", customer_path(write.remote_id), None
        case PostEntry():
            return "POST", customer_path(write.remote_id, "/ledger"), _new_entry(write, currency)
        case PostSale():
            return "POST", SALES, _new_sale(write, currency)
        case RedeemPoints():
            body = {"points": write.points, "sale_id": write.sale_id}
            return "POST", customer_path(write.remote_id, "/loyalty/redeem"), body
        case ReverseSale():
            path = f"{SALES}/{quote(write.sale_id, safe='')}/reversal"
            return "POST", path, {"id": write.reversal_id, "reason": write.reason}
        case AdjustPoints():
            body = {"reference_id": write.reference_id, "points": write.points, "reason": write.reason}
            return "POST", customer_path(write.remote_id, "/loyalty/adjust"), body
        case _:
            raise ValueError(f"no such write in the pos API: {type(write).__name__}")


def _new_customer(write: CreateCustomer) -> Body:
    profile = write.profile
    return known(
        {
            "name": profile.name,
            "email": profile.email,
            "phone": profile.phone,
            "address": profile.address,
            "notes": profile.notes,
            "tags": profile.tags or None,
        }
    )


def _new_entry(write: PostEntry, currency: str) -> Body:
    return {
        "type": write.direction.value,
        "amount": _minor(write.amount, currency),
        "description": write.description,
        "reference_id": write.reference_id,
        "occurred_at": iso(write.occurred_at),
    }


def _new_sale(write: PostSale, currency: str) -> Body:
    return known(
        {
            "id": write.sale_id,
            "customer_id": write.remote_id,
            "total": _minor(write.total, currency),
            "on_account": _minor(write.on_account, currency),
            "points_redeemed": write.points_redeemed,
            "receipt_number": write.receipt_number,
            "occurred_at": iso(write.occurred_at),
        }
    )


def _minor(amount: Money, currency: str) -> int:
    if amount.currency != currency:
        raise CurrencyMismatch(f"{amount.currency} to a server that counts {currency}")
    return amount.minor
