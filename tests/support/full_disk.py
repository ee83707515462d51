"""A disk on which files may not grow: what a full or failing one looks like to the process itself."""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def failing_log_of(book: Path) -> Iterator[None]:
    """Let every commit to a book fail at its last step, as long as this lasts; reading goes on."""
    size = book.with_name(book.name + "-wal").stat().st_size + 5000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
