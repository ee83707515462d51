"""Row 6: the disk takes no writes. The till opens for looking up and says why it records nothing."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Posapp
from tests.cli.test_hostile_home import read_only


def test_row_06_looked_up_and_not_written(posapp: Posapp, tmp_path: Path) -> None:
    customer = posapp.ok("customer", "add", "--name", "Asha Devi")["customer"]["id"]
    posapp.ok("pay", customer, "5")
    with read_only(posapp.home):
        assert posapp.ok("customer", "show", customer)["balance"]["minor"] == 500
        assert posapp.ok("find", "asha")["count"] == 1
        refused = posapp("pay", customer, "6")
        assert (refused.code, refused.error) == (5, "book_read_only")
        posapp.ok("backup", str(tmp_path / "rescued.db"))
    posapp.ok("pay", customer, "6")
    assert posapp.ok("verify")["operations"] == 3
