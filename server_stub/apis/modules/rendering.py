"""Puts rows of the store into the shapes of the `modules` API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from msgspec import UNSET, Raw
from sqlalchemy import Connection, Row

from server_stub.apis.modules import shapes
from server_stub.calls import Call
from server_stub.clock import maybe_iso, to_iso
from server_stub.money import in_major_units, in_minor_units
from server_stub.store import addresses
from server_stub.store.addresses import AddressRow
from server_stub.store.customers import CustomerRow, first_and_last
from server_stub.store.segments import VipRule
from server_stub.store.shops import read_shop


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """How the rows of one store are shown.

    Attributes:
        currency: The store's.
        vip: Who is very important.
        consent: Whether it is kept who accepts marketing.
    """

    currency: str
    vip: VipRule
    consent: bool

    @classmethod
    def of(cls, call: Call, connection: Connection) -> Self:
        """Return how a request's store is shown.

        Args:
            call: The request.
            connection: Any transaction.
        """
        settings = call.runtime.settings
        currency = read_shop(connection, call.store_id).currency
        spent = in_minor_units(settings.vip_spend_threshold, currency)
        vip = VipRule(orders=settings.vip_order_threshold, spent=spent)
        return cls(currency=currency, vip=vip, consent=settings.marketing_consent)

    def customer(self, row: CustomerRow, book: Sequence[AddressRow] | None = None) -> shapes.Customer:
        """Return a customer.

        Args:
            row: The customer.
            book: Its addresses; None where they are not shown.
        """
        first, last = first_and_last(row.name)
        default = None if book is None else addresses.default_of(book)
        return shapes.Customer(
            id=row.uuid,
            email=row.email,
            phone=row.phone,
            first_name=first,
            last_name=last or None,
            full_name=row.name,
            accepts_marketing=self.consent and row.accepts_marketing,
            total_orders=row.total_orders,
            total_spent=self._amount(row.total_spent),
            avg_order_value=self._average(row),
            first_order_at=maybe_iso(row.first_order_at),
            last_order_at=maybe_iso(row.last_order_at),
            is_vip=self.vip.holds_for(row),
            tags=_as_stored(row.tags),
            notes=row.notes,
            external_ids=_as_stored(row.external_ids),
            created_at=to_iso(row.created_at),
            updated_at=to_iso(row.updated_at),
            addresses=UNSET if book is None else [address(one) for one in book],
            default_address=UNSET if book is None else None if default is None else address(default),
        )

    def order(self, row: Row[Any]) -> shapes.Order:
        """Return a sale as an order."""
        return shapes.Order(
            id=row.uuid,
            order_number=row.receipt_number,
            status=row.status,
            total=self._amount(row.total),
            discount=self._amount(row.discount_amount),
            created_at=to_iso(row.created_at),
        )

    def _average(self, row: CustomerRow) -> float | None:
        """Return what an order came to, halves of a minor unit rounded up."""
        orders = row.total_orders
        return self._amount((2 * row.total_spent + orders) // (2 * orders)) if orders else None

    def _amount(self, minor: int) -> float:
        """Return an amount as the JSON number that it is exactly; no float could say that of all."""
        return cast("float", Raw(in_major_units(minor, self.currency).encode()))


def address(row: AddressRow) -> shapes.Address:
    """Return an address; one kept on a single line elsewhere has the whole of it in `address1`."""
    first, last = first_and_last(row.name or "")
    return shapes.Address(
        id=row.uuid,
        type=row.kind,
        is_default=row.is_default,
        first_name=first or None,
        last_name=last or None,
        company=row.company,
        address1=row.address1,
        address2=row.address2,
        city=row.city or "",
        state=row.state or "",
        pincode=row.pincode or "",
        country=row.country,
        phone=row.phone,
    )


def tombstone(row: Row[Any]) -> shapes.Tombstone:
    """Return a deleted customer's tombstone."""
    return shapes.Tombstone(row.customer_uuid, to_iso(row.deleted_at), row.reason, row.merged_into_uuid)


def _as_stored(text: str) -> Any:
    """Return what is stored as JSON to be put into the answer as it is."""
    return Raw(text.encode())
