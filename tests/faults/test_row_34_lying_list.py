"""A list that ignores its limit or its page, repeats itself, never ends, or lies about its length."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from posapp.services.dto import CustomerStatus
from tests.faults.lists import Rows, announcing, asked_for, lists_customers, told
from tests.faults.shop import EVERY_SERVER, Shop, at, extended_shop, shop

__all__ = ["extended_shop", "shop"]

_IDS = count(1)


def live(shop: Shop) -> int:
    """Return how many customers can be found at the till."""
    return sum(one.status is CustomerStatus.LIVE for one in shop.customers())


def nobody_went(shop: Shop, before: int) -> None:
    """Once the server tells the truth again, everybody who was there is there still."""
    assert live(shop) >= before
    shop.wire.clear()
    shop.clock.pass_time(60)
    assert shop.cycle(full=True).problem is None
    assert live(shop) >= before


@pytest.mark.parametrize("limit", ["1", "7"])
def test_row_34_a_limit_that_is_not_kept(shop: Shop, limit: str) -> None:
    before = live(shop)
    newest = shop.put_customer("Newest of all")
    shop.wire.every(lists_customers, asked_for(limit=limit))
    assert shop.cycle(full=True).problem is None
    assert shop.knows(newest)
    assert live(shop) == before + 1
    assert shop.inbox() == []


def test_row_34_a_page_that_is_not_kept(shop: Shop) -> None:
    before = live(shop)
    shop.wire.every(lists_customers, asked_for(limit="7", page="1"))
    assert shop.cycle(full=True).problem == "list_repeats"
    nobody_went(shop, before)


def test_row_34_one_page_comes_twice(shop: Shop) -> None:
    before = live(shop)
    shop.wire.every(lambda asked: lists_customers(asked) and "page=3" in asked.path, asked_for(limit="7", page="2"))
    shop.wire.every(lists_customers, asked_for(limit="7"))
    assert shop.cycle(full=True).problem == "list_repeats"
    nobody_went(shop, before)


@pytest.mark.parametrize("offers", ["list", "changes"])
def test_row_34_a_list_that_never_ends(extended_shop: Shop, offers: str) -> None:
    shop = extended_shop
    before = live(shop)
    shop.settings = quicker(shop)
    shop.engine = shop.new_engine(shop.in_flight)
    wanted = "updated_since" if offers == "changes" else "sort="
    shop.wire.every(lambda asked: lists_customers(asked) and wanted in asked.path, told(endless))
    report = shop.cycle(full=True)
    assert report.problem == "list_endless"
    assert len(shop.wire.asked) < 200
    shop.wire.clear()
    shop.cycle()
    assert live(shop) >= before


def quicker(shop: Shop) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(shop.settings, most_pages=30)


def endless(_page: int, rows: Rows) -> Rows:
    """Strangers up to a hundred, whatever was asked for."""
    made = next(_IDS)
    moment = f"2030-01-01T{made // 3600 % 24:02}:{made // 60 % 60:02}:{made % 60:02}Z"
    return [
        *rows,
        *(
            {**_SAMPLE, "id": f"00000000-0000-4000-8000-{made:06}{n:06}", "updated_at": moment, "created_at": moment}
            for n in range(100 - len(rows))
        ),
    ]


_SAMPLE = {
    "name": "Nobody",
    "email": None,
    "phone": None,
    "address": None,
    "notes": None,
    "tags": [],
    "loyalty_points": 0,
    "total_spent": 0,
    "total_orders": 0,
    "ledger_balance": 0,
}


def test_row_34_ids_that_come_on_several_pages(shop: Shop) -> None:
    before = live(shop)
    first = shop.office.get("/api/v1/customers?sort=created_at&order=ASC&limit=3").json()
    shop.wire.every(
        lambda asked: lists_customers(asked) and "sort=" in asked.path,
        told(lambda _, rows: [*rows, *first] if rows else []),
    )
    shop.cycle(full=True)
    nobody_went(shop, before)


@pytest.mark.parametrize(
    ("total", "asks"), [("999999999", []), ("-3", []), ("many", []), ("0", ["suspects"]), ("20", ["suspects"])]
)
def test_row_34_a_length_that_is_not_so(extended_shop: Shop, total: str, asks: list[str]) -> None:
    shop = extended_shop
    before = live(shop)
    shop.wire.every(lists_customers, told(lambda _, rows: rows, **{"x-total-count": total}))
    assert shop.cycle(full=True).problem is None
    assert shop.inbox() == asks
    nobody_went(shop, before)


def test_row_34_a_list_that_lost_its_end(shop: Shop) -> None:
    before = live(shop)
    shop.wire.every(lists_customers, told(lambda page, rows: rows[: len(rows) // 3]))
    assert shop.cycle(full=True).details["suspects"] > 20
    assert shop.inbox() == ["suspects"]
    nobody_went(shop, before)


# At the other APIs


@pytest.mark.parametrize("server", EVERY_SERVER)
@pytest.mark.parametrize("limit", ["1", "4"])
def test_row_34_a_limit_that_no_api_keeps(tmp_path: Path, server: str, limit: str) -> None:
    with at(tmp_path, server) as shop:
        shop.wire.every(lists_customers, asked_for(limit=limit))
        ids = [shop.put_customer(f"Somebody {number}") for number in range(9)]
        assert shop.cycle(full=True).problem is None
        assert all(shop.knows(one) for one in ids)
        assert live(shop) == 9
        assert shop.inbox() == []


LIES = {
    "a page that is not kept": asked_for(limit="4", page="1"),
    "the end is lost": told(lambda _, rows: rows[: len(rows) // 3]),
    "rows that come again": told(lambda page, rows: [*rows[1:], rows[0]] if page > 1 and rows else rows[:4]),
    "nobody is announced": announcing(0),
    "a few are announced": announcing(2),
    "many are announced": announcing(999_999_999),
}


@pytest.mark.parametrize("server", EVERY_SERVER)
@pytest.mark.parametrize("lie", LIES)
def test_row_34_nobody_goes_for_any_apis_lie(tmp_path: Path, server: str, lie: str) -> None:
    with at(tmp_path, server, people=9) as shop:
        before = live(shop)
        shop.wire.every(lists_customers if "announced" not in lie else lambda asked: not asked.writes, LIES[lie])
        shop.cycle(full=True)
        nobody_went(shop, before)
        shop.same_people()
