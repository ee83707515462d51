"""The till's log: for whoever mends it, without anything about a customer.

What is written is an allow-list: our own loggers, whose messages carry ids and figures; of libraries only warnings,
for their requests carry phones in URLs. A traceback is written without the exception's text and without values.
"""

from __future__ import annotations

import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

MAX_BYTES = 1_000_000
FILES_KEPT = 5


class PrivateFormatter(logging.Formatter):
    """Formats a record without the text of its exception, which may hold a name or a phone."""

    def formatException(  # noqa: N802 (logging's name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the kinds of the exception and its causes, and where each was raised."""
        parts: list[str] = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"{type(error).__module__}.{type(error).__qualname__}\n{frames}".rstrip())
            error = error.__cause__
        return "\nfrom ".join(parts)


class _QuietFile(RotatingFileHandler):
    """A log file that stays silent where it cannot be written: a full disk is told by what fails on it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """Do nothing; the inherited one prints a traceback to the person."""


class _OwnOrWarning(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.name.startswith("posapp") or record.levelno >= logging.WARNING


def open_log(home: Path) -> logging.Handler:
    """Begin writing the log of a home and return its handler; a folder that cannot be written gets no log.

    Args:
        home: The till's folder; the log goes to `logs/posapp.log` in it.
    """
    handler: logging.Handler
    try:
        folder = home / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        handler = _QuietFile(
            folder / "posapp.log", maxBytes=MAX_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(PrivateFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_OwnOrWarning())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("posapp").setLevel(logging.INFO)
    for library in ("httpx", "httpcore", "alembic", "sqlalchemy", "keyring"):
        logging.getLogger(library).setLevel(logging.WARNING)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing."""
    logging.getLogger().removeHandler(handler)
    handler.close()
