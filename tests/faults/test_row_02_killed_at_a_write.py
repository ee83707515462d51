"""Row 2: killed at any write or flush. The book is whole, and what was told as saved is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disk_till import PAYMENTS, a_home, recorded, reopened, work
from tests.faults.test_row_01_killed_at_each_step import inject


@pytest.mark.parametrize(
    ("call", "number"),
    [("pwrite64", number) for number in (1, 2, 5, 11, 17, 23, 31, 40, 55)]
    + [("fsync,fdatasync", number) for number in (1, 2, 3, 4, 5, 6, 8)],
)
def test_row_02_killed(tmp_path: Path, call: str, number: int) -> None:
    path, customer = a_home(tmp_path / "home")
    told = work(path, customer, *inject(call, number))
    assert {one.ended for one in told} <= {"saved"}
    assert len(told) < PAYMENTS, "it died before the end"
    with reopened(path) as book:
        there = recorded(book)
    saved = [one.operation for one in told]
    assert there[: len(saved)] == saved
    assert len(there) <= len(saved) + 1, "at most the one that was going on"
