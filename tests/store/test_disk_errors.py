"""What a failing disk leads to: the right sentence, and a writer that goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posapp.domain.errors import CommitUnknown, StoreCorrupt, StoreUnavailable
from posapp.store import driver, errors
from tests.support.book import fresh_book

PATH = Path("book.db")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (13, errors.DiskFull),
        (8, errors.BookReadOnly),
        (10 | (3 << 8), errors.DiskFailing),
        (11, StoreCorrupt),
        (26, errors.WrongKey),
        (5, errors.BookBusy),
        (6, errors.BookBusy),
        (14, StoreUnavailable),
        (19 | (8 << 8), errors.RuleBroken),
    ],
)
def test_each_code_of_the_database_has_its_sentence(code: int, kind: type[Exception]) -> None:
    error = driver.MODULE.OperationalError("from the disk")
    error.sqlite_errorcode = code
    assert type(errors.translated(error, PATH)) is kind


def test_an_error_at_the_last_step_is_not_called_a_failure() -> None:
    error = driver.MODULE.OperationalError("disk I/O error")
    error.sqlite_errorcode = 10 | (4 << 8)
    assert type(errors.translated(error, PATH, committing=True)) is CommitUnknown


def test_what_is_not_the_disks_comes_back_as_it_is() -> None:
    error = ValueError("ours")
    assert errors.translated(error, PATH) is error


LIMITED = """
import resource, signal, sys
from pathlib import Path
from posapp.store.book import open_book
from posapp.domain.errors import CommitUnknown
from posapp.store.errors import DiskFailing
from tests.support.book import KEY, SettableClock
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
with open_book(path, KEY, clock=SettableClock()) as book:
    book.write(lambda session: session.settings.set_value("before", "x"))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name("book.db-wal").stat().st_size + 100, hard))
    try:
        book.write(lambda session: session.settings.set_value("lost", "x"))
    except (CommitUnknown, DiskFailing) as error:
        print(error.id)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(book.read(lambda session: session.settings.value("before")))
    book.write(lambda session: session.settings.set_value("after", "y"))
    print(book.read(lambda session: session.settings.value("after")))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_an_error_at_commit_is_said_and_the_next_act_goes_on_a_fresh_connection(tmp_path: Path) -> None:
    with fresh_book(tmp_path / "home") as book:
        path = book.path
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines() == ["commit_unknown", "x", "y"]
    assert ended.stderr == ""
