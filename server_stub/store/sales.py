"""Sales: one transaction for the bill, what goes on account, the points earned and the points redeemed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, insert, select, update

from server_stub import tables
from server_stub.errors import bad_request, key_reused
from server_stub.store import customers, ledger, points
from server_stub.store.customers import CustomerRow
from server_stub.store.receipts import next_receipt_number
from server_stub.store.writing import Writing, content_hash

EARNED_PER = 100
"""`earn_rate` counts points for so many minor units."""

_LARGEST_SPENT = 10**18


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a till says about a sale.

    Attributes:
        uuid: Made by the till.
        customer_uuid: Whose sale it is.
        total: Minor units, before discount.
        on_account: The part that is owed.
        points_redeemed: What pays for the discount.
        receipt_number: The till's own; the store gives one when there is none.
        occurred_at: When it happened; now when not said.
    """

    uuid: str
    customer_uuid: str
    total: int
    on_account: int
    points_redeemed: int
    receipt_number: str | None
    occurred_at: int | None

    def content(self) -> str:
        """Return what a repeat of this bill is known by."""
        return content_hash(
            self.customer_uuid,
            self.total,
            self.on_account,
            self.points_redeemed,
            self.receipt_number,
            self.occurred_at,
        )


def find_sale(connection: Connection, store_id: int, uuid: str) -> Row[Any] | None:
    """Return a sale of a store with its customer's uuid beside it, or None.

    Args:
        connection: Any transaction.
        store_id: The store.
        uuid: The sale's id.
    """
    sale = tables.sale
    return connection.execute(
        select(sale, tables.customer.c.uuid.label("customer_uuid"))
        .join(tables.customer, tables.customer.c.id == sale.c.customer_id)
        .where(sale.c.store_id == store_id, sale.c.uuid == uuid)
    ).one_or_none()


def repeated(connection: Connection, store_id: int, bill: Bill) -> Row[Any] | None:
    """Return the sale that a bill repeats, or None when its id is new.

    Args:
        connection: Any transaction.
        store_id: The store.
        bill: What the till says.

    Raises:
        ApiError: The id stands for another sale.
    """
    first = find_sale(connection, store_id, bill.uuid)
    if first is not None and first.request_hash != bill.content():
        raise key_reused("This id already stands for another sale.")
    return first


def sell(writing: Writing, customer: CustomerRow, bill: Bill, *, redeem_once: bool) -> Row[Any]:
    """Post a sale and return it.

    Args:
        writing: The change this is part of.
        customer: Whose sale it is, live.
        bill: What the till says; its id is new.
        redeem_once: Whether a later redemption for this sale repeats the one in it.

    Raises:
        ApiError: The points are too few or were redeemed otherwise, or the amounts do not fit the bill.
    """
    if customer.total_spent + bill.total > _LARGEST_SPENT:
        raise bad_request("total is too large.")
    redeemed, discount = _redeem(writing, customer, bill, once=redeem_once)
    if bill.on_account > bill.total - discount:
        raise bad_request("on_account must not be more than what is left to pay.")
    earned = (bill.total - discount) * writing.shop.earn_rate // EARNED_PER
    if earned:
        after = points.add(writing, customer, earned)
        points.enter(writing, customer, kind="earn", points=earned, after=after, sale_ref=bill.uuid)
    receipt = bill.receipt_number or next_receipt_number(writing)
    occurred = writing.stamp if bill.occurred_at is None else bill.occurred_at
    if bill.on_account:
        ledger.post(
            writing,
            customer,
            kind=ledger.DEBIT,
            amount=bill.on_account,
            description=f"Sale {receipt}",
            reference_id=bill.uuid,
            occurred_at=occurred,
        )
    elif ledger.by_reference(writing.connection, writing.store_id, bill.uuid) is not None:
        raise key_reused("This id already stands for a ledger entry.")
    owner = _count(writing, customer, bill.total, occurred)
    row = writing.connection.execute(
        insert(tables.sale)
        .values(
            uuid=bill.uuid,
            store_id=writing.store_id,
            customer_id=customer.id,
            receipt_number=receipt,
            total=bill.total,
            discount_amount=discount,
            on_account=bill.on_account,
            points_redeemed=redeemed,
            points_earned=earned,
            payment_method="account" if bill.on_account else "cash",
            points_after=owner.points,
            balance_after=owner.ledger_balance,
            request_hash=bill.content(),
            occurred_at=occurred,
            created_at=writing.stamp,
        )
        .returning(*tables.sale.c)
    ).one()
    writing.record("sale", row.uuid, "created")
    return row


def keep_answer(writing: Writing, sale_id: int, answer: bytes) -> None:
    """Keep what a sale was answered with, for its repeats.

    Args:
        writing: The change this is part of.
        sale_id: The integer id.
        answer: The body.
    """
    writing.connection.execute(update(tables.sale).where(tables.sale.c.id == sale_id).values(answer=answer))


def _redeem(writing: Writing, customer: CustomerRow, bill: Bill, *, once: bool) -> tuple[int, int]:
    """Redeem what the bill asks for, unless it was redeemed before; return points and discount."""
    before, worth, owner = points.redeemed_for(writing.connection, writing.store_id, bill.uuid)
    if before and (owner != customer.id or bill.points_redeemed not in (0, before)):
        raise points.sale_already_redeemed()
    discount = worth if before else bill.points_redeemed * writing.shop.redemption_value
    if discount > bill.total:
        raise bad_request("The points are worth more than the bill.")
    if before:
        return before, worth
    if bill.points_redeemed:
        points.redeem(writing, customer, points=bill.points_redeemed, sale_ref=bill.uuid, once=once)
    return bill.points_redeemed, discount


def _count(writing: Writing, customer: CustomerRow, total: int, occurred: int) -> CustomerRow:
    columns = tables.customer.c
    first, last = columns.first_order_at, columns.last_order_at
    return customers.touch(
        writing,
        customer.id,
        total_orders=columns.total_orders + 1,
        total_spent=columns.total_spent + total,
        first_order_at=case((first < occurred, first), else_=occurred),
        last_order_at=case((last > occurred, last), else_=occurred),
    )
