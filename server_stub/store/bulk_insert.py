"""Many new customers in one change, but none whose e-mail or phone somebody has already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import insert, select

from server_stub import tables
from server_stub.store.customers import encode_tags
from server_stub.store.search import digits, fold, searched_columns
from server_stub.store.writing import Writing


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """A customer to be inserted.

    Attributes:
        number: By which the caller knows it again.
        address: One line, kept as the default address.
    """

    number: int
    name: str
    email: str | None
    phone: str | None
    tags: Sequence[str]
    notes: str | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Inserted:
    """What came of it.

    Attributes:
        ids: The integer ids of those that were inserted, in their order.
        existing: The numbers of those that were not, each with what somebody has already.
    """

    ids: Sequence[int]
    existing: Sequence[tuple[int, Literal["email", "phone"]]]


@dataclass
class _Known:
    """The e-mails and phones that are taken, those of the change itself included."""

    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def has(self, new: NewCustomer) -> Literal["email", "phone"] | None:
        if fold(new.email or "") in self.emails:
            return "email"
        return "phone" if digits(new.phone or "") in self.phones else None

    def add(self, email_key: str, phone_digits: str) -> None:
        self.emails |= {email_key} - {""}
        self.phones |= {phone_digits} - {""}


def insert_new(writing: Writing, customers: Iterable[NewCustomer]) -> Inserted:
    """Insert customers, and tell which ones the store has already: by e-mail without case, by the digits of a phone.

    Args:
        writing: The change this is part of.
        customers: In the order in which they are to be inserted.
    """
    known = _known(writing)
    fresh: list[NewCustomer] = []
    existing = []
    for new in customers:
        taken = known.has(new)
        if taken is not None:
            existing.append((new.number, taken))
            continue
        known.add(fold(new.email or ""), digits(new.phone or ""))
        fresh.append(new)
    ids = _insert(writing, fresh) if fresh else []
    return Inserted(ids=ids, existing=existing)


def _known(writing: Writing) -> _Known:
    customer = tables.customer
    known = _Known()
    for row in writing.connection.execute(
        select(customer.c.email_key, customer.c.phone_digits).where(
            customer.c.store_id == writing.store_id, customer.c.standing.in_((tables.LIVE, tables.GUEST))
        )
    ):
        known.add(row.email_key, row.phone_digits)
    return known


def _insert(writing: Writing, fresh: Sequence[NewCustomer]) -> Sequence[int]:
    customer = tables.customer
    ids = (
        writing.connection.execute(
            insert(customer).returning(customer.c.id, sort_by_parameter_order=True),
            [_row(writing, new) for new in fresh],
        )
        .scalars()
        .all()
    )
    placed = [(customer_id, new.address) for customer_id, new in zip(ids, fresh, strict=True) if new.address]
    if placed:
        writing.connection.execute(
            insert(tables.address),
            [
                {
                    "uuid": writing.new_uuid(),
                    "store_id": writing.store_id,
                    "customer_id": customer_id,
                    "address1": line,
                    "created_at": writing.stamp,
                }
                for customer_id, line in placed
            ],
        )
    writing.record_all("customer", [str(customer_id) for customer_id in ids], "created")
    return ids


def _row(writing: Writing, new: NewCustomer) -> dict[str, Any]:
    return {
        "uuid": writing.new_uuid(),
        "store_id": writing.store_id,
        "standing": tables.LIVE,
        "name": new.name,
        "email": new.email,
        "phone": new.phone,
        "notes": new.notes,
        "tags": encode_tags(list(new.tags)),
        "address_line": new.address,
        "created_at": writing.stamp,
        "updated_at": writing.stamp,
        **searched_columns(new.name, new.email, new.phone),
    }
