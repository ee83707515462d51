"""Bringing an older book up to date; imported only when there is something to do.

All revisions of one upgrade run in one transaction: a crash leaves the old book or the new one. Before it stands a
verified backup beside the book.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from posapp.domain.errors import StoreCorrupt
from posapp.store.backup import copy_verified
from posapp.store.connection import migrating_engine
from posapp.store.ddl import HEAD
from posapp.store.errors import translated

BACKUPS = "backups"


def upgrade(path: Path, key: bytes, *, now: datetime) -> Path:
    """Bring a book's schema to the newest revision, after a verified backup beside it.

    Args:
        path: The book, which nobody has open; the caller holds the home's lock.
        key: Its raw key.
        now: For the backup's name.

    Returns:
        The backup.

    Raises:
        StoreUnavailable: The backup or the upgrade failed; the book is as it was.
    """
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    target = folder / f"before-{HEAD}-{now:%Y%m%dT%H%M%S%f}.db"
    copy_verified(path, key, target, at_rest=True)
    migrate(path, key, lambda config: command.upgrade(config, HEAD))
    return target


def migrate(path: Path, key: bytes, step: Callable[[Config], object]) -> None:
    """Run a step of the migration tool on a book in one transaction, then check every reference.

    Args:
        path: The book, which nobody has open.
        key: Its raw key.
        step: Gets the tool's configuration, whose connection is the transaction.
    """
    engine = migrating_engine(path, key)
    try:
        with engine.begin() as connection:
            step(configuration(connection))
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StoreCorrupt(path=path)  # noqa: TRY301 (inside the transaction, which it must roll back)
    except Exception as error:
        ours = translated(error, path)
        if ours is error:
            raise
        raise ours from error
    finally:
        engine.dispose()


def configuration(connection: sa.Connection | None = None) -> Config:
    """Return the migration tool's configuration, made in code: the revisions lie inside the package."""
    config = Config()
    config.set_main_option("script_location", "posapp.store:migrations")
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config
