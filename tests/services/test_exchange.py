"""Tills of one shop tell each other what no server holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from posapp.services.khata import EntryForm
from posapp.services.lookup import explain_balance, explain_points
from tests.services.counter import taka
from tests.support.tills import ShopTill, everybody, shop_of_tills


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[Sequence[ShopTill]]:
    with shop_of_tills(tmp_path, 2) as opened:
        yield opened


def test_a_kept_khata_is_the_same_on_both_tills(tills: Sequence[ShopTill]) -> None:
    first, second = tills
    customer = first.customer(phone="01711 234567", credit_limit=taka(9000), card_code="C-1")
    first.enter(customer, "charge", 700, note="rice")
    everybody(tills)
    assert second.balance(customer) == -700
    second.enter(customer, "payment", 200)
    everybody(tills)
    assert [till.balance(customer) for till in tills] == [-500, -500]
    there = second.book.read(lambda session: session.customers.get(customer))
    assert there is not None
    assert (there.card_code, there.credit_limit) == ("C-1", taka(9000))
    lines = explain_balance(second.till, customer).lines
    assert [(line.amount.minor, bool(line.till)) for line in lines] == [(700, True), (200, False)]
