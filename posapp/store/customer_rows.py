"""A customer between the dataclass and a row of `customer`."""

from __future__ import annotations

from typing import Any

from posapp.domain.ids import CustomerId
from posapp.services.dto import Customer, CustomerStatus
from posapp.store.phones import indexed
from posapp.store.profiles import from_row, to_values
from posapp.store.scope import Scope


def customer_of(scope: Scope, row: Any) -> Customer:
    """Return the customer in a row of `customer`."""
    return Customer(
        id=CustomerId(row.id),
        profile=from_row(row),
        status=CustomerStatus(row.status),
        created_at=row.created_at,
        card_code=row.card_code,
        credit_limit=scope.money_or_none(row.credit_limit),
        lane_epoch=row.lane_epoch,
    )


def customer_values(scope: Scope, customer: Customer) -> dict[str, Any]:
    """Return the columns of a new customer."""
    return {
        **to_values(customer.profile),
        "id": customer.id,
        "phone_e164": indexed(customer.profile.phone, scope.shop.country).e164,
        "card_code": customer.card_code or None,
        "credit_limit": scope.minor_or_none(customer.credit_limit),
        "status": customer.status.value,
        "lane_epoch": customer.lane_epoch,
        "created_at": customer.created_at,
    }
