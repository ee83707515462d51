"""Whatever the tills of a shop do, and however their files are copied about, once all is whole all show the same."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.customer import Profile
from posapp.domain.errors import DomainError
from posapp.services.customers import edit_customer
from posapp.services.lookup import explain_balance, explain_points
from posapp.services.shop import change_shop
from tests.services.counter import fresh, taka
from tests.support.tills import ShopTill, everybody, shop_of_tills

WHICH = st.integers(0, 99)
KINDS = st.sampled_from(["charge", "payment", "opening", "write_off", "payout"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("customer"), WHICH, WHICH),
        st.tuples(st.just("enter"), WHICH, WHICH, KINDS, st.integers(1, 900)),
        st.tuples(st.just("sell"), WHICH, WHICH, st.integers(1, 900)),
        st.tuples(st.just("reverse"), WHICH, WHICH),
        st.tuples(st.just("limit"), WHICH, WHICH, st.integers(0, 900)),
        st.tuples(st.just("card"), WHICH, WHICH, st.sampled_from(["", "C-1", "C-2"])),
        st.tuples(st.just("name"), WHICH, WHICH, st.sampled_from(["Amina", "Bashir"])),
        st.tuples(st.just("terms"), WHICH, st.integers(0, 60)),
        st.tuples(st.just("exchange"), WHICH),
        st.tuples(st.just("see"), WHICH, WHICH, st.floats(0, 1)),
    ),
    min_size=5,
    max_size=30,
)


class Shop:
    """Tills that do as a list of steps says; a step that is not possible is passed over."""

    def __init__(self, tills: list[ShopTill]) -> None:
        self.tills = tills
        self.made = 0
        self.acts: list[tuple[ShopTill, str]] = []

    def step(self, name: str, which: int, *rest) -> None:
        till = self.tills[which % len(self.tills)]
        with suppress(DomainError, IndexError, ZeroDivisionError):
            getattr(self, name)(till, *rest)

    def customer(self, till: ShopTill, _: int) -> None:
        self.made += 1
        till.customer(f"Customer {self.made}")

    def enter(self, till: ShopTill, who: int, kind: str, amount: int) -> None:
        made = till.enter(self.who(till, who), kind, amount, confirmed=True, approved_by="Boss")
        self.acts.append((till, made.operation.id))

    def sell(self, till: ShopTill, who: int, total: int) -> None:
        made = till.sell(self.who(till, who), total, on_account=total // 2, confirmed=True, approved_by="Boss")
        self.acts.append((till, made.recorded.operation.id))

    def reverse(self, till: ShopTill, act: int) -> None:
        mine = [operation for one, operation in self.acts if one is till]
        till.reverse(mine[act % len(mine)])

    def limit(self, till: ShopTill, who: int, minor: int) -> None:
        self.edit(till, who, credit_limit=taka(minor))

    def card(self, till: ShopTill, who: int, code: str) -> None:
        self.edit(till, who, card_code=code)

    def name(self, till: ShopTill, who: int, name: str) -> None:
        self.edit(till, who, fields={"name": name})

    def terms(self, till: ShopTill, days: int) -> None:
        change_shop(till.till, {"terms-days": str(days)})

    def exchange(self, till: ShopTill) -> None:
        till.exchange()

    def see(self, till: ShopTill, which: int, share: float) -> None:
        other = self.tills[which % len(self.tills)]
        if other is not till:
            till.see(other, share)

    def edit(self, till: ShopTill, who: int, **fields) -> None:
        edit_customer(
            till.till, operation_id=fresh(), customer_id=self.who(till, who), fields=fields.pop("fields", {}), **fields
        )

    def who(self, till: ShopTill, which: int) -> str:
        found = sorted(customers(till))
        return found[which % len(found)]


def customers(till: ShopTill) -> dict[str, Profile]:
    found = till.book.read(lambda session: session.customers.resolve("Customer"))
    found = [*found, *till.book.read(lambda session: session.customers.resolve("Amina"))]
    found += till.book.read(lambda session: session.customers.resolve("Bashir"))
    return {one.id: one for one in found}


def shown(till: ShopTill) -> dict[str, object]:
    """Everything that must be the same on all tills."""
    return {
        customer_id: (
            customer.profile,
            customer.card_code,
            customer.credit_limit,
            till.balance(customer_id),
            till.points(customer_id),
            sorted(
                (line.entry_id, line.direction, line.amount, line.reversed_by or "")
                for line in explain_balance(till.till, customer_id).lines
            ),
            sorted((line.occurred_at, line.points) for line in explain_points(till.till, customer_id).lines),
        )
        for customer_id, customer in customers(till).items()
    } | {"terms": till.book.read(lambda session: session.settings.shop()).terms_days}


def recorded(tills) -> dict[str, int]:
    """What the acts of all tills come to, customer by customer, by the acts alone."""
    sums = dict.fromkeys(customers(tills[0]), 0)
    for till in tills:
        ids = [view.operation.id for view in till.operations()]
        for written in till.book.read(lambda session, ids=ids: session.khata.written_by(ids)).values():
            for entry in written.entries:
                sums[entry.customer_id] += entry.effect.minor
    return sums


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(count=st.integers(2, 4), steps=STEPS)
def test_all_tills_show_the_same_in_the_end(count: int, steps) -> None:
    with tempfile.TemporaryDirectory(prefix="exchange-") as home, shop_of_tills(Path(home), count) as tills:
        shop = Shop(list(tills))
        for name, *rest in steps:
            shop.step(name, *rest)
        everybody(tills)
        first, *others = [shown(till) for till in tills]
        assert {who: tills[0].balance(who) or 0 for who in customers(tills[0])} == recorded(tills)
        for other in others:
            assert other == first
        again = [till.exchange() for till in tills]
        assert [(one.written, one.taken) for one in again] == [(0, 0)] * count
        everybody(tills)
        assert [shown(till) for till in tills] == [first] * count
