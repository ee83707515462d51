"""What changed on the server, in the cheapest honest way that it offers (design, section 6).

A server that lists by change is read by key: from the last moment seen, inclusive, oldest first. Every page and its
position are one transaction, so that a crash re-reads at most one page and skips none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from posapp.domain.ids import RemoteId
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.mirror import CHANGED, DELETED, NEWEST
from posapp.services.ports.remote import RemoteCustomer, Tombstone
from posapp.sync.context import (
    CancelToken,
    ChangesOutOfOrder,
    ListEndless,
    ListRepeats,
    SyncContext,
    Tally,
    check_cancelled,
    moment_at,
)
from posapp.sync.leaving import take_absent
from posapp.sync.recognising import check_newest
from posapp.sync.rows import Applied, apply_page, chunks

PAGE_SIZE = "page_size"
_GONE_AS = {"deleted": CustomerStatus.DELETED, "anonymized": CustomerStatus.ANONYMIZED}


def pull_changes(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Read all customers that changed since the last time.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied; everything up to the page before is kept.
        Cancelled: The work was ended.
    """
    saved = moment_at(context, CHANGED)
    since = None if saved is None else saved - timedelta(seconds=context.settings.lookback_seconds)
    page, before = 1, frozenset[RemoteId]()
    tally.meter.begin(SyncPhase.READING)
    for turn in range(context.settings.most_pages):
        check_cancelled(cancel)
        epoch = context.book.read(lambda session: session.mirror.epoch())
        records = context.api.changed_since(since, page)
        if turn == 0:
            check_newest(context, records)
        moments = _moments(records, since)
        ids = frozenset(record.remote_id for record in records)
        if page > 1 and ids and ids == before:
            raise ListRepeats
        before = ids
        last = moments[-1] if moments else since
        tally.meter.expect(context.api.changes_announced)
        size = _apply_changes(context, tally, records, epoch)
        if not records or len(records) < size:
            return
        since, page = (since, page + 1) if last == since else (last, 1)
    raise ListEndless


def pull_deletions(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Read all customers that the server says are gone since the last time.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: As `pull_changes`.
        Cancelled: The work was ended.
    """
    since, page, largest = moment_at(context, DELETED), 1, 0
    before = frozenset[RemoteId]()
    for _ in range(context.settings.most_pages):
        check_cancelled(cancel)
        stones = context.api.deleted_since(since, page)
        ids = frozenset(stone.remote_id for stone in stones)
        if not stones:
            return
        if ids == before:
            raise ListRepeats
        before, largest = ids, max(largest, len(stones))
        page_of = list(stones)
        removed = context.book.write(lambda session, page_of=page_of: _bury(context, session, page_of), urgent=False)  # type: ignore[misc]
        tally.add("removed", removed)
        if len(stones) < max(largest, _page_size(context)):
            return
        page += 1
    raise ListEndless


def _moments(records: Sequence[RemoteCustomer], since: datetime | None) -> list[datetime]:
    """Return the records' moments of change, or refuse a page that a position cannot stand on."""
    moments = [record.updated_at for record in records if record.updated_at is not None]
    ordered = all(one <= other for one, other in pairwise(moments))
    if len(moments) < len(records) or not ordered or (moments and since is not None and moments[0] < since):
        raise ChangesOutOfOrder
    return moments


def _apply_changes(context: SyncContext, tally: Tally, records: Sequence[RemoteCustomer], epoch: int) -> int:
    """Take a page piece by piece, each with the position it reaches; return how many rows a full page holds."""
    size = 0
    for piece in chunks(records):

        def apply(session: Session, piece: Sequence[RemoteCustomer] = piece) -> tuple[Applied, int]:
            full = max(int(session.mirror.checkpoint(context.connection_id, PAGE_SIZE) or 0), len(records))
            applied = apply_page(context, session, piece, epoch=epoch, by_change=True)
            session.mirror.set_checkpoint(context.connection_id, PAGE_SIZE, str(full))
            _move_on(context, session, piece)
            return applied, full

        applied, size = context.book.write(apply, urgent=False)
        tally.meter.step(len(piece))
        tally.add("pulled", applied.written)
        tally.add("merged", applied.merged)
    return size


def _move_on(context: SyncContext, session: Session, piece: Sequence[RemoteCustomer]) -> None:
    """Save the position behind a piece; it never goes back, however far before it the reading began."""
    if not piece or piece[-1].updated_at is None:
        return
    reached, saved = piece[-1].updated_at, session.mirror.checkpoint(context.connection_id, CHANGED)
    if saved is None or reached > datetime.fromisoformat(saved):
        session.mirror.set_checkpoint(context.connection_id, CHANGED, reached.isoformat())
        session.mirror.set_checkpoint(context.connection_id, NEWEST, piece[-1].remote_id)


def _bury(context: SyncContext, session: Session, stones: Sequence[Tombstone]) -> int:
    rows = session.mirror.rows(context.connection_id, [stone.remote_id for stone in stones])
    removed = 0
    for stone in stones:
        row = rows.get(stone.remote_id)
        if row is None or row.status is not CustomerStatus.LIVE:
            continue
        removed += 1
        into = stone.merged_into if stone.reason == "merged" else None
        take_absent(context, session, row, _GONE_AS.get(stone.reason, CustomerStatus.DELETED), into)
    newest = max(stone.deleted_at for stone in stones)
    saved = session.mirror.checkpoint(context.connection_id, DELETED)
    if saved is None or newest > datetime.fromisoformat(saved):
        session.mirror.set_checkpoint(context.connection_id, DELETED, newest.isoformat())
    return removed


def _page_size(context: SyncContext) -> int:
    return int(context.book.read(lambda session: session.mirror.checkpoint(context.connection_id, PAGE_SIZE)) or 0)
