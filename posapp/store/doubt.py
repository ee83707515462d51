"""After an error at COMMIT: whether the act is in the book is looked up by its id, not guessed and not asked.

An error of the disk at the last step leaves the act in the WAL or not, and what one connection sees may differ from
what the next start finds. So another write goes first: once it is on the disk, the WAL holds either both or the later
one alone. An act that is there is then moved into the book's file: what a failed flush left in memory alone counts as
written afterwards, and would be gone after a power cut.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import sqlalchemy as sa

from posapp.domain.errors import CommitUnknown, StoreUnavailable
from posapp.domain.ids import OperationId, new_uuid
from posapp.services.ports.clock import Clock
from posapp.store.errors import DiskFailing
from posapp.store.scope import Scope
from posapp.store.tables import OPERATION
from posapp.store.writer import Writer

_FENCE = "last_doubt"
"""The setting that the other write changes."""


def settle(writer: Writer, path: Path, clock: Clock, acts: Collection[OperationId], doubt: CommitUnknown) -> None:
    """Return once it is certain that acts are in the book, and on the disk.

    Args:
        writer: The book's, on a fresh connection.
        path: The book's file, for the sentence.
        clock: The till's clock.
        acts: What was recorded in the write that is in doubt.
        doubt: The error of its COMMIT.

    Raises:
        DiskFailing: They are not there: nothing was recorded.
        CommitUnknown: The disk goes on failing; the next start will know.
    """

    def are_there(connection: sa.Connection) -> bool:
        Scope(connection, clock).set_setting(_FENCE, new_uuid())
        found = sa.select(sa.func.count()).select_from(OPERATION).where(OPERATION.c.id.in_(acts))
        return connection.execute(found).scalar_one() == len(acts)

    try:
        there = writer.run(are_there)
        if there:
            writer.move_into_file()
    except StoreUnavailable as again:
        raise CommitUnknown(path=path, operation=next(iter(acts))) from again
    if not there:
        raise DiskFailing(path=path) from doubt
