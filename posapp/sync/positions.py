"""The names of the positions in a server's lists, saved with the rows they stand for."""

from __future__ import annotations

from datetime import datetime

from posapp.sync.context import SyncContext

CHANGED = "changed_since"
DELETED = "deleted_since"
PAGE_SIZE = "page_size"
NEWEST = "newest"
"""The record that changed last, or was made last where a server lists no changes: by it the server is known again."""
SCANNED_AT = "scanned_at"


def moment_at(context: SyncContext, name: str) -> datetime | None:
    """Return the moment up to which a list was read; None where it never was."""
    saved = context.book.read(lambda session: session.mirror.checkpoint(context.connection_id, name))
    return None if saved is None else datetime.fromisoformat(saved)
