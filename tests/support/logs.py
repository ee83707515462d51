"""A pytest plugin: a log record at WARNING or above that no test asked for fails the test it came up in.

Every logger counts, ours and the libraries', whether it propagates or not, in every thread. A test that takes `caplog`
looks for itself. Another whose subject logs says so:

    @pytest.mark.logs("posapp.sync", "server went away")

names a logger (and those below it) and a regular expression that is searched in the message; it may come once, often or
never. A record that comes between two tests is charged to the next one.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

MARKER = "logs(logger, pattern='', level=logging.CRITICAL): records at WARNING and up to `level` that a test expects"


class Watch:
    """Keeps the records that were made since it was last asked."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self.make = make
        self._records: list[logging.LogRecord] = []
        self._guard = threading.Lock()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self.make(*args, **kwargs)
        if record.levelno >= logging.WARNING:
            with self._guard:
                self._records.append(record)
        return record

    def taken(self) -> list[logging.LogRecord]:
        with self._guard:
            records, self._records = self._records, []
        return records


_WATCH = pytest.StashKey[Watch]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    watch = Watch(logging.getLogRecordFactory())
    logging.setLogRecordFactory(watch)
    config.stash[_WATCH] = watch


def pytest_unconfigure(config: pytest.Config) -> None:
    watch = config.stash.get(_WATCH, None)
    if watch is not None:
        logging.setLogRecordFactory(watch.make)


@pytest.fixture(autouse=True)
def stray_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if something was logged that it did not expect."""
    yield
    records = request.config.stash[_WATCH].taken()
    if "caplog" in request.fixturenames:
        return
    expected = [expectation(*mark.args, **mark.kwargs) for mark in request.node.iter_markers("logs")]
    stray = [record for record in records if not any(is_expected(record) for is_expected in expected)]
    if stray:
        lines = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in stray]
        pytest.fail("stray log records:\n" + "\n".join(lines), pytrace=False)


def expectation(logger: str, pattern: str = "", level: int = logging.CRITICAL) -> Callable[[logging.LogRecord], bool]:
    """Return whether a record is what a marker describes."""
    searched = re.compile(pattern)

    def is_expected(record: logging.LogRecord) -> bool:
        return (
            (record.name == logger or record.name.startswith(f"{logger}."))
            and record.levelno <= level
            and searched.search(record.getMessage()) is not None
        )

    return is_expected
