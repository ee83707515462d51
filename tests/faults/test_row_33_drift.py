"""Rows come, go, move and share one moment while they are listed: nobody is missed for long, nobody is deleted."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from posapp.domain.ids import RemoteId
from posapp.services.dto import CustomerStatus
from tests.faults.lists import asked_for, lists_customers
from tests.faults.shop import EVERY_SERVER, Shop, a_shop, at
from tests.faults.wire import Asked, Wire
from tests.remote.raw_server import Conversation


def drifting(shop: Shop, draw: random.Random, ids: list[RemoteId], limit: str) -> None:
    """From now on the office adds, deletes and edits between any two pages."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        for _ in range(2):
            match draw.choice(("add", "add", "edit", "edit", "delete")):
                case "add":
                    ids.append(shop.put_customer(f"Drift {len(ids)}"))
                case "edit":
                    shop.office_edits(draw.choice(ids), address=f"Lane {draw.random()}")
                case _:
                    shop.office_deletes(ids.pop(draw.randrange(len(ids))))
        asked_for(limit=limit)(wire, conversation, asked)

    shop.wire.every(lists_customers, fate)


def wrongly_gone(shop: Shop, ids: list[RemoteId]) -> list[RemoteId]:
    """Return who is on the server, was known, and is not live at the till."""
    rows = shop.book.read(lambda session: session.mirror.rows(shop.connection.id, ids))
    return [one for one, row in rows.items() if row.status is not CustomerStatus.LIVE]


def a_drifting_day(shop: Shop, draw: random.Random, count: int, limits: Sequence[str]) -> None:
    """Read all while the office works, and again once it rests: nobody is missed or deleted in the end.

    Args:
        shop: At a server where nobody is yet.
        draw: Decides what the office does.
        count: How many there are at first.
        limits: How long a page may be; the longer, the fewer of them and the less the office does meanwhile.
    """
    ids = [shop.put_customer(f"C{number:03}") for number in range(count)]
    there_at_first = set(ids)
    drifting(shop, draw, ids, draw.choice(limits))
    report = shop.cycle(full=True)
    assert report.problem is None
    missed = [one for one in ids if one in there_at_first and not shop.knows(one)]
    assert missed == []
    assert wrongly_gone(shop, ids) == []
    shop.cycle(full=True)
    assert wrongly_gone(shop, ids) == []
    shop.wire.clear()
    assert shop.cycle(full=True).problem is None
    assert [one for one in ids if not shop.knows(one)] == []
    live = sum(one.status is CustomerStatus.LIVE for one in shop.customers())
    assert live == len(ids)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("offers", ["plain", "extended"])
def test_row_33_nobody_is_missed_or_deleted(tmp_path: Path, offers: str, seed: int) -> None:
    with a_shop(tmp_path, plain=offers == "plain", seeded=0) as shop:
        a_drifting_day(shop, random.Random(seed), 90, ("7", "10", "16"))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("server", EVERY_SERVER)
def test_row_33_nobody_is_missed_or_deleted_at_any_api(tmp_path: Path, server: str, seed: int) -> None:
    with at(tmp_path, server, refresh_limit=0, rolling_refresh=0) as shop:
        a_drifting_day(shop, random.Random(seed), 50, ("12", "18"))


def test_row_33_all_of_one_moment(tmp_path: Path) -> None:
    """A bulk import: hundreds share one moment of creation, more than a page holds."""
    with a_shop(tmp_path, plain=True, seeded=0) as shop:
        ids = [shop.put_customer(f"Tie {number:03}") for number in range(60)]
        moment = {"created_at": "2026-01-01T00:00:00.000000Z"}

        def tied(wire: Wire, conversation: Conversation, asked: Asked) -> None:
            from tests.faults.lists import told  # noqa: PLC0415

            told(lambda _, rows: [{**row, **moment} for row in rows])(wire, conversation, asked)

        shop.wire.every(lists_customers, tied)
        assert shop.cycle(full=True).problem is None
        assert all(shop.knows(one) for one in ids)
