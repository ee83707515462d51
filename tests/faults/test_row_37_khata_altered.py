"""Row 37: an entry of the server's khata vanishes, changes or stands twice; it is named, and the khata is held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId, InboxId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind, OperationState
from posapp.domain.policy import KhataHeld
from posapp.services.khata import EntryForm, record_entry
from posapp.services.ports.proofs import ProofReport
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.services.sales import SaleForm, record_sale
from posapp.services.till import Till
from tests.support.stub import StubServer
from tests.sync.stub_desk import StubDesk

K = OperationKind
FIRST, LAST = "ORDER BY id LIMIT 1", "ORDER BY id DESC LIMIT 1"


class Khata(StubDesk):
    """A till and one customer's khata on a server whose database somebody can reach."""

    def __init__(self, stub: StubServer, folder: Path, database: Path) -> None:
        super().__init__(stub, folder, proofs_a_cycle=0)
        self._database = database
        self.till = Till(self.book, self.clock, "asha")
        self.remote_id = self.put_customer("Asha")
        self.office_posts("debit", 90_000)
        self.cycle()
        self.asha: CustomerId = self.ours(self.remote_id)
        self.paid = self.act(K.PAYMENT, 40_000)
        self.office_posts("debit", 1_000)
        self.cycle()
        assert self.verify().proven == 1

    def office_posts(self, kind: str, amount: int) -> None:
        body = {"type": kind, "amount": amount, "description": "theirs", "reference_id": new_uuid()}
        self.office.post(f"/api/v1/customers/{self.remote_id}/ledger", json=body).raise_for_status()

    def act(self, kind: OperationKind, minor: int, *, approved_by: str | None = None) -> OperationId:
        form = EntryForm(
            OperationId(new_uuid()), self.asha, kind, Money(minor, "INR"), note="ours", confirmed=True,
            approved_by=approved_by,
        )  # fmt: skip
        record_entry(self.till, form)
        self.cycle()
        return form.operation_id

    def verify(self) -> ProofReport:
        self.clock.pass_time(700)
        report = self.engine.prove_khatas()
        assert report is not None
        return report

    def tamper(self, sql: str) -> None:
        with closing(sqlite3.connect(self._database)) as connection, connection:
            customer = connection.execute("SELECT id FROM customer WHERE uuid = ?", (self.remote_id,)).fetchone()[0]
            assert connection.execute(sql.replace(":hers", str(customer))).rowcount == 1

    def found(self) -> tuple[str, dict[str, object] | None, dict[str, object] | None]:
        report = self.verify()
        assert report.problem is None
        assert (report.proven, report.of) == (0, 1)
        (one,) = report.mismatches
        assert one.customer_id == self.asha
        ours, theirs = one.difference["ours"], one.difference["theirs"]
        return str(one.difference["kind"]), ours, theirs  # type: ignore[return-value]

    def is_held(self) -> bool:
        with pytest.raises(KhataHeld):
            self.act(K.CHARGE, 500)
        form = SaleForm(OperationId(new_uuid()), self.asha, Money(500, "INR"), Money(500, "INR"), confirmed=True)
        with pytest.raises(KhataHeld):
            record_sale(self.till, None, form)
        return self.book.read(lambda session: session.proofs.is_held(self.asha))

    def decide(self, choice: Choice) -> None:
        items = self.book.read(lambda session: session.inbox.items())
        (item,) = [one for one in items if one.kind == "khata_mismatch"]
        resolve(self.till, InboxId(item.id), Decision(choice, "the office says so", "", "manager"))
        self.cycle()


@pytest.fixture
def khata(tmp_path: Path) -> Iterator[Khata]:
    database = tmp_path / "server.db"
    with StubServer(database_url=f"sqlite:///{database}") as stub:
        desk = Khata(stub, tmp_path, database)
        yield desk
        desk.close()


def one(where: str, order: str) -> str:
    return f"(SELECT id FROM ledger_entry WHERE customer_id = :hers AND {where} {order})"


FOREIGN, OWN = "description = 'theirs'", "description = 'ours'"


def test_row_37_an_entry_of_others_vanishes(khata: Khata) -> None:
    khata.tamper(f"DELETE FROM ledger_entry WHERE id = {one(FOREIGN, LAST)}")
    kind, ours, theirs = khata.found()
    assert (kind, theirs) == ("seen_entry_missing", None)
    assert ours is not None
    assert (ours["type"], ours["amount"]) == ("debit", 1_000)
    assert khata.is_held()
    assert khata.inbox() == ["khata_mismatch"]
    khata.act(K.PAYMENT, 700)
    khata.act(K.CHARGE, 700, approved_by="manager")
    assert khata.found()[0] == "seen_entry_missing"
    khata.decide(Choice.ACCEPT)
    assert khata.inbox() == []
    khata.cycle()
    assert khata.verify().proven == 1


@pytest.mark.parametrize(
    "change", ["amount = amount + 1", "type = 'credit'", "balance_after = 5", "description = 'x'", "occurred_at = 5"]
)
def test_row_37_an_entry_of_others_changes(khata: Khata, change: str) -> None:
    khata.tamper(f"UPDATE ledger_entry SET {change} WHERE id = {one(FOREIGN, FIRST)}")
    kind, ours, theirs = khata.found()
    assert kind == "entry_changed"
    assert ours != theirs
    assert khata.is_held()
    khata.decide(Choice.ACCEPT)
    assert khata.verify().proven == 1
    khata.office_posts("debit", 50)
    assert khata.verify().proven == 1


def test_row_37_a_change_is_found_when_the_card_is_opened(khata: Khata) -> None:
    khata.tamper(f"UPDATE ledger_entry SET amount = amount + 1 WHERE id = {one(FOREIGN, FIRST)}")
    seen = khata.entries(khata.remote_id)
    khata.engine.refresh_customer(khata.asha, deadline_seconds=60)
    assert khata.inbox() == ["khata_mismatch"]
    assert khata.entries(khata.remote_id) == seen
    assert khata.is_held()


def test_row_37_a_server_that_was_mended_is_proven_again(khata: Khata) -> None:
    khata.tamper(f"UPDATE ledger_entry SET amount = amount + 1 WHERE id = {one(FOREIGN, FIRST)}")
    assert khata.found()[0] == "entry_changed"
    khata.tamper(f"UPDATE ledger_entry SET amount = amount - 1 WHERE id = {one(FOREIGN, FIRST)}")
    assert khata.verify().proven == 1
    assert khata.inbox() == []
    khata.act(K.CHARGE, 500)


def test_row_37_an_act_of_this_till_vanishes(khata: Khata) -> None:
    khata.tamper(f"DELETE FROM ledger_entry WHERE id = {one(OWN, FIRST)}")
    kind, ours, theirs = khata.found()
    assert (kind, theirs) == ("own_act_missing", None)
    assert ours is not None
    assert ours["reference"] == khata.paid
    assert khata.is_held()
    assert khata.inbox() == ["lost_effect"]
    assert khata.state(khata.paid) is OperationState.NEEDS_HUMAN
    assert khata.found()[0] == "own_act_missing"


def test_row_37_an_entry_stands_twice(khata: Khata) -> None:
    columns = "store_id, customer_id, type, amount, description, request_hash, occurred_at, created_at"
    khata.tamper(
        f"INSERT INTO ledger_entry (uuid, reference_id, balance_after, {columns}) SELECT '{new_uuid()}',"
        f" '{new_uuid()}', balance_after, {columns} FROM ledger_entry WHERE id = {one(FOREIGN, FIRST)}"
    )
    assert khata.found()[0] in {"chain_broken", "balance_differs"}
    assert khata.is_held()


def test_row_37_an_act_of_this_till_stands_twice(khata: Khata) -> None:
    copied = "customer_id, type, amount, description, reference_id, occurred_at"
    khata.tamper(
        f"INSERT INTO ledger_entry (uuid, store_id, balance_after, created_at, {copied}) SELECT '{new_uuid()}',"
        " (SELECT id FROM store WHERE id <> store_id), -11000, (SELECT max(created_at) + 1 FROM ledger_entry),"
        f" {copied} FROM ledger_entry WHERE id = {one(OWN, FIRST)}"
    )
    khata.tamper("UPDATE customer SET ledger_balance = ledger_balance + 40000 WHERE id = :hers")
    kind, ours, theirs = khata.found()
    assert kind == "own_act_twice"
    assert theirs is not None
    assert (ours, theirs["amount"]) == ({"reference": khata.paid, "type": "credit", "amount": 40_000}, 40_000)
    assert khata.is_held()
    khata.decide(Choice.CHARGE)
    assert khata.verify().proven == 1
    assert khata.seen(khata.remote_id)["ledger_balance"] == -51_000


def test_row_37_a_balance_that_nothing_leads_to(khata: Khata) -> None:
    khata.tamper("UPDATE customer SET ledger_balance = ledger_balance - 7 WHERE id = :hers")
    kind, ours, theirs = khata.found()
    assert kind == "balance_differs"
    assert ours is not None
    assert theirs is not None
    assert int(str(ours["balance"])) - int(str(theirs["balance"])) == 7
    assert khata.is_held()
