"""The book checked against itself: whatever is changed behind its back is named."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.ids import EntryId, new_uuid
from posapp.domain.operation import OperationKind, OperationState, operation_hash
from posapp.services.customers import edit_customer
from posapp.services.ports.book import Session
from posapp.services.till import Till, draft
from posapp.services.verification import CHUNK, verify_book
from posapp.store.book import open_book
from posapp.store.connection import writing_engine
from posapp.store.ddl import guards
from posapp.store.tables import CUSTOMER, LEDGER_ENTRY, OPERATION, POINTS_ENTRY, SALE
from tests.services.counter import EXTENDED, PLAIN, Counter, TickingClock, fresh
from tests.support.book import KEY, START, SettableClock, fresh_book

CHAINED = [
    "id", "till_id", "kind", "customer_id", "intent", "actor", "approved_by", "occurred_at", "recorded_at", "reverses",
    "prev_hash", "hash",
]  # fmt: skip
ENTRY = ["customer_id", "operation_id", "kind", "direction", "amount", "occurred_at", "description", "due_on",
         "backdated", "reverses"]  # fmt: skip
POINTS = ["operation_id", "customer_id", "points", "occurred_at"]
BILL = ["customer_id", "total", "discount", "on_account", "paid", "points_redeemed", "points_earned", "receipt_number",
        "occurred_at"]  # fmt: skip
FIELDS = [
    *((OPERATION, name) for name in CHAINED),
    *((LEDGER_ENTRY, name) for name in ENTRY),
    *((POINTS_ENTRY, name) for name in POINTS),
    *((SALE, name) for name in BILL),
]


def a_day(counter: Counter) -> None:
    """One act of every kind, before and with two kinds of server."""
    asha = counter.customer("Asha", card_code="C-1")
    other = counter.customer("Other")
    counter.enter(other, "opening", 900)
    counter.enter(asha, "charge", 700, note="rice", due_on=date(2026, 4, 1))
    paid = counter.enter(asha, "payment", 200, on=date(2026, 2, 20))
    sold = counter.sell(asha, 3000, on_account=1000, receipt_number="R-1")
    spent = counter.redeem(asha, 5)
    edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields={"notes": "x"}, card_code="C-2")
    for one in (paid.operation.id, sold.sale.id, spent.operation.id):
        counter.reverse(one)
    counter.connect(PLAIN)
    known = counter.on_server(points=80)
    counter.sell(known, 2000, points=20, on_account=500)
    counter.connect(EXTENDED)
    counter.sell(known, 4000, points=20, on_account=500, approved_by="Boss")
    counter.enter(known, "write_off", 100)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book at rest after a day."""
    home = tmp_path_factory.mktemp("whole")
    clock = TickingClock()
    with fresh_book(home, clock) as book:
        counter = Counter(book, clock)
        a_day(counter)
        assert verify_book(counter.till).faults == ()
    return home / "book.db"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


class Copy:
    """A copy of a book, to be changed behind its back."""

    def __init__(self, whole: Path, folder: Path) -> None:
        self.path = folder / new_uuid() / "book.db"
        self.path.parent.mkdir()
        shutil.copy(whole, self.path)
        self.engine = writing_engine(self.path, KEY)

    def change(self, *statements: Any) -> None:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # a pragma counts only between two transactions
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
            for guard in guards():
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.split()[2]}")
            for statement in statements:
                connection.execute(statement)
            connection.exec_driver_sql("BEGIN")

    def rows(self, table: sa.Table) -> list[Mapping[str, Any]]:
        with self.engine.connect() as connection:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            found = connection.exec_driver_sql(f"SELECT {columns} FROM {table.name} ORDER BY 1")
            return [dict(row._mapping) for row in found]

    def verify(self):
        self.engine.dispose()
        clock = SettableClock()
        with open_book(self.path, KEY, clock=clock) as book:
            result = verify_book(Till(book, clock, "Mina"))
        shutil.rmtree(self.path.parent)
        return result


@pytest.fixture
def copy(whole: Path, scratch: Path) -> Copy:
    return Copy(whole, scratch)


def other_value(value: Any, draw: Any) -> Any:
    """Return another value of the same sort; for text, one with one character more, less or changed."""
    if isinstance(value, int):
        return value + draw(st.sampled_from([-1, 1, 7, 10**6]))
    if value is None:
        return draw(st.sampled_from(["2026-05-05", "x"]))
    at = draw(st.integers(0, max(len(value) - 1, 0)))
    changed = chr((ord(value[at]) + 1) % 128 or 65) if value else "x"
    return draw(
        st.sampled_from([value + "x", value[:at] + changed + value[at + 1 :]] + ([value[:-1]] if value else []))
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_one_altered_field_is_named(whole: Path, scratch: Path, data: st.DataObject) -> None:
    copy = Copy(whole, scratch)
    table, name = data.draw(st.sampled_from(FIELDS))
    row = data.draw(st.sampled_from(copy.rows(table)))
    key = next(iter(table.primary_key.columns))
    value = 1 - row[name] if name == "backdated" else other_value(row[name], data.draw)
    plain = sa.table(table.name, sa.column(key.name), sa.column(name))
    copy.change(sa.update(plain).where(plain.c[key.name] == row[key.name]).values({name: value}))
    assert copy.verify().faults, f"{table.name}.{name} of {row[key.name]}: {row[name]!r} → {value!r}"


def test_an_act_altered_together_with_its_hash_breaks_the_chain_behind_it(copy: Copy) -> None:
    with open_book(copy.path, KEY, clock=SettableClock()) as book:
        act = book.read(lambda session: session.operations.chain(0, 3))[1]
    forged = replace(act, actor="Somebody else")
    values = {"actor": forged.actor, "hash": operation_hash(forged)}
    copy.change(sa.update(OPERATION).where(OPERATION.c.till_seq == act.till_seq).values(**values))
    assert ("chain", act.till_seq + 1) in [(fault.kind, fault.till_seq) for fault in copy.verify().faults]


@pytest.mark.parametrize("table", [OPERATION, LEDGER_ENTRY, POINTS_ENTRY, SALE], ids=lambda table: table.name)
def test_a_dropped_row_is_named(whole: Path, scratch: Path, table: sa.Table) -> None:
    key = next(iter(table.primary_key.columns))
    first = Copy(whole, scratch)
    rows = first.rows(table)
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        copy = Copy(whole, scratch)
        copy.change(sa.delete(table).where(key == row[key.name]))
        assert copy.verify().faults, f"{table.name} {row[key.name]}"
    first.verify()


def test_a_cut_tail_with_all_its_lines_is_for_the_anchors(whole: Path, scratch: Path) -> None:
    """Chain and sums cannot see it: what remains is a whole shorter book (the second copy and the keychain can)."""
    copy = Copy(whole, scratch)
    last = copy.rows(OPERATION)[-1]
    lines = sa.delete(LEDGER_ENTRY).where(LEDGER_ENTRY.c.operation_id == last["id"])
    copy.change(lines, sa.delete(OPERATION).where(OPERATION.c.till_seq == last["till_seq"]))
    assert copy.verify().faults == ()


@pytest.mark.parametrize("table", [LEDGER_ENTRY, POINTS_ENTRY, SALE], ids=lambda table: table.name)
def test_an_added_row_is_named(copy: Copy, table: sa.Table) -> None:
    row = dict(copy.rows(table)[0])
    create = copy.rows(OPERATION)[0]
    row |= {"id": new_uuid()} if table is LEDGER_ENTRY else {"id": create["id"]} if table is SALE else {}
    row["row"] = 9999
    plain = sa.table(table.name, *(sa.column(name) for name in row))
    copy.change(sa.insert(plain).values(row))
    assert copy.verify().faults


def test_a_line_of_no_act_is_named(copy: Copy) -> None:
    row = dict(copy.rows(LEDGER_ENTRY)[0]) | {"id": EntryId(new_uuid()), "row": 9999, "operation_id": new_uuid()}
    plain = sa.table("ledger_entry", *(sa.column(name) for name in row))
    copy.change(sa.insert(plain).values(row))
    (fault,) = copy.verify().faults
    assert (fault.kind, fault.till_seq, fault.operation_id) == ("stray", 0, row["operation_id"])


def test_swapped_acts_are_named(copy: Copy) -> None:
    seq = OPERATION.c.till_seq
    copy.change(
        sa.update(OPERATION).where(seq == 3).values(till_seq=999),
        sa.update(OPERATION).where(seq == 4).values(till_seq=3),
        sa.update(OPERATION).where(seq == 999).values(till_seq=4),
    )
    assert {fault.till_seq for fault in copy.verify().faults} >= {3, 4}


def test_swapped_lines_are_named(copy: Copy) -> None:
    one, other = copy.rows(LEDGER_ENTRY)[:2]
    row, act = LEDGER_ENTRY.c.row, LEDGER_ENTRY.c.operation_id
    copy.change(
        sa.update(LEDGER_ENTRY).where(row == one["row"]).values({act: other["operation_id"]}),
        sa.update(LEDGER_ENTRY).where(row == other["row"]).values({act: one["operation_id"]}),
    )
    assert len(copy.verify().faults) == 2


def test_a_khata_moved_to_somebody_else_is_named(copy: Copy) -> None:
    other = copy.rows(CUSTOMER)[1]["id"]
    copy.change(sa.update(LEDGER_ENTRY).values(customer_id=other), sa.update(POINTS_ENTRY).values(customer_id=other))
    assert {fault.kind for fault in copy.verify().faults} == {"line", "points"}


def test_nonsense_is_named_and_the_rest_is_checked(copy: Copy) -> None:
    intent = sa.table("operation", sa.column("till_seq"), sa.column("intent"), sa.column("actor"))
    copy.change(
        sa.update(intent).where(intent.c.till_seq == 2).values(intent="{"),
        sa.update(intent).where(intent.c.till_seq == 5).values(intent="[]"),
        sa.update(intent).where(intent.c.till_seq == 7).values(actor="Somebody"),
    )
    found = {(fault.till_seq, fault.kind) for fault in copy.verify().faults}
    assert {(2, "unreadable"), (5, "unreadable"), (7, "altered")} <= found


def test_a_book_longer_than_a_chunk_is_whole(counter: Counter) -> None:
    asha = counter.customer()

    def many(session: Session) -> None:
        for number in range(CHUNK + 1):
            change = {"local": {"credit_limit": number}}
            made = draft(counter.till, fresh(), OperationKind.CUSTOMER_EDIT, asha, change, occurred_at=START)
            session.operations.record(made, state=OperationState.KEPT, recorded_at=START)

    assert verify_book(counter.till).operations == 1
    counter.book.write(many)
    checked = verify_book(counter.till)
    assert (checked.operations, checked.faults) == (CHUNK + 2, ())


def test_an_empty_book_is_whole(counter: Counter) -> None:
    checked = verify_book(counter.till)
    assert (checked.operations, checked.head, checked.faults) == (0, "", ())
