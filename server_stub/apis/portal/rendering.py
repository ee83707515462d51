"""Puts rows of the store into the shapes of the `portal` API."""

from typing import Any, cast

from msgspec import UNSET, Raw
from sqlalchemy import Row

from server_stub.apis.portal import shapes
from server_stub.clock import to_iso
from server_stub.money import in_major_units
from server_stub.store.addresses import AddressRow
from server_stub.store.customers import CustomerRow, first_and_last
from server_stub.store.groups import GroupRow
from server_stub.store.search import digits

_COUNTRIES = {"bangladesh": 50, "bd": 50, "india": 356, "in": 356}
"""ISO 3166-1 numbers of the countries our stores are in; 0 stands for any other, and for none."""


def mobile_number(row: CustomerRow) -> str:
    """Return a customer's phone as the API shows it: digits, none of them a leading zero."""
    return digits(row.phone or "").lstrip("0")


def username(row: CustomerRow) -> str:
    """Return a customer's user name; one made through another API shows its e-mail, or nothing."""
    return str(row.username or row.email or "")


def created(row: CustomerRow) -> shapes.CreatedCustomer:
    """Return a new customer as the create shows it."""
    return shapes.CreatedCustomer(
        customer_group_id=_text(row.group_id),
        first_name=first_and_last(row.name)[0],
        username=username(row),
        email=row.email or "",
        mobile_number=mobile_number(row),
        password="",
        mail_status=_flag(row.mail_status),
        delete_flag=0,
        is_active=_flag(row.is_active),
        created_date=to_iso(row.created_at),
        id=row.id,
    )


def customer(row: CustomerRow, address: AddressRow | None) -> shapes.Customer:
    """Return a customer in full.

    Args:
        row: The customer.
        address: The default address, if there is one.
    """
    return shapes.Customer(**_members(row, address))


def details(row: CustomerRow, address: AddressRow | None, group: GroupRow | None) -> shapes.CustomerDetails:
    """Return a customer in full, with number and group.

    Args:
        row: The customer.
        address: The default address, if there is one.
        group: The customer's group, if there is one.
    """
    name = "" if group is None else group.name
    return shapes.CustomerDetails(**_members(row, address), customer_no=row.customer_no or "", customer_group_name=name)


def listed(row: CustomerRow, groups: dict[int, str], *, extended: bool) -> shapes.ListedCustomer:
    """Return a customer as a list shows it.

    Args:
        row: The customer.
        groups: The names of the store's groups by id.
        extended: Whether `mobileNumber` is shown.
    """
    first, last = first_and_last(row.name)
    return shapes.ListedCustomer(
        id=row.id,
        first_name=first,
        last_name=last,
        username=username(row),
        email=row.email or "",
        is_active=_flag(row.is_active),
        created_date=to_iso(row.created_at),
        modified_date=to_iso(row.updated_at),
        customer_group_name=groups.get(row.group_id, ""),
        mobile_number=mobile_number(row) if extended else UNSET,
    )


def created_group(row: GroupRow) -> shapes.CreatedGroup:
    """Return a new group as the create shows it."""
    return shapes.CreatedGroup(row.name, row.color_code, _flag(row.is_active), to_iso(row.created_at), row.id)


def changed_group(row: GroupRow) -> shapes.ChangedGroup:
    """Return a group as the update shows it."""
    return shapes.ChangedGroup(row.name, row.color_code, _flag(row.is_active), to_iso(row.updated_at), row.id)


def group(row: GroupRow) -> shapes.Group:
    """Return a group as the list shows it."""
    return shapes.Group(
        row.id,
        row.name,
        row.description or "",
        row.color_code,
        _flag(row.is_active),
        to_iso(row.created_at),
        to_iso(row.updated_at),
    )


def ordered_product(row: Row[Any], currency: str) -> shapes.OrderedProduct:
    """Return a product in an order; the row carries `customer_id` too."""
    return shapes.OrderedProduct(
        row.sale_id,
        row.product_name,
        row.quantity,
        _amount(row.total, currency),
        to_iso(row.created_at),
        row.customer_id,
    )


def viewed_product(row: Row[Any]) -> shapes.ViewedProduct:
    """Return a product that a customer looked at."""
    return shapes.ViewedProduct(row.product_name, row.customer_id, to_iso(row.created_at))


def trade(label: str, row: Row[Any] | None, currency: str) -> shapes.Trade:
    """Return a day's or a month's trade; without a row there was none."""
    if row is None:
        return shapes.Trade(label, 0, 0, _amount(0, currency))
    return shapes.Trade(label, row.orders, row.customers, _amount(int(row.revenue), currency))


def tombstone(row: Row[Any]) -> shapes.Tombstone:
    """Return a deleted customer's tombstone."""
    return shapes.Tombstone(row.customer_id, to_iso(row.deleted_at), row.reason, row.merged_into_id)


def _members(row: CustomerRow, address: AddressRow | None) -> dict[str, Any]:
    first, last = first_and_last(row.name)
    part = dict.fromkeys(("address1", "address2", "city", "state", "pincode", "country"), "")
    if address is not None:
        part = {name: getattr(address, name) or "" for name in part}
    return {
        "created_by": row.store_id,
        "created_date": to_iso(row.created_at),
        "modified_by": row.store_id,
        "modified_date": to_iso(row.updated_at),
        "id": row.id,
        "first_name": first,
        "last_name": last,
        "username": username(row),
        "email": row.email or "",
        "mobile_number": mobile_number(row),
        "address": ", ".join(filter(None, (part["address1"], part["address2"]))),
        "country_id": _COUNTRIES.get(part["country"].strip().lower(), 0),
        "zone_id": part["state"],
        "city": part["city"],
        "avatar": row.avatar or "",
        "newsletter": int(row.accepts_marketing),
        "customer_group_id": _text(row.group_id),
        "mail_status": _flag(row.mail_status),
        "pincode": part["pincode"],
        "is_active": _flag(row.is_active),
    }


def _amount(minor: int, currency: str) -> float:
    """Return an amount to be put into the answer as a number with its currency's decimals, exact."""
    return cast("float", Raw(in_major_units(minor, currency).encode()))


def _flag(value: bool) -> shapes.FlagText:  # noqa: FBT001 - it is the value itself
    return "1" if value else "0"


def _text(value: int | None) -> str:
    return "" if value is None else str(value)
