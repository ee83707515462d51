"""What is new since the last scan, on a server that cannot say what changed: who is new, or who changed last."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.ids import RemoteId
from posapp.services.ports.mirror import NEWEST
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, ListRepeats, SyncContext, Tally, check_cancelled
from posapp.sync.pages import Pages, last_page
from posapp.sync.recognising import check_any_known, check_newest
from posapp.sync.scan import count, take_rows


def read_newest(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Between two scans: read new customers, newest first, until a page holds nobody new.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied.
        Cancelled: The work was ended.
    """
    before = frozenset[RemoteId]()
    for number in range(1, context.settings.newest_pages + 1):
        check_cancelled(cancel)
        epoch = context.book.read(lambda session: session.mirror.epoch())
        records = context.api.newest_first(number)
        ids = frozenset(record.remote_id for record in records)
        if number == 1:
            check_newest(context, records)
        if not ids:
            return
        if ids == before:
            raise ListRepeats
        before = ids
        applied = take_rows(context, records, epoch)
        if number == 1:
            _note_newest(context, records[0].remote_id)
        count(tally, applied)
        if applied.all_known:
            return


def read_last_changed(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Between two scans, where lists can be ordered by change: read from the last page back to one that is as known.

    Whoever changes meanwhile moves to the tail, and the others towards pages still to be read. So the tail is read
    again where that took more than one page; after one alone the next cycle is soon enough.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied.
        Cancelled: The work was ended.
    """
    reader = Pages(context, cancel, context.api.by_change)
    records, epoch = reader.page(1)
    check_any_known(context, records)
    last = last_page(reader, guess=_announced_pages(context, len(records))) if records else 0
    number, new = last, True
    while number and new:
        records, epoch = reader.page(number)
        if number == last:
            check_newest(context, records[::-1])
        new = _took_news(context, tally, records, epoch)
        number -= 1
    number, new = last, last - number > 1
    while new:
        records, epoch = reader.page(number)
        new = _took_news(context, tally, records, epoch)
        number += 1


def _took_news(context: SyncContext, tally: Tally, records: Sequence[RemoteCustomer], epoch: int) -> bool:
    applied = take_rows(context, records, epoch)
    count(tally, applied)
    return applied.written > 0


def _announced_pages(context: SyncContext, size: int) -> int:
    """Return how many pages the server's own total makes: only where to look first for the last one."""
    announced = context.api.changes_announced
    return max(1, -(-announced // size)) if announced and size else 1


def _note_newest(context: SyncContext, remote_id: RemoteId) -> None:
    connection_id = context.connection_id
    if context.book.read(lambda session: session.mirror.checkpoint(connection_id, NEWEST)) != remote_id:
        context.book.write(
            lambda session: session.mirror.set_checkpoint(connection_id, NEWEST, remote_id), urgent=False
        )
