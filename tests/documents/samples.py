"""Statements and slips to print: short, empty, long, of every script, with everything that can be marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from posapp.domain.ageing import Ageing
from posapp.domain.ids import CustomerId, EntryId
from posapp.domain.ledger import Direction, EntryKind, signed
from posapp.domain.messages import Message
from posapp.domain.money import Money
from posapp.domain.slip import Slip, SlipLine
from posapp.domain.statement import Statement, StatementLine

FIRST = date(2026, 10, 1)
PRINTED = datetime(2026, 10, 31, 18, 42, tzinfo=UTC)

Entry = tuple[EntryKind, Direction, int, str]


def ageing_of(balance: Money, day: date) -> Ageing:
    """Spread a balance over the buckets."""
    zero = Money(0, balance.currency)
    owed = max(-balance.minor, 0)
    parts = [owed // 2, owed // 4, owed // 8, 0]
    rest = Money(owed - sum(parts), balance.currency)
    current, month, two, three = (Money(part, balance.currency) for part in parts)
    return Ageing(day, current, month, two, three, rest, max(balance, zero), zero, None)


def statement(
    entries: list[Entry],
    *,
    unsent: int = 0,
    opening: int = -50_000,
    currency: str = "INR",
    **fields: object,
) -> Statement:
    """Return a statement that adds up; the last `unsent` entries wait."""
    balance = Money(opening, currency)
    lines = []
    for number, (kind, direction, minor, words) in enumerate(entries):
        amount = Money(minor, currency)
        balance += signed(direction, amount)
        lines.append(
            StatementLine(
                entry_id=EntryId(f"e{number}"),
                day=FIRST + timedelta(days=number * 30 // max(len(entries), 1)),
                reference=f"R-{1001 + number}",
                kind=kind,
                description=words,
                direction=direction,
                amount=amount,
                balance=balance,
            )
        )
    cut = len(lines) - unsent
    made = Statement(
        customer_id=CustomerId("c1"),
        customer_name="Rahima Begum",
        phone="+880 1711-000001",
        address="House 12, Road 7\nDhanmondi, Dhaka",
        shop_name="Corner Stores",
        first=FIRST,
        last=date(2026, 10, 31),
        printed_at=PRINTED,
        opening=Money(opening, currency),
        lines=tuple(lines[:cut]),
        unsent=tuple(lines[cut:]),
        closing=balance,
        ageing=ageing_of(balance, date(2026, 10, 31)),
        points=1240,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def many(count: int, **fields: object) -> Statement:
    """Return a statement of sales and payments."""
    goods = [
        "Rice 25 kg and mustard oil",
        "",
        "Atta, sugar, tea",
        "Monthly groceries for the canteen on the first floor",
    ]
    entries: list[Entry] = [
        (EntryKind.PAYMENT, Direction.CREDIT, 45_000 + number * 13, "")
        if number % 5 == 4
        else (EntryKind.SALE, Direction.DEBIT, 12_550 + number * 7, goods[number % 4])
        for number in range(count)
    ]
    return statement(entries, **fields)  # type: ignore[arg-type]


def marked() -> Statement:
    """Return a statement with a late, a dated back and a reversing line, and two that wait."""
    made = many(9, unsent=2)
    lines = list(made.lines)
    lines[1] = replace(lines[1], late=True, description="Rice 25 kg")
    lines[3] = replace(lines[3], backdated=True)
    lines[5] = replace(lines[5], kind=EntryKind.REVERSAL, reverses=True, description="Sale R-1003 was keyed twice")
    lines[6] = replace(lines[6], kind=None, description="", late=True, backdated=True)
    return replace(made, lines=tuple(lines))


def scripts() -> list[Statement]:
    """Return a statement each in Bengali, Hindi, Urdu and all of them."""
    sale, paid, debit, credit = EntryKind.SALE, EntryKind.PAYMENT, Direction.DEBIT, Direction.CREDIT
    return [
        statement(
            [
                (sale, debit, 1_250_00, "চাল ২৫ কেজি, সরিষার তেল"),
                (paid, credit, 500_00, "নগদ"),
                (sale, debit, 99_50, "ক্ষুদ্র পণ্য"),
            ],
            currency="BDT",
            customer_name="রহিমা বেগম",
            shop_name="মা স্টোর্স",
            address="বাড়ি ১২, সড়ক ৭\nধানমন্ডি, ঢাকা",
        ),
        statement(
            [
                (sale, debit, 1_250_00, "चावल २५ किलो और सरसों का तेल"),
                (paid, credit, 5_00_000_00, "नकद"),
                (sale, debit, 1, "छुट्टे"),
            ],
            unsent=1,
            customer_name="श्रीमती विद्या क्षत्रिय",
            shop_name="शर्मा किराना भंडार",
            address="मकान १२, गली ७\nकरोल बाग, दिल्ली",
        ),
        statement(
            [
                (sale, debit, 1_250_00, "چاول ۲۵ کلو اور سرسوں کا تیل"),
                (paid, credit, 500_00, "نقد وصولی"),
                (sale, debit, 12_00, "چائے (۲ ڈبے)"),
            ],
            unsent=1,
            currency="PKR",
            customer_name="محمد رحیم بخش",
            phone="۰۳۰۰ ۱۲۳۴۵۶۷",
            shop_name="رحمت جنرل اسٹور",
            address="مکان ۱۲، گلی ۷\nگلبرگ، لاہور",
        ),
        statement(
            [
                (sale, debit, 12_34_56_789_00, "রহিমা Rahima (رحیم) विद्या"),
                (paid, credit, 98_76_54_321_50, "Cash ₹500 + ৳500, ۵۰۰ روپے"),
                (EntryKind.CHARGE, debit, 10**14, "Tea 😀 and தமிழ் and \u202eturned\u0007"),
            ],
            customer_name="রহিমা Rahima Traders (رحیم) " + "long " * 20,
            shop_name="Big Bazaar বড় বাজার",
            points=None,
        ),
    ]


def slip() -> Slip:
    """Return a slip for a payment."""
    return Slip(
        shop_name="Corner Stores",
        title=Message("Payment received"),
        customer_name="রহিমা বেগম",
        phone_end="0001",
        number="P-1042",
        at=PRINTED,
        groups=(
            (
                SlipLine(Message("You paid"), Money(4_500_00, "BDT"), strong=True),
                SlipLine(Message("By"), Message("Cash")),
            ),
            (
                SlipLine(Message("You owed before"), Money(12_000_00, "BDT")),
                SlipLine(Message("You owe now"), Money(7_500_00, "BDT"), strong=True),
                SlipLine(Message("Points"), 1240),
            ),
        ),
        footer=(Message("Saved on this till; it goes to the server by itself."), Message("Thank you. ধন্যবাদ।")),
    )
