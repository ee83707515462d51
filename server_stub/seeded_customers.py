"""Makes up customers and their histories, the same ones for the same seed.

The place of a customer in the count decides what kind of customer it is, so that already fifty have everyone among
them: every segment, very good customers by orders alone and by spend alone, guests, debtors, collectors of points.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Table

from server_stub import tables
from server_stub.clock import DAY_MICROS, from_micros
from server_stub.names import GROUPS, NOTES, PLACES, SCRIPTS, TAGS
from server_stub.store.search import searched_columns
from server_stub.store.writing import ordered_uuid

Rows = dict[Table, list[dict[str, Any]]]

_SECOND = 1_000_000
_IDS_BEGIN = 1_735_689_600_000_000
"""The time that stands in seeded ids (1 January 2025), so that they do not depend on the clock."""
_OFFSETS = {22: 6 * 3600 * _SECOND, 7: 19_800 * _SECOND}
_VALUE = 10
_DIGITS = "0123456789"
_NO_PHONE_EVERY = 13


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a customer's history looks like; days are counted back from the present.

    Attributes:
        orders: The fewest and the most.
        spent: The least and the most of one order, in minor units.
        first: The earliest and the latest day of joining.
        last: The latest day of an order.
        khata: `sales` on account, bare `charges`, or none.
    """

    orders: tuple[int, int] = (0, 0)
    spent: tuple[int, int] = (15_000, 250_000)
    first: tuple[int, int] = (300, 100)
    last: int = 2
    khata: str = ""
    guest: bool = False


_NEWCOMER = Kind(first=(60, 3))
_ONCE = Kind(orders=(1, 1), first=(60, 8))
_RETURNING = Kind(orders=(2, 4))
_KINDS: tuple[tuple[Kind, ...], ...] = (
    (_NEWCOMER,),
    (_ONCE,),
    (_RETURNING,),
    (Kind(orders=(5, 6), spent=(40_000, 250_000)),),
    (Kind(orders=(10, 11), spent=(15_000, 90_000)), _RETURNING),
    (Kind(orders=(2, 3), spent=(2_600_000, 4_000_000)), _ONCE),
    (Kind(orders=(2, 3), first=(400, 300), last=95),),
    (Kind(orders=(2, 4), khata="sales"),),
    (Kind(khata="charges"),),
    (Kind(orders=(1, 1), first=(60, 8), guest=True),),
)


class Filler:
    """Makes the rows of one shop."""

    def __init__(self, store_id: int, *, random_seed: int, now: int, first_id: int, first_group: int) -> None:
        self._store_id = store_id
        self._place = PLACES[store_id]
        self._random = random.Random(f"{random_seed}:{store_id}")  # noqa: S311 - repeatable on purpose
        self._salt = f"{random_seed}:{store_id}:".encode()
        self._now = now - now % _SECOND - _SECOND
        self._first_id = first_id
        self._first_group = first_group
        self._made = 0
        self._receipts: dict[str, int] = {}

    def groups(self) -> list[dict[str, Any]]:
        """Return the shop's customer groups."""
        return [
            {
                "id": self._first_group + place,
                "store_id": self._store_id,
                "name": name,
                "description": None,
                "color_code": color,
                "is_active": True,
                "created_at": self._now - 500 * DAY_MICROS,
                "updated_at": self._now - 500 * DAY_MICROS,
            }
            for place, (name, color) in enumerate(GROUPS)
        ]

    def receipt_counters(self) -> list[dict[str, Any]]:
        """Return how far each day's receipts were counted."""
        return [{"store_id": self._store_id, "day": day, "last": last} for day, last in self._receipts.items()]

    def customers(self, count: int) -> Iterator[Rows]:
        """Make so many customers, each with the rows that belong to it.

        Args:
            count: How many.
        """
        for place in range(count):
            variants = _KINDS[place % len(_KINDS)]
            yield self._customer(place, variants[place // len(_KINDS) % len(variants)])

    def _customer(self, place: int, kind: Kind) -> Rows:
        draw = self._random
        customer_id = self._first_id + place
        joined = self._moment(self._now - draw.randint(kind.first[1], kind.first[0]) * DAY_MICROS)
        sales = self._sales(customer_id, kind, joined)
        points_rows, points = self._points(customer_id, place, sales)
        ledger_rows, balance = self._ledger(customer_id, kind, joined, sales)
        person, address_rows = self._person(customer_id, place, joined)
        times = [sale["created_at"] for sale in sales]
        changes = [joined, *times, *(row["created_at"] for row in ledger_rows)]
        row = {
            "id": customer_id,
            "uuid": self._uuid(),
            "store_id": self._store_id,
            "standing": tables.GUEST if kind.guest else tables.LIVE,
            **person,
            "points": points,
            "ledger_balance": balance,
            "total_orders": len(sales),
            "total_spent": sum(sale["total"] for sale in sales),
            "first_order_at": min(times, default=None),
            "last_order_at": max(times, default=None),
            "created_at": joined,
            "updated_at": max(changes),
        }
        return {
            tables.customer: [row],
            tables.address: address_rows,
            tables.sale: sales,
            tables.points_entry: points_rows,
            tables.ledger_entry: ledger_rows,
            tables.customer_log: self._log(customer_id, place, joined),
        }

    def _person(self, customer_id: int, place: int, joined: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        draw, where = self._random, self._place
        script = SCRIPTS[draw.choice(where.scripts)]
        (first, first_latin), (last, last_latin) = draw.choice(script.first), draw.choice(script.last)
        name = f"{first} {last}"
        email = None if place % 6 == 1 else f"{first_latin}.{last_latin}{place}@example.com"
        phone = None if place % _NO_PHONE_EVERY == 0 else self._phone()
        addresses: list[dict[str, Any]] = []
        line = address_json = None
        if place % 5 < 3:  # noqa: PLR2004 - three in five
            parts = {
                "address1": f"{draw.randint(1, 240)} {draw.choice(where.streets)}",
                "city": where.city,
                "state": where.state,
                "pincode": draw.choice(where.pincodes),
                "country": where.country,
            }
            line = ", ".join(parts.values())
            named = {"address" if part == "address1" else part: text for part, text in parts.items()}
            address_json = msgspec.json.encode(named).decode()
            address = {"kind": "shipping", "is_default": True, "name": name, "phone": phone, "created_at": joined}
            addresses.append(
                {"uuid": self._uuid(), "store_id": self._store_id, "customer_id": customer_id, **address, **parts}
            )
        blacklisted = place % 97 == 46  # noqa: PLR2004 - a rare one
        person = {
            "name": name,
            "email": email,
            "phone": phone,
            "notes": draw.choice(NOTES) if place % 7 == 0 else None,
            "tags": msgspec.json.encode(draw.sample(TAGS, place % 3)).decode(),
            "address_line": line,
            **searched_columns(name, email, phone),
            "group_id": self._first_group + place % len(GROUPS) if place % 4 else None,
            "address_json": address_json,
            "accepts_marketing": email is not None and place % 3 == 0,
            "mail_status": email is not None,
            "is_active": True,
            "phone_verified": phone is not None and place % 2 == 0,
            "email_verified": email is not None and place % 4 == 0,
            "verified": True,
            "cod_enabled": place % 41 != 0,
            "blacklisted": blacklisted,
            "blacklist_reason": "Refused three deliveries" if blacklisted else None,
        }
        return person, addresses

    def _sales(self, customer_id: int, kind: Kind, joined: int) -> list[dict[str, Any]]:
        draw = self._random
        end = self._now - kind.last * DAY_MICROS
        count = draw.randint(*kind.orders)
        times = sorted(self._moment(draw.randint(joined + DAY_MICROS, end)) for _ in range(count))
        if count > 1 and kind.last < 90:  # noqa: PLR2004 - days after which a customer counts as at risk
            times[-1] = self._moment(end - draw.randint(0, 40) * DAY_MICROS)
            times.sort()
        sales = []
        for number, moment in enumerate(times):
            total = draw.randrange(kind.spent[0], kind.spent[1], 50)
            owed = kind.khata == "sales" and number < 2  # noqa: PLR2004 - the first two
            sales.append(
                {
                    "uuid": self._uuid(),
                    "store_id": self._store_id,
                    "customer_id": customer_id,
                    "receipt_number": self._receipt(moment),
                    "total": total,
                    "discount_amount": 0,
                    "on_account": total if owed else 0,
                    "points_redeemed": 0,
                    "points_earned": total // 100,
                    "status": "delivered",
                    "payment_method": "account" if owed else "cash",
                    "points_after": 0,
                    "balance_after": 0,
                    "occurred_at": moment,
                    "created_at": moment,
                }
            )
        return sales

    def _points(self, customer_id: int, place: int, sales: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
        """Give points for each sale; every third customer redeems some in the last one."""
        points = 0
        rows = []
        for number, sale in enumerate(sales):
            if number == len(sales) - 1 and points and place % 3 == 0 and not sale["on_account"]:
                redeemed = min(points // 2, sale["total"] // _VALUE // 2, 300)
                if redeemed:
                    points -= redeemed
                    sale["points_redeemed"], sale["discount_amount"] = redeemed, redeemed * _VALUE
                    sale["points_earned"] = (sale["total"] - sale["discount_amount"]) // 100
                    rows.append(self._points_row(customer_id, "redeem", -redeemed, points, sale))
            if sale["points_earned"]:
                points += sale["points_earned"]
                rows.append(self._points_row(customer_id, "earn", sale["points_earned"], points, sale))
            sale["points_after"] = points
        return rows, points

    def _points_row(self, customer_id: int, kind: str, points: int, after: int, sale: dict[str, Any]) -> dict[str, Any]:
        return {
            "uuid": self._uuid(),
            "store_id": self._store_id,
            "customer_id": customer_id,
            "kind": kind,
            "points": points,
            "points_after": after,
            "discount_amount": sale["discount_amount"] if kind == "redeem" else 0,
            "sale_ref": sale["uuid"],
            "created_at": sale["created_at"],
        }

    def _ledger(
        self, customer_id: int, kind: Kind, joined: int, sales: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], int]:
        """Write the khata, a line after the other, and bring the balance into the sales."""
        lines = self._ledger_lines(kind, joined, sales)
        balance = 0
        rows = []
        for moment, signed, description, reference in sorted(lines):
            balance += signed
            rows.append(
                {
                    "uuid": self._uuid(),
                    "store_id": self._store_id,
                    "customer_id": customer_id,
                    "type": "credit" if signed > 0 else "debit",
                    "amount": abs(signed),
                    "balance_after": balance,
                    "description": description,
                    "reference_id": reference,
                    "occurred_at": moment,
                    "created_at": moment,
                }
            )
        for sale in sales:
            before = [row["balance_after"] for row in rows if row["created_at"] <= sale["created_at"]]
            sale["balance_after"] = before[-1] if before else 0
        return rows, balance

    def _ledger_lines(self, kind: Kind, joined: int, sales: list[dict[str, Any]]) -> list[tuple[int, int, str, str]]:
        draw = self._random
        debits = [
            (sale["created_at"], -sale["on_account"], f"Sale {sale['receipt_number']}", sale["uuid"])
            for sale in sales
            if sale["on_account"]
        ]
        if kind.khata == "charges":
            for number in range(draw.randint(1, 4)):
                moment = self._moment(joined + (number + 1) * draw.randint(2, 20) * DAY_MICROS)
                debits.append((moment, -draw.randrange(5_000, 90_000, 50), "Goods on account", self._uuid()))
        payments = []
        for moment, signed, _description, _reference in debits:
            share = draw.choice((0, 0, 50, 100, 100, 120))
            if share:
                paid_at = min(
                    self._moment(moment + draw.randint(1, 12) * DAY_MICROS), self._moment(self._now - DAY_MICROS)
                )
                payments.append((paid_at, -signed * share // 100, "Payment received", self._uuid()))
        return debits + payments

    def _log(self, customer_id: int, place: int, joined: int) -> list[dict[str, Any]]:
        if place % 25:
            return []
        note = {"type": "note", "note": "Asked for a printed statement", "reference": None, "created_at": joined}
        return [{"store_id": self._store_id, "customer_id": customer_id, **note}]

    def _phone(self) -> str:
        pattern = self._random.choice(self._place.phones)
        return "".join(self._random.choice(_DIGITS) if char == "#" else char for char in pattern)

    def _moment(self, about: int) -> int:
        """Return a time of whole seconds near another, made unique in the shop by its microseconds."""
        self._made += 1
        return about - about % _SECOND - self._random.randint(0, 36_000) * _SECOND + self._made % _SECOND

    def _uuid(self) -> str:
        self._made += 1
        tail = hashlib.blake2b(self._salt + str(self._made).encode(), digest_size=8).digest()
        return ordered_uuid(_IDS_BEGIN + self._made * 250, tail)

    def _receipt(self, moment: int) -> str:
        day = from_micros(moment + _OFFSETS[self._store_id]).strftime("%Y%m%d")
        self._receipts[day] = count = self._receipts.get(day, 0) + 1
        return f"REC-{day}-{count:03d}"
