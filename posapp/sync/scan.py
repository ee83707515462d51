"""Reading every customer of a server that cannot say what changed, without missing one and without deleting one.

Offset pages drift while rows come and go. Read from the last page to the first, deletions only move rows towards pages
that are still to be read, and new rows only append at the tail, which is read again at the end (design, section 6;
research/sync, section 4.1: 0 rows missed in 20 runs, forward scans missed up to 55 of 20,000).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from posapp.domain.ids import RemoteId
from posapp.services.ports.book import Session
from posapp.services.ports.loop import SyncPhase
from posapp.services.ports.mirror import NEWEST, SCANNED_AT, ScanRun
from posapp.services.ports.remote import RemoteCustomer
from posapp.sync.context import CancelToken, ListEndless, ListRepeats, SyncContext, Tally, check_cancelled
from posapp.sync.recognising import check_any_known, check_newest
from posapp.sync.rows import Applied, apply_page, chunks
from posapp.sync.suspects import settle_suspects
from posapp.sync.trust import note_untold_change, untold_change

_FARTHEST_PAGE = 2**24
_STALE_AFTER = timedelta(hours=24)


@dataclass(slots=True)
class _Reader:
    """Pages of one scan; remembers whom they held, so that a list that ignores paging is noticed."""

    context: SyncContext
    cancel: CancelToken | None
    pages: dict[int, tuple[RemoteId, ...]] = field(default_factory=dict)

    def page(self, number: int) -> tuple[Sequence[RemoteCustomer], int]:
        """Return a page and the highest lane epoch before it was asked for."""
        check_cancelled(self.cancel)
        if number > _FARTHEST_PAGE or len(self.pages) >= self.context.settings.most_pages:
            raise ListEndless
        epoch = self.context.book.read(lambda session: session.mirror.epoch())
        records = self.context.api.oldest_first(number)
        ids = tuple(record.remote_id for record in records)
        for other, seen in self.pages.items():
            if ids and ids == seen and other != number:
                self._doubt(other, ids)
        self.pages[number] = ids
        return records, epoch

    def _doubt(self, other: int, ids: tuple[RemoteId, ...]) -> None:
        """Two pages look alike: deletions moved the rows, or the list ignores paging; the other page tells."""
        again = self.context.api.oldest_first(other)
        if tuple(record.remote_id for record in again) == ids:
            raise ListRepeats


def scan_due(context: SyncContext) -> bool:
    """Return whether a full scan is under way, was never completed or is too long ago.

    A server that tells changes and deletions is read whole just as well, rarely, to see whether it told them all: the
    first time so long after it was connected, since the first reading of changes was of everybody.
    """
    capabilities, settings = context.api.capabilities, context.settings
    tells = capabilities.updated_since and capabilities.tombstones
    hours = settings.audit_hours if tells else settings.full_scan_hours

    def read(session: Session) -> bool:
        if session.mirror.scan_run(context.connection_id) is not None:
            return True
        saved = session.mirror.checkpoint(context.connection_id, SCANNED_AT)
        done = None if saved is None else datetime.fromisoformat(saved)
        if done is None and tells:
            done = next(one.created_at for one in session.settings.connections() if one.id == context.connection_id)
        return done is None or not timedelta(0) <= context.clock.now() - done < timedelta(hours=hours)

    return context.book.read(read)


def full_scan(context: SyncContext, tally: Tally, cancel: CancelToken | None) -> None:
    """Read every customer, resuming a scan that a crash or an outage cut short.

    Args:
        context: The engine's surroundings.
        tally: Figures of the cycle.
        cancel: Ends the work between two pages.

    Raises:
        RemoteError: The server was not reached or lied; the position is kept.
        Cancelled: The work was ended; the position is kept.
    """
    reader = _Reader(context, cancel)
    run = context.book.read(lambda session: session.mirror.scan_run(context.connection_id))
    if run is None or context.clock.now() - run.started_at > _STALE_AFTER:
        run = _begin(context, reader)
    tally.meter.begin(SyncPhase.READING, run.last_page * run.page_size, run.rows_seen)
    while run.next_page > 0:
        records, epoch = reader.page(run.next_page)
        run, applied = _take_page(context, records, replace(run, next_page=run.next_page - 1), epoch)
        tally.meter.step(len(records))
        _count(tally, applied)
    _read_tail(context, reader, run, tally)
    settle_suspects(context, tally, cancel, run.generation)
    context.book.write(lambda session: _finish(context, session), urgent=False)
    tally.add("scans")


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
        applied = _take_rows(context, records, epoch)
        if number == 1:
            _note_newest(context, records[0].remote_id)
        _count(tally, applied)
        if applied.all_known:
            return


def _begin(context: SyncContext, reader: _Reader) -> ScanRun:
    first, _ = reader.page(1)
    check_any_known(context, first)
    last = _last_page(reader) if first else 0

    def begin(session: Session) -> ScanRun:
        run = ScanRun(
            generation=session.mirror.last_generation(context.connection_id) + 1,
            next_page=last,
            last_page=last,
            page_size=len(first),
            started_at=context.clock.now(),
            rows_seen=0,
        )
        session.mirror.save_scan_run(context.connection_id, run)
        return run

    return context.book.write(begin, urgent=False)


def _last_page(reader: _Reader) -> int:
    """Return the last page that holds rows, by doubling and halving: about 2 log₂ n requests."""
    low, high = 1, 2
    while reader.page(high)[0]:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if reader.page(middle)[0]:
            low = middle
        else:
            high = middle
    return low


def _read_tail(context: SyncContext, reader: _Reader, run: ScanRun, tally: Tally) -> None:
    """Read the tail again for what was appended meanwhile.

    Upwards to find the end. Where that met anybody new, or deletions emptied the page, downwards from the end as well,
    past the old last page to one that is wholly known: reading upwards alone misses rows that deletions move left.
    """

    def take(number: int) -> tuple[int, bool]:
        records, epoch = reader.page(number)
        applied = _take_page(context, records, run, epoch)[1]
        _count(tally, applied)
        return len(records), bool(records) and applied.all_known

    old_last = number = max(run.last_page, 1)
    rows, known = take(number)
    settled = known
    while rows and rows >= run.page_size:
        number += 1
        rows, known = take(number)
        settled = settled and (known or not rows)
    while not settled and number > 1:
        number -= 1
        _, known = take(number)
        settled = known and number < old_last


def _take_page(
    context: SyncContext, records: Sequence[RemoteCustomer], run: ScanRun, epoch: int
) -> tuple[ScanRun, Applied]:
    """Take a page piece by piece; the scan's position moves with the last piece, so a crash reads the page again."""
    moved = replace(run, rows_seen=run.rows_seen + len(records))
    *_, last = chunks(records)
    applied = _take_rows(context, records[: len(records) - len(last)], epoch, scanning=True)

    def finish(session: Session) -> Applied:
        taken = _apply(context, session, last, epoch=epoch)
        session.mirror.save_scan_run(context.connection_id, moved)
        return taken

    return moved, applied.plus(context.book.write(finish, urgent=False))


def _apply(context: SyncContext, session: Session, piece: Sequence[RemoteCustomer], *, epoch: int) -> Applied:
    """Take a piece of a scan; a server that lists changes may not have one that it did not tell."""
    untold = untold_change(context, session, piece)
    applied = apply_page(context, session, piece, epoch=epoch, scanning=True)
    if untold is not None:
        note_untold_change(context, session, untold)
    return applied


def _take_rows(
    context: SyncContext, records: Sequence[RemoteCustomer], epoch: int, *, scanning: bool = False
) -> Applied:
    applied = Applied(0, all_known=True)
    for piece in chunks(records):

        def take(session: Session, piece: Sequence[RemoteCustomer] = piece) -> Applied:
            return (_apply if scanning else apply_page)(context, session, piece, epoch=epoch)

        applied = applied.plus(context.book.write(take, urgent=False))
    return applied


def _finish(context: SyncContext, session: Session) -> None:
    session.mirror.save_scan_run(context.connection_id, None)
    session.mirror.set_checkpoint(context.connection_id, SCANNED_AT, context.clock.now().isoformat())
    if not context.api.capabilities.updated_since:
        for newest in session.mirror.newest(context.connection_id, 1):
            session.mirror.set_checkpoint(context.connection_id, NEWEST, newest.remote_id)


def _note_newest(context: SyncContext, remote_id: RemoteId) -> None:
    connection_id = context.connection_id
    if context.book.read(lambda session: session.mirror.checkpoint(connection_id, NEWEST)) != remote_id:
        context.book.write(
            lambda session: session.mirror.set_checkpoint(connection_id, NEWEST, remote_id), urgent=False
        )


def _count(tally: Tally, applied: Applied) -> None:
    tally.add("pulled", applied.written)
    tally.add("merged", applied.merged)
