"""Opens the domain store on SQLite or PostgreSQL and hands out transactions that keep their promises on both.

SQLite: the driver is in autocommit and SQLAlchemy's `begin` event opens the transaction, `BEGIN IMMEDIATE` for
writers, so that two writers queue instead of losing an update. In memory there is one connection and a lock.
PostgreSQL: writers run READ COMMITTED and take row locks, readers see one snapshot. What fails is reported without
the values it was given: they are people's.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import QueuePool, StaticPool

from server_stub.tables import metadata

_SETUP_LOCK = 7_022_001
_BUSY_SECONDS = 30
_POOL = 20


class Database:
    """One opened domain store; close it when done."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        in_memory = self.is_sqlite and parsed.database in (None, "", ":memory:")
        self._gate: AbstractContextManager[object] = threading.RLock() if in_memory else nullcontext()
        if self.is_sqlite:
            engine = _open_sqlite(url, None if in_memory else Path(parsed.database or ""))
            self._reader = engine
            self._writer = engine.execution_options(writes=True)
        else:
            engine = create_engine(url, pool_size=_POOL, max_overflow=_POOL, pool_pre_ping=True, hide_parameters=True)
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ")
            self._writer = engine.execution_options(isolation_level="READ COMMITTED")
        self._engine = engine

    def create_tables(self) -> None:
        """Create what is missing; safe when several processes start at once."""
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SETUP_LOCK})
            metadata.create_all(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one snapshot and changes nothing."""
        with self._gate, self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may change rows; it commits at the end of the block or, on an error, not at all."""
        with self._gate, self._writer.begin() as connection:
            yield connection

    def try_lock(self, connection: Connection, number: int) -> bool:
        """Take a lock that ends with the transaction and holds over all processes.

        Args:
            connection: The writing transaction.
            number: What is locked, a signed 64-bit number.

        Returns:
            False when another transaction holds it. On SQLite always True: its writers already queue.
        """
        if self.is_sqlite:
            return True
        return bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": number}).scalar_one())

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _open_sqlite(url: str, path: Path | None) -> Engine:
    arguments: dict[str, Any] = {"check_same_thread": False, "isolation_level": None, "timeout": _BUSY_SECONDS}
    if path is None:
        engine = create_engine(url, connect_args=arguments, poolclass=StaticPool, hide_parameters=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            connect_args=arguments,
            poolclass=QueuePool,
            pool_size=_POOL,
            max_overflow=_POOL,
            hide_parameters=True,
        )

    @event.listens_for(engine, "connect")
    def _prepare(driver: Any, _record: object) -> None:
        cursor = driver.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-32000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
