"""Row 7: a damaged page, a book cut short, an emptied log. Never opened as if whole, and the way out is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE, environment

PAGE = 4096


@pytest.fixture
def asha(posapp: Posapp) -> str:
    """A customer with two payments, and a backup that has them."""
    customer = str(posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"])
    posapp.ok("pay", customer, "5")
    posapp.ok("pay", customer, "6")
    return customer


def damaged(book: Path, page: int) -> None:
    with book.open("r+b") as file:
        file.seek(page * PAGE + 100)
        file.write(b"\xff" * 64)


def check_way_out(posapp: Posapp, asha: str, backup: Path) -> None:
    """The damaged file is refused, untouched and kept; the backup brings everything back."""
    broken = (posapp.home / "book.db").read_bytes()
    refused = posapp("pay", asha, "7")
    assert refused.code == 5
    assert "posapp restore" in refused.json["error"]["hint"]
    assert (posapp.home / "book.db").read_bytes() == broken
    aside = Path(posapp.ok("restore", str(backup))["old_book"])
    assert aside.read_bytes() == broken
    assert posapp.ok("customer", "show", asha)["balance"]["minor"] == 1100
    assert posapp.ok("verify")["faults"] == []


@pytest.mark.parametrize("page", [0, 1, 7, -1])
def test_row_07_damaged_page(posapp: Posapp, asha: str, tmp_path: Path, page: int) -> None:
    posapp.ok("backup", str(tmp_path / "backup.db"))
    book = posapp.home / "book.db"
    damaged(book, page % (book.stat().st_size // PAGE))
    check_way_out(posapp, asha, tmp_path / "backup.db")


@pytest.mark.parametrize("left", [0.0, 0.5, 0.99])
def test_row_07_cut_short(posapp: Posapp, asha: str, tmp_path: Path, left: float) -> None:
    posapp.ok("backup", str(tmp_path / "backup.db"))
    book = posapp.home / "book.db"
    os.truncate(book, int(book.stat().st_size * left) // PAGE * PAGE)
    check_way_out(posapp, asha, tmp_path / "backup.db")


DYING = """
import os, signal, sys
from pathlib import Path
from posapp.app import open_till

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.khata import EntryForm, record_entry
with open_till(Path(sys.argv[1]), passphrase=lambda: sys.argv[3], keyring=False) as app:
    for amount in (700, 800):
        form = EntryForm(OperationId(new_uuid()), CustomerId(sys.argv[2]), OperationKind.PAYMENT, Money(amount, "INR"))
        record_entry(app.till, form)
    app.home.book().wait_for_second_copy(10)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_row_07_emptied_log(posapp: Posapp, asha: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", DYING, str(posapp.home), asha, PASSPHRASE], env=environment(), check=False
    )
    assert ran.returncode == -signal.SIGKILL
    log = posapp.home / "book.db-wal"
    assert log.stat().st_size > 0
    os.truncate(log, 0)
    verified = posapp("verify")
    assert verified.code == 5
    assert {fault["kind"] for fault in verified.json["faults"]} == {"cut_tail"}
    (aside,) = posapp.home.glob("second-copy.acts.aside-*")
    assert str(aside) in verified.json["error"]["message"]


def test_row_07_no_log_at_all_is_no_fault(posapp: Posapp, asha: str) -> None:
    (posapp.home / "book.db-wal").write_bytes(b"")
    assert posapp.ok("customer", "show", asha)["balance"]["minor"] == 1100
    assert posapp.ok("verify")["faults"] == []
