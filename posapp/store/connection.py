"""Engines over the encrypted file: one that writes, one that reads, each with its pool named.

The driver is in autocommit and SQLAlchemy's `begin` event opens every transaction: a writing one with `BEGIN
IMMEDIATE`, for one that starts reading and then writes fails at once in WAL, whatever the busy timeout.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from posapp.store import driver

READERS = 4


def writing_engine(path: Path, key: bytes, *, create: bool = False) -> sa.Engine:
    """Return the engine of the only connection that writes a book.

    Args:
        path: The book's file.
        key: Its raw key.
        create: Whether the file is to be made.
    """

    def connect() -> Any:
        connection = driver.connect(path, key, mode="rwc" if create else "rw")
        return _profiled(connection, writer=True)

    engine = sa.create_engine("sqlite://", module=driver.MODULE, creator=connect, poolclass=StaticPool)
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def reading_engine(path: Path, key: bytes, *, immutable: bool = False) -> sa.Engine:
    """Return an engine whose connections cannot write; each transaction is one snapshot."""

    def connect() -> Any:
        connection = driver.connect(path, key, mode="ro", immutable=immutable)
        return _profiled(connection, writer=False)

    engine = sa.create_engine(
        "sqlite://",
        module=driver.MODULE,
        creator=connect,
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=READERS,
        pool_use_lifo=True,  # the connection used last has the search's pages in its cache
        pool_reset_on_return="rollback",
    )
    _begin_with(engine, "BEGIN")
    return engine


def migrating_engine(path: Path, key: bytes) -> sa.Engine:
    """Return an engine for the migration tool: as the writer's, but without foreign keys while tables are rebuilt."""

    def connect() -> Any:
        connection = _profiled(driver.connect(path, key, mode="rw"), writer=True)
        connection.execute("PRAGMA foreign_keys = OFF").fetchall()
        return connection

    engine = sa.create_engine("sqlite://", module=driver.MODULE, creator=connect, poolclass=NullPool)
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def _profiled(connection: Any, *, writer: bool) -> Any:
    try:
        driver.set_profile(connection, writer=writer)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin_with(engine: sa.Engine, statement: str) -> None:
    begin: Callable[[sa.Connection], Any] = lambda connection: connection.exec_driver_sql(statement)  # noqa: E731
    event.listen(engine, "begin", begin)
