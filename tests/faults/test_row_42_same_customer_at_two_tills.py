"""The same customer is added offline at two tills: one record on the server, or a pair that a person is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.services.customers import add_customer
from posapp.services.exchange import exchange, take_part
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.store.exchange.files import FileFolder
from tests.faults.shop import Shop
from tests.faults.wire import Wire
from tests.support.stub import StubServer
from tests.support.tills import EXCHANGE_KEY

PHONES = ("+919820033333", "098200 33333")


class TwoTills:
    """Two tills at one server without a khata of its own to write to, and the folder between them."""

    def __init__(self, first: Shop, second: Shop, folder: Path) -> None:
        self.tills = (first, second)
        self.folder = folder
        folder.mkdir()
        for number, shop in enumerate(self.tills):
            take_part(shop.till, founded=number == 0, name=None)

    def offline(self, *, exchanging: bool = True) -> None:
        """Add her at both, each with a khata that the till keeps, and exchange."""
        self.hers = [self._added(shop, phone) for shop, phone in zip(self.tills, PHONES, strict=True)]
        for shop, customer_id in zip(self.tills, self.hers, strict=True):
            shop.charged(customer_id, 2_500)
        if exchanging:
            self.exchange()

    def exchange(self) -> None:
        for _ in range(2):
            for shop in self.tills:
                exchange(shop.till, FileFolder(self.folder, EXCHANGE_KEY))

    def online(self) -> None:
        """Let the server come back, until nothing waits and everybody has heard everybody."""
        for _ in range(2):
            for shop in self.tills:
                shop.heal()
                shop.cycle(full=True)
            self.exchange()

    def asked(self, shop: Shop) -> list[str]:
        return [item.kind for item in shop.book.read(lambda session: session.inbox.items())]

    def owed(self, shop: Shop) -> int:
        """What all records of her that are live at a till owe, of what tills keep."""
        found = shop.book.read(lambda session: session.customers.resolve(PHONES[0]))
        return -sum(shop.standing(one.id).kept_balance.minor for one in found)

    def _added(self, shop: Shop, phone: str) -> CustomerId:
        profile = Profile(name="Rahima Khatun", phone=phone)
        made = add_customer(shop.till, operation_id=OperationId(new_uuid()), profile=profile)
        return made.recorded.customer.id


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TwoTills]:
    with ExitStack() as open_, StubServer(plain=True, customers=5) as stub:
        shops = []
        for name in ("counter", "stall"):
            shop = Shop(stub, open_.enter_context(Wire(stub.base_url)), tmp_path / name)
            open_.callback(shop.close)
            shops.append(shop)
        yield TwoTills(shops[0], shops[1], tmp_path / "share")


def test_row_42_both_records_are_put_before_a_person(two: TwoTills) -> None:
    two.offline()
    assert [two.asked(shop) for shop in two.tills] == [["duplicate"], ["duplicate"]]
    two.online()
    assert ["duplicate" in two.asked(shop) for shop in two.tills] == [True, True]
    assert [two.owed(shop) for shop in two.tills] == [5_000, 5_000]
    assert [shop.waiting() for shop in two.tills] == [0, 0]


def test_row_42_a_till_that_read_the_servers_two_records_first_asks_as_well(two: TwoTills) -> None:
    two.offline(exchanging=False)
    for shop in (*two.tills, *two.tills):
        shop.heal()
        shop.cycle(full=True)
    assert [two.asked(shop) for shop in two.tills] == [[], []]
    two.online()
    assert [two.asked(shop) for shop in two.tills] == [["duplicate"], ["duplicate"]]
    assert [two.owed(shop) for shop in two.tills] == [5_000, 5_000]


def test_row_42_a_person_makes_them_one_and_the_servers_two_records_stay_named(two: TwoTills) -> None:
    two.offline()
    first, second = two.tills
    (item,) = second.book.read(lambda session: session.inbox.items())
    resolve(second.till, item.id, Decision(Choice.LINK, target=str(item.evidence["other"])))
    two.exchange()
    for shop in two.tills:
        (one,) = shop.book.read(lambda session: session.customers.resolve(PHONES[0]))
        assert shop.standing(one.id).kept_balance.minor == -5_000
    assert two.asked(first) == []
    two.online()
    assert [two.owed(shop) for shop in two.tills] == [5_000, 5_000]
    assert ["duplicate" in two.asked(shop) for shop in two.tills] == [True, True], "the server has two records of her"
    assert [shop.waiting() for shop in two.tills] == [0, 0]


def test_row_42_one_record_on_the_server_is_one_card(two: TwoTills) -> None:
    first, second = two.tills
    remote_id = first.put_customer("Rahima Khatun", phone=PHONES[0])
    first.cycle(full=True)
    first.charged(first.ours(remote_id), 2_500)
    two.exchange()
    assert two.owed(second) == 2_500, "known before the server was read"
    two.online()
    assert [two.owed(shop) for shop in two.tills] == [2_500, 2_500]
    assert [two.asked(shop) for shop in two.tills] == [[], []]
    assert len(second.book.read(lambda session: session.customers.resolve(PHONES[0]))) == 1
