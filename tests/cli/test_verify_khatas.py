"""`posapp verify` beside a server: every khata, side by side where one differs, and what it says when it cannot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Posapp
from tests.support.stub import StubServer


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "server.db"


@pytest.fixture
def stub(database: Path) -> Iterator[StubServer]:
    with StubServer(customers=60, database_url=f"sqlite:///{database}") as server:
        yield server


def test_khatas_proven_altered_held_and_unreachable(posapp: Posapp, stub: StubServer, database: Path) -> None:
    alone = posapp.ok("verify")
    assert alone["server"] is None
    posapp.connect(stub)
    posapp.ok("sync")
    proven = posapp.ok("verify")["server"]
    assert (proven["compared"], proven["proven"], proven["mismatches"]) == (True, proven["of"], [])
    assert proven["of"] > 1
    assert f"{proven['of']} of {proven['of']} khatas proven equal" in posapp("verify", as_json=False).out
    shown = posapp.ok("status")["khatas"]
    assert (shown["proven"], shown["of"], shown["differ"]) == (proven["of"], proven["of"], 0)
    with closing(sqlite3.connect(database)) as connection, connection:
        newest = "(SELECT max(e.id) FROM ledger_entry e JOIN customer c ON c.id = e.customer_id JOIN store s"
        newest += " ON s.id = c.store_id WHERE s.id = 22)"
        connection.execute(f"UPDATE ledger_entry SET amount = amount + 1 WHERE id = {newest}")
    differs = posapp("verify")
    assert (differs.code, differs.error) == (1, "khata_differs")
    (one,) = differs.json["server"]["mismatches"]
    assert one["kind"] == "entry_changed"
    assert one["theirs"]["amount"] == one["ours"]["amount"] + 1
    words = posapp("verify", as_json=False).out
    assert "an entry is not what it was on the server" in words
    assert "on the server: " in words
    held = posapp("--yes", "charge", one["customer"], "1")
    assert (held.code, held.error) == (1, "khata_held")
    posapp.ok("--yes", "pay", one["customer"], "1")
    assert posapp.ok("customer", "show", one["customer"])["proof"]["held"]
    assert "held, nothing new goes on account" in posapp("customer", "show", one["customer"], as_json=False).out
    assert posapp.ok("inbox", "list")["items"][0]["kind"] == "khata_mismatch"
    offline = posapp.ok("verify", "--offline")["server"]
    assert (offline["compared"], offline["reason"], len(offline["mismatches"])) == (False, "offline", 1)
    stub.stop()
    away = posapp("verify")
    assert away.code == 1
    stub.start()


def test_a_server_that_is_away_was_not_compared(posapp: Posapp, stub: StubServer) -> None:
    posapp.connect(stub)
    posapp.ok("sync")
    stub.stop()
    away = posapp("verify")
    assert (away.code, away.error) == (3, "server_unreachable")
    assert (away.json["server"]["compared"], away.json["server"]["proven"]) == (False, 0)
    assert "Not all khatas were compared" in posapp("verify", as_json=False).out
    assert posapp.ok("verify", "--offline")["server"]["compared"] is False
    stub.start()
