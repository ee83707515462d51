"""Tills of one shop tell each other what no server holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.ledger import Direction
from posapp.services.customers import delete_customer, edit_customer
from posapp.services.dto import InboxItem, LineState
from posapp.services.exchange import exchange
from posapp.services.khata_till import NotKhataTill, khata_till
from posapp.services.lookup import explain_balance, explain_points
from posapp.services.owing import owing
from posapp.services.ports.peers import Cursor
from posapp.services.ports.remote import RemoteEntry
from posapp.services.resolving.card import CARD
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.services.reversals import ReversedAlready
from posapp.services.statements import note_printed, statement
from posapp.store.book import open_book
from posapp.store.exchange.files import SUFFIX, FileFolder
from tests.services.counter import PLAIN, REMOTE, fresh, taka
from tests.support.book import KEY, START
from tests.support.tills import EXCHANGE_KEY, ShopTill, everybody, shop_of_tills

Tills = Sequence[ShopTill]


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[Tills]:
    with shop_of_tills(tmp_path, 2) as opened:
        yield opened


def items(till: ShopTill, kind: str) -> list[InboxItem]:
    return [item for item in till.book.read(lambda session: session.inbox.items()) if item.kind == kind]


def card_of(till: ShopTill, customer_id: CustomerId) -> str | None:
    customer = till.book.read(lambda session: session.customers.get(customer_id))
    assert customer is not None
    return customer.card_code


def edit(till: ShopTill, customer_id: CustomerId, **fields: object) -> None:
    named = {"fields": {}, **fields}
    edit_customer(till.till, operation_id=fresh(), customer_id=customer_id, **named)  # type: ignore[arg-type]


def test_a_kept_khata_is_the_same_on_both_tills(tills: Tills) -> None:
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
    assert [row.owed for row in owing(second.till).rows] == [taka(500)]
    assert items(second, "duplicate") == []


def test_points_of_bills_and_what_is_taken_back(tills: Tills) -> None:
    first, second = tills
    customer = first.customer()
    bill = first.sell(customer, 2000, on_account=500).recorded.operation.id
    everybody(tills)
    assert (second.points(customer), second.balance(customer)) == (20, -500)
    assert [bool(line.till) for line in explain_points(second.till, customer).lines] == [True]
    first.reverse(bill)
    everybody(tills)
    assert (second.points(customer), second.balance(customer)) == (0, 0)
    assert owing(second.till).rows == ()
    assert [line.reversed_by is not None for line in explain_balance(second.till, customer).lines] == [True, False]
    with pytest.raises(ReversedAlready):
        first.reverse(bill)


def test_a_folder_of_such_a_name_keeps_nobody_from_exchanging(tills: Tills) -> None:
    first, second = tills
    customer = first.customer()
    first.enter(customer, "charge", 100, confirmed=True)
    first.exchange()
    (second.folder / f"a{SUFFIX}").mkdir()
    (second.folder / first.file.name).write_bytes(first.file.read_bytes())
    assert [one.problem for one in second.exchange().tills] == [None]
    assert second.balance(customer) == -100


def test_half_a_file_is_waited_for_and_nothing_comes_twice(tills: Tills) -> None:
    first, second = tills
    customer = first.customer()
    for amount in (100, 20, 3):
        first.enter(customer, "charge", amount, confirmed=True)
    first.exchange()
    whole = first.file.read_bytes()
    seen = []
    for end in [*range(0, len(whole), 97), len(whole), len(whole)]:
        (second.folder / first.file.name).write_bytes(whole[:end])
        read = second.exchange()
        assert [one.problem for one in read.tills] == [None]
        known = second.book.read(lambda session: session.customers.get(customer))
        seen.append(0 if known is None else second.balance(customer))
    assert seen[-1] == -123
    assert seen == sorted(seen, reverse=True), "it only grows"


def test_an_older_copy_takes_nothing_back(tills: Tills) -> None:
    first, second = tills
    customer = first.customer()
    everybody(tills)
    old = first.file.read_bytes()
    first.enter(customer, "charge", 700)
    everybody(tills)
    (second.folder / first.file.name).write_bytes(old)
    assert [one.taken for one in second.exchange().tills] == [0]
    first.enter(customer, "charge", 50)
    everybody(tills)
    assert second.balance(customer) == -750


@pytest.mark.parametrize("harm", ["gap", "altered", "swapped", "foreign"])
def test_a_harmed_file_is_named_and_the_others_are_read(tmp_path: Path, harm: str) -> None:
    with shop_of_tills(tmp_path, 3) as tills:
        first, second, third = tills
        customer = first.customer()
        everybody(tills)
        for amount in (100, 20, 3):
            first.enter(customer, "charge", amount, confirmed=True)
            first.exchange()
        third.enter(customer, "charge", 5000, confirmed=True)
        third.exchange()
        lines = first.file.read_bytes().splitlines(keepends=True)
        if harm == "gap":
            del lines[-2]
        elif harm == "altered":
            lines[-1] = lines[-1][:-12] + b"AAAAAAAAAAA\n"
        elif harm == "swapped":
            lines[-1] = lines[-1].split(b" ")[0] + b" " + lines[-2].split(b" ")[1]
        else:
            lines[0] = lines[0].replace(b"posapp-exchange 1 ", b"posapp-exchange 1 0000")
        (second.folder / first.file.name).write_bytes(b"".join(lines))
        second.see(third)
        read = {one.till.source: one for one in second.exchange().tills}
        problem = read[first.source].problem
        assert problem is not None
        assert problem.id == {"gap": "exchange_gap", "foreign": "exchange_other_shop"}.get(harm, "exchange_altered")
        assert read[third.source].problem is None
        assert second.balance(customer) in {-5000, -5100, -5120}
        second.see(first)
        assert [one.problem for one in second.exchange().tills] == [None, None]
        assert second.balance(customer) == -5123


def test_the_later_word_holds_in_whatever_order(tills: Tills) -> None:
    first, second = tills
    customer = first.customer(credit_limit=taka(100))
    everybody(tills)
    edit(first, customer, credit_limit=taka(200))
    edit(second, customer, credit_limit=taka(300))
    everybody(tills)
    for till in tills:
        known = till.book.read(lambda session: session.customers.get(customer))
        assert known is not None
        assert known.credit_limit == taka(300)


def test_a_card_that_two_tills_gave_away_stays_with_the_first(tills: Tills) -> None:
    first, second = tills
    early, late = first.customer("Amina"), first.customer("Bashir")
    everybody(tills)
    edit(first, early, card_code="C-7")
    edit(second, late, card_code="C-7")
    everybody(tills)
    assert [card_of(till, early) for till in tills] == ["C-7", "C-7"]
    assert [card_of(till, late) for till in tills] == [None, None]
    assert [len(items(till, "card")) for till in tills] == [1, 1]
    (item,) = items(second, "card")
    offer = second.book.read(lambda session: CARD.offers(session, item))
    assert [one.choice for one in offer] == [Choice.ACCEPT]
    resolve(second.till, item.id, Decision(Choice.ACCEPT))
    edit(first, early, card_code="C-8")
    everybody(tills)
    assert [card_of(till, late) for till in tills] == [None, None], "given up, not waiting for it"
    assert [card_of(till, early) for till in tills] == ["C-8", "C-8"]


def test_one_customer_added_on_two_tills_becomes_one_by_a_person(tills: Tills) -> None:
    first, second = tills
    here, there = first.customer(phone="01711-234567"), second.customer(phone="+880 1711 234567")
    first.enter(here, "charge", 700)
    second.enter(there, "charge", 50)
    everybody(tills)
    (item,) = items(second, "duplicate")
    resolve(second.till, item.id, Decision(Choice.LINK, target=str(item.evidence["other"])))
    everybody(tills)
    assert items(first, "duplicate") == []
    for till in tills:
        (one,) = till.book.read(lambda session: session.customers.resolve("01711234567"))
        assert till.balance(one.id) == -750
        assert [row.owed for row in owing(till.till).rows] == [taka(750)]
    second.enter(one.id, "payment", 750, confirmed=True)
    everybody(tills)
    assert [first.balance(one.id), second.balance(one.id)] == [0, 0]


def test_two_people_of_one_phone_stay_two(tills: Tills) -> None:
    first, second = tills
    first.customer("Amina", phone="01711-234567")
    second.customer("Bashir", phone="01711-234567")
    everybody(tills)
    (item,) = items(second, "duplicate")
    resolve(second.till, item.id, Decision(Choice.SEPARATE))
    everybody(tills)
    assert [items(till, "duplicate") for till in tills] == [[], []]
    assert [len(till.book.read(lambda session: session.customers.resolve("01711234567"))) for till in tills] == [2, 2]


def keyed_in(till: ShopTill, amount: int, *, days: float = 1, reference: str | None = None) -> None:
    """Somebody keys a payment into the server by hand, and this till reads the khata."""
    connection = till.connection
    assert connection is not None
    at = till.clock.now() + timedelta(days=days)
    entry = RemoteEntry(
        RemoteId("k-1"), Direction.CREDIT, taka(amount), taka(amount), "cash, by hand", reference, at, at
    )

    def read(session) -> None:
        session.mirror.replace_entries(connection.id, REMOTE, [entry])
        session.mirror.set_numbers(connection.id, REMOTE, points=None, balance=taka(amount), as_of=till.clock.now())
        for row in session.mirror.rows(connection.id, [REMOTE]).values():
            session.peers.propose_pairs(row.customer_id)

    till.book.write(read)


def test_a_pair_counts_once_on_every_till(tills: Tills) -> None:
    for till in tills:
        till.connect(PLAIN)
    first, second = tills
    customers = [till.on_server() for till in tills]
    first.enter(customers[0], "payment", 400)
    everybody(tills)
    for till, customer in zip(tills, customers, strict=True):
        keyed_in(till, 400)
        assert till.balance(customer) == 800, "nobody has said yet that it is one"
        assert len(items(till, "pair")) == 1
    resolve(second.till, items(second, "pair")[0].id, Decision(Choice.LINK, target="k-1"))
    everybody(tills)
    for till, customer in zip(tills, customers, strict=True):
        assert items(till, "pair") == []
        assert till.balance(customer) == 400
        (line,) = explain_balance(till.till, customer).lines
        assert (line.amount, line.state) == (taka(400), LineState.CONFIRMED)
        assert statement(till.till, customer).closing == taka(400)
        assert till.book.read(lambda session: session.receivables.owing(START.date())).advances == taka(400)


def test_a_pair_that_is_none_is_not_asked_again(tills: Tills) -> None:
    first, _ = tills
    for till in tills:
        till.connect(PLAIN)
    customers = [till.on_server() for till in tills]
    first.enter(customers[0], "payment", 400)
    everybody(tills)
    for till in tills:
        keyed_in(till, 400)
    resolve(first.till, items(first, "pair")[0].id, Decision(Choice.SEPARATE))
    everybody(tills)
    for till, customer in zip(tills, customers, strict=True):
        keyed_in(till, 400)
        assert items(till, "pair") == []
        assert till.balance(customer) == 800


@pytest.mark.parametrize(
    ("amount", "days", "reference"), [(401, 1, None), (400, 3, None), (400, 1, "01980000-0000-7000-8000-000000000000")]
)
def test_what_is_no_pair_is_not_proposed(tills: Tills, amount: int, days: float, reference: str | None) -> None:
    first, _ = tills
    first.connect(PLAIN)
    first.enter(first.on_server(), "payment", 400)
    keyed_in(first, amount, days=days, reference=reference)
    assert items(first, "pair") == []


def test_a_book_that_was_set_back_goes_on_in_a_new_file(tills: Tills, tmp_path: Path) -> None:
    first, second = tills
    customer = first.customer()
    first.enter(customer, "charge", 700)
    everybody(tills)
    first.book.backup(tmp_path / "old.db")
    first.enter(customer, "charge", 50)
    everybody(tills)
    assert second.balance(customer) == -750

    (tmp_path / "again").mkdir()
    shutil.copy(tmp_path / "old.db", tmp_path / "again" / "book.db")
    with open_book(tmp_path / "again" / "book.db", KEY, clock=first.clock) as book:
        back = ShopTill(book, first.clock, tmp_path / "folder-back")
        back.see(first)
        back.see(second)
        back.enter(customer, "payment", 10)
        back.exchange()
        assert back.balance(customer) == -740, "what the old book lost came back from its own file"
        files = {path.name for path in back.folder.glob(f"*{SUFFIX}")}
        assert len(files) == 3
        for name in files - {second.file.name}:
            shutil.copy(back.folder / name, second.folder / name)
        second.exchange()
        assert second.balance(customer) == -740


def test_an_erased_person_leaves_the_files(tills: Tills) -> None:
    first, _ = tills
    customer = first.customer("Rahima Khatun", phone="01711-234567", card_code="C-1")
    everybody(tills)
    delete_customer(first.till, operation_id=fresh(), customer_id=customer, confirmed=True)
    everybody(tills)
    for till in tills:
        assert till.book.read(lambda session: session.customers.resolve("Rahima")) == []
    told = first.book.read(lambda session: session.peers.told(first.source, 0, 100))
    assert "Rahima" not in repr(told)
    read = FileFolder(first.folder, EXCHANGE_KEY).read(first.source, Cursor(), 100)
    assert len(read.facts) == len(told)
    assert "Rahima" not in repr(read.facts)
    assert "01711" not in repr(read.facts)


def test_a_line_that_came_later_than_the_paper_is_marked_on_the_next_one(tills: Tills) -> None:
    first, second = tills
    customer = first.customer()
    everybody(tills)
    first.enter(customer, "charge", 700)
    note_printed(second.till, statement(second.till, customer))
    everybody(tills)
    late = statement(second.till, customer)
    assert [line.late for line in late.lines] == [True]
    note_printed(second.till, late)
    assert [line.late for line in statement(second.till, customer).lines] == [False]


def test_tills_that_exchange_all_keep_the_khata(tills: Tills) -> None:
    first, _ = tills
    customer = first.customer()
    assert khata_till(first.till, "no"), "it takes part in an exchange"
    first.enter(customer, "charge", 5)


def test_a_manager_may_keep_an_entry_at_another_till(counter) -> None:
    customer = counter.customer()
    assert not khata_till(counter.till, "no")
    with pytest.raises(NotKhataTill):
        counter.enter(customer, "charge", 5)
    with pytest.raises(NotKhataTill):
        counter.sell(customer, 500, on_account=5)
    with pytest.raises(DomainError):
        counter.customer("Bashir", opening_balance=taka(5))
    counter.enter(customer, "charge", 5, approved_by="manager")
    counter.sell(customer, 500)
    counter.connect()
    counter.enter(counter.on_server(), "payment", 5)


def test_exchanging_twice_changes_nothing(tills: Tills) -> None:
    first, second = tills
    first.enter(first.customer(), "charge", 700)
    everybody(tills)
    before = [till.file.read_bytes() for till in tills]
    for till in (first, second, first):
        done = exchange(till.till, FileFolder(till.folder, EXCHANGE_KEY))
        assert (done.written, done.taken) == (0, 0)
    assert [till.file.read_bytes() for till in tills] == before
