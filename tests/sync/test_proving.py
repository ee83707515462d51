"""A khata is proven by the engine, and what is changed in this till's copy of it behind its back is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.ledger import Direction
from posapp.services.ports.proofs import KhataProof, ProofReport, ProofState
from posapp.store import driver
from tests.sync.desk import SHOP, Desk, connection_of, quick_settings
from tests.sync.encrypted_book import fresh_book
from tests.sync.fake_clock import FakeClock
from tests.sync.fake_server import EXTENDED, PLAIN, FakeServer

CREDIT, DEBIT = Direction.CREDIT, Direction.DEBIT


class BookDesk(Desk):
    """A desk over an encrypted book whose rows a test can change behind its back."""

    def __init__(self, folder: Path, capabilities: Any = EXTENDED, **settings: Any) -> None:
        self.path = folder / "book.db"
        self.clock = FakeClock()
        self.server = FakeServer(self.clock, capabilities)
        self.connection = connection_of(self.clock, capabilities)
        self.book = fresh_book(folder, SHOP, self.connection, self.clock)
        self.settings = quick_settings(**settings)
        self.engine = self.new_engine()

    def raw(self, sql: str) -> int:
        with closing(driver.connect(self.path, bytes(32), mode="rw")) as connection:
            return int(connection.execute(sql).rowcount)

    def verify(self) -> ProofReport:
        self.clock.pass_time(700)
        report = self.engine.prove_khatas()
        assert report is not None
        return report

    def proof(self, customer_id: Any) -> KhataProof:
        found: KhataProof | None = self.book.read(lambda session: session.proofs.of_customer(customer_id))
        assert found is not None
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[BookDesk]:
    one = BookDesk(tmp_path, proofs_a_cycle=0)
    yield one
    one.book.close()


def with_khata(desk: BookDesk) -> Any:
    remote_id = desk.server.add("Asha", "01711")
    desk.server.post(remote_id, DEBIT, 900, text="rice")
    desk.cycle()
    asha = desk.ours(remote_id)
    desk.pay(asha, 400)
    desk.cycle()
    desk.server.post(remote_id, DEBIT, 30, text="tea")
    desk.cycle()
    return remote_id, asha


def test_a_khata_of_several_tills_is_proven(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    assert desk.proof(asha).state is ProofState.UNPROVEN
    report = desk.verify()
    assert (report.proven, report.of, report.open, report.problem) == (1, 1, 0, None)
    proof = desk.proof(asha)
    assert (proof.state, proof.proven_at, proof.current) == (ProofState.PROVEN, desk.clock.now(), True)
    desk.pay(asha, 5)
    desk.cycle()
    assert not desk.proof(asha).current
    assert desk.verify().proven == 1
    assert desk.proof(asha).current


CHANGES = {
    "amount": "UPDATE remote_entry SET amount = amount + 1 WHERE description = 'rice'",
    "direction": "UPDATE remote_entry SET direction = 'credit' WHERE description = 'rice'",
    "balance_after": "UPDATE remote_entry SET balance_after = 7 WHERE description = 'rice'",
    "description": "UPDATE remote_entry SET description = 'dal' WHERE description = 'rice'",
    "reference": "UPDATE remote_entry SET reference_id = 'x' WHERE description = 'rice'",
    "recorded_at": "UPDATE remote_entry SET recorded_at = recorded_at + 1 WHERE description = 'rice'",
    "occurred_at": "UPDATE remote_entry SET occurred_at = NULL WHERE description = 'rice'",
    "id": "UPDATE remote_entry SET remote_id = 'x' WHERE description = 'rice'",
    "first dropped": "DELETE FROM remote_entry WHERE description = 'rice'",
    "last dropped": "DELETE FROM remote_entry WHERE description = 'tea'",
    "all dropped": "DELETE FROM remote_entry",
    "added": "INSERT INTO remote_entry (record, remote_id, direction, amount, balance_after, description, recorded_at)"
    " SELECT record, 'x', 'credit', 5, 5, '', recorded_at FROM remote_entry LIMIT 1",
    "swapped": "UPDATE remote_entry SET \"row\" = 99 WHERE description = 'rice'",
    "balance shown": "UPDATE remote_record SET balance = balance + 1",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_this_tills_copy_is_named_and_healed_by_acceptance(desk: BookDesk, change: str) -> None:
    remote_id, asha = with_khata(desk)
    assert desk.verify().proven == 1
    assert desk.raw(CHANGES[change])
    report = desk.verify()
    (one,) = report.mismatches
    assert (report.proven, one.customer_id, one.difference["kind"]) == (0, asha, "mirror_changed")
    assert one.difference["ours"] != one.difference["theirs"] or change == "swapped"
    assert desk.inbox() == ["khata_mismatch"]
    assert desk.proof(asha).held
    desk.book.write(lambda session: session.proofs.accept(asha))
    assert desk.verify().proven == 1
    assert desk.entries(remote_id) == desk.server.khatas[remote_id]


def test_a_changed_copy_is_not_hidden_by_what_comes_in_later(desk: BookDesk) -> None:
    remote_id, asha = with_khata(desk)
    assert desk.verify().proven == 1
    desk.raw(CHANGES["amount"])
    desk.pay(asha, 5)
    desk.cycle()
    desk.server.post(remote_id, CREDIT, 10)
    desk.engine.refresh_customer(asha, deadline_seconds=60)
    assert desk.inbox() == ["khata_mismatch"]
    assert desk.verify().mismatches[0].difference["kind"] == "mirror_changed"


def test_a_khata_that_moves_while_it_is_read_is_read_again(desk: BookDesk) -> None:
    remote_id, _ = with_khata(desk)
    read, moves = desk.server.ledger, ["there and back", "on"]

    def moving(which: Any, *, timeout: float | None = None) -> Any:
        move = moves.pop(0) if moves else ""
        if move:
            desk.server.post(which, CREDIT, 3)
        told = list(read(which, timeout=timeout))
        if move == "there and back":
            desk.server.post(which, DEBIT, 3)
        return told

    desk.server.ledger = moving  # type: ignore[method-assign]
    assert desk.verify().proven == 1
    assert len(desk.entries(remote_id)) == 6


def test_nothing_is_said_about_a_khata_while_an_act_is_on_its_way(desk: BookDesk) -> None:
    _, asha = with_khata(desk)
    desk.server.faults.append("broken")
    desk.pay(asha, 5)
    desk.cycle()
    report = desk.verify()
    assert (report.proven, report.open, list(report.mismatches)) == (0, 1, [])
    desk.cycles(3)
    assert desk.verify().proven == 1


def test_a_reading_that_another_one_overtook_accuses_nobody(desk: BookDesk) -> None:
    remote_id, asha = with_khata(desk)
    read, once = desk.server.ledger, [True]

    def overtaken(which: Any, *, timeout: float | None = None) -> Any:
        told = list(read(which, timeout=timeout))
        if once:
            once.clear()
            desk.server.post(which, CREDIT, 3)
            assert desk.engine.refresh_customer(asha, deadline_seconds=60)
        return told

    desk.server.ledger = overtaken  # type: ignore[method-assign]
    desk.engine.refresh_customer(asha, deadline_seconds=60)
    assert desk.inbox() == []
    assert desk.entries(remote_id) == desk.server.khatas[remote_id]


def test_an_own_act_that_vanished_long_after_it_was_confirmed_is_in_doubt_again(desk: BookDesk) -> None:
    remote_id, asha = with_khata(desk)
    mine = [one for one in desk.server.khatas[remote_id] if one.reference_id]
    desk.server.khatas[remote_id] = [one for one in desk.server.khatas[remote_id] if one not in mine]
    assert desk.verify().mismatches[0].difference["kind"] == "own_act_missing"
    assert desk.inbox() == ["lost_effect"]
    assert desk.proof(asha).held


def test_every_cycle_proves_a_few_and_comes_back_to_what_changed(tmp_path: Path) -> None:
    desk = BookDesk(tmp_path, proofs_a_cycle=2)
    people = [desk.server.add(f"C{number}", balance=-100 * number) for number in range(1, 6)]
    counts = []
    for _ in range(4):
        desk.cycle()
        summary = desk.book.read(lambda session: session.proofs.summary())
        counts.append((summary.proven, summary.of))
    assert counts == [(2, 5), (4, 5), (5, 5), (5, 5)]
    desk.server.post(people[0], CREDIT, 40)
    desk.cycle()
    desk.clock.pass_time(11 * 60)
    assert desk.cycle().details["proven"] == 1
    desk.clock.pass_time(13 * 3600)
    assert desk.cycle().details["proven"] == 2
    desk.book.close()


@pytest.mark.parametrize("ledger", [True, False])
def test_a_server_that_is_away_or_keeps_no_khata(tmp_path: Path, ledger: bool) -> None:

    desk = BookDesk(tmp_path, replace(PLAIN, ledger=ledger), proofs_a_cycle=0)
    desk.server.add("Asha", balance=-5)
    desk.cycle(full=True)
    desk.server.offline = True
    report = desk.engine.prove_khatas()
    if ledger:
        assert report is not None
        assert (report.problem, report.proven, report.of) == ("server_unreachable", 0, 1)
    desk.server.offline = False
    again = desk.engine.prove_khatas()
    assert (again is not None and again.proven == 1) == ledger
    summary = desk.book.read(lambda session: session.proofs.summary())
    assert (summary is not None) == ledger
    desk.book.close()
