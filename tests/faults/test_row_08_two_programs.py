"""Row 8: two programs on one book. The second one only reads and says so; a dead one holds nothing up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.conftest import Posapp
from tests.cli.process import PASSPHRASE, environment

HOLDING = """
import sys
from pathlib import Path
from posapp.app import open_till
with open_till(Path(sys.argv[1]), passphrase=lambda: sys.argv[2], keyring=False) as app:
    assert not app.read_only
    print("open", flush=True)
    sys.stdin.read()
"""


@contextmanager
def open_elsewhere(posapp: Posapp) -> Iterator[subprocess.Popen[str]]:
    """Let another process have the till open."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(posapp.home), PASSPHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        text=True,
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        yield other


def test_row_08_the_second_one_reads(posapp: Posapp) -> None:
    customer = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    with open_elsewhere(posapp):
        assert posapp.ok("find", "asha")["count"] == 1
        assert posapp.ok("verify")["faults"] == []
        refused = posapp("pay", customer, "5")
        assert (refused.code, refused.error) == (5, "book_in_use")
    posapp.ok("pay", customer, "5")
    assert posapp.ok("verify")["operations"] == 2


def test_row_08_a_dead_one_leaves_no_lock(posapp: Posapp) -> None:
    customer = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    with open_elsewhere(posapp) as other:
        other.kill()
    assert (posapp.home / "book.db-wal").exists(), "it was not closed"
    posapp.ok("pay", customer, "5")
    assert posapp.ok("verify")["operations"] == 2
