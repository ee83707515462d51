"""Row 4: a flush fails, once or for ever. What was told of an act is so, and nothing in doubt is entered twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.disk_till import a_home, pay, recorded, reopened, till_of, work

NOT_SAVED = {"disk_failing"}


def failing(when: str) -> tuple[str, ...]:
    quiet = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync")
    return (*quiet, "-e", f"inject=fdatasync,fsync:error=EIO:when={when}")


@pytest.mark.parametrize("when", ["1", "2", "3", "4", "6"])
def test_row_04_once(tmp_path: Path, when: str) -> None:
    path, customer = a_home(tmp_path / "home")
    told = work(path, customer, *failing(when))
    assert {one.ended for one in told} <= {"saved"} | NOT_SAVED, "never left in doubt by one failure"
    with reopened(path) as book:
        there = recorded(book)
        assert there == [one.operation for one in told if one.ended == "saved"]


@pytest.mark.parametrize("when", ["2+", "3+", "5+"])
def test_row_04_for_ever(tmp_path: Path, when: str) -> None:
    path, customer = a_home(tmp_path / "home")
    told = work(path, customer, *failing(when))
    assert {one.ended for one in told} & {"commit_unknown"} or not told
    with reopened(path) as book:
        there = set(recorded(book))
        assert {one.operation for one in told if one.ended == "saved"} <= there
        assert not there & {one.operation for one in told if one.ended in NOT_SAVED}
        for one in told:
            assert pay(till_of(book), customer, one.operation) == "saved"
        assert sorted(recorded(book)) == sorted(one.operation for one in told), "one act each, whatever was there"
