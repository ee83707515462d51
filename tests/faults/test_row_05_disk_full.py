"""Row 5: the disk is full. A clear sentence, what was saved is safe, and it goes on once there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId, OperationId, new_uuid
from tests.faults.disk_till import PAYMENTS, Told, a_home, pay, recorded, reopened, till_of, work
from tests.support.full_disk import failing_log_of

REFUSED = {"disk_full", "disk_failing"}
"""SQLite says of a failed write what the system said, but for its log's last step, where it is looked up."""


def check_goes_on(path: Path, customer: CustomerId, told: list[Told]) -> None:
    saved = [one.operation for one in told if one.ended == "saved"]
    assert {one.ended for one in told} <= {"saved"} | REFUSED
    with reopened(path) as book:
        assert recorded(book) == saved
        again = [one.operation for one in told if one.ended != "saved"]
        assert [pay(till_of(book), customer, one) for one in again] == ["saved"] * len(again)
        assert len(recorded(book)) == len(told)


@pytest.mark.parametrize("when", ["3", "9", "20", "30", "40"])
def test_row_05_no_room_once(tmp_path: Path, when: str) -> None:
    path, customer = a_home(tmp_path / "home")
    quiet = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64")
    told = work(path, customer, *quiet, "-e", f"inject=pwrite64:error=ENOSPC:when={when}")
    check_goes_on(path, customer, told)


def test_row_05_the_book_may_not_grow(tmp_path: Path) -> None:
    path, customer = a_home(tmp_path / "home")
    told = work(path, customer, acts=60, pages=2)
    assert "disk_full" in {one.ended for one in told}
    check_goes_on(path, customer, told)


def test_row_05_goes_on_in_the_same_till_once_there_is_room(tmp_path: Path) -> None:
    path, customer = a_home(tmp_path / "home")
    with reopened(path) as book:
        till, ids = till_of(book), [OperationId(new_uuid()) for _ in range(PAYMENTS)]
        assert pay(till, customer, ids[0]) == "saved"
        with failing_log_of(path):
            assert pay(till, customer, ids[1]) == "commit_unknown"
            assert book.read(lambda session: session.customers.get(customer)) is not None
        assert pay(till, customer, ids[1]) == "saved"
        assert recorded(book) == ids[:2]
    with reopened(path) as book:
        assert recorded(book) == ids[:2]
